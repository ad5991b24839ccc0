"""Rows of results: one thing that was measured, of every tool."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from spread import Spread, number
from steps import Absent

TIMES, DASH = "\u00d7", "\u2013"
OURS = "givens"


class Row(NamedTuple):
    """One measured thing.

    Args:
        what: what was measured.
        short: the same, as the heading of a column.
        unit: of all numbers in the row.
        measured: tool -> its numbers, or a word, or why there is none.
        budget: the most that givens may need (the least, with ``more_is_better``); None for a row without one.
        more_is_better: for rates.
        recorded: whether it is about keeping what was given, so that what keeps nothing is no competitor, and it matters
            whether it is on disk afterwards.
        note: how it was measured, where that is not plain.
    """

    what: str
    short: str
    unit: str
    measured: Mapping[str, Any]
    budget: float | None = None
    more_is_better: bool = False
    recorded: bool = False
    note: str = ""

    @property
    def ours(self) -> Spread | None:
        """What givens needs; None where that was not measured, or is no number."""
        measured = self.measured.get(OURS)
        return measured if isinstance(measured, Spread) else None

    @property
    def met(self) -> bool | None:
        """Whether the budget was met; None without a budget or a number."""
        if self.budget is None or self.ours is None:
            return None
        value = self.ours.median
        return value >= self.budget if self.more_is_better else value <= self.budget

    def ratio(self, tool: str) -> float | None:
        """How many times better givens is than a tool; below 1, the tool is better; None where one has no number."""
        theirs = self.measured.get(tool)
        if self.ours is None or not isinstance(theirs, Spread):
            return None
        mine, other = self.ours.median, theirs.median
        if self.more_is_better:
            mine, other = other, mine
        return other / mine if mine > 0 and other > 0 else None

    def best(self, peers: list[str]) -> str | None:
        """The best of these tools that have a number."""
        having = [peer for peer in peers if isinstance(self.measured.get(peer), Spread)]
        if not having:
            return None
        sign = -1 if self.more_is_better else 1
        return min(having, key=lambda peer: sign * self.measured[peer].median)

    def cell(self, tool: str) -> str:
        """A tool's number with its range, as printed; a dash where there is none."""
        measured = self.measured.get(tool)
        if measured is None or isinstance(measured, Absent):
            return DASH
        return f"{measured}"

    def as_json(self) -> dict[str, Any]:
        """For ``results.json``."""
        return {**self._asdict(), "measured": {tool: _plain(value) for tool, value in self.measured.items()}}


def from_json(told: dict[str, Any]) -> Row:
    """A row that ``as_json`` told."""
    return Row(**{**told, "measured": {tool: _whole(value) for tool, value in told["measured"].items()}})


def _plain(value: Any) -> Any:
    return value._asdict() if isinstance(value, Spread | Absent) else value


def _whole(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return Absent(**value) if "reason" in value else Spread(**value)


def compared(row: Row, tool: str) -> str:
    """How givens stands beside another, in words."""
    ratio = row.ratio(tool)
    if ratio is None:
        ours, theirs = row.measured[OURS].median, row.measured[tool].median
        if ours == theirs:
            return "the same"
        return "better" if (ours < theirs) is not row.more_is_better else "**worse**"
    if 0.95 < ratio < 1.05:
        return "the same"
    return f"{number(ratio)} {TIMES} better" if ratio > 1 else f"**{number(1 / ratio)} {TIMES} worse**"
