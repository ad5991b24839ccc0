"""Cells of a table: what runs have for a column, encoded as in a journal; ``MISSING`` where a run has nothing.

Values of a config are whole: they come from the run's document. A result is as much as the index keeps: a text of more
than 200 characters ends in an ellipsis, a longer list or other value is a stand-in.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Set
from typing import Any, NamedTuple

from ..codec import loads
from ..index.schema import BLOB, FALSE, INT, LIST, MAX_TEXT, NAN, NULL, SECTION, STR, TRUE, TUPLE
from ..index.texts import unescape
from ..keys import Path
from ..records.change import MISSING
from ..records.encoded import TAG, leaves, plant
from .evaluator import at_path
from .fragments import membership
from .nodes import Key, Metric, Operand, OriginOf, RunField
from .operators import FLAG, LABELS, RUN_FIELDS, TEXT
from .places import Place, Places
from .run_tests import STATE, duration

_COMPLEMENT = str.maketrans("fedcba9876543210", "0123456789abcdef")
_AT_ONCE = 2_000
_MANY = 100  #: columns from which on a config is walked once


class Stored(NamedTuple):
    """The columns of a value in the index."""

    kind: int | None
    num: float | None
    txt: str | None


def value_of(stored: Stored) -> Any:
    """The encoded value that the index has, as far as it has it."""
    kind, num, txt = stored
    if kind is None:
        return MISSING
    if num is not None:
        return _number(kind, num, txt)
    if kind in (NULL, FALSE, TRUE):
        return {NULL: None, FALSE: False, TRUE: True}[kind]
    if kind in (NAN, SECTION):
        return {TAG: "float", "v": "nan"} if kind == NAN else {}
    text = txt or ""
    if kind == STR:
        return unescape(text) if len(text) <= MAX_TEXT else unescape(text[:MAX_TEXT]) + "…"
    if kind == BLOB or len(text) > MAX_TEXT:
        names = {LIST: "list", TUPLE: "tuple", BLOB: "large value"}
        return {TAG: "cut", "type": names.get(kind, "value")}
    read = loads(unescape(text))
    return {TAG: "tuple", "v": read} if kind == TUPLE else read


def _number(kind: int, num: float, txt: str | None) -> Any:
    if num - num != 0:
        return {TAG: "float", "v": str(num)}
    if kind != INT:
        return num
    if txt is None:
        return int(num)
    if len(txt) > MAX_TEXT:
        return {TAG: "cut", "type": "int"}
    return int(txt[9:], 16) if txt[0] == "p" else -int(txt[9:].translate(_COMPLEMENT), 16)


def cells_of(
    places: Places,
    runs: list[int],
    operands: list[Operand],
    now_s: float,
    told: Callable[[int, int], None] | None = None,
) -> list[tuple[Any, ...]]:
    """The cells of runs, a tuple for each run.

    Args:
        places: looks keys up; it leads to the index.
        runs: the index's numbers of the runs.
        operands: the columns.
        now_s: the present, for the duration of what still runs.
        told: is called with how many runs are done, and how many there are.
    """
    rows: list[tuple[Any, ...]] = []
    own = {at: key.path for at, key in enumerate(operands) if isinstance(key, Key) and key.scope != "summary"}
    for at in range(0, len(runs), _AT_ONCE):
        portion = runs[at : at + _AT_ONCE]
        asked = json.dumps(portion)
        columns = [(place, _column(places, asked, operand, now_s)) for place, operand in enumerate(operands)]
        filled = [(place, column) for place, column in columns if column]
        configs = _configs(places.connection, asked, own)
        # of thousands of columns most are empty for most runs: only what a run has is looked at
        for run in portion:
            cells = [MISSING] * len(operands)
            for place, column in filled:
                cells[place] = column.get(run, MISSING)
            for place, value in configs.get(run, ()):
                cells[place] = value
            rows.append(tuple(cells))
        if told is not None:
            told(len(rows), len(runs))
    return rows


def _configs(connection: sqlite3.Connection, runs: str, wanted: dict[int, Path]) -> dict[int, list[tuple[int, Any]]]:
    """What each run's config has for the columns that are keys: (column, value)."""
    if not wanted:
        return {}
    columns: dict[Path, list[int]] = {}
    for at, path in wanted.items():
        columns.setdefault(path, []).append(at)
    inside_lists = [path for path in columns if any(type(part) is int for part in path)]
    sql = "SELECT d.run, d.config FROM json_each(?) b JOIN document d ON d.run = b.value"
    found: dict[int, list[tuple[int, Any]]] = {}
    for run, text in connection.execute(sql, (runs,)):
        tree = plant(loads(text))
        many = len(columns) > _MANY
        values = _values(tree, columns.keys(), inside_lists) if many else {key: at_path(tree, key) for key in columns}
        found[run] = [(at, value) for path, value in values.items() if value is not MISSING for at in columns[path]]
    return found


