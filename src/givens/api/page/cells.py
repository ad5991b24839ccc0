"""The cells of a page of runs, and what is beside them: names, marks, what is the same everywhere."""

from __future__ import annotations

import json
from typing import Any

from ...configs.explanation import shown_value
from ...index import Index
from ...index.edit_rows import edited_keys
from ...index.facts import documents_of
from ...index.texts import unescape
from ...keys import covered, format_path
from ...query.cells import Stored, cells_of, value_of
from ...query.finding import Question, ids_of
from ...query.fragments import membership
from ...query.nodes import Key, Operand
from ...query.sorting import SortKey
from ...records.change import MISSING
from ...records.encoded import TAG, Tree, leaves, plant
from ..formats.cell_text import as_float, finite
from .columns import PageKeys

_FEW = 64  #: values that are no scores, passed over before giving up
_LARGE_CONFIG = 300  #: keys; a larger one is not read whole for a few cells
_MANY_VALUES = 100_000  #: the same of many runs
_CONSTANTS = 50  #: of the keys that are the same everywhere, so many are told


def named_of(index: Index, runs: list[int]) -> dict[int, tuple[str, str, str]]:
    """Run -> id, name, state."""
    index.mark_states()
    rows = index.connection.execute(
        "SELECT run.run, run.id, run.name, coalesce(run.finish, now.state) FROM json_each(?) b "
        "JOIN run ON run.run = b.value LEFT JOIN now ON now.run = run.run",
        (json.dumps(runs),),
    )
    return {run: (unescape(run_id), unescape(name or run_id), state or "lost") for run, run_id, name, state in rows}


def page_cells(question: Question, runs: list[int], operands: list[Operand], now_s: float) -> list[tuple[Any, ...]]:
    """Cells, without reading very large configs for a few of their keys."""
    if not _large(question, runs):
        return cells_of(question.places, runs, operands, now_s)
    quick = {at: operand for at, operand in enumerate(operands) if _is_indexed(question, operand)}
    rest = [operand for at, operand in enumerate(operands) if at not in quick]
    columns = {at: _of_index(question, runs, operand) for at, operand in quick.items()}
    others = cells_of(question.places, runs, rest, now_s)
    rows = []
    for number, run in enumerate(runs):
        left = iter(others[number])
        rows.append(
            tuple(columns[at].get(run, MISSING) if at in columns else next(left) for at in range(len(operands)))
        )
    return rows


def _large(question: Question, runs: list[int]) -> bool:
    sql = "SELECT max(run.keys) FROM json_each(?) b JOIN run ON run.run = b.value"
    (most,) = question.connection.execute(sql, (json.dumps(runs),)).fetchone()
    return most is not None and (most > _LARGE_CONFIG or most * len(runs) > _MANY_VALUES)


def _is_indexed(question: Question, operand: Operand) -> bool:
    """Whether the index has the values of a key by themselves, short ones whole."""
    if not isinstance(operand, Key) or operand.scope == "summary":
        return False
    place = question.places.config(operand.path)
    if not place.keys or place.below is not None or place.lists:
        return False
    return operand.scope == "config" or not question.places.summary(operand.path)


def _of_index(question: Question, runs: list[int], operand: Operand) -> dict[int, Any]:
    assert isinstance(operand, Key)
    at = membership("p.key", question.places.config(operand.path).keys)
    sql = f"SELECT p.run, p.kind, p.num, p.txt FROM json_each(?) b JOIN param p ON p.run = b.value AND {at.text}"
    rows = question.connection.execute(sql, (json.dumps(runs), *at.bound))
    return {run: value_of(Stored(*stored)) for run, *stored in rows}


def best_value(question: Question, operand: Operand, goal: str) -> float | None:
    """The best finite value among all runs that pass; None where there is none, or all have the same."""
    looked_at, first = _first_numbers(question, operand, descending=goal == "max")
    if looked_at > 1 and looked_at == len(first) and len(set(first)) == 1:
        last = [] if looked_at < _FEW else _first_numbers(question, operand, descending=goal != "max")[1][:1]
        if last in ([], first[:1]):
            return None
    return (max if goal == "max" else min)(first, default=None)


def _first_numbers(question: Question, operand: Operand, *, descending: bool) -> tuple[int, list[float]]:
    """How many runs are the first few in the order of a key, and their finite values."""
    runs = question.runs((SortKey(operand, descending=descending),), limit=_FEW)
    cells = cells_of(question.places, runs, [operand], question.now_s)
    return len(runs), [number for (cell,) in cells if (number := as_float(finite(cell))) is not None]


def edited_of(question: Question, operands: list[Operand], runs: list[int]) -> frozenset[tuple[int, int]]:
    keys = {
        at: format_path(operand.path)
        for at, operand in enumerate(operands)
        if isinstance(operand, Key) and operand.scope != "summary"
    }
    edited = edited_keys(question.connection, runs) if keys else {}
    rows = {run: row for row, run in enumerate(runs)}
    return frozenset((rows[run], at) for at, path in keys.items() for run in edited.get(path, ()))


def constants_of(
    index: Index, runs: list[int], keys: PageKeys, patterns: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    """Some keys that are the same everywhere: what the first run has beside those that vary."""
    ids = ids_of(index, runs)
    document = documents_of(index.connection, ids)
    varying = {key.path for key in keys.varying}
    found = []
    for run_id in ids:
        tree = plant(document.get(run_id, {}))
        for path, value in leaves(tree) if type(tree) is Tree else ():
            if path and path not in varying and not covered(path, patterns):
                found.append((format_path(path), shown_value(value, 60)))
                if len(found) == _CONSTANTS:
                    return tuple(found)
    return tuple(found)


def is_clipped(cell: Any) -> bool:
    """Whether a cell stands for more than it shows."""
    return type(cell) is dict and cell.get(TAG) == "cut"
