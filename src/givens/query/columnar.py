"""Broad questions put to the column file (``index.columns``): the same tree as conditions over one wide row a run.

A row is one of ``run`` with the columns ``k…, n…, t…`` (kind, num, txt) of each key, so that a test needs no look-up in
another table. What the wide row does not say (what stands inside lists, sections, long texts, patterns that the database
cannot match) has no condition here: then the index answers by itself.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from typing import Any, NamedTuple

from ..index.columns import Opened, Segment
from ..index.schema import CONFIG, LIST, TUPLE
from ..index.texts import escape, nearest
from ..keys import format_path
from .compiling import fitting_origins
from .conditions import branches
from .fragments import ALWAYS, NEVER, Sql, both, denied, either, membership
from .nodes import Compare, Junction, Key, Metric, Node, Not, OriginOf, Probe, RunField
from .operators import COMPARISONS, LABELS, RUN_FIELDS
from .places import Place, Places
from .run_tests import run_test
from .sorting import Columns

_CELL = re.compile(r"\bp\.(kind|num|txt)\b")
_FOREIGN = re.compile(r"\bgivens_|\bFROM (?!now\b)|\brun\.(?:notes|command)\b")
_NOTHING = Columns("NULL", "NULL", "NULL")


class Cells(NamedTuple):
    """A key in a wide row.

    Args:
        columns: kind, num and txt.
        origin: of a config key: the number of its origin; else NULL.
        low: of a result: the least number logged; else NULL.
        high: the greatest.
        long: there are texts of which the row has the beginning only.
        lists: there are lists or tuples.
    """

    columns: Columns
    origin: str
    low: str
    high: str
    long: bool
    lists: bool


class WideRow:
    """What the rows of one segment say.

    Args:
        segment: the segment.
        places: looks keys up.
        now_s: the present.
    """

    def __init__(self, segment: Segment, places: Places, now_s: float) -> None:
        self.segment, self.places, self.now_s = segment, places, now_s

    # --- where a key stands ---------------------------------------------------------------------------------------

    def cells(self, place: Place) -> Cells | None:
        """A key's columns; None where the row does not have all that the index has there."""
        if place.below is not None or place.lists:
            return None
        found = self.segment.columns.get((place.space, escape(format_path(place.path))))
        if found is None:
            return Cells(_NOTHING, "NULL", "NULL", "NULL", long=False, lists=False) if self.segment.whole else None
        number = found.number
        columns = Columns(f"run.k{number}", f"run.n{number}", f"run.t{number}")
        given = place.space == CONFIG
        others = (f"run.o{number}", "NULL", "NULL") if given else ("NULL", f"run.l{number}", f"run.h{number}")
        return Cells(columns, *others, long=found.long, lists=self._has_lists(place))

    def _has_lists(self, place: Place) -> bool:
        marks = ", ".join("?" * len(place.keys))
        sql = f"SELECT 1 FROM key_stat WHERE kind IN (?, ?) AND key IN ({marks}) LIMIT 1"
        return self.places.connection.execute(sql, (LIST, TUPLE, *place.keys)).fetchone() is not None

    def sides(self, operand: Key | Metric) -> list[Cells] | None:
        """Where an operand stands: in the config, then in the summary; None where the row does not say it."""
        found: list[Place] = []
        if isinstance(operand, Metric):
            results = self.places.summary((operand.name,))
        else:
            found = [self.places.config(operand.path)] if operand.scope != "summary" else []
            results = self.places.summary(operand.path) if operand.scope != "config" else []
        if len(results) > 1:
            return None
        cells = [self.cells(place) for place in (*found, *results)]
        return None if None in cells else [each for each in cells if each is not None]

    def columns(self, operand: Key | Metric) -> Columns | None:
        """Kind, num and txt of an operand; of two places, the first that has it."""
        sides = self.sides(operand)
        if sides is None:
            return None
        made = [_extreme(side, operand) if isinstance(operand, Metric) else side.columns for side in sides]
        found = _NOTHING
        for side in reversed(made):
            pairs = zip(side, found, strict=True)
            found = (
                side
                if found == _NOTHING
                else Columns(*(f"CASE WHEN {side.kind} IS NOT NULL THEN {a} ELSE {b} END" for a, b in pairs))
            )
        return found

    # --- conditions -----------------------------------------------------------------------------------------------

    def condition(self, node: Node) -> Sql | None:
        """Whether a run passes, never NULL; None where the row does not say it."""
        if isinstance(node, Junction):
            parts = [self.condition(part) for part in node.parts]
            together = both if node.word == "and" else either
            return None if None in parts else together(*(part for part in parts if part is not None))
        if isinstance(node, Not):
            part = self.condition(node.part)
            return None if part is None else denied(part)
        operand = node.operand
        if isinstance(operand, RunField):
            return self._field(node)
        if isinstance(operand, OriginOf):
            return self._origin(node, operand)
        if isinstance(node, Probe) and node.function == "changed":
            return None
        sides = self.sides(operand)
        if sides is None:
            return None
        if isinstance(operand, Metric):
            return _metric(node, operand, sides)
        return _key(node, sides)

    def _origin(self, node: Compare | Probe, operand: OriginOf) -> Sql | None:
        cells = self.cells(self.places.unit(operand.path))
        if cells is None:
            return None
        if isinstance(node, Probe):
            return Sql(f"{cells.origin} IS {'NOT ' if node.function == 'exists' else ''}NULL")
        fitting = membership(cells.origin, fitting_origins(node, self.places.connection))
        return fitting if fitting == NEVER else Sql(f"coalesce({fitting.text}, false)", fitting.bound)

    def _field(self, node: Compare | Probe) -> Sql | None:
        assert isinstance(node.operand, RunField)
        if RUN_FIELDS[node.operand.field].kind == LABELS:
            return None
        check = run_test(node, self.now_s)[0]
        return check if check in (ALWAYS, NEVER) else _spoken(check)


