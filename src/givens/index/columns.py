"""The column file: a copy of a large index by column, for questions over most of its runs (extra ``[fast]``).

The index finds few runs among many; to look at nearly all of them, a table with a column for each key is ten times
faster. It is DuckDB's, in *segments* beside the index: ``v2-000001.columns-3.duckdb`` has the runs numbered from
``first`` to ``last``, as they stood when it was made, and never changes. The index itself says which segments are good:
its table ``segment`` has them, and ``touched`` the runs in them that were written or removed since (by triggers, in the
transaction that does it). So an answer is: the segments without what was touched, and the index for what was touched
and for the runs that are newer. Whoever reads the two tables in one transaction with the rest reads one moment.

A segment is announced (``ready = 0``) before its content is read, so that what changes meanwhile is marked as touched.
Without DuckDB, or in a small index, none of this is made or looked at.
"""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import suppress
from importlib.util import find_spec
from typing import Any, NamedTuple

from ..journal.try_lock import TryLock
from .column_rows import ABOUT, layout_of, write_rows
from .refreshing import Progress

LARGE = 200_000  #: runs from which on the column file is made
_SEGMENTS = 8  # more are made one
_FILE = re.compile(r"(.+)\.columns-(\d+)\.duckdb")


class Column(NamedTuple):
    """Where a segment has a key.

    Args:
        number: of the columns: ``k…``, ``n…``, ``t…``; of a config key also ``o…``, its origin; of a result ``l…``, ``h…``.
        long: it has texts of which the index keeps the beginning only.
    """

    number: int
    long: bool


class Segment(NamedTuple):
    """Some runs by column.

    Args:
        number: its number; it is the name of the attached database, too.
        columns: (space, path as stored) -> where it is.
        whole: every key has a column; else those that most runs have.
    """

    number: int
    columns: dict[tuple[str, str], Column]
    whole: bool


class Opened(NamedTuple):
    """The column file at one moment.

    Args:
        connection: DuckDB's; the segments are ``s<number>.run``.
        segments: the segments.
        without: the numbers of runs in the segments that count no longer.
        rest: the numbers of runs for which the index has to be asked.
    """

    connection: Any
    segments: tuple[Segment, ...]
    without: list[int]
    rest: list[int]


