"""What takes time to find out about a run's surroundings, by a detached child.

The parent spawns ``python -m givens.lifecycle.surroundings`` and goes on; the child writes a file of its own
(``env/<writer>.jsonl``), which the start lines of the process's runs name.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from ..capture import liveness
from ..settings import load

if TYPE_CHECKING:
    from ..journal.writer import JournalWriter

_ROOM = "givens.lifecycle.surroundings"
# how well the age of a process is known, twice: a script that was saved just before is not held against it
_TICK_S = 0.02


class Capture:
    """A detached child that was started.

    Args:
        writer: the writer id of its file.
        child: its process id; 0 once its exit status was taken, since the id may then belong to somebody else.
        parent: the process that started it.
        store: path of the store that it writes to.
    """

    __slots__ = ("child", "parent", "store", "writer")

    def __init__(self, writer: str, child: int, parent: int, store: str) -> None:
        self.writer, self.child, self.parent, self.store = writer, child, parent, store

    def reap(self) -> None:
        """Take the child's exit status if it is there; never wait for it."""
        if not self.child or self.parent != os.getpid() or not hasattr(os, "WNOHANG"):
            return
        try:
            gone, _ = os.waitpid(self.child, os.WNOHANG)
        except ChildProcessError:  # the program waits for children itself
            gone = self.child
        if gone:
            self.child = 0


class Asked(NamedTuple):
    """What the child is to look at; its arguments, as texts.

    Args:
        env_file: the file to make.
        writer: its writer id.
        git_root: the top folder of the git tree; empty outside of one.
        commit: what was checked out there; empty where that is not known.
        script: the entry script; empty where there is none.
        since_ns: when the code that runs was read, at the earliest, in nanoseconds since the epoch. What is written to
            it from then on is another's.
    """

    env_file: str
    writer: str
    git_root: str
    commit: str
    script: str
    since_ns: str


def since_ns(script: str) -> int:
    """From when on a change to the code is not one that this process runs: from its beginning; in a session from now."""
    age_s = liveness.age_s() if script else None
    now_ns = time.time_ns()
    return now_ns if age_s is None else min(now_ns, now_ns - int((age_s - _TICK_S) * 1e9))


def spawn(asked: Asked) -> int | None:
    """Start the child in a session of its own, with nothing of ours on its descriptors; its pid, or None.

    ``posix_spawn``, because a fork of a large process takes tens of milliseconds; descriptors 0 to 2 on the null
    device, or ``train.py | tee`` would wait for the child; ``-P``, or a ``random.py`` in the working directory
    would be imported.
    """
    if not _is_python():
        return None
    package_parent = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    path = os.environ.get("PYTHONPATH")
    environ = {**os.environ, "PYTHONPATH": f"{package_parent}{os.pathsep}{path}" if path else package_parent}
    command = [sys.executable, "-P", "-m", _ROOM, *asked]
    try:
        if hasattr(os, "posix_spawn"):
            return os.posix_spawn(sys.executable, command, environ, file_actions=_descriptors(), setsid=True)
        import subprocess

        detached = subprocess.DETACHED_PROCESS | subprocess.CREATE_NO_WINDOW  # type: ignore[attr-defined,unused-ignore]
        none = subprocess.DEVNULL
        return subprocess.Popen(command, env=environ, stdin=none, stdout=none, stderr=none, creationflags=detached).pid
    except (OSError, ValueError, NotImplementedError):  # the record is complete without it: dirty stays unknown
        return None


def _is_python() -> bool:
    """Whether ``sys.executable`` is an interpreter: a frozen or embedding program would start itself."""
    name = os.path.basename(sys.executable or "").lower()
    return name.startswith(("python", "pypy")) and not getattr(sys, "frozen", False)


def _descriptors() -> list[Any]:
    """0 to 2 on the null device; others that a child would inherit, such as a shell's pipe on 3, closed."""
    actions: list[Any] = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in (0, 1, 2)]
    try:
        held = [int(name) for name in os.listdir("/dev/fd")]
    except OSError:
        return actions
    return actions + [(os.POSIX_SPAWN_CLOSE, fd) for fd in held if fd > 2 and _is_inherited(fd)]


def _is_inherited(fd: int) -> bool:
    try:
        return os.get_inheritable(fd)
    except OSError:  # the descriptor of the listing itself
        return False


def main(arguments: list[str]) -> int:
    """Find out and write down; the arguments are those of ``Asked``.

    What takes longest comes last: whoever looks meanwhile has the rest.
    """
    from ..capture import machine, packages, scheduler
    from ..journal.lines import Stamper
    from ..journal.writer import JournalWriter
    from ..records.events import FORMAT

    asked = Asked(*arguments)
    os.makedirs(os.path.dirname(asked.env_file), exist_ok=True)
    journal = JournalWriter(asked.env_file, Stamper())
    journal.append("start", _members({"format": FORMAT, "writer": asked.writer, "role": "env"}))
    if asked.git_root:
        _tell_changes(journal, asked)
    installed = packages.installed()
    journal.append("packages", _members({"packages": installed, "packages_digest": packages.digest(installed)}))
    jobs = scheduler.jobs(os.environ)
    about = {"machine": machine.describe(), "jobs": jobs or None, "script_sha256": _sha256(asked.script)}
    journal.append("machine", _members(about))
    return 0 if journal.close() else 1


def _tell_changes(journal: JournalWriter, asked: Asked) -> None:
    """Write what the tree has beyond its commit; the patch goes to ``blobs/``, its secrets hidden."""
    from hashlib import sha256

    from ..capture.changes import changes_of
    from ..codec import Redaction
    from ..journal.blobs import write_blob
    from ..journal.layout import Store

    redaction = Redaction(load(os.environ, asked.git_root)[0].redact)
    found = changes_of(asked.git_root, commit=asked.commit or None, since_ns=int(asked.since_ns))
    journal.append("dirty", _members({"dirty": found.dirty}, keep_none=True))
    patch = None
    if found.patch:
        given = found.patch.decode("utf-8", "surrogateescape")
        text = redaction.text(given)
        content = text.encode("utf-8", "surrogateescape")
        name = sha256(content).hexdigest()
        write_blob(Store(os.path.dirname(os.path.dirname(asked.env_file))), name, content)
        patch = {"sha256": name, "bytes": len(content), "complete": found.patch_complete and text == given}
    untracked = None if found.untracked is None else [redaction.text(_text(name)) for name in found.untracked]
    touched = [redaction.text(_text(name)) for name in found.touched]
    remote = None if found.remote is None else redaction.text(_text(found.remote))
    about = {"remote": remote, "patch": patch, "untracked": untracked, "untracked_total": found.untracked_total}
    about["touched"] = touched or None
    journal.append("code", _members(about))


def _text(name: str) -> str:
    """A file name that is no UTF-8 as text that JSON can hold."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _sha256(path: str) -> str | None:
    """The digest of the entry script's content; None when it cannot be read."""
    from hashlib import file_digest

    if not path:
        return None
    try:
        with open(path, "rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _members(about: dict[str, Any], *, keep_none: bool = False) -> str:
    from ..codec import dumps

    return "".join(f",{dumps(key)}:{dumps(value)}" for key, value in about.items() if keep_none or value is not None)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
