"""What a run table is made of: a filter, an order, columns and a window; and how a question about it is put to the index."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Self, TypeVar

from ..errors import UnknownKeyWarning
from ..index import Freshness, Index
from ..journal.layout import Store
from ..query.finding import NEWEST_FIRST, Question
from ..query.grouping import metric_operand
from ..query.known import in_no_run, unknown_among
from ..query.nodes import EVERYTHING, Compare, Key, Metric, Node, Operand, RunField, joined
from ..query.nodes import operands as named_in
from ..query.parser import parse_operand
from ..query.results import declared_goal, goal_of_best, name_of_result
from ..query.sorting import SortKey
from ..query.table import RunQuery
from ..query.veiling import veiled
from ..query.words import filter_text, operand_text
from .asking import Asking
from .exports import Exports

Answered = TypeVar("Answered")

BEST = "best:"
_WHOLE = (0, None)
#: what `givens ls` prints above facts of a run -> the field
_HEADS: dict[Operand, RunField] = {
    Key("either", (head,)): RunField(field)
    for head, field in (*((each, each) for each in ("id", "name", "project", "state", "created")), ("took", "duration"))
}


class AskedRuns(Exports):
    """Runs of a store, as they were asked for. Nothing is looked up before it is needed.

    Args:
        asking: the store's index.
        node: the filter.
        project: only runs of this project.
        now_s: the present, in seconds since the epoch; None: the clock's, once.
        sort: the order; a text is ``best:`` and the name of a metric.
        columns: (as written, operand); None: those that say something.
        window: (how many to pass over, how many at most).
        within: only runs of this slice.
    """

    __slots__ = ("_asking", "_columns", "_node", "_now_s", "_project", "_sort", "_window", "_within")

    def __init__(
        self,
        asking: Asking,
        node: Node = EVERYTHING,
        *,
        project: str | None = None,
        now_s: float | None = None,
        sort: tuple[SortKey | str, ...] = NEWEST_FIRST,
        columns: tuple[tuple[str, Operand], ...] | None = None,
        window: tuple[int, int | None] = _WHOLE,
        within: AskedRuns | None = None,
    ) -> None:
        self._asking = asking
        self._node = node
        self._project = project
        self._now_s = time.time() if now_s is None else now_s
        self._sort = sort
        self._columns = columns
        self._window = window
        self._within = within  # a slice, of which these are some

    @property
    def store(self) -> Store:
        """Where the runs lie."""
        return self._asking.store

    @property
    def asked(self) -> str:
        """The filter, as the language writes it, without secrets; empty: every run."""
        node = self._node
        if self._project is not None:
            node = joined("and", [Compare(RunField("project"), "==", self._project), node])
        node = veiled(node, self._asking.redaction)
        said = [] if node == EVERYTHING else [filter_text(node)]
        if self._within is not None:
            offset, limit = self._within._window
            rows = f"rows {offset + 1} to {'the last' if limit is None else offset + limit}"
            order = ", ".join(map(_key_text, self._within._sort))
            said = [f"({rows} by {order} of: {self._within.asked or 'every run'})", *said]
        return " and ".join(said)

    @property
    def complete(self) -> bool:
        """Whether every run that was in the store when first asked is in the answer."""
        return self.freshness.complete

    @property
    def freshness(self) -> Freshness:
        """How the index stood when it was brought up to date for this table."""
        return self._asking.freshness

    @property
    def notes(self) -> tuple[str, ...]:
        """What has to be known of an answer: runs that are not in it yet, journals that cannot be read, unknown keys."""
        return (*self._asking.notes, *self._unknown())

    def unknown(self, *names: str) -> tuple[str, ...]:
        """A sentence for each of these keys and results that no run has: ``unknown key lrr; did you mean lr?``

        Args:
            names: as the filter language writes them.

        Raises:
            FilterSyntaxError: one does not read.
        """
        return self._unknown_among(map(parse_operand, names))

    def with_heads(self) -> Self:
        """The same order and columns, where the heads that `givens ls` prints name what stands below them.

        A key or result that is called so goes before: ``state`` is ``run.state`` where no run has a key ``state``.
        """
        named = [key.operand for key in self._sort if isinstance(key, SortKey)]
        named += [operand for _, operand in self._columns or ()]
        heads = [operand for operand in named if operand in _HEADS]
        if not heads:
            return self
        unknown = self._asking.ask(lambda index: in_no_run(heads, index, self._project))
        fields = {operand: _HEADS[operand] for operand in unknown}
        sort = tuple(
            key._replace(operand=fields.get(key.operand, key.operand)) if isinstance(key, SortKey) else key
            for key in self._sort
        )
        columns = tuple(
            (operand_text(fields[operand]), fields[operand]) if operand in fields else (name, operand)
            for name, operand in self._columns or ()
        )
        return self._with(sort=sort, columns=columns or None)

    # --- inside ---------------------------------------------------------------------------------------------------

    def _ids(self, limit: int | None) -> list[str]:
        """The ids of the runs, in order; at most so many."""
        offset, most = self._window
        wanted = min((each for each in (most, limit) if each is not None), default=None)
        return self._ask(lambda query: query.ids(limit=wanted, offset=offset))

    def _with(
        self,
        *,
        node: Node | None = None,
        sort: tuple[SortKey | str, ...] | None = None,
        columns: tuple[tuple[str, Operand], ...] | None = None,
        window: tuple[int, int | None] | None = None,
    ) -> Self:
        return type(self)(
            self._asking,
            self._node if node is None else node,
            project=self._project,
            now_s=self._now_s,
            sort=self._sort if sort is None else sort,
            columns=self._columns if columns is None else columns,
            window=self._window if window is None else window,
            within=self._within,
        )

    def _opened(self) -> Self:
        """The same runs without a window: what narrows a slice narrows what is in it."""
        if self._window == _WHOLE:
            return self
        return type(self)(self._asking, now_s=self._now_s, sort=self._sort, columns=self._columns, within=self)

    def _ask(self, question: Callable[[RunQuery], Answered]) -> Answered:
        node = self._node
        if self._within is not None:
            node = joined("and", [Compare(RunField("id"), "in", tuple(self._within._ids(None))), node])

        def put(index: Index) -> Answered:
            query = RunQuery(index, node, project=self._project, now_s=self._now_s)
            return question(query.sorted_by(self._sort_keys(query)))

        return self._asking.ask(put)

    def _sort_keys(self, query: RunQuery) -> tuple[SortKey, ...]:
        found: list[SortKey] = []
        for key in self._sort:
            if isinstance(key, SortKey):
                found.append(key)
                continue
            name = key[len(BEST) :]
            goal = goal_of_best(query.question(), name, self._asking.goals)
            operands: tuple[Operand, ...] = (Metric(goal, name), Key("summary", (name,)))
            found += [SortKey(operand, goal == "max") for operand in operands]
        return tuple(found)

    def _goal(self, question: Question, metric: str) -> str | None:
        """What best means for a metric; None: nobody said."""
        operand = metric_operand(question, metric)
        name = name_of_result(operand)
        said = None if name is None else declared_goal(question, name, self._asking.goals)
        return said or (operand.reduction if isinstance(operand, Metric) else None)

    def _unknown(self) -> tuple[str, ...]:
        """A sentence for each key that is named and that no run has, here or in the table that this is a slice of."""
        before = () if self._within is None else self._within._unknown()
        operands = [key.operand for key in self._sort if isinstance(key, SortKey)]
        operands += [operand for _, operand in self._columns or ()]
        found = self._unknown_among([*named_in(self._node), *operands])
        return tuple(dict.fromkeys((*before, *found)))

    def _unknown_among(self, operands: Iterable[Operand]) -> tuple[str, ...]:
        named = [each for each in operands if not isinstance(each, RunField)]
        if not named:
            return ()
        hide = self._asking.redaction.text
        found = self._asking.ask(lambda index: unknown_among(named, index, self._project))
        return tuple(dict.fromkeys(hide(str(each)) for each in found))

    def _answer(self, question: Callable[[RunQuery], Answered], *names: str) -> Answered:
        """Ask; an answer to a question with a misspelt key, empty or not, is not taken for an answer in silence.

        Args:
            question: what is asked.
            names: what the question names besides, as the filter language writes it.
        """
        found = self._ask(question)
        self._warn(*names)
        return found

    def _warn(self, *names: str) -> None:
        self._asking.say_once(lambda: map(UnknownKeyWarning, (*self._unknown(), *self.unknown(*names))))


def _key_text(key: SortKey | str) -> str:
    return key if isinstance(key, str) else ("-" if key.descending else "") + operand_text(key.operand)
