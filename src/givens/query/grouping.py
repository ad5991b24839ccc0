"""Groups of runs with equal values of some keys, with a metric's mean, spread and best; and the same as a grid."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from ..errors import FilterSyntaxError, UsageError
from ..index.schema import FLOAT, INFINITE, STR
from ..index.texts import unescape
from ..index.values import indexed
from ..records.change import MISSING
from .asked import at_one_moment
from .cells import Stored, cells_of, value_of
from .column_groups import grouped_by_column
from .compiling import Test
from .finding import Question
from .fragments import Sql, denied, exists, membership
from .nodes import Key, Metric, Operand, OriginOf, RunField
from .operators import DURATION, LABELS, NUMBER, RUN_FIELDS, TIME
from .parser import parse_operand
from .results import declared_goal, name_of_result
from .run_tests import STATE, duration
from .sorting import Columns, SortKey, course_of, joined_columns
from .vectors import grouped_by_vector
from .words import operand_text

GOALS = ("min", "max")
MOST_KEYS = 25  #: each takes up to two tables, and SQLite joins 64


class Group(NamedTuple):
    """Runs that are equal in the keys of a grouping.

    Args:
        values: a value for each key, encoded; ``MISSING`` where these runs do not have it.
        runs: how many there are.
        scored: how many of them have a finite number as metric.
        mean: of the metric; None where no run has it.
        sd: its sample standard deviation; None for fewer than two.
        best: the least or greatest, by the goal.
        best_id: the run that has it.
    """

    values: tuple[Any, ...]
    runs: int
    scored: int
    mean: float | None
    sd: float | None
    best: float | None
    best_id: str | None


class Grouped(NamedTuple):
    """A grouping.

    Args:
        keys: what runs are grouped by, as the language writes it.
        metric: what is summed up; None: runs are only counted.
        goal: ``min`` or ``max``: what best means; ``max`` where nobody said.
        groups: best mean first; without a metric, the largest first.
        is_said: whether somebody said what best means.
    """

    keys: tuple[str, ...]
    metric: str | None
    goal: str
    groups: tuple[Group, ...]
    is_said: bool = True


class Pivot(NamedTuple):
    """A metric by two keys.

    Args:
        down: the key of the rows, across that of the columns; as the language writes them.
        rows: the values down.
        columns: the values across.
        cells: for each row a group for each column; None where there is no run.
        is_said: whether somebody said what best means.
    """

    down: str
    across: str
    metric: str
    goal: str
    rows: tuple[Any, ...]
    columns: tuple[Any, ...]
    cells: tuple[tuple[Group | None, ...], ...]
    is_said: bool = True


def group_by(
    question: Question, keys: Iterable[str | Operand], metric: str | Operand | None = None, *, goal: str | None = None
) -> Grouped:
    """Group runs.

    Numbers are grouped by value (1 with 1.0), null apart from missing, text apart from numbers. A section counts as
    missing: group by the keys in it.

    Args:
        question: which runs.
        keys: what to group by; of none, all runs are one group.
        metric: a result or key with numbers; a bare name means the summary's if it has one, else the config's.
        goal: ``min`` or ``max``; None: as the runs declared it for this metric, else ``max``.

    Raises:
        FilterSyntaxError: a key or the metric does not read.
        UsageError: a goal that is neither.
    """
    operands = [_grouped(each) for each in keys]
    if len(operands) > MOST_KEYS:
        raise UsageError(f"{len(operands)} keys to group by", f"name at most {MOST_KEYS}, or narrow the runs down")
    scored = None if metric is None else metric_operand(question, metric)
    said = goal_of(question, scored, goal)
    aim = said or "max"
    rows = _all_rows(question, operands, scored, aim)
    groups = [_group(question, operands, row) for row in rows]
    turn = -1 if aim == "max" else 1
    groups.sort(key=lambda group: (group.mean is None, turn * (group.mean or 0.0), -group.runs))
    names = tuple(map(operand_text, operands))
    return Grouped(names, None if scored is None else operand_text(scored), aim, tuple(groups), said is not None)


def _all_rows(
    question: Question, operands: Sequence[Operand], scored: Operand | None, goal: str
) -> list[tuple[Any, ...]]:
    def rest(runs: list[int]) -> list[tuple[Any, ...]]:
        return _grouped_rows(question, operands, scored, _Part(question.selection_of(runs)), goal)

    with at_one_moment(question.connection):
        by_column = grouped_by_column(question, operands, scored, goal, rest)
        if by_column is None:
            by_column = grouped_by_vector(question, operands, scored, goal)
    if by_column is not None:
        return by_column
    rows: list[tuple[Any, ...]] = []
    for part in _parts(question, operands):
        if part.rest and sum(row[3 * len(operands)] for row in rows) == question.count():
            break
        rows += _grouped_rows(question, operands, scored, part, goal)
    return rows


def pivot_by(
    question: Question,
    down: str | Operand,
    across: str | Operand,
    metric: str | Operand,
    *,
    goal: str | None = None,
) -> Pivot:
    """A metric by two keys: one down, one across. The arguments are those of ``group_by``, and so are the errors."""
    grouped = group_by(question, [down, across], metric, goal=goal)
    at: dict[tuple[_Equal, _Equal], Group] = {}
    rows: dict[_Equal, Any] = {}
    columns: dict[_Equal, Any] = {}
    for group in grouped.groups:
        first, second = map(_equal, group.values)
        rows[first], columns[second] = group.values
        at[first, second] = group
    ordered_rows, ordered_columns = sorted(rows), sorted(columns)
    cells = tuple(tuple(at.get((row, column)) for column in ordered_columns) for row in ordered_rows)
    first_key, second_key = grouped.keys
    return Pivot(
        first_key,
        second_key,
        grouped.metric or "",
        grouped.goal,
        tuple(rows[row] for row in ordered_rows),
        tuple(columns[column] for column in ordered_columns),
        cells,
        grouped.is_said,
    )


_Equal = tuple[int, float, str]  # the same for values that a group takes for equal, and in the order of a table


def _equal(value: Any) -> _Equal:
    if value is MISSING:
        return 1_000, 0.0, ""
    kind, num, txt = indexed(value)
    return (0, num, txt or "") if num is not None else (1 if kind == STR else 2 + kind, 0.0, txt or "")


def metric_operand(question: Question, metric: str | Operand) -> Operand:
    """What a metric's name means: a result of that name where there is one, else what a filter would take it for."""
    operand = parse_operand(metric) if isinstance(metric, str) else metric
    if isinstance(operand, Key) and operand.scope == "either" and question.places.summary(operand.path):
        operand = Key("summary", operand.path)
    if isinstance(operand, OriginOf) or (isinstance(operand, RunField) and not _is_number_field(operand)):
        text = metric if isinstance(metric, str) else operand_text(operand)
        raise FilterSyntaxError(
            text, 0, len(text), f"{text} is no number", "name a result, as in val_acc or max(val_acc)"
        )
    return operand


