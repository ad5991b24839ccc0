"""Cells of a table: what runs have for a column, encoded as in a journal; ``MISSING`` where a run has nothing.

Values of a config are whole: they come from the run's document. A result is as much as the index keeps: a text of more
than 200 characters ends in an ellipsis, a longer list or other value is a stand-in.
"""

from __future__ import annotations

import json
import sqlite3
from typing import Any, NamedTuple

from ..codec import loads
from ..index.schema import BLOB, FALSE, INT, LIST, MAX_TEXT, NAN, NULL, SECTION, STR, TRUE, TUPLE
from ..index.texts import unescape
from ..records.change import MISSING
from ..records.encoded import TAG, plant
from .evaluator import at_path
from .fragments import membership
from .nodes import Key, Metric, Operand, OriginOf, RunField
from .operators import FLAG, LABELS, RUN_FIELDS, TEXT
from .places import Place, Places
from .run_tests import STATE, duration

_COMPLEMENT = str.maketrans("fedcba9876543210", "0123456789abcdef")
_AT_ONCE = 2_000


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


def cells_of(places: Places, runs: list[int], operands: list[Operand], now_s: float) -> list[tuple[Any, ...]]:
    """The cells of runs, a tuple for each run.

    Args:
        places: looks keys up; it leads to the index.
        runs: the index's numbers of the runs.
        operands: the columns.
        now_s: the present, for the duration of what still runs.
    """
    rows: list[tuple[Any, ...]] = []
    for at in range(0, len(runs), _AT_ONCE):
        portion = runs[at : at + _AT_ONCE]
        asked = json.dumps(portion)
        columns = [_column(places, asked, operand, now_s) for operand in operands]
        own = [operand for operand in operands if isinstance(operand, Key) and operand.scope != "summary"]
        configs = _configs(places.connection, asked, own)
        for run in portion:
            cells = []
            for operand, column in zip(operands, columns, strict=True):
                given = configs.get(run, {}).get(operand, MISSING) if isinstance(operand, Key) else MISSING
                cells.append(column.get(run, MISSING) if given is MISSING else given)
            rows.append(tuple(cells))
    return rows


def _configs(connection: sqlite3.Connection, runs: str, keys: list[Key]) -> dict[int, dict[Operand, Any]]:
    if not keys:
        return {}
    sql = "SELECT d.run, d.config FROM json_each(?) b JOIN document d ON d.run = b.value"
    found: dict[int, dict[Operand, Any]] = {}
    for run, text in connection.execute(sql, (runs,)):
        tree = plant(loads(text))
        found[run] = {key: at_path(tree, key.path) for key in keys}
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
