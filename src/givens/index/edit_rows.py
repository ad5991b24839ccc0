"""Edits in the index: which event says what of which run, which are undone, which runs are removed or to be folded again."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..codec import dumps, loads
from ..journal.edits import FOLDER, Command, edit_file, number_of, read_command, read_edits, writer_of_edits
from ..journal.layout import RUN_ID, Store
from ..journal.lines import BadLine
from ..journal.rewriting import writer_of_lines
from ..records.edits import Identity, RunEdit, apply_edits, is_removed, run_steps, undo_target, undone
from ..records.events import Event
from ..records.scrubs import NO_PATCHES, Patches, all_patched, patches_of, to_json
from .run_fold import RunFold
from .texts import escape, unescape

_OF_RUN = "SELECT writer, n, at, user_name, steps FROM edit_run WHERE id = ? ORDER BY at, writer, n"


class ScrubbedSinceError(Exception):
    """Something was taken out of the store since the index was made, and its file may hold it: it has to be made anew."""


class EditNews(NamedTuple):
    """Files of edits that are new, have grown, or are gone: writer -> path; None for one that is gone."""

    files: dict[str, str | None]


class EditRows:
    """The edits as an index knows them.

    Args:
        connection: the index; the caller begins and commits, and calls ``forget`` whenever others may have written.
        store: where the files are.
    """

    def __init__(self, connection: sqlite3.Connection, store: Store) -> None:
        self.connection = connection
        self.store = store
        self.forget()

    def forget(self) -> None:
        """Drop what is remembered of the tables."""
        self._undone: set[Identity] | None = None
        self._removed: set[str] | None = None
        self._any: bool | None = None
        self._scrubs: bool | None = None

    # --- asking ---------------------------------------------------------------------------------------------------

    def hides(self, run_id: str) -> bool:
        """Whether a run is removed."""
        if self._removed is None:
            self._removed = {run for (run,) in self.connection.execute("SELECT id FROM removed")}
        return run_id in self._removed

    def scrubbed(self, events: list[Event], lines: list[bytes], file: str) -> list[Event]:
        """A journal's events without what was taken out of them since they were written.

        Args:
            events: the events.
            lines: the journal's lines from its first on, which says who wrote it.
            file: its path below the store.
        """
        if self._scrubs is None:
            self._scrubs = self.connection.execute("SELECT 1 FROM scrub LIMIT 1").fetchone() is not None
        if not self._scrubs:
            return events
        return all_patched(events, self._patches(writer_of_lines(lines, file)))

    def _patches(self, writer: str) -> Patches:
        found = self.connection.execute("SELECT patches FROM scrub WHERE writer = ?", (escape(writer),)).fetchone()
        return patches_of(loads(found[0])) if found else NO_PATCHES

    def apply(self, run_id: str, fold: RunFold, before: str | None = None) -> None:
        """Lay a run's edits over its fold; those made before a session began, or all that are left."""
        if self._any is None:
            self._any = self.connection.execute("SELECT 1 FROM edit_run LIMIT 1").fetchone() is not None
        edits = self._in_effect(run_id) if self._any else []
        due = [edit for edit in edits if edit.at >= fold.edited_until and (before is None or edit.at < before)]
        if due:
            apply_edits(fold.plant_all(), due)
        fold.edited_until = max(fold.edited_until, before or "")

    def _in_effect(self, run_id: str) -> list[RunEdit]:
        if self._undone is None:
            self._undone = self._all_undone()
        gone = self._undone
        return [
            RunEdit(writer, n, at, user, tuple(loads(steps)))
            for writer, n, at, user, steps in self.connection.execute(_OF_RUN, (run_id,))
            if (writer, n) not in gone
        ]

    def _all_undone(self) -> set[Identity]:
        rows = self.connection.execute("SELECT writer, n, of_writer, of_n FROM edit_undo")
        return undone({(writer, n): (of_writer, of_n) for writer, n, of_writer, of_n in rows})

    # --- what is new ----------------------------------------------------------------------------------------------

    def news(self, *, verify: bool = False) -> EditNews:
        """Compare the folder of edits with what is known of it; a file with its finish line needs no second look.

        Args:
            verify: look at finished files as well.
        """
        folder = os.path.join(self.store.path, FOLDER)
        try:
            names = os.listdir(folder)
        except FileNotFoundError:
            names = []
        except OSError:
            return EditNews({})  # a reader says so; the index keeps what it knows
        present = {writer for writer in map(writer_of_edits, names) if writer is not None}
        known = {
            writer: (size, done)
            for writer, size, done in self.connection.execute("SELECT writer, size, done FROM edit_file")
        }
        files: dict[str, str | None] = dict.fromkeys(known.keys() - present)
        for writer in sorted(present):
            path = edit_file(self.store, writer)
            size, done = known.get(writer, (-1, 0))
            if (not done or verify) and _size_of(path) != size:
                files[writer] = path
        return EditNews(files)

    def take(self, news: EditNews) -> list[BadLine]:
        """Take in what is new, and mark the runs it concerns; those are folded again by and by.

        Returns:
            The files that could not be read.

        Raises:
            ScrubbedSinceError: something was taken out of runs that are in the index.
        """
        before = self._all_undone()
        affected: set[str] = set()
        unreadable: list[BadLine] = []
        taken: list[tuple[Command, int, int]] = []
        for writer, path in news.files.items():
            bad: list[BadLine] = []
            try:
                size = 0 if path is None else os.stat(path).st_size
                command = Command(writer, {}, ()) if path is None else read_command(path, bad)
            except OSError as error:
                unreadable.append(BadLine(f"{FOLDER}/{writer}.jsonl", 0, error.strerror or str(error)))
                continue
            affected |= self._forget_file(writer)
            if path is not None:
                taken.append((command, size, len(bad)))
        if any(command.scrubs for command, _, _ in taken):
            self._take_scrubs()
        for command, size, count in taken:
            affected |= self._insert(command.scrubbed(self._patches(command.writer)), size, count)
        self.forget()
        for writer, n in before ^ self._all_undone():
            rows = self.connection.execute("SELECT id FROM edit_run WHERE writer = ? AND n = ?", (writer, n))
            affected.update(run_id for (run_id,) in rows)
        self._mark(affected)
        self.forget()
        return unreadable

    def _take_scrubs(self) -> None:
        """Take in what all scrubs of the store together replace. A file of the index that has rows by now is no good."""
        if self.connection.execute("SELECT 1 FROM run LIMIT 1").fetchone() is not None:
            raise ScrubbedSinceError
        self.connection.execute("DELETE FROM scrub")
        rows = [(escape(writer), dumps(each)) for writer, each in to_json(read_edits(self.store).scrubs).items()]
        self.connection.executemany("INSERT INTO scrub VALUES (?, ?)", rows)

    def _forget_file(self, writer: str) -> set[str]:
        """Take away what is known of one file; the runs it named."""
        named = {run for (run,) in self.connection.execute("SELECT id FROM edit_run WHERE writer = ?", (writer,))}
        for table in ("edit_run", "edit_undo", "edit_file"):
            self.connection.execute(f"DELETE FROM {table} WHERE writer = ?", (writer,))
        return named

    def _insert(self, command: Command, size: int, bad: int) -> set[str]:
        rows = list(_rows(command))
        self.connection.executemany("INSERT OR REPLACE INTO edit_run VALUES (?, ?, ?, ?, ?, ?)", rows)
        for event in command.events:
            number, target = number_of(event), undo_target(event) if event.get("k") == "undo" else None
            if number is not None and target is not None:
                pair = (command.writer, number, *target)
                self.connection.execute("INSERT OR REPLACE INTO edit_undo VALUES (?, ?, ?, ?)", pair)
        done = int(command.done)
        self.connection.execute("INSERT INTO edit_file VALUES (?, ?, ?, ?)", (command.writer, size, bad, done))
        return {row[0] for row in rows}

    def _mark(self, run_ids: Iterable[str]) -> None:
        """Settle which runs are removed, and have those that the index knows folded again."""
        changed = False
        for run_id in run_ids:
            removed = is_removed(self._in_effect(run_id))
            if removed == self.hides(run_id):
                # one that is not there yet is folded with its edits when it comes
                self.connection.execute("INSERT OR IGNORE INTO refold SELECT id FROM run WHERE id = ?", (run_id,))
                continue
            changed = True
            statement = "INSERT INTO removed VALUES (?)" if removed else "DELETE FROM removed WHERE id = ?"
            self.connection.execute(statement, (run_id,))
            self.connection.execute("INSERT OR IGNORE INTO refold VALUES (?)", (run_id,))
        if changed:  # the folder may hold files of theirs that were passed over, though nothing in it has changed
            self.connection.execute("DELETE FROM meta WHERE name = 'listed'")

    def settled(self, run_id: str) -> None:
        """A run has been folded with its edits."""
        self.connection.execute("DELETE FROM refold WHERE id = ?", (run_id,))