def goal_of(question: Question, operand: Operand | None, goal: str | None) -> str | None:
    """What best means for a metric: as given, else as the runs declared it, else the reduction itself; None: nobody said."""
    if goal is not None:
        if goal not in GOALS:
            raise UsageError(f"a goal {goal!r}", "give 'min' or 'max'")
        return goal
    name = None if operand is None else name_of_result(operand)
    declared = None if name is None else declared_goal(question, name)
    return declared or (operand.reduction if isinstance(operand, Metric) else None)


def _grouped(key: str | Operand) -> Operand:
    operand = parse_operand(key) if isinstance(key, str) else key
    if isinstance(operand, OriginOf) or (isinstance(operand, RunField) and RUN_FIELDS[operand.field].kind == LABELS):
        text = operand_text(operand)
        raise FilterSyntaxError(
            text, 0, len(text), f"runs cannot be grouped by {text}", "name a key, or a field of the run"
        )
    return operand


def _is_number_field(operand: RunField) -> bool:
    return RUN_FIELDS[operand.field].kind in (NUMBER, DURATION, TIME)


def _columns(question: Question, operand: Operand, joins: list[Sql]) -> Columns:
    if not isinstance(operand, RunField):
        return joined_columns(operand, question.places, _RUN, joins)
    column = _field(question, operand, joins)
    if _is_number_field(operand):
        return Columns(f"CASE WHEN {column} IS NOT NULL THEN {FLOAT} END", column, "NULL")
    return Columns(f"CASE WHEN {column} IS NOT NULL THEN {STR} END", "NULL", column)


def _field(question: Question, operand: RunField, joins: list[Sql]) -> str:
    if operand.field in ("state", "duration"):
        question.index.mark_states()
    if operand.field == "duration":
        sql = duration(question.now_s)  # the present comes in by a join, so that the expression may stand anywhere
        name = f"t{len(joins)}"
        joins.append(Sql(f"JOIN (SELECT ? AS now_s) {name}", sql.bound))
        return sql.text.replace("?", f"{name}.now_s")
    return STATE if operand.field == "state" else RUN_FIELDS[operand.field].column


_RUN = "b.run"
_RUN_COLUMN = re.compile(r"(?<![\w.])run\.")


