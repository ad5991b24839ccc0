"""Removing runs and bringing them back. The event comes first, so that a crash on the way leaves nothing half done."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import NamedTuple

from ...errors import EditError, RunNotFoundError, UnknownKeyWarning, warn
from ...index.refreshing import Progress
from ...journal.edits import EditBook, read_edits, write_command
from ...journal.layout import Store
from ...journal.reader import read_run
from ...journal.trash import from_trash, in_trash, journals_in_trash, renamed_in_trash, start_in_trash, to_trash
from ...query.nodes import Node
from ..stored.opening import find_store
from .edit_plans import EditPlan, KeyChange, RunChange
from .edit_targets import Chosen, fresh_index, start_of, targets, unknown_in
from .head_renewal import renew_heads

_REMOVE, _RESTORE = ["remove"], ["restore"]


class Removed(NamedTuple):
    """A removed run.

    Args:
        id: its id.
        name: its name, where its journal is in the trash.
        at: when it was removed, in UTC as in the journal.
        user: by whom.
        edit_id: the id of the edit that removed it.
    """

    id: str
    name: str | None
    at: str
    user: str | None
    edit_id: str


def remove_runs(
    filter: str | Node | None = None,
    *,
    runs: str | Iterable[str] = (),
    project: str | None = None,
    empty: bool = False,
    force: bool = False,
    dry_run: bool = False,
    note: str | None = None,
    dir: str | os.PathLike[str] | None = None,
) -> EditPlan:
    """Remove runs: they vanish from everything, and their files lie in the store's ``trash`` until they are restored.

    The removal is an edit: it holds when an older copy of the store is merged in. A run that is still running is left
    alone.

    Args:
        filter: which runs.
        runs: ids, names, ``last``, first letters of ids.
        project: only runs of this project.
        empty: only runs without results.
        force: running ones as well.
        dry_run: write nothing.
        note: why, for those who look at it later.
        dir: where to look for the store, as for ``givens.open``.

    Raises:
        EditError: nothing says which runs.
        FilterSyntaxError, RunNotFoundError, AmbiguousRunError: nothing was removed.
        StoreError: there is no store, or it cannot be written.
    """
    chosen = Chosen((runs,) if isinstance(runs, str) else tuple(runs), filter, project, empty)
    store = find_store(dir)
    plan = removal(store, chosen, force=force)
    for sentence in plan.notes:
        warn(UnknownKeyWarning(sentence))
    return plan if dry_run else remove(store, plan, note)


def removal(store: Store, chosen: Chosen, *, force: bool = False, progress: Progress | None = None) -> EditPlan:
    """What a removal would take away; the errors are those of ``remove_runs``."""
    with fresh_index(store, progress) as index:
        found = targets(index, store, chosen)
        unknown = unknown_in(index, store, chosen)
    going, staying = [], []
    for each in found:
        if each.state == "running" and not force:
            staying.append(RunChange(each.id, each.name, (), ("it is running (--force removes it all the same)",), ()))
        else:
            going.append(RunChange(each.id, each.name, (KeyChange("remove", ""),), (), (_REMOVE,)))
    return EditPlan(tuple(going), tuple(staying), len(found), unknown=unknown)


def remove(store: Store, plan: EditPlan, note: str | None = None) -> EditPlan:
    """Write a planned removal, then move the files."""
    if not plan.runs:
        return plan
    ids = [run.id for run in plan.runs]
    edit_id = write_command(store, start_of(store, note), [("edit", {"e": [[ids, [_REMOVE]]]})])
    problems = [problem for run_id in ids for problem in to_trash(store, run_id)]
    renew_heads(store, frozenset(ids))
    return plan._replace(edit_id=edit_id, problems=tuple(problems))


def restore_runs(
    runs: str | Iterable[str],
    *,
    dry_run: bool = False,
    note: str | None = None,
    dir: str | os.PathLike[str] | None = None,
) -> EditPlan:
    """Bring removed runs back, as they were.

    Args:
        runs: their ids, the first letters of these, or their names.
        dry_run: write nothing.
        note: why, for those who look at it later.
        dir: where to look for the store, as for ``givens.open``.

    Raises:
        RunNotFoundError: no removed run is called so or begins so.
        EditError: several do.
        StoreError: there is no store, or it cannot be written.
    """
    store = find_store(dir)
    refs = (runs,) if isinstance(runs, str) else tuple(runs)
    return restore(store, refs, dry_run=dry_run, note=note)


def restore(store: Store, refs: Iterable[str], *, dry_run: bool = False, note: str | None = None) -> EditPlan:
    """``restore_runs`` in one store. The files come first: until the event is written, the runs stay hidden."""
    book = read_edits(store)
    ids = list(dict.fromkeys(_removed_id(store, book, ref) for ref in refs))
    changes = tuple(
        RunChange(run_id, _name_of(store, book, run_id) or "", (KeyChange("restore", ""),), (), (_RESTORE,))
        for run_id in ids
    )
    plan = EditPlan(changes, (), len(ids))
    if dry_run or not ids:
        return plan
    problems = [problem for run_id in ids for problem in from_trash(store, run_id)]
    edit_id = write_command(store, start_of(store, note), [("edit", {"e": [[ids, [_RESTORE]]]})])
    return plan._replace(edit_id=edit_id, problems=tuple(problems))


def removed_in(store: Store) -> list[Removed]:
    """The removed runs of a store, the first removed first.

    Raises:
        StoreError: its edits cannot be read.
    """
    book = read_edits(store)
    found: list[Removed] = []
    for run_id in book.removed:
        removals = [edit for edit in book.of(run_id) if any(step[0] == "remove" for step in edit.steps)]
        last = removals[-1]
        found.append(Removed(run_id, _name_of(store, book, run_id), last.at, last.user, last.writer))
    return sorted(found, key=lambda each: (each.at, each.id))


def _name_of(store: Store, book: EditBook, run_id: str) -> str | None:
    """The name that a removed run had last, as the lists showed it."""
    if any(step[0] == "name" for edit in book.of(run_id) for step in edit.steps) or renamed_in_trash(store, run_id):
        try:
            state = read_run(store, run_id, book, journals_in_trash(store, run_id)).state
        except (OSError, RunNotFoundError):
            return _first_name(store, book, run_id)  # a journal cannot be read, or a crash came before it was moved
        name = state.meta["name"] if "name" in state.meta else (state.start or {}).get("name")
        return None if name is None else str(name)
    return _first_name(store, book, run_id)


def _first_name(store: Store, book: EditBook, run_id: str) -> str | None:
    """The name that a removed run had at its start."""
    name = (start_in_trash(store, run_id, book.scrubs) or {}).get("name")
    return None if name is None else str(name)


def _removed_id(store: Store, book: EditBook, ref: str) -> str:
    # one in the trash without a removal: a crash, or a restored run whose files stayed behind
    known = sorted(book.removed | set(in_trash(store)))
    found = [run_id for run_id in known if run_id == ref] or [
        run_id for run_id in known if ref and run_id.startswith(ref)
    ]
    names: list[str | None] = []
    if not found:
        of = {run_id: (_name_of(store, book, run_id), _first_name(store, book, run_id)) for run_id in known}
        found = [run_id for run_id, own in of.items() if ref in own]
        names = [name for name, _ in of.values()]
    if len(found) > 1:
        raise EditError(f"{ref!r} fits {len(found)} removed runs: {', '.join(found[:8])}", "give more letters")
    if not found:
        raise RunNotFoundError(ref, os.path.join(store.path, "trash"), [*filter(None, names), *known])
    return found[0]
