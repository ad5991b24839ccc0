"""The snapshots that a store has: whether they are still needed, and removing them."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable
from typing import NamedTuple

from ..api.stored.opening import open_by_id
from ..errors import RunNotFoundError, SnapshotError, StoreError
from ..journal.layout import Store
from ..journal.regular_files import read_small, read_whole
from ..lifecycle.snapshot import FOLDER, ID, Snapshot, noted_runs, read_snapshot
from .running import Launched
from .snapshot_git import write_text
from .snapshots import ENDED, MANIFEST

OVER = "over"  #: each command in it was a run and has ended: nothing will begin in it any more
SUBMITTED = "submitted"  #: its command has ended and may have put others into a queue
_NOT_OVER = frozenset(("running", "gone", "elsewhere"))
_WORD_BYTES = 64


class Kept(NamedTuple):
    """A snapshot in a store.

    Args:
        snapshot: the snapshot.
        runs: id -> state of the runs that used it; ``gone`` of those that are not there any more, ``elsewhere`` of those
            that went into another store.
        stores: id -> path of the other store.
        written: files in it that were made or changed since, below its tree.
        ended: ``over``, ``submitted``, or nothing while its command runs, and where that was killed.
    """

    snapshot: Snapshot
    runs: dict[str, str]
    stores: dict[str, str]
    written: list[str]
    ended: str

    @property
    def is_done(self) -> bool:
        """Whether nothing can need it: its runs are over, no other will begin, and nothing was written into it."""
        return self.ended == OVER and self.is_left

    @property
    def is_left(self) -> bool:
        """Whether runs used it, all of them are known to be over, and nothing was written into it."""
        return bool(self.runs) and _NOT_OVER.isdisjoint(self.runs.values()) and not self.written


def note_end(folder: str, launched: Iterable[Launched]) -> None:
    """Say beside a snapshot that its command has ended. Where that cannot be written, it is removed by its id only.

    Args:
        folder: the snapshot's folder.
        launched: what came of each command. One that recorded no run may have put jobs into a queue.
    """
    try:
        write_text(os.path.join(folder, ENDED), OVER if all(each.by_itself for each in launched) else SUBMITTED)
    except OSError:
        return


def snapshots_in(store: Store) -> list[Kept]:
    """The snapshots of a store, the oldest first.

    Raises:
        StoreError: they or its runs cannot be read.
    """
    folder = os.path.join(store.path, FOLDER)
    try:
        names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    except OSError as error:
        raise StoreError(folder, str(error.strerror or error), "check its permissions") from error
    found = [read_snapshot(os.path.join(folder, name)) for name in names if ID.fullmatch(name)]
    kept = [_kept(store, snapshot) for snapshot in found if snapshot is not None]
    return sorted(kept, key=lambda each: (each.snapshot.made_at, each.snapshot.id))


def _kept(store: Store, snapshot: Snapshot) -> Kept:
    noted = noted_runs(snapshot)
    here = {run_id: _state(store, run_id) for run_id in noted}
    # another store is named, not opened: these may be a stranger's words
    stores = {
        run_id: noted[run_id] for run_id, state in here.items() if state is None and _is_other(store, noted[run_id])
    }
    runs = {run_id: state or ("elsewhere" if run_id in stores else "gone") for run_id, state in here.items()}
    try:
        ended = read_small(os.path.join(snapshot.folder, ENDED), _WORD_BYTES).decode("ascii", "replace").strip()
    except OSError:
        ended = ""
    return Kept(snapshot, runs, stores, _written(snapshot), ended if ended in (OVER, SUBMITTED) else "")


def _is_other(store: Store, path: str) -> bool:
    return bool(path) and path not in (store.path, os.path.realpath(store.path))


def _state(store: Store, run_id: str) -> str | None:
    try:
        return open_by_id(store, run_id).state
    except RunNotFoundError:
        return None


def _written(snapshot: Snapshot) -> list[str]:
    """Files that were made or changed since; compiled Python does not count."""
    try:
        manifest = json.loads(read_whole(os.path.join(snapshot.folder, MANIFEST)))
    except (OSError, ValueError, RecursionError):
        manifest = None
    known = manifest if isinstance(manifest, dict) else {}
    found = []
    for folder, folders, names in os.walk(snapshot.tree):
        folders[:] = [name for name in folders if name != "__pycache__"]
        for name in names:
            path = os.path.join(folder, name)
            below = os.path.relpath(path, snapshot.tree)
            if below != ".git" and not os.path.islink(path) and known.get(below) != _mark(path):
                found.append(below)
    return [below for below in found if os.path.lexists(os.path.join(snapshot.tree, below))]


def _mark(path: str) -> list[int] | None:
    """A file's size and time; None when a job has deleted it meanwhile."""
    try:
        found = os.lstat(path)
    except OSError:
        return None
    return [found.st_size, found.st_mtime_ns]


def remove_snapshot(snapshot: Snapshot) -> None:
    """Remove a snapshot with all that lies in it; what it linked stays.

    Raises:
        SnapshotError: it cannot be removed.
    """
    try:
        shutil.rmtree(snapshot.folder)
    except OSError as error:
        where = str(error.filename or snapshot.folder)
        raise SnapshotError(snapshot.root, f"{where}: {error.strerror or error}", "remove it by hand") from error
