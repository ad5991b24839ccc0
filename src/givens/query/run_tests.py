"""Tests of what is known of a run itself: columns of ``run``, its tags, and its state at this moment."""

from __future__ import annotations

from typing import Any

from ..index.texts import escape, nearest
from .conditions import text_matches
from .fragments import ALWAYS, NEVER, Sql, denied, either, membership
from .nodes import Compare, Period, Probe, RunField, Span
from .operators import COMPARISONS, DURATION, LABELS, RUN_FIELDS, STATES
from .patterns import after, literal_start, matcher

STATE = "coalesce(run.finish, (SELECT now.state FROM now WHERE now.run = run.run))"
_CASES = f"CASE {STATE} WHEN 'running' THEN ? - run.since_s ELSE run.last_s - run.since_s END"
_DURATION = f"max(0.0, coalesce(run.duration_s, {_CASES}))"


def duration(now_s: float) -> Sql:
    """A run's duration in seconds; of a running one, until now."""
    return Sql(_DURATION, (now_s,))


def run_test(node: Compare | Probe, now_s: float) -> tuple[Sql, Sql | None, bool]:
    """The check of a test of a ``RunField``, its listing if the index has one, and whether states must be marked."""
    assert isinstance(node.operand, RunField)
    field = RUN_FIELDS[node.operand.field]
    if field.kind == LABELS:
        check, listing = _labels(node)
        return check, listing, False
    if field.name == "state":
        return (*_state(node), True)
    column = duration(now_s) if field.kind == DURATION else Sql(field.column)
    if isinstance(node, Probe):
        there = Sql(f"{column.text} IS NOT NULL", column.bound)
        return (there if node.function == "exists" else denied(there)), None, field.kind == DURATION
    raw = _compared(column, node.operator, node.value)
    positive = not COMPARISONS[node.operator].negates
    listing = (
        Sql(f"SELECT run.run FROM run WHERE {raw.text}", raw.bound) if positive and field.kind != DURATION else None
    )
    check = Sql(f"ifnull({raw.text}, 0)", raw.bound)
    return check, listing, field.kind == DURATION


def _labels(node: Compare | Probe) -> tuple[Sql, Sql | None]:
    one = Sql("EXISTS (SELECT 1 FROM tag t WHERE t.run = run.run")
    if isinstance(node, Probe):
        return (ALWAYS, None) if node.function == "exists" else (NEVER, None)
    fits = Sql("t.tag = ?", (escape(node.value),)) if node.operator != "matches" else text_matches("t.tag", node.value)
    check = Sql(f"{one.text} AND {fits.text})", fits.bound)
    listing = Sql(f"SELECT DISTINCT t.run FROM tag t WHERE {fits.text}", fits.bound)
    return (denied(check), None) if COMPARISONS[node.operator].negates else (check, listing)


def _state(node: Compare | Probe) -> tuple[Sql, Sql | None]:
    if isinstance(node, Probe):
        return (ALWAYS, None) if node.function == "exists" else (NEVER, None)
    wanted = [state for state in STATES if _is_wanted(node, state)]
    ended = [state for state in wanted if state in ("finished", "failed")]
    going = [state for state in wanted if state not in ended]
    now = membership("now.state", going)
    parts = [membership("run.finish", ended)] if ended else []
    listing = None
    if going:
        parts.append(Sql(f"run.run IN (SELECT now.run FROM now WHERE {now.text})", now.bound))
        listing = Sql(f"SELECT now.run FROM now WHERE {now.text}", now.bound) if not ended else None
    check = either(*parts)
    return Sql(f"ifnull({check.text}, 0)", check.bound), listing


def _is_wanted(node: Compare, state: str) -> bool:
    if node.operator == "matches":
        return matcher(node.value)(state)
    among = node.value if node.operator in ("in", "not in") else (node.value,)
    return (state in among) != bool(COMPARISONS[node.operator].negates)


def _compared(column: Sql, symbol: str, value: Any) -> Sql:
    """A comparison that may be NULL where the column is."""
    negates = COMPARISONS[symbol].negates
    if isinstance(value, Period):
        return _in_time(column, symbol, value)
    if negates:  # the unknown is None, and None is there: it is not what is denied
        plain = _compared(column, negates, value)
        return Sql(f"NOT ifnull({plain.text}, 0)", plain.bound)
    if value is None:
        return Sql(f"{column.text} IS NULL", column.bound)
    if symbol == "in":
        known = membership(column.text, [_stored(item) for item in value if item is not None])
        return either(known, Sql(f"{column.text} IS NULL")) if None in value else known
    if symbol == "contains":
        return Sql(f"instr({column.text}, ?) > 0", (*column.bound, _stored(value)))
    if symbol == "matches":
        return _matches(column, value)
    order = "=" if symbol == "==" else symbol
    return Sql(f"{column.text} {order} ?", (*column.bound, _stored(value)))


def _matches(column: Sql, pattern: str) -> Sql:
    start = escape(literal_start(pattern))
    test = text_matches(column.text, pattern)
    end = after(start) if start else None
    if end is None:
        return test
    return Sql(f"{column.text} >= ? AND {column.text} < ? AND {test.text}", (start, end, *test.bound))


def _in_time(column: Sql, symbol: str, period: Period) -> Sql:
    begin_s, end_s, name = period.begin_s, period.end_s, column.text
    if symbol in ("==", "within"):
        return Sql(f"{name} >= ? AND {name} < ?", (begin_s, end_s))
    if symbol in ("!=", "not within"):
        outside = f"({name} < ? OR {name} >= ?)"
        return Sql(outside if symbol == "not within" else f"({name} IS NULL OR {outside})", (begin_s, end_s))
    if symbol in ("<", ">="):
        return Sql(f"{name} {symbol} ?", (begin_s,))
    after_end = ">=" if end_s > begin_s else ">"
    return Sql(f"{name} {after_end} ?" if symbol == ">" else f"NOT {name} {after_end} ?", (end_s,))


def _stored(value: Any) -> Any:
    if isinstance(value, Span):
        return value.seconds
    if type(value) is bool:
        return int(value)
    return escape(value) if type(value) is str else nearest(value)
