"""The few tests that the database cannot do alone, as functions it calls: what only a document knows, and patterns."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from ..codec import dumps, loads
from ..index.texts import unescape
from ..index.values import Indexed, indexed
from ..keys import Path, from_json
from ..records.change import MISSING
from ..records.encoded import Tree, plant
from .evaluator import at_path, holds
from .literals import encoded_literal, sameness
from .nodes import Sequence
from .patterns import matcher

THERE = "exists"  #: in place of a comparison: whether anything stands at the path
INSIDE = ("givens_kind", "givens_num", "givens_txt")  #: of a document and a path: what the index would say of the value


def install(connection: sqlite3.Connection) -> None:
    """Make the functions known to a connection that has not got them."""
    known = connection.execute("SELECT 1 FROM pragma_function_list WHERE name = 'givens_test' LIMIT 1").fetchone()
    if known is None:
        connection.create_function("givens_test", 4, _test, deterministic=True)
        connection.create_function("givens_matches", 2, _matches, deterministic=True)
        connection.create_function("givens_holds", 2, _holds_item, deterministic=True)
        for at, name in enumerate(INSIDE):
            connection.create_function(name, 2, _column_inside(at), deterministic=True)


def test_arguments(path: Path, symbol: str, literal: Any) -> tuple[str, str, str]:
    """The last three arguments of ``givens_test``."""
    if isinstance(literal, tuple) and not isinstance(literal, Sequence):
        literal = [_plain(item) for item in literal]
        return dumps(list(path)), symbol, json.dumps(literal)
    return dumps(list(path)), symbol, json.dumps(_plain(literal))


def _plain(value: Any) -> Any:
    return {"items": [_plain(item) for item in value.items]} if isinstance(value, Sequence) else value


def _literal(value: Any) -> Any:
    return Sequence(tuple(_literal(item) for item in value["items"])) if isinstance(value, dict) else value


@lru_cache(maxsize=256)
def _arguments(path: str, literal: str) -> tuple[Path, Any]:
    read = json.loads(literal)
    return from_json(json.loads(path)), tuple(map(_literal, read)) if isinstance(read, list) else _literal(read)


def _test(document: str, path: str, symbol: str, literal: str) -> int:
    """Whether a comparison holds in a run's configuration."""
    where, wanted = _arguments(path, literal)
    value = at_path(plant(loads(document)), where)
    if value is MISSING:
        return 0
    return int(symbol == THERE or holds(symbol, value, wanted))


@lru_cache(maxsize=4)  # the three columns of one run are asked for one after the other
def _inside(document: str, path: str) -> Indexed | None:
    value = at_path(plant(loads(document)), from_json(json.loads(path)))
    return None if value is MISSING or (type(value) is Tree and value) else indexed(value)


def _column_inside(at: int) -> Callable[[str, str], Any]:
    def column(document: str, path: str) -> Any:
        found = _inside(document, path)
        return None if found is None else found[at]

    return column


def _matches(stored: str | None, pattern: str) -> int | None:
    """Whether a stored text fits a pattern."""
    return None if stored is None else int(matcher(pattern)(unescape(stored)))


def _holds_item(stored: str, item: str) -> int:
    """Whether a list's canonical text holds an item; both as stored."""
    wanted = _wanted(item)
    return int(any(sameness(each) == wanted for each in loads(unescape(stored))))


@lru_cache(maxsize=256)
def _wanted(item: str) -> tuple[str, str]:
    return sameness(encoded_literal(_literal(json.loads(item))))
