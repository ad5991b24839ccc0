"""What setting one key of a live run costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from children import ask
from size import Size
from spread import Spread, quantile, spread
from steps import Answers, Step
from table import Row
from tools import GIVENS

TITLE = "Setting one key of a live run"
BUDGET_US = 15
QUANTILES = (("cpu", 0.5, BUDGET_US), ("cpu", 0.99, None), ("wall", 0.5, None), ("wall", 0.99, None))
NOTES = {
    "cpu": "CPU of the calling thread; of a service that does the work, nothing",
    "wall": "the clock on the wall; of givens one write() is done when it returns",
}


def steps(size: Size, tools: Sequence[Any]) -> list[Step]:
    """Several processes of each, in turns."""
    return [
        Step(tool.name, "sets", lambda place, tool=tool: ask(tool, "sets", _times(size, tool), cwd=place))
        for turn in range(size.rounds)
        for tool in tools
        if "sets" not in tool.unable and (tool is GIVENS or turn < size.peer_rounds)
    ]


def _times(size: Size, tool: Any) -> int:
    return size.sets if tool is GIVENS or not tool.keeps else size.peer_sets


def rows(answers: Answers, tools: Sequence[Any]) -> list[Row]:
    """Processor and wall time, p50 and p99 of each process, over several processes."""
    found = []
    for clock, share, budget in QUANTILES:
        short = f"{'CPU' if clock == 'cpu' else 'wall'} p{share * 100:.0f}"
        made = answers.each(tools, "sets", "sets", lambda given, c=clock, s=share: _quantiles(given, c, s))
        note = NOTES[clock]
        found.append(Row(f"set one key in a live run, {short}", short, "µs", made, budget, recorded=True, note=note))
    return found


def _quantiles(given: list[dict[str, list[int]]], clock: str, share: float) -> Spread:
    return spread([quantile(answer[clock], share) for answer in given], 1e-3)