def _extreme(side: Cells, operand: Metric) -> Columns:
    column = side.high if operand.reduction == "max" else side.low
    return Columns(f"CASE WHEN {column} IS NOT NULL THEN {side.columns.kind} END", column, "NULL")


def _metric(node: Compare | Probe, operand: Metric, sides: list[Cells]) -> Sql:
    column = _extreme(sides[0], operand).num if sides else "NULL"
    if isinstance(node, Probe):
        return Sql(f"{column} IS {'NOT ' if node.function == 'exists' else ''}NULL")
    order = {"==": "=", "!=": "<>"}.get(node.operator, node.operator)
    return Sql(f"coalesce({column} {order} CAST(? AS DOUBLE), false)", (nearest(node.value),))


def _key(node: Compare | Probe, sides: list[Cells]) -> Sql | None:
    there = [Sql(f"{side.columns.kind} IS NOT NULL") for side in sides]
    if isinstance(node, Probe):
        return either(*there) if node.function == "exists" else denied(either(*there))
    symbol, literal = node.operator, node.value
    negates = COMPARISONS[symbol].negates
    answers = [_holds(side, negates or symbol, literal) for side in sides]
    found = NEVER
    for has, holds in zip(reversed(there), reversed(answers), strict=True):
        if holds is None:
            return None
        right = both(has, denied(holds)) if negates else holds
        text = f"CASE WHEN {has.text} THEN {_truth(right)} ELSE {_truth(found)} END"
        found = right if found == NEVER else Sql(text, right.bound + found.bound)
    return found


def _truth(part: Sql) -> str:
    return {NEVER: "false", ALWAYS: "true"}.get(part, part.text)


def _holds(side: Cells, symbol: str, literal: Any) -> Sql | None:
    if symbol == "contains" and side.lists:
        return None
    found = []
    for branch in branches(symbol, literal):
        if branch.long is not None and side.long:
            return None
        text = _CELL.sub(lambda match: getattr(side.columns, match[1]), branch.condition.text)
        condition = _spoken(Sql(f"coalesce({text}, false)", branch.condition.bound))
        if condition is None:
            return None
        found.append(condition)
    return either(*found)


def _spoken(part: Sql) -> Sql | None:
    """A condition written for the index, in DuckDB's words; None where it has none."""
    if _FOREIGN.search(part.text) or ("GLOB" in part.text and any("\\" in str(value) for value in part.bound)):
        return None
    text = part.text.replace("ifnull(", "coalesce(").replace("max(0.0,", "greatest(0.0,")
    return Sql(re.sub(r", 0\)", ", false)", text), part.bound)


# --- asking --------------------------------------------------------------------------------------------------------


def asked(
    opened: Opened, segment: Segment, columns: str, where: Sql, bound: tuple[Any, ...] = (), tail: str = ""
) -> list[Any]:
    """Rows of a select over a segment's runs that count and pass.

    Args:
        opened: the column file.
        segment: one of its segments.
        columns: what is selected.
        where: the condition.
        bound: the values bound in ``columns``.
        tail: what stands behind the condition.
    """
    if where == NEVER:
        where = Sql("false")
    kept = where if where != ALWAYS else Sql("true")
    without = ""
    if opened.without:
        without, kept = " AND run.run NOT IN (SELECT unnest(?))", kept._replace(bound=(*kept.bound, opened.without))
    sql = f"SELECT {columns} FROM s{segment.number}.run run WHERE ({kept.text}){without} {tail}"
    rows: list[Any] = opened.connection.execute(sql, [*bound, *kept.bound]).fetchall()
    return rows


def mark_states(opened: Opened, connection: sqlite3.Connection) -> None:
    """Give the column file the table ``now`` that the index has."""
    rows = connection.execute("SELECT run, state FROM now").fetchall()
    opened.connection.execute("CREATE OR REPLACE TEMP TABLE now (run INTEGER, state VARCHAR)")
    columns = [[row[0] for row in rows], [row[1] for row in rows]]
    opened.connection.execute("INSERT INTO now SELECT unnest(?::INTEGER[]), unnest(?::VARCHAR[])", columns)


def wide_rows(opened: Opened, places: Places, now_s: float, node: Node) -> list[tuple[WideRow, Sql]] | None:
    """Each segment with the condition that its runs have to pass; None where one cannot say."""
    found = []
    for segment in opened.segments:
        row = WideRow(segment, places, now_s)
        condition = row.condition(node)
        if condition is None:
            return None
        found.append((row, condition))
    return found


def counted(opened: Opened, places: Places, now_s: float, node: Node, rest: Callable[[list[int]], int]) -> int | None:
    """How many runs pass; None where the column file cannot say.

    Args:
        opened: the column file.
        places: looks keys up.
        now_s: the present.
        node: the filter.
        rest: how many of some runs pass, by the index.
    """
    rows = wide_rows(opened, places, now_s, node)
    if rows is None:
        return None
    return rest(opened.rest) + sum(
        int(asked(opened, row.segment, "count(*)", condition)[0][0]) for row, condition in rows
    )
