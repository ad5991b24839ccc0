"""The copy of a project's code that this process runs in, where ``givens run --snapshot`` made one."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from typing import NamedTuple

from ..capture.project import counterpart, is_below
from ..journal.layout import RUN_ID
from ..journal.regular_files import read_small, read_whole

SNAPSHOT = "GIVENS_SNAPSHOT"  #: the variable that names a snapshot's folder, for the launched process and all below it
FOLDER = "snapshots"  #: of a store: each lies in a folder of its own there
FACTS = "snapshot.json"
RUNS = "runs"
ID = re.compile(r"[a-z0-9]{10}")
_MOST_BYTES = 1 << 20
_APPEND = os.O_WRONLY | os.O_APPEND | os.O_CREAT
for _name in ("O_CLOEXEC", "O_BINARY", "O_NOFOLLOW", "O_NONBLOCK"):  # a link is not followed, a pipe not waited for
    _APPEND |= getattr(os, _name, 0)


class Snapshot(NamedTuple):
    """A copy of code, made when a command was submitted.

    Args:
        id: its id, and the name of its folder.
        tree: the folder that the files were copied to.
        root: the folder that they were copied from.
        commit: what was checked out there; None outside of git.
        branch: the branch.
        made_at: when, in UTC.
        files: how many were copied.
        size_bytes: their length together.
        python_path: folders in it that programs import from.
        opened: folders below its tree that git ignores, made on the way to files that the command names.
    """

    id: str
    tree: str
    root: str
    commit: str | None
    branch: str | None
    made_at: str
    files: int
    size_bytes: int
    python_path: list[str]
    opened: list[str]

    @property
    def folder(self) -> str:
        """Where it lies, with what belongs to it."""
        return os.path.dirname(self.tree)


def read_snapshot(folder: str) -> Snapshot | None:
    """The snapshot in a folder; None when there is none that can be read, or a link stands in its place.

    It may be a stranger's, or the copy of one: where it lies is where it was found, not what is written in it.
    """
    folder = os.path.abspath(folder)
    try:
        said = Snapshot(**json.loads(read_small(os.path.join(folder, FACTS), _MOST_BYTES)))
        name = os.path.basename(said.tree)
        os.fsencode(name)
    except (OSError, ValueError, TypeError, RecursionError):
        return None
    tree = os.path.join(folder, name)
    is_named = ID.fullmatch(os.path.basename(folder)) and name not in ("", ".", "..") and "\0" not in name
    if not is_named or not _is_typed(said) or os.path.islink(folder) or os.path.islink(tree):
        return None
    paths = [counterpart(path, said.tree, tree) for path in said.python_path]
    return said._replace(id=os.path.basename(folder), tree=tree, python_path=[path for path in paths if path])


def _is_typed(said: Snapshot) -> bool:
    if not isinstance(said.python_path, list) or not isinstance(said.opened, list):
        return False
    texts = [said.id, said.tree, said.root, said.made_at, *said.python_path, *said.opened]
    texts += [text for text in (said.commit, said.branch) if text is not None]
    return all(isinstance(text, str) for text in texts) and type(said.files) is type(said.size_bytes) is int


def snapshot_around(environ: Mapping[str, str], *places: str | None) -> Snapshot | None:
    """The snapshot that a process runs in.

    Args:
        environ: the environment. It is handed down to programs that run somewhere else as well.
        places: working directory and script: one of them lies in the snapshot.
    """
    folder = environ.get(SNAPSHOT)
    found = read_snapshot(folder) if folder else None
    if found is None:
        return None
    tree = os.path.realpath(found.tree)
    return found if any(place and is_below(os.path.realpath(place), tree) for place in places) else None


def note_run(snapshot: Snapshot, run_id: str, store: str) -> None:
    """Say beside a snapshot that a run uses it, for whoever clears up. Where that cannot be written, it is never cleared.

    Args:
        snapshot: the snapshot.
        run_id: the run.
        store: path of the store that the run goes into, which may be another one.
    """
    place = store.replace("\n", " ")
    line = f"{run_id} {place}\n".encode("utf-8", "surrogateescape")
    try:
        descriptor = os.open(os.path.join(snapshot.folder, RUNS), _APPEND, 0o666)
        with open(descriptor, "ab", buffering=0) as file:
            file.write(line)
    except OSError:
        return


def noted_runs(snapshot: Snapshot) -> dict[str, str]:
    """The ids of the runs that used it, each with the path of the store that it went into."""
    try:
        content = read_whole(os.path.join(snapshot.folder, RUNS))
    except OSError:
        return {}
    found: dict[str, str] = {}
    for line in content.decode("utf-8", "surrogateescape").split("\n")[:-1]:
        run_id, _, store = line.partition(" ")
        if RUN_ID.fullmatch(run_id):
            found.setdefault(run_id, store)
    return found
