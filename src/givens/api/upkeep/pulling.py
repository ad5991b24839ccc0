"""``givens pull``: runs of a store elsewhere brought into this one, over ssh or from a folder that can be seen from here."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, NamedTuple

from ...errors import PullError, StoreError
from ...journal.journals import runs_in
from ...journal.layout import STORE_NAME, Store
from ...journal.try_lock import TryLock
from ...query.nodes import EVERYTHING, Node
from ..asking import Asking
from ..run_table import RunTable
from .brought import keep_brought, read_brought, show_brought
from .merging import FOLDERS, Merged, Piece, all_pieces, is_piece, merge, pieces_of

FOLDER = "incoming"
_HOST = re.compile(r"([^/:\\]{2,}):(.*)", re.DOTALL)  # two letters at least: one is a drive
#: rsync's "some files vanished meanwhile" and "some could not be read": what came is whole
_VANISHED, _PARTLY = 24, 23
#: tar's "some files changed while they were read" and "some could not be read"; not every tar tells them apart
_CHANGED, _FAILED = 1, 2
#: what a tar says that is no problem, or sums up those it has named
_NO_PROBLEM = re.compile("changed as we read|removed before we read|[Ee]xit|socket ignored")
_NO_STORE = 3
_LOOK = (
    "cd {path} || exit 3; if [ -d .givens ]; then cd .givens; fi; [ -d runs ] || exit 3; pwd; command -v rsync || echo"
)


class Elsewhere(NamedTuple):
    """Where to pull from.

    Args:
        text: as it was said.
        host: as ssh knows it; None: a folder of this machine.
        path: the store, or the folder that it lies in.
    """

    text: str
    host: str | None
    path: str


class Pulled(NamedTuple):
    """What a pull brought.

    Args:
        source: where from.
        runs: ids of the runs that were not here.
        went_on: ids of those that had more to say.
        merged: file by file.
        by: ``rsync``, ``tar`` or ``copy``.
    """

    source: str
    runs: list[str]
    went_on: list[str]
    merged: Merged
    by: str


def elsewhere(text: str) -> Elsewhere:
    """What ``HOST:PATH`` or ``PATH`` means.

    Raises:
        PullError: the host is an option of ssh's.
    """
    remote = _HOST.fullmatch(text)
    if remote is None or os.path.exists(text):
        return Elsewhere(text, None, os.path.expanduser(text))
    host, path = remote[1], remote[2]
    if host.startswith("-"):
        raise PullError(text, "that is no host", "write HOST:PATH, as for rsync")
    path = "" if path == "~" else path.removeprefix("~/")
    return Elsewhere(text, host, path if path.startswith("/") else f"./{path}")


def pull(text: str, target: Store, node: Node = EVERYTHING) -> Pulled:
    """Bring runs into a store, as copying their files would, but that nothing longer is replaced by something shorter.

    Args:
        text: ``HOST:PATH``, or the path of a store or of the folder it lies in.
        target: the store; it is made when it is not there.
        node: only runs that pass.

    Raises:
        PullError: the other store cannot be reached, or is none.
        StoreError: this one cannot be written. What was taken so far is whole.
    """
    source = elsewhere(text)
    try:
        target.make()
        before = set(runs_in(target))
        with _at_hand(source, target, link=node != EVERYTHING) as there:
            pieces = _pieces(there.store, node)
            merged = merge(pieces, target)
            if there.by == "rsync":
                record = f"{there.store.path}.json"
                keep_brought(record, read_brought(record), pieces, merged)
            merged.problems[:0] = there.unread
        after = set(runs_in(target))
    except OSError as error:
        if isinstance(error, StoreError | PullError):
            raise
        raise StoreError(target.path, f"cannot pull: {error.strerror or error}", "what was taken is whole") from error
    spoken = {
        name.partition("/")[2].partition(".")[0] for name in (*merged.grown, *merged.taken) if name[:5] == "runs/"
    }
    return Pulled(text, sorted(after - before), sorted(spoken & before), merged, there.by)


def _pieces(there: Store, node: Node) -> list[Piece]:
    if node == EVERYTHING:
        return list(all_pieces(there))
    return pieces_of(there, RunTable(Asking(there), node).ids())


class _AtHand(NamedTuple):
    """The other store as one of this machine, how it was brought, and what could not be read there."""

    store: Store
    by: str
    unread: list[str]


@contextmanager
def _at_hand(source: Elsewhere, target: Store, *, link: bool) -> Iterator[_AtHand]:
    """The other store: a folder, or a copy that goes when all is taken."""
    if source.host is None:
        yield _AtHand(_local(source, target), "copy", [])
        return
    folder = os.path.join(target.path, FOLDER)
    os.makedirs(folder, exist_ok=True)
    # named after its source: after an interruption rsync goes on where it was
    staged = os.path.join(folder, hashlib.blake2b(source.text.encode(errors="replace"), digest_size=8).hexdigest())
    lock = _lock_of(staged)
    if not lock.acquire():
        raise PullError(source.text, "another process is pulling from there", "wait for that one to end")
    try:
        path, has_rsync = _look(source)
        os.makedirs(staged, exist_ok=True)
        if has_rsync and shutil.which("rsync"):
            yield _AtHand(Store(staged), "rsync", _by_rsync(source, path, staged, target, link=link))
        else:
            yield _AtHand(Store(staged), "tar", _by_tar(source, path, staged))
        shutil.rmtree(staged)
    finally:
        lock.release()


def _lock_of(staged: str) -> TryLock:
    return TryLock(f"{staged}.lock")


def interrupted(store: Store) -> list[str]:
    """The folders below ``incoming/``: what pulls left that were interrupted, and what living ones bring just now."""
    folder = os.path.join(store.path, FOLDER)
    try:
        return sorted(entry.path for entry in os.scandir(folder) if entry.is_dir(follow_symlinks=False))
    except OSError:
        return []


def is_used(staged: str) -> bool:
    """Whether a living pull brings something into such a folder."""
    lock = _lock_of(staged)
    try:
        return os.path.exists(lock.path) and not lock.acquire()
    except OSError:  # somebody else's
        return True
    finally:
        lock.release()


def remove_interrupted(staged: str) -> bool:
    """Remove such a folder; False when a living pull uses it.

    Raises:
        OSError: it cannot be removed.
    """
    lock = _lock_of(staged)
    if not lock.acquire():
        return False
    try:
        shutil.rmtree(staged)
    except FileNotFoundError:
        return not os.path.exists(staged)
    finally:
        lock.release()
    return True


def _local(source: Elsewhere, target: Store) -> Store:
    path = os.path.abspath(source.path)
    inside = os.path.join(path, STORE_NAME)
    path = inside if os.path.isdir(inside) else path
    if not os.path.isdir(os.path.join(path, "runs")):
        raise PullError(source.text, "there is no store", "give the folder that holds .givens, or HOST:PATH")
    if os.path.samefile(path, target.path):
        raise PullError(source.text, "that is this store itself", "give another one")
    there = Store(path)
    there.check()
    return there


# --- over ssh -----------------------------------------------------------------------------------------------------


def _look(source: Elsewhere) -> tuple[str, bool]:
    """Where the store lies there, and whether there is rsync.

    Raises:
        PullError: the host cannot be reached, or has no store there.
    """
    done = _run(source, _ssh(source, _LOOK.format(path=shlex.quote(source.path))))
    lines = done.stdout.decode("utf-8", "surrogateescape").splitlines()
    if done.returncode == _NO_STORE or (done.returncode == 0 and not lines):
        raise PullError(source.text, "there is no store", "give the folder that holds .givens on that host")
    if done.returncode:
        raise PullError(source.text, _last(done.stderr) or "ssh failed", f"try: ssh {source.host}")
    return lines[0], bool("".join(lines[1:]).strip())


def _ssh(source: Elsewhere, script: str) -> list[str]:
    """A command that runs a script of a POSIX shell there, whatever shell the user has."""
    return ["ssh", "--", str(source.host), f"sh -c {shlex.quote(script)}"]


def _by_rsync(source: Elsewhere, path: str, staged: str, target: Store, *, link: bool) -> list[str]:
    """Bring what differs from the store; with ``link`` all of it, what is the same as links to the files here.

    Returns:
        What could not be read there, as rsync says it.
    """
    shown = f"{staged}.shown"
    shutil.rmtree(shown, ignore_errors=True)  # of a pull that was killed
    brought = read_brought(f"{staged}.json")
    show_brought(brought, target, staged if link else shown, whole=link)
    kinds = [f"--include=/{folder}{rest}" for folder in FOLDERS for rest in ("/", "/*")]
    known = [f"--link-dest={target.path}"] if link else [f"--compare-dest={each}" for each in (target.path, shown)]
    protected = [] if shlex.quote(path) == path else ["--protect-args"]
    command = ["rsync", "-rt", "--exclude=*.part", *kinds, "--exclude=*", *protected, *known]
    try:
        done = _run(source, [*command, "--", f"{source.host}:{path}/", f"{staged}/"])
    finally:
        shutil.rmtree(shown, ignore_errors=True)
    if done.returncode not in (0, _VANISHED, _PARTLY):
        raise PullError(source.text, _last(done.stderr) or "rsync failed", "pull again: it goes on where it was")
    if done.returncode != _PARTLY:
        return []
    lines = [line for line in _lines(done.stderr) if line.startswith("rsync") and not line.startswith("rsync error:")]
    return lines or ["rsync: some files could not be read there"]


def _by_tar(source: Elsewhere, path: str, staged: str) -> list[str]:
    """Bring all of it. The files are taken out of the stream one by one; those of a stream that breaks off are left.

    Returns:
        What could not be read there, as tar says it.
    """
    script = f"cd {shlex.quote(path)} && tar -cf - $(for f in {' '.join(FOLDERS)}; do [ -d $f ] && echo $f; done)"
    # what it complains of goes into a file: a full pipe that nobody reads yet would hold both sides up
    with tempfile.TemporaryFile() as complaints, _started(source, _ssh(source, script), complaints) as ssh:
        try:
            assert ssh.stdout is not None
            _unpack(ssh.stdout, staged)
            broken = ""
        except (tarfile.TarError, EOFError) as error:
            broken = str(error)
        ssh.communicate()
        complaints.seek(0)
        said = complaints.read()
    if broken or ssh.returncode not in (0, _CHANGED, _FAILED):
        shutil.rmtree(staged)
        raise PullError(source.text, _last(said) or broken or "tar failed", "nothing was taken; pull again")
    lines = [line for line in _lines(said) if "tar: " in line and not _NO_PROBLEM.search(line)]
    if ssh.returncode == _FAILED and not lines:
        return ["tar: some files could not be read there"]
    return lines if ssh.returncode else []


def _unpack(stream: IO[bytes], staged: str) -> None:
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isreg() and is_piece(member.name) else None
            if file is None:
                continue
            place = os.path.join(staged, *member.name.split("/"))
            os.makedirs(os.path.dirname(place), exist_ok=True)
            with open(place, "wb") as kept:
                shutil.copyfileobj(file, kept)
            os.utime(place, (member.mtime, member.mtime))


def _run(source: Elsewhere, command: list[str]) -> subprocess.CompletedProcess[bytes]:
    with _started(source, command) as started:
        out, err = started.communicate()
    return subprocess.CompletedProcess(command, started.returncode, out, err)


def _started(
    source: Elsewhere, command: list[str], complaints: IO[bytes] | int = subprocess.PIPE
) -> subprocess.Popen[bytes]:
    try:  # a password is asked for on the terminal itself
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=complaints)
    except OSError as error:
        raise PullError(source.text, f"{command[0]}: {error.strerror or error}", f"install {command[0]}") from error


def _lines(said: bytes) -> list[str]:
    return [line.strip() for line in said.decode("utf-8", "replace").splitlines() if line.strip()]


def _last(said: bytes) -> str:
    lines = _lines(said)
    # rsync's own last line says where in its source it failed; the one before says what
    telling = [line for line in lines if not line.startswith("rsync error:")] or lines
    return telling[-1] if telling else ""
