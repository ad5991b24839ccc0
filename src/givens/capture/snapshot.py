"""The copy of a project's code that this process runs in, where ``givens run --snapshot`` made one."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import NamedTuple

from .small_file import read_bytes

SNAPSHOT = "GIVENS_SNAPSHOT"  #: the variable that names a snapshot's folder, for the launched process and all below it
FOLDER = "snapshots"  #: of a store: each lies in a folder of its own there
FACTS = "snapshot.json"
RUNS = "runs"


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

    @property
    def folder(self) -> str:
        """Where it lies, with what belongs to it."""
        return os.path.dirname(self.tree)


def read_snapshot(folder: str) -> Snapshot | None:
    """The snapshot in a folder; None when there is none that can be read."""
    content = read_bytes(os.path.join(folder, FACTS))
    try:
        return None if content is None else Snapshot(**json.loads(content))
    except (ValueError, TypeError, RecursionError):
        return None


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
    inside = (place for place in places if place and f"{place}{os.sep}".startswith(f"{found.tree}{os.sep}"))
    return found if next(inside, None) else None


def note_run(snapshot: Snapshot, run_id: str) -> None:
    """Say beside a snapshot that a run uses it, for whoever clears up. Where that cannot be written, it is never cleared."""
    try:
        with open(os.path.join(snapshot.folder, RUNS), "a", encoding="utf-8") as file:
            file.write(f"{run_id}\n")
    except OSError:
        return


def noted_runs(snapshot: Snapshot) -> list[str]:
    """The ids of the runs that used it."""
    try:
        with open(os.path.join(snapshot.folder, RUNS), encoding="utf-8", errors="replace") as file:
            return list(dict.fromkeys(line.strip() for line in file if line.endswith("\n")))
    except FileNotFoundError:
        return []
