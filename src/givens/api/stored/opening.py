"""Opening one run by a reference, and listing a store's runs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import NamedTuple

from ...capture.liveness import identity
from ...errors import RunNotFoundError, StoreError
from ...journal import reader
from ...journal.edits import EditBook, read_edits
from ...journal.journals import Journal, runs_in
from ...journal.layout import Store
from ...journal.refs import heading_of, resolve
from ..asking import Asking
from ..references import current_project, is_keyword, one_of, resolve_many
from .run_records import ChildRecord
from .status import is_alive, status_of
from .stored_run import StoredRun


class Listing(NamedTuple):
    """The runs of a store.

    Args:
        runs: newest first.
        unreadable: what could not be read, each as ``file: why``; such a run stands in no one's way.
        total: how many runs the store has, readable or not.
    """

    runs: list[StoredRun]
    unreadable: list[str]
    total: int


def open_run(ref: str = "last", *, dir: str | os.PathLike[str] | None = None) -> StoredRun:
    """Open a stored run.

    Args:
        ref: an id; a keyword (``last``, ``last~2``, ``max:val_acc``, ``min:loss``, ``best:loss``); an exact name; or the
            first letters of an id. In this order.
        dir: the folder that holds ``.givens``. None: ``GIVENS_DIR``, else the nearest one upward from here.

    Raises:
        RunNotFoundError: no run fits.
        AmbiguousRunError: several do.
        UndeclaredGoalError: ``best:`` of a metric without a goal.
        NoScoreError: no run has the metric as a number.
        StoreError: there is no store, or it cannot be read.
    """
    return open_in(find_store(dir), ref)


def open_in(store: Store, ref: str) -> StoredRun:
    """Open a run of one store; the errors are those of ``open_run``."""
    return open_asked(Asking(store), ref)


def open_asked(asking: Asking, ref: str) -> StoredRun:
    """Open a run by the index of its store; the errors are those of ``open_run``."""
    return open_by_id(asking.store, find_id(asking, ref))


def find_id(asking: Asking, ref: str) -> str:
    """The id of the one run that a reference names; the errors are those of ``open_run``."""
    return one_of(ref, find_ids(asking, ref))


def find_ids(asking: Asking, ref: str) -> list[str]:
    """The ids that a reference names: one, of a range several. Where there is no place for an index, journals are read.

    Raises:
        RunNotFoundError, AmbiguousRunError, StoreError: as of ``open_run``.
    """
    try:
        return resolve_many(asking, ref)
    except StoreError:
        if is_keyword(ref) and ref != "last":
            raise
    try:
        return [resolve(asking.store, ref, project=current_project())]
    except StoreError:
        raise
    except OSError as error:
        raise _unreadable(asking.store, error) from error


def open_by_id(store: Store, run_id: str) -> StoredRun:
    """Open the run of an id.

    Raises:
        RunNotFoundError: it is not there.
        StoreError: it cannot be read.
    """
    try:
        return _record(store, reader.read_run(store, run_id))
    except StoreError:
        raise
    except OSError as error:
        raise _unreadable(store, error) from error


def _unreadable(store: Store, error: OSError) -> StoreError:
    return StoreError(str(error.filename or store.path), error.strerror or str(error), "check its permissions")


def find_store(dir: str | os.PathLike[str] | None = None) -> Store:
    """The store to read from.

    Raises:
        StoreError: there is none.
    """
    from ...lifecycle import place

    return place.find_store(None if dir is None else os.fspath(dir))


def runs_of(store: Store, *, limit: int | None = None) -> Listing:
    """The runs of a store, newest first.

    Args:
        store: the store.
        limit: at most so many; None for all. Only what is listed is read whole.

    Raises:
        StoreError: the store's folder cannot be read.
    """
    unreadable: list[str] = []
    runs: list[StoredRun] = []
    edits = read_edits(store)
    unreadable += map(str, edits.bad)
    files = {run_id: own for run_id, own in runs_in(store, unreadable).items() if run_id not in edits.removed}
    for run in walk_runs(store, files, unreadable, edits):
        runs.append(run)
        if limit is not None and len(runs) >= limit:
            break
    return Listing(runs, unreadable, len(files))


def walk_runs(
    store: Store, files: dict[str, list[Journal]], unreadable: list[str], edits: EditBook
) -> Iterator[StoredRun]:
    """The runs one by one, newest first, their edits laid over them; what cannot be read goes to ``unreadable``."""
    begun = sorted(((_begun(store, run_id, own[0]), run_id) for run_id, own in files.items()), reverse=True)
    for _, run_id in begun:
        try:
            yield _record(store, reader.read_run(store, run_id, edits, files[run_id]))
        except (RunNotFoundError, FileNotFoundError):
            continue  # taken away meanwhile
        except OSError as error:
            unreadable.append(f"{error.filename or run_id}: {error.strerror or error}")


def _begun(store: Store, run_id: str, journal: Journal) -> str:
    """When a run began, for sorting; where its first line is lost, when its file was last written."""
    begun = heading_of(store, run_id, journal).begun
    if begun or journal.loose is None:
        return begun
    import time

    try:
        return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(os.stat(journal.loose).st_mtime))
    except OSError:
        return ""


def _record(store: Store, folded: reader.StoredRun) -> StoredRun:
    import time

    here, now_s = identity(), time.time()
    spoken = [state.last_at for state in (folded.state, *folded.children.values()) if state.last_at]
    status = status_of(folded.state, max(spoken, default=None), here, now_s)
    children = tuple(
        ChildRecord(writer, (state.start or {}).get("pid"), is_alive(state.start, here), state)
        for writer, state in folded.children.items()
    )
    return StoredRun(store, folded, status, children, now_s)