class _Part(NamedTuple):
    """A part of the runs, no group of which has runs in another part.

    Args:
        selected: a select of the runs; its column ``run`` is the number.
        first: the columns of the first key in it, where the select has them; else None.
        equal: what is equal in runs with equal values of the first key.
        rest: it has the runs that no other part has; there may be none.
    """

    selected: Sql
    first: Columns | None = None
    equal: tuple[str, ...] = ()
    rest: bool = False


def _parts(question: Question, operands: Sequence[Operand]) -> list[_Part]:
    """The runs to group. Where they are many, by the indices of the first key, which has equal values side by side."""
    first = course_of((SortKey(operands[0]),), question.places) if operands and question.is_broad() else None
    if first is None or first.keys is None or first.column != "num":
        return [_Part(question.selection())]
    there = Columns("b.kind", "b.num", "b.txt")
    at_key = membership("p.key", first.keys)
    without = Test(lambda run: denied(exists(first.table, run, at_key)))
    return [
        _Part(question.selection_along(first, "num IS NOT NULL"), there, ("b.num", "b.txt")),
        _Part(question.selection_along(first, "num IS NULL"), there, ("b.kind", "b.txt")),
        _Part(question.selection(without), Columns("NULL", "NULL", "NULL"), (), rest=True),
    ]


def _score(question: Question, operand: Operand, joins: list[Sql]) -> str:
    """The metric as a finite number, else NULL."""
    columns = _columns(question, operand, joins)
    if isinstance(operand, Metric | RunField):  # always finite
        return columns.num
    return f"CASE WHEN ({columns.kind}) <> {INFINITE} THEN ({columns.num}) END"


def _grouped_rows(
    question: Question, operands: Sequence[Operand], scored: Operand | None, part: _Part, goal: str
) -> list[tuple[Any, ...]]:
    """Rows of: kind, num and txt of each key; runs, scored, sum of differences, of their squares; best, its run; shift."""
    joins: list[Sql] = []
    columns = [part.first] if part.first is not None else []
    columns += [_columns(question, operand, joins) for operand in operands[len(columns) :]]
    number = "NULL" if scored is None else _score(question, scored, joins)
    terms = [term for column in columns for term in column]
    # numbers are equal whatever their kind; the kind shown is that of the best run
    equal = list(part.equal)
    for kind, num, txt in columns[part.first is not None :]:
        equal += [f"CASE WHEN ({num}) IS NULL THEN ({kind}) END", num, txt]
    joined = " ".join(join.text for join in joins)
    row = "JOIN run ON run.run = b.run" if _RUN_COLUMN.search(f"{joined} {number} {' '.join(terms)}") else ""
    start = f"FROM ({part.selected.text}) b {row} {joined}"
    bound = (*part.selected.bound, *(value for join in joins for value in join.bound))
    connection = question.connection
    some = connection.execute(f"SELECT {number} {start} WHERE ({number}) IS NOT NULL LIMIT 1", bound).fetchone()
    shift = 0.0 if some is None else float(some[0])  # squares of differences from some value: no digits are lost
    apart = f"(({number}) - ?)"
    listed = "".join(f"{term} AS g{at}, " for at, term in enumerate(terms))
    # with exactly one min or max in a select, SQLite takes plain columns from the row that has it: b.run is the best run
    sql = f"SELECT {listed}count(*), count({number}), sum({apart}), sum({apart} * {apart}), {goal}({number}), b.run {start}"
    if equal:
        sql += f" GROUP BY {', '.join(equal)}"
    rows = connection.execute(sql, (shift, shift, shift, *bound)).fetchall()
    return [(*found, shift) for found in rows if found[len(terms)]]


def _group(question: Question, operands: Sequence[Operand], row: tuple[Any, ...]) -> Group:
    width = 3 * len(operands)
    runs, scored, total, squares, best, best_run, shift = row[width:]
    values = []
    for at, operand in enumerate(operands):
        stored = Stored(*row[3 * at : 3 * at + 3])
        value = value_of(stored)
        if _is_cut(value, stored):
            value = cells_of(question.places, [best_run], [operand], question.now_s)[0][0]
        values.append(value)
    mean = None if not scored else shift + total / scored
    sd = None
    if scored > 1:
        variance = (squares - total * total / scored) / (scored - 1)
        sd = math.sqrt(max(0.0, variance)) if variance == variance else math.inf  # apart beyond what a float squares
    found = question.connection.execute("SELECT id FROM run WHERE run = ?", (best_run,)).fetchone()
    best_id = unescape(found[0]) if found is not None and scored else None
    return Group(tuple(values), runs, scored, mean, sd, best, best_id)


def _is_cut(value: Any, stored: Stored) -> bool:
    return (type(value) is dict and value.get("~") == "cut") or (
        type(value) is str and value.endswith("…") and len(stored.txt or "") > 200
    )
