"""Taking edits back, and bringing them back: an undo is an edit like any other, and can be undone."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any, NamedTuple

from ...errors import EditError
from ...journal.edits import Command, EditBook, read_edits, write_command
from ...journal.layout import Store
from ...journal.trash import from_trash, to_trash
from ...records.scrubs import scrubbed_runs
from ..stored.opening import find_store
from .edit_targets import start_of

_REMOVALS = ("remove", "restore")


class EditRecord(NamedTuple):
    """One edit of a store.

    Args:
        id: its id.
        at: when, in UTC as in the journal.
        user: whose.
        what: what it does, in a few words.
        runs: the ids of the runs it names.
        note: why, where that was said.
        in_effect: whether it is not undone.
        undoes: for an undo: the ids of the edits it takes back.
        final: whether it is a scrub, which nothing takes back.
    """

    id: str
    at: str
    user: str | None
    what: str
    runs: tuple[str, ...]
    note: str | None
    in_effect: bool
    undoes: tuple[str, ...] = ()
    final: bool = False

    def to_json(self) -> dict[str, Any]:
        """``{"id", "at", "user", "what", "runs", "note", "in_effect", "undoes", "final"}``."""
        return {**self._asdict(), "runs": list(self.runs), "undoes": list(self.undoes)}


class Undone(NamedTuple):
    """What an undo took back.

    Args:
        edit: the edit that has no effect any more; of an undone undo: the undo.
        id: the id of the undo itself; None when nothing was written.
        runs: the runs it concerns.
        problems: files that could not be moved.
    """

    edit: EditRecord
    id: str | None
    runs: tuple[str, ...]
    problems: tuple[str, ...]


def edits_of(store: Store) -> list[EditRecord]:
    """All edits of a store, oldest first.

    Raises:
        StoreError: its folder cannot be read.
    """
    book = read_edits(store)
    return [_record(book, command) for command in book.commands if command.events or command.scrubs]


def undo_edit(
    edit_id: str | None = None,
    *,
    dry_run: bool = False,
    note: str | None = None,
    dir: str | os.PathLike[str] | None = None,
) -> Undone:
    """Take an edit back: everything is as if it had not been, later edits excepted, which stay.

    Args:
        edit_id: its id, or the first letters; None: the newest that has an effect and is no undo. The id of an undo brings
            back what it took.
        dry_run: write nothing.
        note: why, for those who look at it later.
        dir: where to look for the store, as for ``givens.open``.

    Raises:
        EditError: there is no such edit, several begin so, or it is undone already.
        StoreError: there is no store, or it cannot be written.
    """
    return undo(find_store(dir), edit_id, dry_run=dry_run, note=note)


def undo(store: Store, edit_id: str | None = None, *, dry_run: bool = False, note: str | None = None) -> Undone:
    """``undo_edit`` in one store."""
    book = read_edits(store)
    command = _last(book, store) if edit_id is None else _named(book, edit_id, store)
    record = _record(book, command)
    if record.final:
        raise EditError(f"edit {command.writer[:8]} is a scrub: what it took out is gone", "nothing takes it back")
    if not record.in_effect:
        raise EditError(f"edit {command.writer[:8]} is undone already", "`givens undo --list` shows all edits")
    runs, moving = _concerned(book, command)
    if dry_run:
        return Undone(record, None, runs, ())
    # as for a restore: files come before the event that shows them, and go after the one that hides them
    problems = [problem for run_id in moving if run_id in book.removed for problem in from_trash(store, run_id)]
    pending = [identity for identity in command.identities() if identity not in book.undone]
    writer = write_command(store, start_of(store, note), [("undo", {"of": list(identity)}) for identity in pending])
    removed = read_edits(store).removed
    problems += [problem for run_id in moving if run_id in removed for problem in to_trash(store, run_id)]
    return Undone(record, writer, runs, tuple(problems))


def _last(book: EditBook, store: Store) -> Command:
    for command in reversed(book.commands):
        if book.has_effect(command) and any(event.get("k") == "edit" for event in command.events):
            return command
    raise EditError(f"nothing was edited in {store.path}", "`givens undo --list` shows all edits")


def _named(book: EditBook, edit_id: str, store: Store) -> Command:
    known = [command for command in book.commands if command.events or command.scrubs]
    found = [command for command in known if edit_id and command.writer.startswith(edit_id)]
    if len(found) > 1:
        raise EditError(f"{edit_id!r} fits {len(found)} edits", "give more letters")
    if not found:
        raise EditError(f"no edit {edit_id!r} in {store.path}", "`givens undo --list` shows all edits")
    return found[0]


def _concerned(book: EditBook, command: Command) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The runs that an edit, or the edits behind an undo, name; and those of them that it removes or restores."""
    by_identity = {identity: each for each in book.commands for identity in each.identities()}
    runs: dict[str, None] = {}
    moving: dict[str, None] = {}
    waiting, seen = [command], {command.writer}
    while waiting:
        here = waiting.pop()
        for run_id, steps in here.runs().items():
            runs[run_id] = None
            if any(step[0] in _REMOVALS for step in steps):
                moving[run_id] = None
        for target in here.targets():
            behind = by_identity.get(target)
            if behind is not None and behind.writer not in seen:
                seen.add(behind.writer)
                waiting.append(behind)
    return tuple(runs), tuple(moving)


def _record(book: EditBook, command: Command) -> EditRecord:
    undoes = tuple(dict.fromkeys(writer for writer, _ in command.targets()))
    note = command.start.get("note")
    scrubbed = _taken(command)
    what = f"undo {', '.join(writer[:8] for writer in undoes)}" if undoes else _words(command)
    if command.scrubs:
        what = f"scrub {_listed(place for places in scrubbed.values() for place in places)}".rstrip()
    return EditRecord(
        id=command.writer,
        at=command.at,
        user=command.user,
        what=what,
        runs=tuple(scrubbed) if command.scrubs else _concerned(book, command)[0],
        note=note if type(note) is str else None,
        in_effect=bool(command.scrubs) or book.has_effect(command),
        undoes=undoes,
        final=bool(command.scrubs),
    )


def _taken(command: Command) -> dict[str, list[str]]:
    """Of a scrub: run id -> what it was taken out of."""
    found: dict[str, list[str]] = {}
    for event in command.scrubs:
        for run_id, places in scrubbed_runs(event).items():
            found.setdefault(run_id, []).extend(places)
    return found


def _listed(words: Iterable[str]) -> str:
    listed = list(dict.fromkeys(words))
    return ", ".join(listed[:4]) + (f" and {len(listed) - 4} more" if len(listed) > 4 else "")


def _words(command: Command) -> str:
    """What an edit does, in a few words: ``set config.lr, rename config.a -> config.b``."""
    from ...keys import format_path, from_json

    found: dict[str, None] = {}
    for steps in command.runs().values():
        for verb, *rest in steps:
            if verb in ("set", "delete", "rename") and rest and all(type(path) is list for path in rest[:1]):
                name = f"config.{format_path(from_json(rest[0]))}"
                kind = rest[2] if verb == "set" and len(rest) > 2 else None
                if type(kind) is str:  # ``as int``: a value in another type
                    found[f"retype {name} {kind}"] = None
                    continue
                to = (
                    f" -> config.{format_path(from_json(rest[1]))}"
                    if verb == "rename" and type(rest[-1]) is list
                    else ""
                )
                found[f"{verb} {name}{to}"] = None
            elif verb != "lossy":
                found[verb] = None
    return _listed(found)
