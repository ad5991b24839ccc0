"""What a segment of the column file holds: for each run its own columns, and a few for each key."""

from __future__ import annotations

import csv
import os
import sqlite3
from typing import Any, NamedTuple

from .refreshing import Progress
from .schema import CONFIG, MAX_TEXT, STR, SUMMARY

MOST_KEYS = 400  #: keys with columns of their own; of more, those that most runs have
ABOUT = "about"  #: the table that says which column is which key's
AT_ONCE = 20_000  #: runs whose rows are held in memory

#: columns of ``run`` that a segment has, and their types
RUN_COLUMNS: dict[str, str] = {
    "run": "INTEGER",
    **dict.fromkeys(("id", "name", "project", "run_group", "job_type"), "VARCHAR"),
    **dict.fromkeys(("created_s", "since_s", "last_s", "duration_s"), "DOUBLE"),
    "finish": "VARCHAR",
    "exit_code": "BIGINT",
    **dict.fromkeys(("user_name", "host", "git_commit", "git_branch", "fingerprint"), "VARCHAR"),
}
_VALUE = {"k": "UTINYINT", "n": "DOUBLE", "t": "VARCHAR"}
_GIVEN = {**_VALUE, "o": "INTEGER"}
_RESULT = {**_VALUE, "l": "DOUBLE", "h": "DOUBLE"}


class Slot(NamedTuple):
    """The columns of one key: their number, and where in a row they begin."""

    space: str
    path: str
    number: int
    begin: int


class Layout(NamedTuple):
    """What stands where in a row.

    Args:
        slots: the keys with columns.
        left_out: keys without.
        places: (space, number of the key in the index) -> where in a row it begins.
        columns: name -> type.
    """

    slots: tuple[Slot, ...]
    left_out: tuple[tuple[str, str], ...]
    places: dict[tuple[str, int], int]
    columns: dict[str, str]


def layout_of(connection: sqlite3.Connection) -> Layout:
    """The layout for the keys that an index has now. What stands inside lists has no columns."""
    rows = connection.execute(
        "SELECT k.space, k.path, group_concat(DISTINCT k.key), sum(s.runs) FROM key k JOIN key_stat s ON s.key = k.key "
        "WHERE k.list IS NULL GROUP BY k.space, k.path ORDER BY sum(s.runs) DESC, k.space, k.path"
    ).fetchall()
    columns = dict(RUN_COLUMNS)
    slots, places = [], {}
    for number, (space, path, keys, _) in enumerate(rows[:MOST_KEYS]):
        begin = len(columns)
        slots.append(Slot(space, path, number, begin))
        places.update({(space, int(key)): begin for key in keys.split(",")})
        columns.update({f"{name}{number}": kind for name, kind in (_RESULT if space == SUMMARY else _GIVEN).items()})
    return Layout(tuple(slots), tuple((row[0], row[1]) for row in rows[MOST_KEYS:]), places, columns)


def write_rows(
    connection: sqlite3.Connection,
    made: Any,
    layout: Layout,
    scratch: str,
    first: int,
    last: int,
    progress: Progress | None = None,
) -> None:
    """Write the runs from ``first`` to ``last`` into an empty DuckDB database.

    Args:
        connection: to the index, in a transaction.
        made: the DuckDB database.
        layout: what stands where.
        scratch: path of a file for the way from one to the other: DuckDB reads CSV faster than anything else that
            needs no further package.
        first: the first run's number.
        last: the last one's.
        progress: called with (runs done, runs to do) at the beginning and after each portion.
    """
    made.execute(f"CREATE TABLE run ({', '.join(f'{name} {kind}' for name, kind in layout.columns.items())})")
    # nothing at all is NULL; so that an empty text is none, texts have a letter before them
    texts = [name for name, kind in layout.columns.items() if kind == "VARCHAR"]
    shown = ", ".join(f"substr({name}, 2)" if name in set(texts) else name for name in layout.columns)
    types = ", ".join(f"'{name}': '{kind}'" for name, kind in layout.columns.items())
    reader = (
        f"read_csv(?, columns = {{{types}}}, header = false, auto_detect = false, delim = ',', quote = '\"', "
        "escape = '\"', new_line = '\\r\\n', nullstr = '', max_line_size = 16000000)"
    )
    told = progress or _untold
    total = last - first + 1
    told(0, total)
    try:
        for at in range(first, last + 1, AT_ONCE):
            until = min(last, at + AT_ONCE - 1)
            with open(scratch, "w", newline="", encoding="utf-8") as file:
                rows = _rows(connection, layout, at, until)
                csv.writer(file, lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL).writerows(rows)
            made.execute(f"INSERT INTO run SELECT {shown} FROM {reader}", (scratch,))
            told(until - first + 1, total)
    finally:
        if os.path.exists(scratch):
            os.unlink(scratch)
    _describe(made, layout)


def _untold(done: int, total: int) -> None:
    """Nobody wants to know."""


def _rows(connection: sqlite3.Connection, layout: Layout, first: int, last: int) -> list[list[Any]]:
    own = ", ".join(f"'s' || {name}" if kind == "VARCHAR" else name for name, kind in RUN_COLUMNS.items())
    blank = [None] * (len(layout.columns) - len(RUN_COLUMNS))
    rows = {
        row[0]: [*row, *blank]
        for row in connection.execute(f"SELECT {own} FROM run WHERE run BETWEEN ? AND ?", (first, last))
    }
    places = {key: begin for (space, key), begin in layout.places.items() if space == CONFIG}
    for run, key, *columns in connection.execute(
        "SELECT run, key, kind, num, 's' || txt, origin FROM param WHERE run BETWEEN ? AND ?", (first, last)
    ):
        begin = places.get(key)
        if begin is not None and run in rows:
            rows[run][begin : begin + 4] = columns
    places = {key: begin for (space, key), begin in layout.places.items() if space == SUMMARY}
    for run, key, *columns in connection.execute(
        "SELECT run, key, kind, num, 's' || txt, low, high FROM summary WHERE run BETWEEN ? AND ?", (first, last)
    ):
        begin = places.get(key)
        if begin is not None and run in rows:
            rows[run][begin : begin + 5] = columns
    return list(rows.values())


def _describe(made: Any, layout: Layout) -> None:
    made.execute(f"CREATE TABLE {ABOUT} (space VARCHAR, path VARCHAR, number INTEGER, long BOOLEAN)")
    tests = [
        f"coalesce(bool_or(k{slot.number} = {STR} AND length(t{slot.number}) > {MAX_TEXT}), false)"
        for slot in layout.slots
    ]
    long = made.execute(f"SELECT {', '.join(tests)} FROM run").fetchone() if tests else ()
    rows: list[tuple[Any, ...]] = [
        (slot.space, slot.path, slot.number, is_long) for slot, is_long in zip(layout.slots, long, strict=True)
    ]
    rows += [(space, path, None, False) for space, path in layout.left_out]
    for row in rows:
        made.execute(f"INSERT INTO {ABOUT} VALUES (?, ?, ?, ?)", row)