def _values(tree: Any, wanted: Set[Path], inside_lists: list[Path]) -> dict[Path, Any]:
    """``at_path`` for very many paths: leaves as they come; paths to sections, and into lists, one by one."""
    found: dict[Path, Any] = {}
    sections: set[Path] = set()
    for path, value in leaves(tree):
        if path in wanted:
            found[path] = value
        sections.update(path[:depth] for depth in range(len(path)))
    for path in (*(sections & wanted), *inside_lists):
        found[path] = at_path(tree, path)
    return found


def _column(places: Places, runs: str, operand: Operand, now_s: float) -> dict[int, Any]:
    if isinstance(operand, RunField):
        return _field(places.connection, runs, operand, now_s)
    if isinstance(operand, OriginOf):
        return _origins(places, runs, operand)
    if isinstance(operand, Metric):
        column = "high" if operand.reduction == "max" else "low"
        rows = _summaries(places, runs, places.summary((operand.name,)), f"p.{column}")
        return {run: num for run, num in rows if num is not None}
    if operand.scope == "config":
        return {}
    rows = _summaries(places, runs, places.summary(operand.path), "p.kind, p.num, p.txt")
    return {run: value_of(Stored(*columns)) for run, *columns in rows}


def _summaries(places: Places, runs: str, found: list[Place], columns: str) -> list[Any]:
    keys = membership("p.key", [key for place in reversed(found) for key in place.keys])
    sql = f"SELECT p.run, {columns} FROM json_each(?) b JOIN summary p ON p.run = b.value AND {keys.text}"
    return places.connection.execute(sql, (runs, *keys.bound)).fetchall()


def _origins(places: Places, runs: str, operand: OriginOf) -> dict[int, Any]:
    keys = places.unit(operand.path).at_key
    sql = (
        "SELECT p.run, o.kind FROM json_each(?) b "
        f"JOIN param p ON p.run = b.value AND {keys.text} JOIN origin o ON o.origin = p.origin"
    )
    return {run: unescape(kind) for run, kind in places.connection.execute(sql, (runs, *keys.bound))}


def _field(connection: sqlite3.Connection, runs: str, operand: RunField, now_s: float) -> dict[int, Any]:
    field = RUN_FIELDS[operand.field]
    column, bound = (field.column, ()) if field.column else ("run.tags", ())
    if field.name == "state":
        column = STATE
    elif field.name == "duration":
        column, bound = duration(now_s)
    sql = f"SELECT run.run, {column} FROM json_each(?) b JOIN run ON run.run = b.value"
    rows = connection.execute(sql, (*bound, runs)).fetchall()
    if field.kind == LABELS:
        return {run: json.loads(unescape(text)) if text else [] for run, text in rows}
    if field.kind == FLAG:
        return {run: None if flag is None else bool(flag) for run, flag in rows}
    return {run: unescape(value) if field.kind == TEXT and value is not None else value for run, value in rows}
