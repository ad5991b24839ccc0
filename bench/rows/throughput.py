"""How many runs a second: init with 50 keys and finish, in one process and in eight."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from children import Trouble, ask
from size import Size
from spread import Spread, spread
from steps import Absent, Answers, Step
from table import TIMES, Row
from tools import GIVENS

TITLE = "Runs a second"
BUDGETS = {1: 1000, 8: 1500}
EIGHT = 50  # runs in each of eight


def steps(size: Size, tools: Sequence[Any]) -> list[Step]:
    """One process and eight; givens several times, the others once, as many runs as fit into the time."""
    return [
        Step(tool.name, _name(count), lambda place, tool=tool, count=count: _runs(tool, count, size, place))
        for count in BUDGETS
        for turn in range(size.rounds)
        for tool in tools
        if "runs" not in tool.unable and (tool is GIVENS or turn < (1 if count == 1 else size.peer_eights))
    ]


def _name(processes: int) -> str:
    return "one process" if processes == 1 else f"{processes} processes"


def _runs(tool: Any, processes: int, size: Size, place: str) -> dict[str, Any]:
    times = size.runs if processes == 1 else EIGHT
    told: dict[str, Any] = ask(tool, "runs", processes, times, 0, size.longest_s, cwd=place)
    if not told["runs"]:
        raise Trouble(told["said"] or "no run ended")
    return told


def rows(answers: Answers, tools: Sequence[Any]) -> list[Row]:
    """Runs a second, and how many were made."""
    found = []
    for processes, budget in BUDGETS.items():
        name = _name(processes)
        made = answers.each(tools, "runs", name, _rates)
        counts = answers.each(tools, "runs", name, _counts)
        told = [f"{who}: {count}" for who, count in counts.items() if not isinstance(count, Absent)]
        note = f"runs made, after a first one: {'; '.join(told)}"
        what = f"runs a second, init + finish with 50 keys, {name}"
        found.append(Row(what, name, "/s", made, budget, more_is_better=True, recorded=True, note=note))
    return found


def _rates(given: list[dict[str, Any]]) -> Spread:
    return spread([told["runs"] / told["seconds"] for told in given])


def _counts(given: list[dict[str, Any]]) -> str:
    failed = sum(told["failed"] for told in given)
    count = f"{given[0]['runs']:,}" + (f" {TIMES} {len(given)}" if len(given) > 1 else "")
    return count + (f", {failed} failed ({next(told['said'] for told in given if told['failed'])})" if failed else "")
