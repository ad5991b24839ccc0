"""Sort keys: ``-max(val_acc)``, ``config.lr``, ``run.created``.

The order is typed: numbers, then texts, then False and True, then everything else by its canonical text, then null,
then runs without the key. A minus turns the order round within each of those, and leaves them where they are. Of a text,
as much counts as the index keeps (200 characters). Runs that are equal stand in the order in which the index met them,
or the other way round after a minus on the first key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from ..codec import dumps
from ..errors import FilterSyntaxError
from ..index.schema import FALSE, NULL, STR, TRUE
from ..index.texts import escape, nearest
from ..index.values import indexed
from ..records.encoded import Tree
from .evaluator import Subject, values_of
from .fragments import Sql, both, membership
from .functions import INSIDE
from .nodes import Key, Metric, Operand, OriginOf, RunField
from .operators import DURATION, LABELS, RUN_FIELDS, TEXT
from .parser import parse_operand
from .places import Place, Places
from .run_tests import STATE, duration
from .tokens import tokens


class SortKey(NamedTuple):
    """One thing to sort by."""

    operand: Operand
    descending: bool = False


class Ordering(NamedTuple):
    """An order in SQL.

    Args:
        joins: what the tables have to be joined with.
        order: the terms behind ORDER BY.
        states: it needs ``Index.mark_states()``.
    """

    joins: Sql
    order: Sql
    states: bool


class Course(NamedTuple):
    """A sort key that an index lists in order: the runs with a number there.

    Args:
        table: the table.
        column: of the number.
        keys: numbers of the key; None for a column of ``run``.
    """

    table: str
    column: str
    keys: tuple[int, ...] | None

    def rows(self, alias: str) -> Sql:
        """The rows of the key that have the number."""
        there = Sql(f"{alias}.{self.column} IS NOT NULL")
        return there if self.keys is None else both(membership(f"{alias}.key", self.keys), there)


def parse_sort(sort: str | Iterable[str]) -> tuple[SortKey, ...]:
    """Read sort keys: one text with commas, or several texts.

    Raises:
        FilterSyntaxError: one does not read, or names what has no order.
    """
    found: list[SortKey] = []
    for text in (sort,) if isinstance(sort, str) else tuple(sort):
        for begin, end in _pieces(text):
            piece = text[begin:end].strip()
            if piece:
                found.append(_sort_key(piece, text, text.index(piece, begin)))
    return tuple(found)


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Where each sort key begins and ends: between the commas that stand in no parentheses."""
    begin = depth = 0
    for token in tokens(text):
        if token.kind == "symbol":
            depth += (token.text in ("(", "[")) - (token.text in (")", "]"))
        if token.kind == "end" or (token.kind == "symbol" and token.text == "," and depth <= 0):
            yield begin, token.start
            begin = token.end


def _sort_key(piece: str, whole: str, at: int) -> SortKey:
    bare = piece[1:].lstrip() if piece[0] in "-+" else piece
    begin = at + len(piece) - len(bare)
    operand = parse_operand(bare, within=whole, at=begin)
    if isinstance(operand, OriginOf) or (isinstance(operand, RunField) and RUN_FIELDS[operand.field].kind == LABELS):
        raise FilterSyntaxError(whole, begin, begin + len(bare), f"{bare} has no order", "sort by a key or a result")
    return SortKey(operand, piece[0] == "-")


def ordering(keys: tuple[SortKey, ...], places: Places, run: str, now_s: float) -> Ordering:
    """The order of sort keys over runs.

    Args:
        keys: what to sort by.
        places: looks keys up.
        run: the SQL of a run's number; columns of the run are ``run.…``.
        now_s: the present.
    """
    joins: list[Sql] = []
    terms: list[Sql] = []
    states = False
    for key in keys:
        turn = " DESC" if key.descending else ""
        if isinstance(key.operand, RunField):
            column = _run_column(key.operand, now_s)
            states = states or key.operand.field in ("state", "duration")
            terms += [Sql(f"{column.text} IS NULL", column.bound), Sql(f"{column.text}{turn}", column.bound)]
            continue
        columns = joined_columns(key.operand, places, run, joins)
        terms += [Sql(f"{text}{turn if turns else ''}") for text, turns in _typed(columns)]
    terms.append(Sql(f"{run}{' DESC' if keys and keys[0].descending else ''}"))
    return Ordering(
        Sql(" ".join(join.text for join in joins), tuple(value for join in joins for value in join.bound)),
        Sql(", ".join(term.text for term in terms), tuple(value for term in terms for value in term.bound)),
        states,
    )


def _run_column(operand: RunField, now_s: float) -> Sql:
    if operand.field == "state":
        return Sql(STATE)
    return duration(now_s) if RUN_FIELDS[operand.field].kind == DURATION else Sql(RUN_FIELDS[operand.field].column)


class Columns(NamedTuple):
    """SQL for what the index says of a value."""

    kind: str
    num: str
    txt: str