def waiting(connection: sqlite3.Connection) -> list[str]:
    """The runs that are to be folded again because of their edits."""
    return [run_id for (run_id,) in connection.execute("SELECT id FROM refold")]


def hidden(connection: sqlite3.Connection) -> set[str]:
    """The runs that are removed."""
    return {run_id for (run_id,) in connection.execute("SELECT id FROM removed")}


def _rows(command: Command) -> Iterator[tuple[str, str, int, str, str | None, str]]:
    for event in command.events:
        number = number_of(event)
        if event.get("k") != "edit" or number is None:
            continue
        for run_id, steps in run_steps(event).items():
            if RUN_ID.fullmatch(run_id):
                yield run_id, command.writer, number, str(event.get("t", "")), command.user, dumps(steps)


def _size_of(path: str) -> int:
    try:
        return os.stat(path).st_size
    except FileNotFoundError:
        return -1


def edited_in(connection: sqlite3.Connection, store: Store, run_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """What was changed after the runs, for marks in lists: ``config.lr``, ``tags``, ``notes``, ``name``.

    Args:
        connection: the index.
        store: what it is an index of.
        run_ids: a page of runs; those without edits are left out of the answer.
    """
    rows = EditRows(connection, store)
    found: dict[str, tuple[str, ...]] = {}
    for run_id in run_ids:
        edits = rows._in_effect(run_id)
        if not edits:
            continue
        keys = connection.execute(
            "SELECT k.path FROM run r JOIN param p ON p.run = r.run JOIN origin o ON o.origin = p.origin "
            "JOIN key k ON k.key = p.key WHERE r.id = ? AND o.kind = 'edit' AND k.list IS NULL ORDER BY k.path",
            (run_id,),
        )
        verbs = {step[0] for edit in edits for step in edit.steps}
        said = [name for name, verb in (("tags", "tag"), ("notes", "notes"), ("name", "name")) if verb in verbs]
        found[run_id] = (*(f"config.{unescape(path)}" for (path,) in keys), *said)
    return found


def edited_keys(connection: sqlite3.Connection, runs: Iterable[int]) -> dict[str, frozenset[int]]:
    """Config key -> in which of some runs its value is an edit's. Runs without edits are passed over quickly.

    Args:
        connection: the index.
        runs: their numbers in it.
    """
    if connection.execute("SELECT 1 FROM edit_run LIMIT 1").fetchone() is None:
        return {}
    found = connection.execute(
        "SELECT k.path, r.run FROM json_each(?) b JOIN run r ON r.run = b.value JOIN param p ON p.run = r.run "
        "JOIN origin o ON o.origin = p.origin JOIN key k ON k.key = p.key "
        "WHERE o.kind = 'edit' AND k.list IS NULL AND EXISTS (SELECT 1 FROM edit_run e WHERE e.id = r.id) "
        "ORDER BY k.path",
        (dumps(list(runs)),),
    )
    edited: dict[str, set[int]] = {}
    for path, run in found:
        edited.setdefault(unescape(path), set()).add(run)
    return {path: frozenset(of) for path, of in edited.items()}
