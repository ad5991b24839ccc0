"""Groups of runs by the column file, and groups of several parts of the runs put together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ..index.columns import Opened
from ..index.schema import FLOAT, INFINITE, STR
from .columnar import WideRow, asked, wide_rows
from .finding import Question
from .fragments import Sql, both
from .nodes import Key, Metric, Operand, RunField
from .operators import DURATION, NUMBER, RUN_FIELDS, TIME
from .sorting import Columns

_NUMBERS = (NUMBER, DURATION, TIME)
Row = tuple[Any, ...]


def grouped_by_column(
    question: Question,
    operands: Sequence[Operand],
    scored: Operand | None,
    goal: str,
    rest: Callable[[list[int]], list[Row]],
) -> list[Row] | None:
    """The rows of a grouping, as ``grouping`` has them; None where the column file cannot say.

    Args:
        question: which runs.
        operands: what to group by.
        scored: what is summed up.
        goal: ``min`` or ``max``.
        rest: the rows for some runs, by the index.
    """
    opened = question.opened_columns()
    rows = (
        None
        if opened is None or question.is_selective()
        else wide_rows(opened, question.places, question.now_s, question.node)
    )
    if opened is None or rows is None:
        return None
    found = list(rest(opened.rest))
    for row, condition in rows:
        part = _segment(opened, row, condition, operands, scored, goal)
        if part is None:
            return None
        found += part
    return together(found, len(operands), goal)


def _segment(
    opened: Opened, row: WideRow, condition: Sql, operands: Sequence[Operand], scored: Operand | None, goal: str
) -> list[Row] | None:
    columns = [_columns(row, operand) for operand in operands]
    score = "NULL" if scored is None else _score(row, scored)
    if None in columns or score is None:
        return None
    equal: list[str] = []
    shown: list[str] = []
    for each in columns:
        assert each is not None
        kind, num, txt = each
        equal += [f"CASE WHEN {num} IS NULL THEN {kind} END", num, txt]
        shown += [f"min({kind})", f"any_value({num})", f"any_value({txt})"]
    has = both(condition, Sql(f"{score} IS NOT NULL"))
    some = [] if scored is None else asked(opened, row.segment, score, has, tail="LIMIT 1")
    shift = float(some[0][0]) if some else 0.0
    apart = f"({score} - CAST(? AS DOUBLE))"
    best = f"coalesce(arg_{goal}(run.run, {score}), min(run.run))"
    sums = [f"count({score})", f"sum({apart})", f"sum({apart} * {apart})", f"{goal}({score})", best]
    selected = ", ".join([*shown, "count(*)", *sums])
    tail = f"GROUP BY {', '.join(equal)}" if equal else ""
    rows = asked(opened, row.segment, selected, condition, (shift,) * 3, tail)
    return [(*found, shift) for found in rows if found[len(shown)]]


def _columns(row: WideRow, operand: Operand) -> Columns | None:
    if isinstance(operand, Key | Metric):
        return row.columns(operand)
    if not isinstance(operand, RunField):
        return None
    column = RUN_FIELDS[operand.field].column
    if operand.field in ("state", "duration", "notes", "command", "git.dirty") or not column:
        return None
    if RUN_FIELDS[operand.field].kind in _NUMBERS:
        return Columns(f"CASE WHEN {column} IS NOT NULL THEN {FLOAT} END", column, "NULL")
    return Columns(f"CASE WHEN {column} IS NOT NULL THEN {STR} END", "NULL", column)


def _score(row: WideRow, operand: Operand) -> str | None:
    columns = _columns(row, operand)
    if columns is None or isinstance(operand, Metric | RunField):  # always finite
        return None if columns is None else columns.num
    return f"(CASE WHEN {columns.kind} <> {INFINITE} THEN {columns.num} END)"


def together(rows: Iterable[Row], keys: int, goal: str) -> list[Row]:
    """Rows of equal groups as one each.

    Means and squares are put together as Chan, Golub and LeVeque do (1979, "Updating formulae and a pairwise algorithm
    for computing sample variances", Stanford STAN-CS-79-773).

    Args:
        rows: kind, num and txt of each key; runs, scored, sum of differences, of their squares, best, its run, shift.
        keys: how many keys there are.
        goal: ``min`` or ``max``.
    """
    found: dict[Row, Row] = {}
    for row in rows:
        columns = row[: 3 * keys]
        # numbers are equal whatever their kind
        equal = tuple(columns[at] if columns[at // 3 * 3 + 1] is None or at % 3 else None for at in range(len(columns)))
        other = found.get(equal)
        found[equal] = row if other is None else (*other[: 3 * keys], *_sum(other[3 * keys :], row[3 * keys :], goal))
    return list(found.values())


def _sum(one: Row, two: Row, goal: str) -> Row:
    if not one[1] or not two[1]:
        scored = two if two[1] else one
        return (one[0] + two[0], *scored[1:])
    (runs, n, total, squares, best, best_run, shift), (more, m, total2, squares2, best2, best_run2, shift2) = one, two
    mean, mean2 = shift + total / n, shift2 + total2 / m
    apart = mean2 - mean
    inside = squares - total * total / n + squares2 - total2 * total2 / m
    inside += apart * apart * n * m / (n + m)
    better = best2 < best if goal == "min" else best2 > best
    new_shift = mean + apart * m / (n + m)
    best_of = (best2, best_run2) if better else (best, best_run)
    return (runs + more, n + m, 0.0, inside, *best_of, new_shift)
