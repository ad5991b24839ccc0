"""A run table as a grid: its columns, its cells, the best of each result, and what has to be said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ..index.edit_rows import edited_keys
from ..keys import format_path
from ..query.cells import cells_of
from ..query.columns import Shown, chosen_columns, named_columns
from ..query.finding import Question, ids_of
from ..query.mixture import mixture_of
from ..query.nodes import Key, Metric, Operand, RunField
from ..query.results import declared_goal, name_of_result
from ..query.table import RunQuery
from .formats.cell_text import best_of
from .grid import RESULT, Column, Grid

_STATES = ("state", "duration")


def run_grid(
    query: RunQuery,
    columns: tuple[tuple[str, Operand], ...] | None,
    *,
    limit: int | None = None,
    offset: int = 0,
    most_keys: int | None = None,
    most_results: int | None = None,
    goals: Mapping[str, str] | None = None,
    told: Callable[[int, int], None] | None = None,
) -> Grid:
    """A page of a query.

    Args:
        query: which runs, in which order.
        columns: (as written, operand); None: those that say something.
        limit: rows at most.
        offset: rows to pass over.
        most_keys: config keys at most, where columns are not chosen.
        most_results: the same of results.
        goals: what the settings say of metrics.
        told: is called with how many rows are done, and how many there are.
    """
    question = query.question()
    notes: list[str] = []
    if columns is None:
        chosen = chosen_columns(question, most_keys=most_keys, most_results=most_results)
        shown = chosen.columns
        hidden = len(chosen.varying.keys) - (most_keys or len(chosen.varying.keys))
        if hidden > 0:
            notes.append(f"{hidden} more keys vary: .columns() chooses, .varying() lists them")
        if chosen.varying.sampled:
            notes.append(f"which keys vary was found from a sample of {chosen.varying.looked_at} runs")
    else:
        shown = named_columns(question, columns)
    runs = question.runs(query.order, limit=limit, offset=offset)
    if any(isinstance(each.operand, RunField) and each.operand.field in _STATES for each in shown):
        query.index.mark_states()
    rows = tuple(cells_of(question.places, runs, [each.operand for each in shown], query.now_s, told))
    notes += [note for key in query.order if (note := mixture_of(question, key.operand)) is not None]
    edited = _edited(question, shown, runs)
    notes += edited.notes
    return Grid(
        "runs",
        tuple(Column(each.name, each.kind, each.head) for each in shown),
        rows,
        notes=tuple(notes),
        ids=tuple(ids_of(query.index, runs)),
        best=best_cells(question, shown, rows, goals or {}),
        edited=edited.cells,
        total=question.count() if limit is not None or offset else len(runs),
    )


class _Edited(NamedTuple):
    cells: frozenset[tuple[int, int]] = frozenset()
    notes: tuple[str, ...] = ()


def _edited(question: Question, shown: tuple[Shown, ...], runs: list[int]) -> _Edited:
    """Which cells hold values that were changed after their run, and the same in words."""
    keys = {
        at: format_path(each.operand.path)
        for at, each in enumerate(shown)
        if isinstance(each.operand, Key) and each.operand.scope != "summary"
    }
    edited = edited_keys(question.connection, runs) if keys else {}
    rows = {run: row for row, run in enumerate(runs)}
    cells = frozenset((rows[run], at) for at, path in keys.items() for run in edited.get(path, ()))
    named = set(keys.values())
    counts = {path: len(of) for path, of in edited.items() if path in named}
    said = ", ".join(f"{path} of {count} run{'' if count == 1 else 's'}" for path, count in counts.items())
    return _Edited(cells, (f"edited after the run: {said}",) if said else ())


def best_cells(
    question: Question, columns: tuple[Shown, ...], rows: tuple[tuple[Any, ...], ...], goals: Mapping[str, str]
) -> frozenset[tuple[int, int]]:
    """The best cells of the results whose goal is known; where all are equal, none is."""
    found: set[tuple[int, int]] = set()
    for at, column in enumerate(columns):
        name = name_of_result(column.operand) if column.kind == RESULT else None
        goal = None if name is None else declared_goal(question, name, goals)
        if goal is None and isinstance(column.operand, Metric):
            goal = column.operand.reduction
        if goal is None:
            continue
        found.update((number, at) for number in best_of((row[at] for row in rows), goal))
    return frozenset(found)
