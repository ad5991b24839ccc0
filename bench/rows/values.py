"""What comes back: each value given to each tool, and read by the tool's own reader."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from children import ask
from measurements.values import WHAT
from size import Size
from steps import Absent, Answers, Step
from table import Row

TITLE = "What comes back"
AT_ONCE = 3  # nothing is timed here


def steps(size: Size, tools: Sequence[Any]) -> list[Step]:
    """One process that gives all of them, another that reads."""
    return [
        Step(tool.name, "values", lambda place, tool=tool: _values(tool, place))
        for tool in tools
        if "values" not in tool.unable
    ]


def _values(tool: Any, place: str) -> dict[str, str]:
    raised = ask(tool, "give", cwd=place)
    answer: dict[str, str] = ask(tool, "read_back", os.path.join(place, "store"), raised, cwd=place)
    return answer


def rows(answers: Answers, tools: Sequence[Any]) -> list[Row]:
    """One for each value."""
    return [
        Row(what, f"`{what}`", "", answers.each(tools, "values", "values", lambda given, w=what: _word(given[0][w])))
        for what in WHAT
    ]


def _word(answer: str) -> str | Absent:
    return Absent("no file was read") if answer == "\u2013" else answer
