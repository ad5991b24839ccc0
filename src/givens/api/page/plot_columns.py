"""Runs by column, for plots: numbers to place by, texts to show, and on which axis a column belongs."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from ...configs.explanation import one_line
from ...index import Index
from ...query.columns import named_columns
from ...query.finding import Question
from ...query.nodes import Key
from ...query.parser import parse_operand
from ...query.table import RunQuery
from ...query.words import operand_text
from ...records.change import MISSING
from ..formats.cell_text import bare_cell, json_number
from ..grid import DURATION, NUMBER, RESULT, TIME, VALUE, Column
from .cells import named_of, page_cells
from .key_chooser import column_name
from .row_pages import PageColumn, RowPages, Wanted

MOST_RUNS = 5_000
_FEW_LEVELS = 12
_DECADES = 2.0  #: a column of positive numbers that spans so many is shown on a log axis
_KEYS = 8
_TICKS = 6


class PlotColumn(NamedTuple):
    """One column.

    Args:
        about: name, kind, goal.
        scale: ``linear``, ``log`` or ``ordinal``.
        numbers: a finite number a run, or None; None as a whole where no run has one.
        levels: the distinct values as text, in order, where they are few or no numbers; else None.
        texts: an index into ``levels`` a run, -1 where it has none; None where there are no levels.
        shown: a text a run, where there are no levels.
        ticks: where to write what on the axis of numbers.
    """

    about: PageColumn
    scale: str
    numbers: tuple[float | int | None, ...] | None
    levels: tuple[str, ...] | None
    texts: tuple[int, ...] | None
    shown: tuple[str | None, ...] | None
    ticks: tuple[tuple[float, str], ...]


class Plotted(NamedTuple):
    """Runs by column.

    Args:
        ids: the runs.
        names: their names.
        states: their states.
        columns: the columns.
        total: how many runs pass.
        notes: what has to be known.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    states: tuple[str, ...]
    columns: tuple[PlotColumn, ...]
    total: int
    notes: tuple[str, ...]

    @property
    def is_sampled(self) -> bool:
        """Whether there are more runs than these."""
        return len(self.ids) < self.total


def plotted(pages: RowPages, wanted: Wanted, metric: str | None, *, limit: int = MOST_RUNS) -> Plotted:
    """The runs of a selection, or a sample spread over all of them.

    Args:
        pages: where to ask.
        wanted: which runs; its columns are the axes, without any the keys that vary and the metric.
        metric: a result that is a column whatever else is; None: the first there is.
        limit: runs at most.

    Raises:
        FilterSyntaxError: the metric does not read.
    """
    return pages.asking.ask(lambda index: _plotted(index, pages, wanted, metric, limit))


def _plotted(index: Index, pages: RowPages, wanted: Wanted, metric: str | None, limit: int) -> Plotted:
    question = RunQuery(index, wanted.node, project=wanted.project, now_s=wanted.now_s).question()
    total = question.count()
    sampled = [question.spread(max(2, round(total / limit)))] if total > limit else []
    runs = question.listed(*sampled, limit=limit)
    columns = _columns(question, pages, wanted, metric)
    index.mark_states()
    names = named_of(index, runs)
    runs = sorted(run for run in runs if run in names)
    cells = page_cells(question, runs, [each.operand for each in columns], wanted.now_s)
    made = tuple(_plot_column(each, [row[at] for row in cells]) for at, each in enumerate(columns))
    notes = (f"a sample of {len(runs)} of {total} runs, spread over all of them",) if total > len(runs) else ()
    return Plotted(
        tuple(names[run][0] for run in runs),
        tuple(one_line(names[run][1]) for run in runs),
        tuple(names[run][2] for run in runs),
        made,
        total,
        notes,
    )


