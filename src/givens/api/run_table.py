"""``givens.runs``: the runs of a store that pass a filter, in an order, with columns; and what can be asked of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import overload

from ..errors import NoScoreError, RunNotFoundError, UndeclaredGoalError, UsageError
from ..query.finding import NEWEST_FIRST
from ..query.nodes import Node, joined
from ..query.parser import parse, parse_operand
from ..query.results import best_run, run_id
from ..query.sorting import SortKey, parse_sort
from ..query.table import RunQuery
from . import answers
from .asked_runs import BEST, AskedRuns
from .asking import settings_of
from .grid import Grid
from .references import resolve_one, result_names
from .run_grid import run_grid
from .stored.course import courses_grid
from .stored.opening import open_by_id
from .stored.stored_run import StoredRun


class RunTable(AskedRuns):
    """Runs of a store. ``givens.runs`` makes it; every method that narrows gives a new table.

    Nothing is looked up before it is asked for; then the index is brought up to date once, and what is asked of the table
    and of those narrowed from it holds together. ``len``, iteration and indices give the runs in their order; a slice is
    a table.
    """

    __slots__ = ()

    # --- narrowing ------------------------------------------------------------------------------------------------

    def filter(self, filter: str | Node) -> RunTable:
        """Only runs that pass this as well.

        Raises:
            FilterSyntaxError: it does not read.
        """
        more = parse(filter, now_s=self._now_s) if isinstance(filter, str) else filter
        here = self._opened()
        return here._with(node=joined("and", [here._node, more]))

    def sort(self, *keys: str) -> RunTable:
        """In this order: ``"-max(val_acc)"``, ``"config.lr"``, ``"best:loss"`` (by the metric's goal); without keys the newest first.

        Raises:
            FilterSyntaxError: a key does not read.
        """
        found: list[SortKey | str] = []
        for key in keys:
            found += [key] if key.startswith(BEST) else parse_sort(key)
        return self._opened()._with(sort=tuple(found) or NEWEST_FIRST)

    def columns(self, *names: str) -> RunTable:
        """With these columns: ``"lr"``, ``"max(val_acc)"``, ``"run.name"``; without any, those that say something.

        Raises:
            FilterSyntaxError: one does not read.
        """
        return self._with(columns=tuple((name, parse_operand(name)) for name in names) or None)

    def _sliced(self, part: slice) -> RunTable:
        if part.step not in (None, 1):
            raise UsageError("a run table is sliced without steps", "take every second id: runs.ids()[::2]")
        offset, limit = self._window
        start, stop = part.start or 0, part.stop
        if start < 0 or (stop is not None and stop < 0):
            start, stop, _ = part.indices(len(self))
        if limit is not None:
            start = min(start, limit)
            stop = limit if stop is None else min(stop, limit)
        return self._with(window=(offset + start, None if stop is None else max(0, stop - start)))

    # --- the runs -------------------------------------------------------------------------------------------------

    def __len__(self) -> int:
        return self.count()

    def __bool__(self) -> bool:
        return bool(self.ids(limit=1))

    def __iter__(self) -> Iterator[StoredRun]:
        for each in self.ids():
            try:
                run = open_by_id(self.store, each)
            except RunNotFoundError:
                continue  # taken away meanwhile
            yield run

    @overload
    def __getitem__(self, at: int) -> StoredRun: ...
    @overload
    def __getitem__(self, at: slice) -> RunTable: ...
    def __getitem__(self, at: int | slice) -> StoredRun | RunTable:
        if isinstance(at, slice):
            return self._sliced(at)
        place = at + len(self) if at < 0 else at
        found = self[place : place + 1].ids() if place >= 0 else []
        if not found:
            raise IndexError(f"run {at} of {len(self)}")
        return open_by_id(self.store, found[0])

    def count(self) -> int:
        """How many runs there are."""
        offset, limit = self._window
        found = self._answer(lambda query: query.count())
        return max(0, found - offset if limit is None else min(found - offset, limit))

    def ids(self, *, limit: int | None = None) -> list[str]:
        """The ids of the runs, in order.

        Args:
            limit: at most so many.
        """
        found = self._ids(limit)
        self._warn()
        return found

    # --- questions ------------------------------------------------------------------------------------------------

    def varying(self) -> answers.VaryingKeys:
        """The config keys in which the runs differ."""
        return self._opened()._answer(lambda query: answers.varying_answer(query.varying(), self.asked))

    def group(
        self,
        *keys: str,
        metric: str | None = None,
        goal: str | None = None,
        everything_except: str | tuple[str, ...] | list[str] | None = None,
    ) -> answers.Groups:
        """Runs with equal values of some keys, together: how many, and a metric's mean, spread and best.

        Args:
            keys: what to group by.
            metric: a result: ``"val_acc"``, ``"max(val_acc)"``.
            goal: ``min`` or ``max``: what best means; None: as declared; undeclared, nothing is marked as best.
            everything_except: group by every key that varies but these: ``"seed"``.

        Raises:
            FilterSyntaxError: a key or the metric does not read.
            UsageError: keys and everything_except, or neither.
        """
        if bool(keys) == (everything_except is not None):
            raise UsageError("group takes keys or everything_except", 'runs.group("lr", metric="val_acc")')
        left_out = (everything_except,) if isinstance(everything_except, str) else everything_except
        here = self._opened()

        def grouped(query: RunQuery) -> answers.Groups:
            aim = goal or (None if metric is None else here._goal(query.question(), metric))
            if left_out is not None:
                return answers.groups_answer(query.group_except(left_out, metric, goal=aim), self.asked)
            return answers.groups_answer(query.group(keys, metric, goal=aim), self.asked)

        return here._answer(grouped, *keys, *(left_out or ()), *(() if metric is None else (metric,)))

    def pivot(self, down: str, across: str, metric: str, *, goal: str | None = None) -> answers.PivotTable:
        """The mean of a metric by two keys.

        Raises:
            FilterSyntaxError: a key or the metric does not read.
        """
        here = self._opened()

        def pivoted(query: RunQuery) -> answers.PivotTable:
            aim = goal or here._goal(query.question(), metric)
            return answers.pivot_answer(query.pivot(down, across, metric, goal=aim), self.asked)

        return here._answer(pivoted, down, across, metric)

    def best(self, metric: str, goal: str | None = None) -> StoredRun:
        """The run that reached the best value of a metric.

        Args:
            metric: the name of a result; also ``"max:val_acc"``, ``"min:loss"``, as in references to runs.
            goal: ``min`` or ``max``; None: as declared.

        Raises:
            UndeclaredGoalError: nobody said which is better.
            NoScoreError: no run has it as a number.
        """
        return open_by_id(self.store, self.best_id(metric, goal))

    def best_id(self, metric: str, goal: str | None = None) -> str:
        """The id of ``best(metric, goal)``; the same errors."""
        if goal not in ("min", "max", None):
            raise UsageError(f"a goal {goal!r}", "give 'min' or 'max'")
        if goal is None and metric.startswith(("min:", "max:")):
            goal, _, metric = metric.partition(":")
        here = self._opened()

        def found(query: RunQuery) -> str:
            question = query.question()
            aim = goal or here._goal(question, metric)
            run = best_run(question, metric, aim or "max")
            if run is None:
                raise NoScoreError(metric, self.asked or "every run", result_names(question))
            if aim is None:
                raise UndeclaredGoalError(metric)
            return run_id(question, run)

        return here._answer(found)

    def courses(self, metric: str) -> Grid:
        """How a metric went: every value that these runs logged under the name, with its step and its time.

        Args:
            metric: its name, as it was logged: ``"val_loss"``.
        """
        return courses_grid(self, metric, self._asking)

    def importance(self, metric: str, *, forest: bool = True) -> answers.KeyImportances:
        """Which keys explain a metric: each by itself, and with scikit-learn all together.

        Args:
            metric: a result: ``"val_acc"``, ``"max(val_acc)"``.
            forest: also by a random forest, where scikit-learn is installed.

        Raises:
            FilterSyntaxError: the metric does not read.
        """
        return self._opened()._answer(
            lambda query: answers.importance_answer(query.importance(metric, forest=forest), self.asked), metric
        )

    def duplicates(self, *, replicas: bool = False) -> answers.Duplicates:
        """Sets of runs that were given the same; with ``replicas``, but for the keys that tell replicas apart."""
        notes: tuple[str, ...] = ()
        if replicas and not settings_of(self.store).replicate:
            notes = ("no key is said to tell replicas apart: `givens setup --replicate seed` says so of seed",)
        return self._opened()._answer(
            lambda query: answers.duplicates_answer(
                query.duplicates(replicas=replicas), self.asked, replicas=replicas, notes=notes
            )
        )

    def with_names(self, grid: Grid) -> Grid:
        """A table of groups or duplicates for people: names of runs before their ids."""
        ids = answers.ids_in(grid)
        return answers.named_ids(grid, self._opened()._ask(lambda query: answers.names_of(query, ids))) if ids else grid

    def nearest(self, ref: str | StoredRun, *, limit: int = 10) -> answers.NearestRuns:
        """The runs among these whose configs differ least from one run's.

        Args:
            ref: the run; as for ``givens.open``.
            limit: how many.

        Raises:
            RunNotFoundError: no run fits.
        """
        wanted = ref.id if isinstance(ref, StoredRun) else resolve_one(self._asking, ref)

        def found(query: RunQuery) -> answers.NearestRuns:
            near = query.nearest(wanted, limit=limit)
            names = answers.names_of(query, [each.id for each in near.runs])
            return answers.nearest_answer(near, wanted, names, self.asked)

        return self._opened()._answer(found)

    # --- as a table -----------------------------------------------------------------------------------------------

    def grid(
        self,
        *,
        limit: int | None = None,
        most_keys: int | None = None,
        most_results: int | None = None,
        told: Callable[[int, int], None] | None = None,
    ) -> Grid:
        """The table, ready to be shown.

        Args:
            limit: rows at most; None for all.
            most_keys: of the keys that vary, at most so many get a column; where columns were chosen, without effect.
            most_results: the same of the results.
            told: is called now and then with how many rows are done, and how many there are.
        """
        here = self._opened()
        found = here._ask(
            lambda query: run_grid(
                query,
                self._columns,
                limit=limit,
                most_keys=most_keys,
                most_results=most_results,
                goals=here._asking.goals,
                told=told,
            )
        )
        return found._replace(asked=self.asked, notes=(*self.notes, *found.notes))

    def _few(self) -> Grid:
        return self.grid(limit=20, most_keys=8, most_results=4)