class ColumnFile:
    """The column file of an index.

    Args:
        folder: where the index lies.
        large: runs from which on it is made.
    """

    def __init__(self, folder: str, large: int = LARGE) -> None:
        self.folder, self.large = folder, large
        self._connection: Any = None
        self._segments: dict[str, Segment] = {}

    def close(self) -> None:
        """Let go of the files."""
        if self._connection is not None:
            self._connection.close()
        self._connection, self._segments = None, {}

    # --- reading --------------------------------------------------------------------------------------------------

    def opened(self, connection: sqlite3.Connection, index: str) -> Opened | None:
        """What there is, as a transaction on the index sees it; None where the index is the faster one, or the only one.

        Args:
            connection: to the index.
            index: the path of its file.
        """
        rows = connection.execute("SELECT segment, last FROM segment WHERE ready = 1 ORDER BY segment").fetchall()
        if not rows or rows[-1][1] < self.large or find_spec("duckdb") is None:
            return None
        segments = [self._segment(path_of(index, number), number) for number, _ in rows]
        if None in segments:
            return None
        last = max(row[1] for row in rows)
        without = [row[0] for row in connection.execute("SELECT run FROM touched WHERE run <= ?", (last,))]
        rest = [
            row[0]
            for row in connection.execute(
                "SELECT run FROM run WHERE run > ? UNION ALL SELECT run FROM run WHERE run <= ? AND run IN (SELECT run FROM touched)",
                (last, last),
            )
        ]
        return Opened(self._connection, tuple(each for each in segments if each is not None), without, rest)

    def _segment(self, path: str, number: int) -> Segment | None:
        import duckdb

        found = self._segments.get(path)
        if found is not None:
            return found
        try:
            if self._connection is None:
                self._connection = duckdb.connect(config={"autoinstall_known_extensions": "false"})
            self._connection.execute(f"ATTACH '{path.replace(chr(39), chr(39) * 2)}' AS s{number} (READ_ONLY)")
            rows = self._connection.execute(f"SELECT space, path, number, long FROM s{number}.{ABOUT}").fetchall()
        except duckdb.Error:  # gone, or of a DuckDB that this one does not read: the index answers, and more slowly
            return None
        columns = {(space, key): Column(at, long) for space, key, at, long in rows if at is not None}
        made = self._segments[path] = Segment(number, columns, len(columns) == len(rows))
        return made

    # --- writing --------------------------------------------------------------------------------------------------

    def refresh(self, connection: sqlite3.Connection, index: str, progress: Progress | None = None) -> bool:
        """Make what is missing, where the index is large enough; whether anything was made.

        Args:
            connection: to the index; no transaction is open.
            index: the path of its file.
            progress: called with (runs done, runs to do) while it is made.
        """
        if self._missing(connection, index) is None or find_spec("duckdb") is None:
            return False
        lock = TryLock(os.path.join(self.folder, "columns.lock"))
        if not lock.acquire():
            return False
        try:
            missing = self._missing(connection, index)
            if missing is None:
                return False
            made = self._make(connection, index, *missing, progress)
            self._tidy(connection, index)
            return made
        finally:
            lock.release()

    def _missing(self, connection: sqlite3.Connection, index: str) -> tuple[int, int] | None:
        """The first and last run of the segment that is to be made; None where none is."""
        (newest,) = connection.execute("SELECT coalesce(max(run), 0) FROM run").fetchone()
        if newest < self.large:
            return None
        rows = connection.execute("SELECT segment, last, ready FROM segment").fetchall()
        good = [(number, last) for number, last, ready in rows if ready == 1]
        last = max((last for _, last in good), default=0)
        few = self.large // 40
        if any(ready < 0 and newest - last <= few for _, last, ready in rows):
            return None  # it failed a short while ago
        (touched,) = connection.execute("SELECT count(*) FROM touched WHERE run <= ?", (last,)).fetchone()
        gone = any(not os.path.exists(path_of(index, number)) for number, _ in good)
        full = newest - last > few and len(good) >= _SEGMENTS
        if not good or gone or full or touched > max(few, newest // 50):
            return 1, newest
        return (last + 1, newest) if newest - last > few else None

    def _make(
        self, connection: sqlite3.Connection, index: str, first: int, last: int, progress: Progress | None
    ) -> bool:
        import duckdb

        number = self._announced(connection, first, last)
        path = path_of(index, number)
        connection.execute("BEGIN")
        try:
            _write(connection, path, first, last, progress)
            os.replace(path + ".part", path)
            ready = 1
        except (duckdb.Error, OSError):  # a full disk, most likely: the index answers, and more slowly
            ready = -1
        finally:
            connection.execute("COMMIT")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE segment SET ready = ? WHERE segment = ?", (ready, number))
        if ready > 0 and first == 1:  # made anew: the newest runs may be gone, and the old segments reach further
            connection.execute("DELETE FROM segment WHERE segment <> ?", (number,))
            connection.execute("DELETE FROM touched WHERE segment < ?", (number,))
        elif ready > 0:
            connection.execute(
                "DELETE FROM touched WHERE segment < ? AND run BETWEEN ? AND ?",
                (number, first, last),
            )
        connection.execute("COMMIT")
        return ready > 0

    @staticmethod
    def _announced(connection: sqlite3.Connection, first: int, last: int) -> int:
        connection.execute("BEGIN IMMEDIATE")
        (number,) = connection.execute(
            "SELECT 1 + max(coalesce((SELECT max(segment) FROM segment), 0), "
            "coalesce((SELECT max(segment) FROM touched), 0))"
        ).fetchone()
        connection.execute("DELETE FROM segment WHERE ready < 1")  # of one that failed, or came to an end over it
        connection.execute("INSERT INTO segment VALUES (?, ?, ?, 0)", (number, first, last))
        connection.execute("COMMIT")
        return int(number)

    def _tidy(self, connection: sqlite3.Connection, index: str) -> None:
        """Remove the files that no index in the folder knows."""
        good = {path_of(index, row[0]) for row in connection.execute("SELECT segment FROM segment")}
        for name in os.listdir(self.folder):
            match = _FILE.match(name)
            path = os.path.join(self.folder, name)
            other = match is not None and os.path.exists(os.path.join(self.folder, f"{match[1]}.sqlite"))
            mine = match is not None and f"{match[1]}.sqlite" == os.path.basename(index)
            if match is not None and path not in good and (mine or not other):
                with suppress(OSError):  # Windows, while somebody reads it: the next time
                    os.unlink(path)


def path_of(index: str, number: int) -> str:
    """The file of a segment."""
    return f"{index.removesuffix('.sqlite')}.columns-{number}.duckdb"


def _write(connection: sqlite3.Connection, path: str, first: int, last: int, progress: Progress | None) -> None:
    import duckdb

    partial = path + ".part"
    for leftover in (partial, partial + ".wal"):
        if os.path.exists(leftover):
            os.unlink(leftover)
    made = duckdb.connect(partial, config={"autoinstall_known_extensions": "false"})
    try:
        write_rows(connection, made, layout_of(connection), partial + ".csv", first, last, progress)
    finally:
        made.close()
