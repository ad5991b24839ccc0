"""Pages of runs for somebody who scrolls, sorts and filters: what was found once is kept, and only what is shown is read."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from ...index import Index
from ...query.columns import Shown, named_columns
from ...query.finding import NEWEST_FIRST, Question
from ...query.nodes import Key, Metric, Node, Operand, RunField
from ...query.results import declared_goal, goal_of_best, name_of_result
from ...query.sorting import SortKey, parse_sort
from ...query.table import RunQuery
from ...query.words import operand_text
from ..asked_runs import BEST
from ..asking import Asking, settings_of
from ..formats.cell_text import as_float, finite
from ..grid import Column
from .cells import best_value, constants_of, edited_of, named_of, page_cells
from .columns import MetricName, PageKeys, page_keys
from .kept_answers import KeptAnswers
from .key_chooser import column_name
from .run_orders import is_walked, order_of

_DIRECT = 2_000  #: rows up to which a page is looked up without the whole order
_STATES = ("state", "duration")


class Wanted(NamedTuple):
    """What a page is of.

    Args:
        node: the filter.
        project: only runs of this project.
        now_s: the present, in seconds since the epoch.
        sort: sort keys as text (also ``best:loss``); empty: as the page thinks best.
        columns: (as written, operand); None: as the page thinks best.
        patterns: keys to leave out where columns are not chosen.
        most_keys: keys that vary and get a column.
        most_results: results that get one.
    """

    node: Node
    project: str | None
    now_s: float
    sort: tuple[str, ...] = ()
    columns: tuple[tuple[str, Operand], ...] | None = None
    patterns: tuple[str, ...] = ()
    most_keys: int = 12
    most_results: int = 6


class PageColumn(NamedTuple):
    """One column.

    Args:
        column: name, kind and head.
        operand: what it shows.
        goal: ``min`` or ``max``, of a result that has one.
    """

    column: Column
    operand: Operand
    goal: str | None

    @property
    def scope(self) -> str:
        """``run``, ``config`` or ``summary``."""
        if isinstance(self.operand, RunField):
            return "run"
        return "summary" if self.column.kind == "result" else "config"


class RowPage(NamedTuple):
    """A page of runs.

    Args:
        columns: the columns.
        ids: the runs.
        names: their names.
        states: running, finished, failed or lost.
        rows: a cell for each column; ``MISSING`` where there is none.
        best: (row, column) of cells that no run that passes surpasses.
        edited: (row, column) of cells that were changed after their run.
        total: how many runs pass.
        sort: the order, as text.
        keys: what there could be columns for.
        constants: some of the keys that are the same everywhere, and their values as text.
        notes: what has to be known.
    """

    columns: tuple[PageColumn, ...]
    ids: tuple[str, ...]
    names: tuple[str, ...]
    states: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    best: frozenset[tuple[int, int]]
    edited: frozenset[tuple[int, int]]
    total: int
    sort: tuple[str, ...]
    keys: PageKeys
    constants: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


class RowPages:
    """Pages of the runs of one store.

    Args:
        asking: its index.
    """

    def __init__(self, asking: Asking) -> None:
        self.asking = asking
        self.version = 0  #: whoever brings the index up to date counts it up when something changed
        self._replicate = settings_of(asking.store).replicate
        self._orders: KeptAnswers[array[int]] = KeptAnswers(8)
        self._counts: KeptAnswers[int] = KeptAnswers(64)
        self._keys: KeptAnswers[PageKeys] = KeptAnswers(16)
        self._bests: KeptAnswers[tuple[float | None]] = KeptAnswers(256)

    def page(self, wanted: Wanted, *, offset: int, limit: int) -> RowPage:
        """The runs from ``offset`` on, at most ``limit``.

        Raises:
            FilterSyntaxError: a sort key does not read.
            UndeclaredGoalError: ``best:`` of a metric without a goal.
            NoScoreError: ``best:`` of a metric that no run has.
        """
        return self.asking.ask(lambda index: self._page(index, wanted, offset, limit))

    def keys(self, wanted: Wanted) -> PageKeys:
        """What a page could have columns for."""
        return self.asking.ask(lambda index: self.keys_of(_question(index, wanted), wanted))

    # --- inside ---------------------------------------------------------------------------------------------------

    def _page(self, index: Index, wanted: Wanted, offset: int, limit: int) -> RowPage:
        question = _question(index, wanted)
        about = (index.path, wanted.node, wanted.project)
        total = self._counts.answer(about, self.version, question.count)
        keys = self.keys_of(question, wanted)
        sort, order = self._order(question, wanted, keys)
        runs = self._runs(question, about, order, offset, limit)
        columns = self._columns(question, wanted, keys)
        operands = [each.operand for each in columns]
        if any(isinstance(each, RunField) and each.field in _STATES for each in operands):
            index.mark_states()
        names = named_of(index, runs)
        runs = [run for run in runs if run in names]  # taken away meanwhile
        rows = tuple(page_cells(question, runs, operands, wanted.now_s))
        return RowPage(
            columns=columns,
            ids=tuple(names[run][0] for run in runs),
            names=tuple(names[run][1] for run in runs),
            states=tuple(names[run][2] for run in runs),
            rows=rows,
            best=self._best(question, about, columns, rows),
            edited=edited_of(question, operands, runs),
            total=total,
            sort=sort,
            keys=keys,
            constants=constants_of(index, runs[:1], keys, wanted.patterns) if keys.constant else (),
            notes=_notes(keys),
        )

    def keys_of(self, question: Question, wanted: Wanted) -> PageKeys:
        """The same, of a question that is put already."""
        index = question.index
        about = (index.path, wanted.node, wanted.project, wanted.patterns)
        return self._keys.answer(
            about,
            self.version,
            lambda: page_keys(
                question,
                project=wanted.project,
                goals=self.asking.goals,
                patterns=wanted.patterns,
                replicate=self._replicate,
            ),
        )

    def _order(self, question: Question, wanted: Wanted, keys: PageKeys) -> tuple[tuple[str, ...], tuple[SortKey, ...]]:
        if not wanted.sort:
            declared = next((metric for metric in keys.metrics if metric.goal is not None and metric.runs), None)
            return ((declared.order,), parse_sort(declared.order)) if declared else ((), NEWEST_FIRST)
        found: list[SortKey] = []
        for text in wanted.sort:
            if text == "newest":
                found += NEWEST_FIRST
            elif text.startswith(BEST):
                found.append(self._best_first(question, text[len(BEST) :], keys))
            else:
                found += parse_sort(text)
        return wanted.sort, tuple(found) or NEWEST_FIRST

    def _best_first(self, question: Question, name: str, keys: PageKeys) -> SortKey:
        goal = goal_of_best(question, name, self.asking.goals)
        known = next((metric for metric in keys.metrics if metric.path == (name,)), None)
        found = known._replace(goal=goal) if known else MetricName((name,), goal, 0, True)
        return SortKey(found.operand, goal == "max")

    def _runs(self, question: Question, about: Any, order: tuple[SortKey, ...], offset: int, limit: int) -> list[int]:
        kept = self._orders.known((about, order), self.version)
        if kept is None and offset + limit <= _DIRECT and is_walked(question, order):
            return question.runs(order, limit=limit, offset=offset)
        if kept is None and offset == 0:  # whoever sorts sees the first rows; whoever scrolls on needs all of them
            return list(order_of(question, order, limit)[:limit])
        if kept is None:
            kept = self._orders.answer((about, order), self.version, lambda: order_of(question, order))
        return list(kept[offset : offset + limit])

    def _columns(self, question: Question, wanted: Wanted, keys: PageKeys) -> tuple[PageColumn, ...]:
        asked = wanted.columns
        shown = _chosen(question, wanted, keys) if asked is None else named_columns(question, asked)
        goal_of = self.goals_of(question, keys)
        found = []
        for each in shown:
            head = each.head.removeprefix("summary.") if asked is None else each.head
            found.append(PageColumn(Column(each.name, each.kind, head), each.operand, goal_of(each)))
        return tuple(found)

    def goals_of(self, question: Question, keys: PageKeys) -> Callable[[Shown], str | None]:
        """What tells the goal of a column: ``min`` or ``max``; None of one that has none."""
        goals = {metric.operand: metric.goal for metric in keys.metrics}
        goals |= {Key("summary", metric.path): metric.goal for metric in keys.metrics}

        def goal_of(each: Shown) -> str | None:
            if each.kind != "result":
                return None
            name = name_of_result(each.operand)
            operand = Key("summary", each.operand.path) if isinstance(each.operand, Key) else each.operand
            goal = goals.get(operand) or (declared_goal(question, name, self.asking.goals) if name else None)
            return each.operand.reduction if goal is None and isinstance(each.operand, Metric) else goal

        return goal_of

    def _best(
        self, question: Question, about: Any, columns: tuple[PageColumn, ...], rows: tuple[tuple[Any, ...], ...]
    ) -> frozenset[tuple[int, int]]:
        found: set[tuple[int, int]] = set()
        for at, column in enumerate(columns):
            if column.goal is not None:
                make = partial(_boxed, question, column.operand, column.goal)
                (best,) = self._bests.answer((about, column.operand, column.goal), self.version, make)
                if best is not None:
                    found.update((row, at) for row, cells in enumerate(rows) if as_float(finite(cells[at])) == best)
        return frozenset(found)


def _boxed(question: Question, operand: Operand, goal: str) -> tuple[float | None]:
    return (best_value(question, operand, goal),)  # in a box: None is an answer, too


def _question(index: Index, wanted: Wanted) -> Question:
    return RunQuery(index, wanted.node, project=wanted.project, now_s=wanted.now_s).question()


def _chosen(question: Question, wanted: Wanted, keys: PageKeys) -> tuple[Shown, ...]:
    """Name and state; metrics, the declared ones first; the keys that vary; when it began."""
    results = [metric.operand for metric in keys.metrics[: wanted.most_results]]
    operands: list[Operand] = [RunField("name"), RunField("state"), *results]
    operands += [Key("config", key.path) for key in keys.varying[: wanted.most_keys]]
    operands.append(RunField("created"))
    named = []
    for operand in operands:
        named.append((column_name(operand) if isinstance(operand, Key) else operand_text(operand), operand))
    return named_columns(question, named)


def _notes(keys: PageKeys) -> tuple[str, ...]:
    return () if keys.sampled is None else (f"which keys vary was found from a sample of {keys.sampled} runs",)
