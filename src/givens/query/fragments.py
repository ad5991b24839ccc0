"""Pieces of SQL with the values bound to them. The text comes from this room alone; what a user wrote is bound."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

MANY_PARTS = 100  #: conditions that are joined, or selects that are united, in one go
MANY_VALUES = 1_000  #: from here on values are bound as one list


class Sql(NamedTuple):
    """A piece of SQL.

    Args:
        text: with ``?`` for each bound value.
        bound: the values, in order.
    """

    text: str
    bound: tuple[Any, ...] = ()


NEVER, ALWAYS = Sql("0"), Sql("1")


def both(*parts: Sql) -> Sql:
    """All of them; ``ALWAYS`` of none."""
    kept = [part for part in parts if part != ALWAYS]
    if NEVER in kept:
        return NEVER
    return _joined(" AND ", kept) if kept else ALWAYS


def either(*parts: Sql) -> Sql:
    """One of them at least; ``NEVER`` of none."""
    kept = [part for part in parts if part != NEVER]
    if ALWAYS in kept:
        return ALWAYS
    return _joined(" OR ", kept) if kept else NEVER


def denied(part: Sql) -> Sql:
    """The opposite; the part is true or false, never NULL."""
    if part in (NEVER, ALWAYS):
        return ALWAYS if part == NEVER else NEVER
    return Sql(f"NOT ({part.text})", part.bound)


def _joined(word: str, parts: Sequence[Sql]) -> Sql:
    if len(parts) == 1:
        return parts[0]
    if len(parts) > MANY_PARTS:  # an expression of SQLite's may be nested a thousand deep, and each word is a level
        parts = [_joined(word, parts[at : at + MANY_PARTS]) for at in range(0, len(parts), MANY_PARTS)]
    return Sql(f"({word.join(part.text for part in parts)})", tuple(value for part in parts for value in part.bound))


def union(selects: Iterable[Sql], *, disjoint: bool = False) -> Sql | None:
    """The distinct rows of several selects; None of none.

    Args:
        selects: the selects.
        disjoint: no row comes twice, so that none need be looked for.
    """
    parts = list(selects)
    if len(parts) < 2:
        return _distinct(parts[0], disjoint) if parts else None
    word = " UNION ALL " if disjoint else " UNION "
    return Sql(word.join(part.text for part in parts), tuple(value for part in parts for value in part.bound))


def _distinct(part: Sql, disjoint: bool) -> Sql:
    return part if disjoint else Sql(part.text.replace("SELECT ", "SELECT DISTINCT ", 1), part.bound)


def membership(column: str, values: Sequence[Any]) -> Sql:
    """``column = ?`` or ``column IN (?, …)``; ``NEVER`` for no values."""
    if not values:
        return NEVER
    if len(values) == 1:
        return Sql(f"{column} = ?", (values[0],))
    if len(values) > MANY_VALUES and all(type(value) in (int, str) for value in values):
        # SQLite takes a limited number of bound values
        return Sql(f"{column} IN (SELECT value FROM json_each(?))", (json.dumps(list(values)),))
    return Sql(f"{column} IN ({', '.join('?' * len(values))})", tuple(values))


def exists(table: str, run: str, *conditions: Sql) -> Sql:
    """Whether a table has a row of a run (alias ``p``) for which the conditions hold."""
    inner = both(*conditions)
    if inner == NEVER:
        return NEVER
    return Sql(f"EXISTS (SELECT 1 FROM {table} p WHERE p.run = {run} AND {inner.text})", inner.bound)


def select_runs(table: str, *conditions: Sql) -> Sql:
    """The runs of a table's rows (alias ``p``) for which the conditions hold."""
    inner = both(*conditions)
    return Sql(f"SELECT p.run FROM {table} p WHERE {inner.text}", inner.bound)
