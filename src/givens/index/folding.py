"""Folding runs into the tables: new ones whole, growing ones from where they were left."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterable
from functools import partial
from typing import NamedTuple

from ..codec import dumps, loads
from ..journal.blobs import read_blob
from ..journal.layout import Store
from ..journal.lines import parse
from ..records.times import epoch_s
from .edit_rows import EditRows
from .journal_file import events_of, has_head, read_tail
from .keybook import KeyBook, Patterns
from .leaves import Leaves, fingerprint_of
from .origin_numbers import OriginNumbers
from .packed import PackRows
from .roles import by_role, is_main, is_session, session_began
from .rows import Rows
from .run_fold import FOREIGN, RunFold
from .run_results import first_chunks, later_chunks, summary_rows
from .run_row import Counts, row_of, tags_of, text_of
from .source_rows import Source, child_row, fold_whole, grown_child, main_row, path_of
from .surroundings import dirty_of, until_s
from .texts import escape

_SOURCE_COLUMNS = ", ".join(f"s.{name}" for name in Source._fields)
_LOG_LINE = b'{"k":"log",'
_RESULT_LINES = (_LOG_LINE, b'{"k":"summary",')


class Unreadable(NamedTuple):
    """A file that is there and cannot be read, and why."""

    file: str
    problem: str


class Folding:
    """Folds journals in transactions of the caller.

    Args:
        connection: the index; the caller begins and commits, and calls ``forget`` whenever others may have written.
        store: where the journals are.
        patterns: what fingerprints leave out.
    """

    def __init__(self, connection: sqlite3.Connection, store: Store, patterns: Patterns) -> None:
        self.connection = connection
        self.store = store
        self.patterns = patterns
        self.rows = Rows(connection)
        self.unreadable: list[Unreadable] = []
        self.edits = EditRows(connection, store)
        self.packs = PackRows(connection, store)
        self._read_blob = partial(read_blob, store)
        self.forget()

    def forget(self) -> None:
        """Drop what is remembered of the tables: they may have changed."""
        self._books: dict[str, KeyBook] = {}
        self._origins: OriginNumbers | None = None
        self._envs: dict[str, int] = {}
        self._next_run = 0
        self.rows.clear()
        self.edits.forget()
        self.packs.forget()

    # --- one run --------------------------------------------------------------------------------------------------

    def fold(
        self,
        run_id: str,
        files: Iterable[str],
        gone: Iterable[str],
        *,
        known: bool,
        verify: bool = False,
        again: bool = False,
    ) -> None:
        """Fold what is new of one run; of one that is removed, nothing stays.

        Args:
            run_id: its id.
            files: journals of it that may not be known yet.
            gone: journals of it that are no longer there.
            known: whether the index may have something of it already.
            verify: look at finished files as well.
            again: fold all of it from the start: it was edited.
        """
        sources = self._sources(run_id) if known else {}
        if again:
            self.edits.settled(run_id)
        if self.edits.hides(run_id):
            if sources:
                self._drop(next(iter(sources.values())).run)
            return
        if not sources:
            self._fold_new(run_id, self._new_run(), list(files))
            return
        run = next(iter(sources.values())).run
        missing = set(gone)
        fresh = [file for file in files if file not in sources]
        present = [*(file for file in sources if file not in missing), *fresh]
        is_another = bool(missing & sources.keys()) or any(
            is_main(file) or is_session(self.packs, file) for file in fresh
        )
        grown = None if is_another or again else self._grown(sources, verify)
        alone = sum(row.main for row in sources.values()) == 1
        if grown is not None and not alone and sum(row.main for row in grown) > 1:
            grown = None
        if grown is None:
            if not present:
                self._drop(run)
                return
            self.rows.remove(run)
            self.connection.execute("DELETE FROM source WHERE run = ?", (run,))
            self._fold_new(run_id, run, present)
            return
        for row in grown:
            if row.main:
                self._grow(run_id, row, alone=alone)
            else:
                self._grow_child(row)
        self.rows.sources += [row for row in (self._child(file, run) for file in fresh) if row is not None]
        if fresh or grown:
            self._add_up(run)

    def _drop(self, run: int) -> None:
        """Take everything of a run out."""
        self.rows.remove(run)
        self.connection.execute("DELETE FROM source WHERE run = ?", (run,))
        self.connection.execute("DELETE FROM run WHERE run = ?", (run,))

    def _sources(self, run_id: str) -> dict[str, Source]:
        self.rows.flush()
        found = self.connection.execute(
            f"SELECT {_SOURCE_COLUMNS} FROM run r JOIN source s ON s.run = r.run WHERE r.id = ?", (run_id,)
        )
        return {row[0]: Source(*row) for row in found}

    def _new_run(self) -> int:
        if not self._next_run:
            (last,) = self.connection.execute("SELECT max(run) FROM run").fetchone()
            self._next_run = last or 0
        self._next_run += 1
        return self._next_run

    def _grown(self, sources: dict[str, Source], verify: bool) -> list[Source] | None:
        """The files with more than is known of them; None when one is not what it was, so that all is folded again."""
        grown: list[Source] = []
        for row in sources.values():
            if (row.done or not row.loose) and not verify:
                continue
            if not row.loose:
                if not self.packs.agrees(row.file, row.size, row.head):
                    return None
                continue
            path = path_of(self.store.path, row.file)
            try:
                size = os.stat(path).st_size
                if size < row.size or (row.head and (verify or size > row.size) and not has_head(path, row.head)):
                    return None
            except FileNotFoundError:
                return None
            except OSError as error:
                self._cannot_read(row.file, error)
                continue
            if size > row.size:
                if row.size == 0 and (row.main or is_session(self.packs, row.file)):
                    return None  # its first line was not whole yet
                grown.append(row)
        return grown

    def _cannot_read(self, file: str, error: OSError) -> None:
        self.unreadable.append(Unreadable(file, error.strerror or str(error)))

    # --- from the start -------------------------------------------------------------------------------------------

    def _fold_new(self, run_id: str, run: int, files: list[str]) -> None:
        fold, found = RunFold(self._read_blob), []
        own, children = by_role(self.packs, files, self._cannot_read)
        for file, content in own:
            began = session_began(file, content)
            if began is not None:
                self._edit_before(run_id, fold, began)
            found.append(fold_whole(content, file, run, fold, self.edits.scrubbed))
        mains = len(found)
        found += [child_row(content, file, run) for file, content in children]
        if not found:
            self.connection.execute("DELETE FROM run WHERE run = ?", (run,))
            return
        book = self._book(text_of((fold.start or {}).get("project")) or "")
        self._write(run_id, run, fold, book, found)
        self.rows.metrics += first_chunks(run, fold.points, book)
        if mains and not found[mains - 1].done:
            found[mains - 1] = found[mains - 1]._replace(carried=_carried(fold))
        self.rows.sources += found

    def _edit_before(self, run_id: str, fold: RunFold, began: str) -> None:
        """Lay over a fold what was edited before its next session began: that session's word is a later one."""
        try:
            self.edits.apply(run_id, fold, began)
        except FOREIGN:
            fold.failed += 1

    def _child(self, file: str, run: int) -> Source | None:
        try:
            return child_row(self.packs.read(file), file, run)
        except FileNotFoundError:
            return None
        except OSError as error:
            self._cannot_read(file, error)
            return None

    def _write(self, run_id: str, run: int, fold: RunFold, book: KeyBook, sources: list[Source]) -> None:
        """Everything of a run, its edits laid over it, but its sources and the course of its metrics."""
        try:
            self.edits.apply(run_id, fold)
            self._write_all(run_id, run, fold, book, sources)
        except FOREIGN:  # lines that check and hold what no writer of givens writes: the run is listed, and empty
            bare = RunFold()
            self._write_all(run_id, run, bare, book, [row._replace(bad=row.bad + row.main) for row in sources])

    def _write_all(self, run_id: str, run: int, fold: RunFold, book: KeyBook, sources: list[Source]) -> None:
        rows = self.rows
        leaves, prints = self._leaves(run, fold, book)
        summaries = list(summary_rows(run, fold.results, book))
        document = dumps(fold.document)
        last_at = max((row.last_at for row in sources if row.last_at), default=None)
        counts = Counts(
            *(leaves.count, len(summaries), sum(row.events for row in sources), sum(row.bad for row in sources)),
            sum(not row.main for row in sources),
        )
        row = row_of(run, run_id, fold, self._env(fold), prints, last_at, counts)
        changes = [
            (run, seq, book.config_number(noted.path), noted.action, text_of(noted.at) or "")
            for seq, noted in enumerate(fold.noted)
        ]
        for path, text in fold.descriptions.items():
            book.describe(path, str(text))
        for name, goal in fold.goals.items():
            if goal in ("min", "max"):
                book.aim(name, goal)
        rows.runs.append(row)
        rows.params += leaves.params
        rows.summaries += summaries
        rows.documents.append((run, document))
        rows.tags += [(run, escape(tag)) for tag in tags_of(fold)]
        rows.changes += changes

    def _leaves(self, run: int, fold: RunFold, book: KeyBook) -> tuple[Leaves, tuple[str, str]]:
        if self._origins is None:
            self._origins = OriginNumbers(self.connection)
        changed = {noted.path for noted in fold.noted if noted.action != "refused"}
        leaves = Leaves(run, book, self._origins, changed)
        if fold.raw is None:
            leaves.read(fold.config.items(), book.root, 0, fold.origins)
        else:
            leaves.read_raw(fold.raw, fold.places)
        printed, settled = leaves, fold.settled_config
        if settled is not None:
            printed = Leaves(run, book, self._origins, set())
            printed.read(settled.items(), book.root, 0, {})
        replica = fingerprint_of(printed.lines)
        return leaves, (fingerprint_of(printed.lines + printed.replicas) if printed.replicas else replica, replica)

    def _book(self, project: str) -> KeyBook:
        book = self._books.get(project)
        if book is None:
            book = self._books[project] = KeyBook(self.connection, project, self.patterns)
        return book

    def _env(self, fold: RunFold) -> int | None:
        """The number of the run's surroundings; they are looked up when the first of their runs is folded."""
        writer = (fold.start or {}).get("env")
        if type(writer) is not str:
            return None
        number = self._envs.get(writer)
        if number is None:
            known = self.connection.execute("SELECT env FROM env WHERE writer = ?", (escape(writer),)).fetchone()
            if known is None:
                created_s = epoch_s(text_of((fold.start or {}).get("t")))
                cursor = self.connection.execute(
                    "INSERT INTO env (writer, dirty, until_s) VALUES (?, ?, ?)",
                    (escape(writer), dirty_of(self.packs, writer), until_s(created_s, time.time())),
                )
                known = (cursor.lastrowid,)
            number = self._envs[writer] = int(known[0])
        return number

    # --- from where it was left -----------------------------------------------------------------------------------

    def _grow(self, run_id: str, row: Source, *, alone: bool) -> None:
        """More of a first writer's journal, or of the newest session's. Where nothing but results came, the
        configuration is left alone; of a run with several sessions, all is folded again where it did not.
        """
        lines = self._tail(row) if row.carried is not None else None
        if lines is None or not (alone or _are_results(lines)):
            self._again(run_id, row)
            return
        size = row.size + sum(map(len, lines)) + len(lines)
        only_results = _are_results(lines)
        fold = RunFold(self._read_blob)
        fold.before_s, results = loads(row.carried or "[0.0, []]")
        fold.carry_on(results)
        if not only_results:
            self._put_together(fold, row)
        events, bad = events_of(lines)
        for event in events:
            fold.take(event)
        grown = main_row(row, fold, len(events), bad, size)
        book = self._book(self._project(row.run))
        if only_results:
            self._write_results(row.run, fold, book)
        else:
            self._replace(run_id, row.run, fold, book, grown)
        self.rows.metrics += later_chunks(self.connection, row.run, fold.points, book)
        self.rows.sources.append(grown if grown.done else grown._replace(carried=_carried(fold)))

    def _tail(self, row: Source) -> list[bytes] | None:
        """What came since; None where all is to be read again: it is another file, or moved into a pack a moment ago."""
        try:
            return read_tail(path_of(self.store.path, row.file), row.size)
        except FileNotFoundError:
            return None

    def _again(self, run_id: str, row: Source) -> None:
        sources = self._sources(run_id)
        self.rows.remove(row.run)
        self._fold_new(run_id, row.run, list(sources))

    def _put_together(self, fold: RunFold, row: Source) -> None:
        """Fold a file up to an offset, its results left out: those were carried on."""
        at, lines = 0, []
        for line in self.packs.read(row.file).lines:
            if at >= row.size:
                break
            at += len(line) + 1
            if line and not line.startswith(_LOG_LINE):
                lines.append(line)
        parsed = [event for event in map(parse, lines) if not isinstance(event, str)]
        for event in self.edits.scrubbed(parsed, lines, row.file):
            fold.take_again(event)
        fold.failed = 0  # counted when they were folded first

    def _project(self, run: int) -> str:
        found = self.connection.execute("SELECT project FROM run WHERE run = ?", (run,)).fetchone()
        return (found[0] if found else None) or ""

    def _write_results(self, run: int, fold: RunFold, book: KeyBook) -> None:
        self.rows.uncount("summary", run)
        self.connection.execute("DELETE FROM summary WHERE run = ?", (run,))
        summaries = list(summary_rows(run, fold.results, book))
        self.rows.summaries += summaries
        self.connection.execute("UPDATE run SET results = ? WHERE run = ?", (len(summaries), run))

    def _replace(self, run_id: str, run: int, fold: RunFold, book: KeyBook, row: Source) -> None:
        kept = self.connection.execute("SELECT key, chunk, points FROM metric WHERE run = ?", (run,)).fetchall()
        self.rows.remove(run)
        self.rows.metrics += [(run, *chunk) for chunk in kept]
        self._write(run_id, run, fold, book, [row])
        self.rows.flush()

    def _grow_child(self, row: Source) -> None:
        lines = self._tail(row) if row.size else None
        if lines is None:
            again = self._child(row.file, row.run)
            if again is not None:
                self.rows.sources.append(again)
            return
        events, bad = events_of(lines)
        self.rows.sources.append(grown_child(row, events, bad, row.size + sum(map(len, lines)) + len(lines)))

    def _add_up(self, run: int) -> None:
        """The counts of a run over all its files."""
        self.rows.flush()
        events, bad, children, last_at = self.connection.execute(
            "SELECT sum(events), sum(bad), sum(1 - main), max(last_at) FROM source WHERE run = ?", (run,)
        ).fetchone()
        self.connection.execute(
            "UPDATE run SET events = ?, bad = ?, children = ?, last_at = ?, last_s = ? WHERE run = ?",
            (events, bad, children, last_at, epoch_s(last_at), run),
        )


def _carried(fold: RunFold) -> str:
    return dumps([fold.before_s, fold.carried()])


def _are_results(lines: list[bytes]) -> bool:
    return all(line.startswith(_RESULT_LINES) for line in lines if line)
