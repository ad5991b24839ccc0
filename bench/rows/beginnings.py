"""What ``init`` with 50 keys costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from children import ask
from size import Size
from spread import Spread, quantile, spread
from steps import Answers, Step
from table import Row
from tools import GIVENS

TITLE = "init with 50 keys"
BUDGET_MS = 2
RUNS_BEFORE = 1000
LATER_S = 10.0


def steps(size: Size, tools: Sequence[Any]) -> list[Step]:
    """The first in a store (and process), and later ones; those of givens in a store that is full already."""
    found = [
        Step(tool.name, "first_init", lambda place, tool=tool: ask(tool, "first_init", cwd=place))
        for turn in range(size.firsts)
        for tool in tools
        if tool.keeps and (tool is GIVENS or turn < (1 if tool.slow else size.peer_firsts))
    ]
    return found + [
        Step(tool.name, "later_inits", lambda place, tool=tool: _later(tool, size, place))
        for tool in tools
        if "later_inits" not in tool.unable
    ]


def _later(tool: Any, size: Size, place: str) -> Any:
    before, times = (RUNS_BEFORE, size.inits) if tool is GIVENS else (1, size.peer_inits)
    return ask(tool, "later_inits", before, times, LATER_S, cwd=place)


def rows(answers: Answers, tools: Sequence[Any]) -> list[Row]:
    """Wall of the first, wall and CPU of later ones."""
    keepers = [tool for tool in tools if tool.keeps]
    firsts = answers.each(keepers, "first_init", "first_init", lambda given: spread(given, 1e3))
    found = [
        Row(
            "init with 50 keys, first of a process, in a new store",
            "first, wall",
            "ms",
            firsts,
            BUDGET_MS,
            recorded=True,
            note="one process each, the package imported before",
        )
    ]
    for clock in ("wall", "cpu"):
        made = answers.each(tools, "later_inits", "later_inits", lambda given, clock=clock: _spread_ms(given[0][clock]))
        short = f"later, {'CPU' if clock == 'cpu' else 'wall'}"
        note = f"of givens in a store of {RUNS_BEFORE} runs, of the others in one of few; in brackets the least and p99"
        found.append(Row(f"init with 50 keys, {short}", short, "ms", made, BUDGET_MS, recorded=True, note=note))
    return found


def _spread_ms(samples: list[int]) -> Spread:
    return Spread(quantile(samples, 0.5) * 1e-6, min(samples) * 1e-6, quantile(samples, 0.99) * 1e-6)