def joined_columns(operand: Operand, places: Places, run: str, joins: list[Sql]) -> Columns:
    """Join the tables in which an operand stands; of several, the first that has it counts."""
    sides: list[Columns] = []
    inside = _inside_list(operand, places)
    for table, keys in _tables(operand, places):
        if inside is not None and table != inside.table:  # the config goes before the summary
            sides.append(_from_document(inside, run, joins))
            inside = None
        name = f"o{len(joins)}"
        at = membership(f"{name}.key", keys)
        joins.append(Sql(f"LEFT JOIN {table} {name} ON {name}.run = {run} AND {at.text}", at.bound))
        if isinstance(operand, Metric):
            column = f"{name}.{'high' if operand.reduction == 'max' else 'low'}"
            sides.append(Columns(f"CASE WHEN {column} IS NOT NULL THEN {name}.kind END", column, "NULL"))
        else:
            sides.append(Columns(f"{name}.kind", f"{name}.num", f"{name}.txt"))
    if inside is not None:
        sides.append(_from_document(inside, run, joins))
    found = Columns("NULL", "NULL", "NULL")
    for side in reversed(sides):
        has = f"{side.kind} IS NOT NULL"
        found = (
            side
            if found.kind == "NULL"
            else Columns(*(f"CASE WHEN {has} THEN {a} ELSE {b} END" for a, b in zip(side, found, strict=True)))
        )
    return found


def _inside_list(operand: Operand, places: Places) -> Place | None:
    """The place of a config key that leads into lists; the index does not have all of what stands in some."""
    if not isinstance(operand, Key) or operand.scope == "summary":
        return None
    place = places.config(operand.path)
    return place if place.lists else None


def _from_document(place: Place, run: str, joins: list[Sql]) -> Columns:
    """The columns of what stands inside a list without a row of its own (beyond the first elements, or a list again)."""
    name, asked = f"o{len(joins)}", f"t{len(joins)}"
    rows = place.at_list(partial=False, alias=name)
    text = f"JOIN (SELECT ? AS path) {asked} LEFT JOIN param {name} ON {name}.run = {run} AND {rows.text}"
    joins.append(Sql(text, (dumps(list(place.path)), *rows.bound)))
    document = f"(SELECT d.config FROM document d WHERE d.run = {name}.run)"
    return Columns(*(f"CASE WHEN {name}.run IS NOT NULL THEN {call}({document}, {asked}.path) END" for call in INSIDE))


def _tables(operand: Operand, places: Places) -> list[tuple[str, tuple[int, ...]]]:
    if isinstance(operand, Metric):
        found = places.summary((operand.name,))
    else:
        assert isinstance(operand, Key)
        found = [places.config(operand.path)] if operand.scope != "summary" else []
        found += places.summary(operand.path) if operand.scope != "config" else []
    return [(place.table, place.keys) for place in found if place.keys]


def _typed(columns: Columns) -> list[tuple[str, bool]]:
    """The terms of one key, each with whether a minus turns it round."""
    kind, num, txt = (f"({column})" for column in columns)
    rank = (
        f"CASE WHEN {num} IS NOT NULL THEN 0 WHEN {kind} IS NULL THEN 5 WHEN {kind} = {STR} THEN 1 "
        f"WHEN {kind} IN ({FALSE}, {TRUE}) THEN 2 WHEN {kind} = {NULL} THEN 4 ELSE 3 END"
    )
    truth = f"CASE WHEN {kind} = {TRUE} THEN 1 ELSE 0 END"
    return [(rank, False), (num, True), (truth, True), (txt, True)]


def course_of(keys: tuple[SortKey, ...], places: Places) -> Course | None:
    """The index that lists runs in the order of the keys; None when there is none."""
    if len(keys) != 1:
        return None
    operand = keys[0].operand
    if isinstance(operand, RunField):
        return Course("run", "created_s", None) if operand.field == "created" else None
    tables = _tables(operand, places)
    if len(tables) != 1 or _inside_list(operand, places) is not None:
        return None
    table, numbers = tables[0]
    column = {"max": "high", "min": "low"}[operand.reduction] if isinstance(operand, Metric) else "num"
    return Course(table, column, numbers)


# --- the same in Python -------------------------------------------------------------------------------------------


def in_order(subjects: Iterable[Subject], keys: tuple[SortKey, ...]) -> list[Subject]:
    """Runs in order; equal ones keep theirs."""
    found = list(subjects)
    for key in reversed(keys):
        ranked: dict[int, list[tuple[Any, Subject]]] = {}
        for subject in found:
            rank, place = rank_of(key.operand, subject)
            ranked.setdefault(rank, []).append((place, subject))
        found = []
        for _, group in sorted(ranked.items(), key=lambda entry: entry[0]):
            found += [each for _, each in sorted(group, key=lambda entry: entry[0], reverse=key.descending)]
    return found


def rank_of(operand: Operand, subject: Subject) -> tuple[int, Any]:
    """Where a run stands by one sort key: the rank of the value's kind, and its place there."""
    values = values_of(operand, subject)
    if isinstance(operand, RunField):
        value = values[0]
        if value is None:
            return 1, 0
        return 0, escape(value) if RUN_FIELDS[operand.field].kind == TEXT else value
    value = values[0] if values else None
    if type(value) is Tree and value:  # a section has no place in an order
        rest = Key("summary", operand.path) if isinstance(operand, Key) and operand.scope == "either" else None
        return (5, 0) if rest is None else rank_of(rest, subject)
    if not values:
        return 5, 0
    if isinstance(operand, Metric) and value is not None:
        return 0, (nearest(value), "")
    columns = indexed(value)
    if columns.num is not None:
        return 0, (columns.num, columns.txt or "")
    if columns.kind in (FALSE, TRUE):
        return 2, columns.kind
    if columns.kind == NULL:
        return 4, 0
    return (1 if columns.kind == STR else 3), columns.txt or ""
