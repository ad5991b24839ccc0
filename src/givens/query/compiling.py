"""From the tree to SQL over the index, with every value bound.

A test becomes a *check*, true or false of one run, and where the index can list the runs that pass, a *listing* as
well: ``finding`` begins with the listing of the most selective test, and checks the others.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import NamedTuple

from ..index.texts import nearest, unescape
from ..records.origin import UNKNOWN
from .conditions import branches
from .config_tests import KeyTests
from .fragments import MANY_PARTS, NEVER, Sql, both, denied, either, exists, membership, select_runs, union
from .nodes import Compare, Junction, Key, Metric, Node, Not, OriginOf, Probe, RunField
from .operators import COMPARISONS
from .patterns import matcher
from .places import Places
from .run_tests import run_test


class Test(NamedTuple):
    """A test as SQL.

    Args:
        check: gives the condition for a run number, which is an SQL expression (``b.run``). Never NULL. Columns of
            the run itself are ``run.…``: the row has to be joined.
        listing: a select of the distinct runs that pass; None where only checking is possible.
        slow: the listing looks at every row of a key.
        states: it needs ``Index.mark_states()``.
        complement: a select of the distinct runs that do not pass; None where there is none.
        parts: the tests that it is made of.
        word: how: ``and``, ``or``, ``not``.
    """

    check: Callable[[str], Sql]
    listing: Sql | None = None
    slow: bool = False
    states: bool = False
    complement: Sql | None = None
    parts: tuple[Test, ...] = ()
    word: str = ""

    @property
    def sorts(self) -> bool:
        """Whether all of the listing has to be made before its first run is known: to see which runs come twice."""
        text = "" if self.listing is None else self.listing.text
        return " UNION SELECT" in text or "SELECT DISTINCT" in text


def conjuncts(node: Node) -> list[Node]:
    """The tests that all have to pass."""
    return list(node.parts) if isinstance(node, Junction) and node.word == "and" else [node]


def compiled(node: Node, places: Places, now_s: float) -> Test:
    """The SQL of a tree.

    Args:
        node: the tree.
        places: looks its keys up.
        now_s: the present, for the duration of what still runs.
    """
    if isinstance(node, Junction):
        return _junction(node, [compiled(part, places, now_s) for part in node.parts])
    if isinstance(node, Not):
        part = compiled(node.part, places, now_s)
        return Test(
            lambda run: denied(part.check(run)),
            part.complement,
            states=part.states,
            complement=part.listing,
            parts=(part,),
            word="not",
        )
    if isinstance(node, Probe) and node.function == "changed":
        return _changed(node, places)
    operand = node.operand
    if isinstance(operand, RunField):
        check, listing, states = run_test(node, now_s)
        return Test(lambda run: check, listing, states=states)
    if isinstance(operand, Metric):
        return _metric(node, operand, places)
    if isinstance(operand, OriginOf):
        return _origin(node, operand, places)
    return _key(node, operand, places)


def _junction(node: Junction, parts: list[Test]) -> Test:
    together = both if node.word == "and" else either
    states = any(part.states for part in parts)
    listing = None
    if node.word == "or" and all(part.listing is not None for part in parts):
        listing = _united([part.listing for part in parts if part.listing])
    slow = any(part.slow for part in parts)
    return Test(
        lambda run: together(*(part.check(run) for part in parts)),
        listing,
        slow,
        states,
        parts=tuple(parts),
        word=node.word,
    )


def _united(listings: list[Sql]) -> Sql | None:
    """Their union; each in brackets of its own, since it may be a union already, and SQLite unites 500 selects at most."""
    if len(listings) > MANY_PARTS:
        portions = [listings[at : at + MANY_PARTS] for at in range(0, len(listings), MANY_PARTS)]
        listings = [made for portion in portions if (made := _united(portion))]
    return union(Sql(f"SELECT run FROM ({listing.text})", listing.bound) for listing in listings)


def _key(node: Compare | Probe, operand: Key, places: Places) -> Test:
    summary = [] if operand.scope == "config" else [KeyTests(place, places) for place in places.summary(operand.path)]
    if operand.scope == "summary":
        return _any(node, summary)
    own = KeyTests(places.config(operand.path), places)
    if operand.scope == "config" or not summary:
        return _any(node, [own])
    if own.place.is_empty:
        return _any(node, summary)
    config, rest = _any(node, [own]), _any(node, summary)
    if isinstance(node, Probe):  # there in either
        word = either if node.function == "exists" else both
        return Test(lambda run: word(config.check(run), rest.check(run)))

    def check(run: str) -> Sql:
        has, first, second = own.there(run), config.check(run), rest.check(run)
        text = f"CASE WHEN {has.text} THEN {first.text} ELSE {second.text} END"
        return Sql(f"({text})", has.bound + first.bound + second.bound)

    return Test(check)


def _any(node: Compare | Probe, found: list[KeyTests]) -> Test:
    """The test over the places at which a key may stand."""
    if isinstance(node, Probe):
        selects = [select for tests in found for select in tests.there_listing()]
        listing = union(selects, disjoint=_one_leaf(found)) or _NO_RUNS
        there = Test(lambda run: either(*(tests.there(run) for tests in found)), listing)
        if node.function == "exists":
            return there
        return Test(lambda run: denied(there.check(run)), complement=listing)
    symbol, literal = node.operator, node.value
    negates = COMPARISONS[symbol].negates
    if negates and len(found) == 1 and found[0].tells_all(negates):
        return Test(
            lambda run: found[0].differs(run, negates, literal),
            union(found[0].differing_listing(negates, literal), disjoint=True) or _NO_RUNS,
        )
    if negates:
        return Test(
            lambda run: either(*(both(tests.there(run), denied(tests.holds(run, negates, literal))) for tests in found))
        )
    selects = [select for tests in found for select in tests.listing(symbol, literal)]
    return Test(
        lambda run: either(*(tests.holds(run, symbol, literal) for tests in found)),
        union(selects, disjoint=_one_leaf(found) and symbol != "contains") or _NO_RUNS,
        slow=any(branch.slow for branch in branches(symbol, literal)),
    )


def _one_leaf(found: list[KeyTests]) -> bool:
    return len(found) == 1 and found[0].is_leaf


_NO_RUNS = Sql("SELECT run FROM run WHERE 0")


def _metric(node: Compare | Probe, operand: Metric, places: Places) -> Test:
    column = "p.high" if operand.reduction == "max" else "p.low"
    keys = membership("p.key", [key for place in places.summary((operand.name,)) for key in place.keys])
    there = Sql(f"{column} IS NOT NULL")
    if isinstance(node, Probe):
        if node.function == "missing":
            return Test(lambda run: denied(exists("summary", run, keys, there)))
        return Test(lambda run: exists("summary", run, keys, there), select_runs("summary", keys, there))
    order = {"==": "=", "!=": "<>"}.get(node.operator, node.operator)
    holds = Sql(f"{column} {order} ?", (nearest(node.value),))
    return Test(lambda run: exists("summary", run, keys, holds), select_runs("summary", keys, there, holds))


def _origin(node: Compare | Probe, operand: OriginOf, places: Places) -> Test:
    keys = places.unit(operand.path).at_key
    if isinstance(node, Probe):
        check: Callable[[str], Sql] = lambda run: exists("param", run, keys)  # noqa: E731
        return Test(check if node.function == "exists" else lambda run: denied(check(run)))
    fitting = membership("p.origin", fitting_origins(node, places.connection))
    return Test(lambda run: exists("param", run, keys, fitting))


def fitting_origins(node: Compare, connection: sqlite3.Connection) -> list[int]:
    """The numbers of the origins for which a comparison holds."""
    numbers = {row[0]: unescape(row[1]) for row in connection.execute("SELECT origin, kind FROM origin")}
    numbers.setdefault(0, UNKNOWN.kind)
    return [number for number, kind in numbers.items() if _word_fits(node, kind)]


def _word_fits(node: Compare, word: str) -> bool:
    if node.operator == "matches":
        return matcher(node.value)(word)
    among = node.value if node.operator in ("in", "not in") else (node.value,)
    return (word in among) != bool(COMPARISONS[node.operator].negates)


def _changed(node: Probe, places: Places) -> Test:
    assert isinstance(node.operand, Key)
    place = places.unit(node.operand.path)
    keys = either(place.at_key, place.below or NEVER)
    real = Sql("p.action <> 'refused'")
    if keys == NEVER:
        return Test(lambda run: NEVER, _NO_RUNS)
    listing = select_runs("change", keys, real)
    return Test(
        lambda run: exists("change", run, keys, real),
        Sql(listing.text.replace("SELECT p.run", "SELECT DISTINCT p.run", 1), listing.bound),
    )
