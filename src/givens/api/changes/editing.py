"""Changing stored runs: one in a ``with`` block, or many where a filter passes. Every change is an audited edit."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any

from ...codec import encode
from ...configs.recording import blobbed
from ...errors import EditError, LossyValueWarning, UnknownKeyWarning, warn
from ...index.refreshing import Progress
from ...journal.blobs import read_blob, write_blob
from ...journal.edits import write_command
from ...journal.layout import Store
from ...keys import Path, format_path, part_for
from ...query.nodes import Node
from ...records.change import MISSING
from ...records.encoded import Tree, lift, plant
from ...records.state import same
from ..asking import redaction_of
from ..stored.opening import find_store, open_in
from .edit_plans import EditPlan, KeyChange, Planner, RunChange
from .edit_requests import Wanted, wanted_of
from .edit_targets import Chosen, fresh_index, grouped, start_of, targets, unknown_in

if TYPE_CHECKING:
    from ...configs.config import Config
    from ..stored.stored_run import StoredRun


class EditedRun:
    """A stored run inside ``with givens.edit(ref) as run``. What is changed on it is written when the block ends.

    When the block raises, nothing is written.

    Attributes:
        run: the run as it was.
        config: its configuration, to be changed like any other; nothing guards or locks it.
        tags: its tags, a list to be changed or replaced.
        notes: its notes, None for none.
        name: its name.
        plan: after the block: what was changed; None when nothing was.
    """

    def __init__(self, run: StoredRun, note: str | None) -> None:
        from ...configs.stored import editable_config

        self.run = run
        self._note = note
        self._redaction = redaction_of(run.store)
        state = run.folded.state
        self.config: Config = editable_config(state, partial(read_blob, run.store), self._redaction)
        self._before = self._tree()
        self.tags: list[str] = list(run.tags)
        self.notes = run.notes
        self.name = run.name
        self.plan: EditPlan | None = None

    def __enter__(self) -> EditedRun:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._write()

    def __repr__(self) -> str:
        return f"<edit of {self.run!r}>"

    def _tree(self) -> Tree:
        # through the codec both times, so that only what was changed differs
        planted = plant(encode(dict(self.config), (), self._redaction).json)
        return planted if type(planted) is Tree else Tree()

    def _write(self) -> None:
        encoded = encode(dict(self.config), (), self._redaction)
        after = plant(encoded.json)
        changes: list[KeyChange] = []
        steps: list[list[Any]] = []
        store = self.run.store
        for path, old, new in _differing(self._before, after if type(after) is Tree else Tree(), ()):
            what = f"config.{format_path(path)}"
            if new is MISSING:
                changes.append(KeyChange("delete", what, lift(old)))
                steps.append(["delete", list(path)])
                continue
            json = lift(new)
            changes.append(KeyChange("set", what, old if old is MISSING else lift(old), json))
            steps.append(["set", list(path), blobbed(json, partial(_store_blob, store))])
            inexact = [(leaf, why) for leaf, why in encoded.lossy if leaf[: len(path)] == path]
            steps += [["lossy", list(leaf), why] for leaf, why in inexact]
            for leaf, why in inexact:
                warn(LossyValueWarning(f"not kept exactly: config.{format_path(leaf)}: {why}"))
        planner = Planner(self._said(), self._redaction, partial(read_blob, store))
        said = planner.plan(self.run.id, self.run.name, {}, self.run.tags, self.run.notes)
        whole = RunChange(self.run.id, self.run.name, (*changes, *said.changes), (), (*steps, *said.steps))
        if whole.changes:
            self.plan = written(store, EditPlan((whole,), (), 1), self._note)

    def _said(self) -> Wanted:
        tags = [self.tags] if isinstance(self.tags, str) else [str(tag) for tag in self.tags]
        notes = None if self.notes == self.run.notes else str(self.notes or "")
        gone = tuple(tag for tag in self.run.tags if tag not in tags)
        return Wanted(
            tag=tuple(tags), untag=gone, notes=notes, name=None if self.name == self.run.name else str(self.name)
        )


def edit(ref: str = "last", *, note: str | None = None, dir: str | os.PathLike[str] | None = None) -> EditedRun:
    """Change one stored run: ``with givens.edit("calm-otter") as run: run.config.lr = 0.1``.

    Inside the block, ``run.config`` can be written like any config, ``run.tags``, ``run.notes`` and ``run.name`` can be
    assigned. The change is written once, when the block ends; the journal of the run is never touched.

    Args:
        ref: an id, ``last``, a name, or the first letters of an id.
        note: why, for those who look at the edit later.
        dir: where to look for the store, as for ``givens.open``.

    Raises:
        RunNotFoundError, AmbiguousRunError, StoreError: as for ``givens.open``.
    """
    return EditedRun(open_in(find_store(dir), ref), note)


def edit_runs(
    filter: str | Node | None = None,
    *,
    runs: str | Iterable[str] = (),
    project: str | None = None,
    set: Mapping[str, Any] | None = None,
    rename: Mapping[str, str] | None = None,
    retype: Mapping[str, str] | None = None,
    delete: Iterable[str] = (),
    tag: Iterable[str] = (),
    untag: Iterable[str] = (),
    notes: str | None = None,
    name: str | None = None,
    replace: bool = False,
    dry_run: bool = False,
    note: str | None = None,
    dir: str | os.PathLike[str] | None = None,
) -> EditPlan:
    """Change many stored runs at once: those that a filter passes, those named, or both conditions together.

    Keys are renamed first, then retyped, set, deleted; a run that lacks a key to be renamed, retyped or deleted stays as
    it is. However many runs, it is one edit, which ``givens.undo_edit`` takes back.

    Args:
        filter: ``"project == 'digits' and lr > 1"``.
        runs: ids, names, ``last``, first letters of ids.
        project: only runs of this project.
        set: key path -> value.
        rename: key path -> new key path.
        retype: key path -> ``int``, ``float``, ``bool``, ``str`` or ``parsed`` (text as YAML 1.2 reads it).
        delete: key paths.
        tag: tags that come.
        untag: tags that go.
        notes: the new notes; the empty text for none.
        name: the new name, of one run.
        replace: a rename may take the place of a key that is there already.
        dry_run: write nothing.
        note: why, for those who look at the edit later.
        dir: where to look for the store, as for ``givens.open``.

    Returns:
        What changed, or would change, run by run, and what was left alone.

    Raises:
        EditError: nothing to do, nothing that says which runs, a type that is none; nothing was changed.
        FilterSyntaxError, KeyPathError, RunNotFoundError, AmbiguousRunError: nothing was changed.
        StoreError: there is no store, or it cannot be written.
    """
    wanted = wanted_of(
        set=set,
        rename=rename,
        retype=retype,
        delete=delete,
        tag=tag,
        untag=untag,
        notes=notes,
        name=name,
        replace=replace,
    )
    chosen = Chosen((runs,) if isinstance(runs, str) else tuple(runs), filter, project)
    plan = edit_in(find_store(dir), chosen, wanted, dry_run=dry_run, note=note)
    for sentence in plan.notes:
        warn(UnknownKeyWarning(sentence))
    return plan


def edit_in(
    store: Store,
    chosen: Chosen,
    wanted: Wanted,
    *,
    dry_run: bool = False,
    note: str | None = None,
    progress: Progress | None = None,
) -> EditPlan:
    """``edit_runs`` in one store."""
    with fresh_index(store, progress) as index:
        found = targets(index, store, chosen, configs=True)
        unknown = unknown_in(index, store, chosen, wanted)
    if wanted.name is not None and len(found) > 1:
        raise EditError(f"one name for {len(found)} runs", "name runs one by one")
    keep = None if dry_run else partial(_store_blob, store)
    planner = Planner(wanted, redaction_of(store), partial(read_blob, store), keep)
    planned = [planner.plan(each.id, each.name, each.config, each.tags, each.notes) for each in found]
    plan = EditPlan(
        tuple(run for run in planned if run.changes),
        tuple(run for run in planned if run.skipped),
        len(planned),
        unknown=unknown,
    )
    return plan if dry_run or not plan.runs else written(store, plan, note)


def written(store: Store, plan: EditPlan, note: str | None) -> EditPlan:
    """Write a plan as one edit.

    Raises:
        StoreError: it cannot be written; nothing was changed.
    """
    pairs = grouped((run.id, run.steps) for run in plan.runs)
    return plan._replace(edit_id=write_command(store, start_of(store, note), [("edit", {"e": pairs})]))


def _store_blob(store: Store, sha256: str, content: bytes) -> bool:
    write_blob(store, sha256, content)
    return True


def _differing(old: Tree, new: Tree, path: Path) -> Iterable[tuple[Path, Any, Any]]:
    """The places in which two configurations differ, sections entered: path, old and new value."""
    for key, value in old.items():
        if key not in new:
            yield (*path, part_for(key)), value, MISSING
    for key, value in new.items():
        here, was = (*path, part_for(key)), old.get(key, MISSING)
        if type(was) is Tree and type(value) is Tree and value:
            yield from _differing(was, value, here)
        elif was is MISSING or not same(was, value):
            yield here, was, value
