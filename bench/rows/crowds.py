"""64 processes, 20 runs each, 10 changes each, into one store; every event is counted again by another process."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from children import Trouble, ask
from size import Size
from spread import Spread, spread
from steps import Absent, Answers, Step
from table import TIMES, Row
from tools import GIVENS

TITLE = "A crowd: 64 processes at once"
PROCESSES, RUNS, CHANGES = 64, 20, 10
BUDGET = 15_000
EVENTS = CHANGES + 3  # of a run: start, config, each change, finish


def steps(size: Size, tools: Sequence[Any]) -> list[Step]:
    """Givens several times, the others once, as many runs as fit into the time; none of them in a quick measurement."""
    return [
        Step(tool.name, "crowd", lambda place, tool=tool: _crowd(tool, size, place))
        for turn in range(size.crowds)
        for tool in tools
        if "crowds" not in tool.unable and turn < (size.crowds if tool is GIVENS else size.peer_crowds)
    ]


def _crowd(tool: Any, size: Size, place: str) -> dict[str, Any]:
    longest_s = 60.0 if tool is GIVENS else size.longest_s
    told: dict[str, Any] = ask(tool, "runs", PROCESSES, RUNS, CHANGES, longest_s, cwd=place)
    if not told["runs"]:
        raise Trouble(told["said"] or "no run ended")
    if "sets" in tool.unable:
        return {**told, "found": None}
    return {**told, "found": ask(tool, "crowd_found", os.path.join(place, "store"), CHANGES, cwd=place)}


def rows(answers: Answers, tools: Sequence[Any]) -> list[Row]:
    """Acknowledged events a second; runs that failed; changes that are not found afterwards."""
    rates = answers.each(tools, "crowds", "crowd", _rates)
    counts = answers.each(tools, "crowds", "crowd", lambda given: sum(told["runs"] for told in given) // len(given))
    told = [f"{who}: {count:,}" for who, count in counts.items() if not isinstance(count, Absent)]
    logs = [tool.name for tool in tools if "sets" in tool.unable and tool.keeps]
    note = f"an event: start, config, each change, finish; runs made: {'; '.join(told)}"
    note += f"; results instead of changes: {', '.join(logs)}" if logs else ""
    name = f"{PROCESSES} processes {TIMES} {RUNS} runs {TIMES} {CHANGES} changes"
    failed = answers.each(tools, "crowds", "crowd", lambda given: spread([sum(told["failed"] for told in given)]))
    lost = answers.each(tools, "crowds", "crowd", _lost)
    return [
        Row(
            f"{name}, acknowledged events", "events", "/s", rates, BUDGET, more_is_better=True, recorded=True, note=note
        ),
        Row(f"{name}, runs that failed", "failed", "", failed, 0, recorded=True),
        Row(
            f"{name}, lost",
            "lost",
            "",
            lost,
            0,
            recorded=True,
            note="changes acknowledged and not found; values compared",
        ),
    ]


def _rates(given: list[dict[str, Any]]) -> Spread:
    return spread([told["runs"] * EVENTS / told["seconds"] for told in given])


def _lost(given: list[dict[str, Any]]) -> Spread | Absent:
    if given[0]["found"] is None:
        return Absent("no changes were made")
    return spread([sum(max(told["runs"] * CHANGES - told["found"]["changes"], 0) for told in given)])
