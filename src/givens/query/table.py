"""The run table: runs that pass a filter, in an order, with columns; and what is made of them."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any, NamedTuple

from .asked import Asked
from .cells import cells_of
from .duplicates import DuplicateSet, Nearest, duplicates_of, nearest_to
from .finding import NEWEST_FIRST, Question, ids_of, sort_keys
from .grouping import Grouped, Pivot, group_by, pivot_by
from .importance import Importance, importance_of
from .nodes import EVERYTHING, Key, Node, Operand, RunField, joined
from .parser import parse, parse_operand
from .sorting import SortKey
from .varying import Varying, varying_of
from .words import operand_text, sentence


class Row(NamedTuple):
    """One run.

    Args:
        id: the run's id.
        cells: a value for each column, encoded; ``records.change.MISSING`` where the run has none.
    """

    id: str
    cells: tuple[Any, ...]


class Table(NamedTuple):
    """A page of runs.

    Args:
        columns: what each column shows, as the language writes it.
        rows: the runs.
        total: how many pass the filter.
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    total: int


class RunQuery:
    """Runs of an index. Every method that narrows gives a new query; nothing is looked up before it is asked for.

    Args:
        index: where to look; brought up to date by the caller.
        node: a filter as text or as a tree.
        project: only runs of this project.
        now_s: the present, in seconds since the epoch; None: the clock's, once.
    """

    __slots__ = ("_columns", "_sort", "index", "node", "now_s", "project")

    def __init__(
        self, index: Asked, node: str | Node = EVERYTHING, *, project: str | None = None, now_s: float | None = None
    ) -> None:
        self.index = index
        self.now_s = time.time() if now_s is None else now_s
        self.node = parse(node, now_s=self.now_s) if isinstance(node, str) else node
        self.project = project
        self._sort: tuple[SortKey, ...] = NEWEST_FIRST
        self._columns: tuple[Operand, ...] | None = None

    def __repr__(self) -> str:
        return f"<runs where {sentence(self.node)}>"

    # --- narrowing ------------------------------------------------------------------------------------------------

    def _with(self, **changes: Any) -> RunQuery:
        made = RunQuery(self.index, self.node, project=self.project, now_s=self.now_s)
        made._sort, made._columns = self._sort, self._columns
        for name, value in changes.items():
            setattr(made, name, value)
        return made

    def filter(self, node: str | Node) -> RunQuery:
        """Only runs that pass this as well.

        Raises:
            FilterSyntaxError: it does not read.
        """
        more = parse(node, now_s=self.now_s) if isinstance(node, str) else node
        return self._with(node=joined("and", [self.node, more]))

    def sort(self, *keys: str) -> RunQuery:
        """In this order: ``"-max(val_acc)"``, ``"config.lr"`` …; without keys the newest first.

        Raises:
            FilterSyntaxError: a key does not read.
        """
        return self._with(_sort=sort_keys(keys) or NEWEST_FIRST)

    @property
    def order(self) -> tuple[SortKey, ...]:
        """The sort keys."""
        return self._sort

    def sorted_by(self, keys: tuple[SortKey, ...]) -> RunQuery:
        """In the order of keys that were read already."""
        return self._with(_sort=keys or NEWEST_FIRST)

    def columns(self, *columns: str | Operand) -> RunQuery:
        """With these columns: ``"config.lr"``, ``"max(val_acc)"``, ``"run.name"`` …

        Raises:
            FilterSyntaxError: a column does not read.
        """
        return self._with(_columns=tuple(parse_operand(each) if isinstance(each, str) else each for each in columns))

    # --- asking ---------------------------------------------------------------------------------------------------

    def question(self) -> Question:
        """The filter, put to the index as it stands now."""
        return Question(self.index, self.node, project=self.project, now_s=self.now_s)

    def count(self) -> int:
        """How many runs pass."""
        return self.question().count()

    def ids(self, *, limit: int | None = None, offset: int = 0) -> list[str]:
        """Their ids, in order."""
        return ids_of(self.index, self.question().runs(self._sort, limit=limit, offset=offset))

    def table(self, *, limit: int | None = None, offset: int = 0) -> Table:
        """A page: the runs with their columns; without any chosen, name, state, and the config keys that vary."""
        question = self.question()
        runs = question.runs(self._sort, limit=limit, offset=offset)
        columns = self._columns if self._columns is not None else self._chosen_columns(question)
        if any(isinstance(each, RunField) and each.field in ("state", "duration") for each in columns):
            self.index.mark_states()
        cells = cells_of(question.places, runs, list(columns), self.now_s)
        rows = [Row(run_id, row) for run_id, row in zip(ids_of(self.index, runs), cells, strict=True)]
        total = len(runs) + offset if limit is None or 0 < len(runs) < limit else question.count()
        return Table(tuple(operand_text(column) for column in columns), tuple(rows), total)

    def _chosen_columns(self, question: Question) -> tuple[Operand, ...]:
        varying = varying_of(question)
        return (RunField("name"), RunField("state"), *(Key("config", key.path) for key in varying.keys))

    def varying(self) -> Varying:
        """The config keys in which the runs differ."""
        return varying_of(self.question())

    def group(self, keys: Iterable[str], metric: str | None = None, *, goal: str | None = None) -> Grouped:
        """Runs with equal values of some keys, together; see ``grouping.group_by``."""
        return group_by(self.question(), keys, metric, goal=goal)

    def group_except(self, keys: Iterable[str], metric: str | None = None, *, goal: str | None = None) -> Grouped:
        """Runs that differ in these keys only, together: ``group_except(["seed"], "val_acc")``."""
        left_out = {operand.path for operand in map(parse_operand, keys) if isinstance(operand, Key)}
        question = self.question()
        chosen = [Key("config", key.path) for key in varying_of(question).keys if key.path not in left_out]
        return group_by(question, chosen, metric, goal=goal)

    def pivot(self, down: str, across: str, metric: str, *, goal: str | None = None) -> Pivot:
        """A metric by two keys; see ``grouping.pivot_by``."""
        return pivot_by(self.question(), down, across, metric, goal=goal)

    def importance(self, metric: str, *, forest: bool = True) -> Importance:
        """Which keys explain a metric; see ``importance.importance_of``."""
        return importance_of(self.question(), metric, forest=forest)

    def duplicates(self, *, replicas: bool = False) -> list[DuplicateSet]:
        """Runs with the same config; with ``replicas``, but for the keys that tell replicas apart."""
        return duplicates_of(self.question(), replicas=replicas)

    def nearest(self, run_id: str, *, limit: int = 10) -> Nearest:
        """The runs whose configs differ least from one run's; see ``duplicates.nearest_to``."""
        return nearest_to(self.question(), run_id, limit=limit)