def _columns(question: Question, pages: RowPages, wanted: Wanted, metric: str | None) -> tuple[PageColumn, ...]:
    keys = pages.keys_of(question, wanted)
    if wanted.columns is not None:
        asked = [(name, operand) for name, operand in wanted.columns if name != "run.name"]
    else:
        few = keys.varying[: min(_KEYS, keys.telling)]
        asked = [(column_name(Key("config", key.path)), Key("config", key.path)) for key in few]
    if metric is not None:
        asked.append((metric, parse_operand(metric)))
    elif keys.metrics and wanted.columns is None:
        asked.append((operand_text(keys.metrics[0].operand), keys.metrics[0].operand))
    goals = pages.goals_of(question, keys)
    return tuple(
        PageColumn(Column(each.name, each.kind, each.head.removeprefix("summary.")), each.operand, goals(each))
        for each in named_columns(question, dict(asked).items())
    )


def _plot_column(about: PageColumn, cells: list[Any]) -> PlotColumn:
    column = about.column
    shown = [None if cell is MISSING else bare_cell(cell, column, 80) for cell in cells]
    numbers = [json_number(cell) if column.kind in (VALUE, RESULT, NUMBER, TIME, DURATION) else None for cell in cells]
    there = [number for number in numbers if number is not None]
    others = any(text is not None and number is None for text, number in zip(shown, numbers, strict=True))
    distinct = {text for text in shown if text is not None}
    levels, texts = _levels(shown, numbers) if len(distinct) <= _FEW_LEVELS or not there else (None, None)
    scale = "ordinal" if not there or (others and len(distinct) <= _FEW_LEVELS) else _scale(there)
    return PlotColumn(
        about,
        scale,
        tuple(numbers) if there else None,
        levels,
        texts,
        None if levels is not None else tuple(shown),
        _ticks(there, scale, column) if there else (),
    )


def _levels(
    shown: list[str | None], numbers: list[float | int | None]
) -> tuple[tuple[str, ...] | None, tuple[int, ...] | None]:
    """The distinct texts in order, those of numbers as numbers; and for each run which it has."""
    ranks: dict[str, tuple[int, float, str]] = {}
    for text, number in zip(shown, numbers, strict=True):
        if text is not None and text not in ranks:
            ranks[text] = (1, 0.0, text) if number is None else (0, float(number), "")
    ordered = sorted(ranks, key=lambda text: ranks[text])
    place = {text: at for at, text in enumerate(ordered)}
    return tuple(ordered), tuple(-1 if text is None else place[text] for text in shown)


def _scale(numbers: list[float | int]) -> str:
    low, high = min(numbers), max(numbers)
    return "log" if low > 0 and math.log10(high) - math.log10(low) >= _DECADES else "linear"


def _ticks(numbers: list[float | int], scale: str, column: Column) -> tuple[tuple[float, str], ...]:
    """Round numbers between the ends, written as Python writes them."""
    low, high = float(min(numbers)), float(max(numbers))
    if column.kind in (TIME, DURATION):
        steps = [low + (high - low) * at / 3 for at in range(4)] if high > low else [low]
        return tuple((step, bare_cell(step, column)) for step in steps)
    if scale == "log":
        found = [10.0**power for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)]
        found = found[:: max(1, len(found) // _TICKS)]
    elif high == low:
        found = [low]
    else:
        step = 10.0 ** math.floor(math.log10(high - low) - 0.3) if high - low > 0 and math.isfinite(high - low) else 0.0
        if not step:
            return ()
        while (high - low) / step > _TICKS:
            step *= 2
        found = [round(each * step, 12) for each in range(math.floor(low / step), math.ceil(high / step) + 1)]
    whole = all(isinstance(number, int) for number in numbers)
    kept = [each for each in found if low <= each <= high] or [low, high]
    return tuple((each, _tick_text(each, whole=whole)) for each in kept)


def _tick_text(number: float, *, whole: bool) -> str:
    return str(int(number)) if whole and number == int(number) and abs(number) < 1e15 else f"{number:.6g}"
