"""Finding runs: which pass a filter, in an order, a page at a time; and how many there are.

How a question is answered is decided by looking: each test that the index can list is asked for its first few thousand
runs. Where one has no more than that, those runs are the only candidates, and the other tests are checked on them.
Where every test is broad, the runs are walked in the order that is wanted, until the page is full; where it does not
fill soon, or all runs that pass are wanted, the lists of all tests are put together (``masks``).
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable
from typing import Any, NamedTuple

from ..index.columns import Opened
from ..index.texts import escape, unescape
from .asked import Asked, at_one_moment
from .columnar import counted, mark_states
from .compiling import Test, compiled, conjuncts
from .fragments import ALWAYS, Sql, both, denied, exists, membership
from .functions import install
from .masks import Mask, are_kept, masked
from .nodes import EVERYTHING, Compare, Node, RunField, joined
from .parser import parse
from .places import Places
from .sorting import Course, SortKey, course_of, ordering, parse_sort

FEW = 20_000  #: runs that a test may list to be called selective
LOOKED_UP = 2_000  #: of so many candidates each is looked up in the other tests; of more,
MANY_TIMES = 20  #: where there are so many times as many runs
WALKED = (4, 40)  #: so many times a page are walked in the order that is wanted, before all tests are listed
NEWEST_FIRST = (SortKey(RunField("created"), descending=True),)

_NOTHING = Sql("")
_RUN_COLUMN = re.compile(r"(?<![\w.])run\.")


class Candidates(NamedTuple):
    """Where an answer begins.

    Args:
        source: what stands behind FROM.
        run: the number of a run in it.
        tests: what is still to be checked.
        first: the candidates themselves, where they are few.
    """

    source: Sql
    run: str
    tests: list[Test]
    first: list[int] | None


class Question:
    """A filter put to an index.

    Args:
        index: where to look.
        node: a filter as text or as a tree.
        project: only runs of this project.
        now_s: the present, in seconds since the epoch; None: the clock's.
        few: runs that a test may list to be called selective.

    Raises:
        FilterSyntaxError: the filter does not read.
    """

    def __init__(
        self,
        index: Asked,
        node: str | Node = EVERYTHING,
        *,
        project: str | None = None,
        now_s: float | None = None,
        few: int = FEW,
    ) -> None:
        self.few = few
        self.now_s = time.time() if now_s is None else now_s
        self.index, self.connection = index, index.connection
        self.node = parse(node, now_s=self.now_s) if isinstance(node, str) else node
        if project is not None:
            self.node = joined("and", [Compare(RunField("project"), "==", project), self.node])
        install(self.connection)
        self.places = Places(self.connection, _only_project(self.node))
        self.tests = [compiled(part, self.places, self.now_s) for part in conjuncts(self.node)]
        if any(test.states for test in self.tests):
            index.mark_states()
        self._candidates: Candidates | None = None
        self._fewer: Candidates | None = None
        self._mask: Mask | None = None

    # --- asking ---------------------------------------------------------------------------------------------------

    def count(self) -> int:
        """How many runs pass."""
        by_column = self._counted_by_column()
        if by_column is not None:
            return by_column
        if len(self.tests) == 1 and self.tests[0].complement is not None:
            others = self.tests[0].complement
            (every,) = self.connection.execute("SELECT count(*) FROM run").fetchone()
            (failing,) = self.connection.execute(f"SELECT count(*) FROM ({others.text})", others.bound).fetchone()
            return int(every - failing)
        begin = self._narrowed()
        if begin.first is not None and not begin.tests:
            return len(begin.first)
        if self._mask is not None:
            return len(self._mask)
        statement = self._statement("count(*)", begin)
        return int(self.connection.execute(*statement).fetchone()[0])

    def _counted_by_column(self) -> int | None:
        with at_one_moment(self.connection):
            opened = self.opened_columns()
            if opened is None or self.is_selective():
                return None
            return counted(opened, self.places, self.now_s, self.node, lambda runs: len(self.passing(runs)))

    def opened_columns(self) -> Opened | None:
        """The column file, where there is one; the states of its runs are marked there, too, where they are asked for."""
        opened = self.index.columns.opened(self.connection, self.index.path)
        if opened is not None and any(test.states for test in self.tests):
            mark_states(opened, self.connection)
        return opened

    def runs(
        self,
        sort: str | Iterable[str] | tuple[SortKey, ...] = NEWEST_FIRST,
        *,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[int]:
        """The numbers that the index gave to the runs that pass, in order.

        Args:
            sort: sort keys; the newest first without.
            limit: at most so many; None for all.
            offset: how many to pass over.

        Raises:
            FilterSyntaxError: a sort key does not read.
        """
        keys = sort_keys(sort)
        begin = self._begin()
        course = course_of(keys, self.places) if begin.first is None and limit is not None else None
        if course is None or limit is None:
            return self._sorted(self._narrowed(), keys, limit, offset)
        if begin.tests:
            for times in () if are_kept(self.index, self.tests) else WALKED:
                found = self._walked(course, keys[0], limit, offset, most=times * (offset + limit))
                if len(found) == limit:
                    return found
            narrowed = self._narrowed()
            if narrowed.first is not None:
                return self._sorted(narrowed, keys, limit, offset)
        if self._mask is not None:
            found = self._walked_by_mask(self._mask, course, keys[0], limit, offset)
        else:
            found = self._walked(course, keys[0], limit, offset)
        if len(found) == limit:
            return found
        passed = offset + len(found) if found or not offset else self._walked_count(course)
        return found + self._rest(course, keys, limit - len(found), max(0, offset - passed))

    def listed(self, *more: Test, limit: int) -> list[int]:
        """Numbers of runs that pass, and pass further tests, in no order; at most so many."""
        return self._fetched(self._all(more, Sql(" LIMIT ?", (limit,))))

    def selection(self, *more: Test) -> Sql:
        """A select of the runs that pass, and pass further tests, with one column ``run``."""
        return self._all(more, _NOTHING)

    def is_broad(self) -> bool:
        """Whether the filter does not narrow the runs down to few."""
        return self._narrowed().first is None

    def mask(self) -> Mask | None:
        """The runs that pass, where they are many and the index lists those of each test; else None."""
        if self._begin().first is None and self._mask is None:
            found = masked(self.index, self.tests)
            self._mask = None if found.rest else found.mask
        return self._mask

    def is_selective(self, few: int = 1_000) -> bool:
        """Whether some test of the filter lists so few runs that the index is sooner done with them than to look at all."""
        few = min(few, self.few)
        quick = [test for test in self.tests if test.listing is not None and not test.slow and not test.sorts]
        return any(self._size(test, few) <= few for test in quick)

    def selection_along(self, course: Course, condition: str) -> Sql:
        """A select of run, kind, num and txt from the rows of a key, of runs that pass."""
        begin = self._along(course)
        name = _walker(course)
        rows = both(membership(f"{name}.key", course.keys or ()), Sql(f"{name}.{condition}"))
        begin = begin._replace(tests=[Test(lambda run: rows), *self.tests])
        return self._statement(f"{name}.run, {name}.kind, {name}.num, {name}.txt", begin)

    @staticmethod
    def spread(step: int) -> Test:
        """A test that one run of ``step`` passes, spread over all: by a multiplicative hash (Knuth, TAOCP 6.4)."""
        return Test(lambda run: Sql(f"(({run} * 2654435761) & 4294967295) % ? = 0", (step,)))

    def selection_of(self, runs: list[int]) -> Sql:
        """A select of those of some runs that pass, with one column ``run``."""
        begin = Candidates(Sql("json_each(?) b", (json.dumps(runs),)), "b.value", self.tests, None)
        return self._statement("b.value AS run", begin)

    def passing(self, runs: list[int]) -> list[int]:
        """Those of some runs that pass."""
        return self._fetched(self.selection_of(runs))

    def _all(self, more: tuple[Test, ...], tail: Sql) -> Sql:
        begin = self._fewer or self._begin()
        begin = begin._replace(tests=[*more, *begin.tests])
        return self._statement(f"{begin.run} AS run", begin, tail=tail)

    def explained(self, sort: str | Iterable[str] = (), *, limit: int | None = None) -> list[str]:
        """The database's plan for listing the runs, for tests and the curious."""
        keys = sort_keys(sort or NEWEST_FIRST)
        begin = self._begin()
        plans: list[Sql] = [test.listing for test in self.tests if test.listing is not None]
        plans.append(self._sorted_sql(begin, keys, limit, 0))
        return [
            str(row[3]) for sql in plans for row in self.connection.execute(f"EXPLAIN QUERY PLAN {sql.text}", sql.bound)
        ]

    # --- beginning ------------------------------------------------------------------------------------------------

    def _begin(self) -> Candidates:
        if self._candidates is None:
            self._candidates = self._chosen()
        return self._candidates

    def _narrowed(self) -> Candidates:
        """The same where every run that passes has to be known: tests that are broad each may leave few together."""
        if self._fewer is None:
            self._fewer = begin = self._begin()
            if begin.tests and (begin.first is None or self._is_sooner_listed(begin.first)):
                mask, rest = masked(self.index, self.tests)
                if len(mask) <= self.few:
                    runs = mask.runs()
                    self._fewer = Candidates(Sql("json_each(?) b", (json.dumps(runs),)), "b.value", rest, runs)
                elif not rest:
                    self._mask = mask
        return self._fewer

    def _is_sooner_listed(self, candidates: list[int]) -> bool:
        """Whether to list the runs of every test takes no longer than to look each candidate up in the others."""
        if len(candidates) <= LOOKED_UP:
            return False
        (newest,) = self.connection.execute("SELECT max(run) FROM run").fetchone()
        is_slow = any(test.slow for test in self.tests)  # to list them is to look at every row
        return (not is_slow and len(candidates) * MANY_TIMES >= newest) or are_kept(self.index, self.tests)

    def _chosen(self) -> Candidates:
        listed = [test for test in self.tests if test.listing is not None]
        few: tuple[int, Test] | None = None
        broad: Test | None = None
        for test in sorted(listed, key=lambda test: test.slow):
            if few is not None and (test.slow or few[0] < self.few // 10):
                break
            size = self._size(test, self.few)
            if size > self.few:
                broad = broad or test
            elif few is None or size < few[0]:
                few = size, test
        if few is not None:
            chosen = few[1]
            runs = self._first_runs(chosen)
            rest = [test for test in self.tests if test is not chosen]
            return Candidates(Sql("json_each(?) b", (json.dumps(runs),)), "b.value", rest, runs)
        if broad is not None and broad.listing is not None:
            rest = [test for test in self.tests if test is not broad]
            return Candidates(Sql(f"({broad.listing.text}) b", broad.listing.bound), "b.run", rest, None)
        return Candidates(Sql("run"), "run.run", self.tests, None)

    def _size(self, test: Test, few: int) -> int:
        """How many runs a test lists; of more than few, one more than that."""
        assert test.listing is not None
        kept, name = self.index.kept(), ("size", test.listing, few)
        size = None if test.states else kept.get(name)
        if size is None:
            limited = f"SELECT count(*) FROM (SELECT run FROM ({test.listing.text}) LIMIT {few + 1})"
            size = self.connection.execute(limited, test.listing.bound).fetchone()[0]
            if not test.states:
                kept.put(name, size, len(repr(name)))
        return int(size)

    def _first_runs(self, test: Test) -> list[int]:
        assert test.listing is not None
        return self._fetched(Sql(f"SELECT run FROM ({test.listing.text})", test.listing.bound))

    # --- statements -----------------------------------------------------------------------------------------------

    def _statement(self, columns: str, begin: Candidates, joins: Sql = _NOTHING, tail: Sql = _NOTHING) -> Sql:
        where = both(*(test.check(begin.run) for test in begin.tests))
        text, run = begin.source.text, begin.run
        needs_run = run != "run.run" and _RUN_COLUMN.search(f"{where.text} {tail.text} {joins.text}")
        row = f" JOIN run ON run.run = {run}" if needs_run else ""
        kept = "" if where == ALWAYS else f" WHERE {where.text}"
        return Sql(
            f"SELECT {columns} FROM {text}{row} {joins.text}{kept}{tail.text}",
            (*begin.source.bound, *joins.bound, *where.bound, *tail.bound),
        )

    def _sorted_sql(self, begin: Candidates, keys: tuple[SortKey, ...], limit: int | None, offset: int) -> Sql:
        order = ordering(keys, self.places, begin.run, self.now_s)
        if order.states:
            self.index.mark_states()
        page = Sql(
            f" ORDER BY {order.order.text} LIMIT ? OFFSET ?",
            (*order.order.bound, -1 if limit is None else limit, offset),
        )
        return self._statement(begin.run, begin, order.joins, page)

    def _sorted(self, begin: Candidates, keys: tuple[SortKey, ...], limit: int | None, offset: int) -> list[int]:
        return self._fetched(self._sorted_sql(begin, keys, limit, offset))

    def _walked(self, course: Course, key: SortKey, limit: int, offset: int, *, most: int | None = None) -> list[int]:
        """Walk an index in order until the page is full; or until so many runs were looked at."""
        begin, page = self._along(course), Sql(" LIMIT ? OFFSET ?", (limit, offset))
        order = _order_along(course, key)
        if most is not None:
            name = _walker(course)
            first = self._statement(
                f"{name}.*", begin._replace(tests=begin.tests[:1]), tail=Sql(f"{order} LIMIT ?", (most,))
            )
            begin = Candidates(Sql(f"({first.text}) {name}", first.bound), f"{name}.run", self.tests, None)
        return self._fetched(self._statement(begin.run, begin, tail=Sql(order + page.text, page.bound)))

    def _walked_by_mask(self, mask: Mask, course: Course, key: SortKey, limit: int, offset: int) -> list[int]:
        """The same with the runs that pass known."""
        begin, data, found = self._along(course), mask.by_run, []
        sql = self._statement(begin.run, begin._replace(tests=begin.tests[:1]), tail=Sql(_order_along(course, key)))
        for (run,) in self.connection.execute(sql.text, sql.bound):
            if data[run]:
                found.append(run)
                if len(found) == offset + limit:
                    break
        return found[offset:]

    def _walked_count(self, course: Course) -> int:
        return int(self.connection.execute(*self._statement("count(*)", self._along(course))).fetchone()[0])

    def _along(self, course: Course) -> Candidates:
        name = _walker(course)
        rows = Test(lambda run: course.rows(name))
        source = Sql(course.table if name == course.table else f"{course.table} {name}")
        return Candidates(source, f"{name}.run", [rows, *self.tests], None)

    def _rest(self, course: Course, keys: tuple[SortKey, ...], limit: int, offset: int) -> list[int]:
        """The runs that the index of a sort key does not list: without a number there."""
        begin = self._begin()
        if course.table == "run":
            without = Test(lambda run: denied(course.rows("run")))
        else:
            without = Test(lambda run: denied(exists(course.table, run, course.rows("p"))))
        return self._sorted(begin._replace(tests=[without, *begin.tests]), keys, limit, offset)

    def _fetched(self, sql: Sql) -> list[int]:
        return [row[0] for row in self.connection.execute(sql.text, sql.bound)]


def _walker(course: Course) -> str:
    """What a walked table is called: ``p`` is taken by the tests."""
    return course.table if course.table == "run" else "w"


def _order_along(course: Course, key: SortKey) -> str:
    name, turn = _walker(course), " DESC" if key.descending else ""
    return f" ORDER BY {name}.{course.column}{turn}, {name}.run{turn}"


def sort_keys(sort: str | Iterable[str] | tuple[SortKey, ...]) -> tuple[SortKey, ...]:
    """Sort keys as text, or read already.

    Raises:
        FilterSyntaxError: one does not read.
    """
    if isinstance(sort, tuple) and all(isinstance(key, SortKey) for key in sort):
        return tuple(key for key in sort if isinstance(key, SortKey))
    return parse_sort(sort)  # type: ignore[arg-type]  # no sort keys, so text


def _only_project(node: Node) -> str | None:
    """The project that every passing run belongs to, as stored, where the filter says so."""
    for part in conjuncts(node):
        if isinstance(part, Compare) and part.operand == RunField("project") and part.operator == "==":
            return "" if part.value is None else escape(part.value)
    return None


def ids_of(index: Asked, runs: list[int]) -> list[str]:
    """The ids of runs, in their order."""
    rows: list[tuple[Any, ...]] = index.connection.execute(
        "SELECT run.id FROM json_each(?) b JOIN run ON run.run = b.value ORDER BY b.key", (json.dumps(runs),)
    ).fetchall()
    return [unescape(row[0]) for row in rows]
