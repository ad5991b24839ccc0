"""Whether a value is on disk when the call returns: the store is copied at that moment, and the copy is read."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from children import Trouble, ask
from size import Size
from steps import Absent, Answers, Step
from table import Row

TITLE = "On disk when the call returns"
AT_ONCE = 3  # nothing is timed here
YES, NO = "yes", "no"


def steps(size: Size, tools: Sequence[Any]) -> list[Step]:
    """One of each."""
    return [
        Step(tool.name, "copies", lambda place, tool=tool: _copies(tool, place))
        for tool in tools
        if "copies" not in tool.unable
    ]


def _copies(tool: Any, place: str) -> dict[str, str]:
    unable = ask(tool, "copies", cwd=place)
    answers = {}
    for call, place_of in (("init", "after-init"), ("set", "after-set")):
        if call in unable:
            answers[call] = unable[call]
            continue
        try:
            there = ask(tool, "found_after_kill", os.path.join(place, "copies", place_of), cwd=place)
        except Trouble as trouble:
            answers[call] = f"no: a copy cannot be read ({str(trouble)[:60]})"
            continue
        answers[call] = YES if (there["given"] == 3 if call == "init" else there["written"] == 1) else NO
    return answers


def rows(answers: Answers, tools: Sequence[Any]) -> list[Row]:
    """After init, after a set."""
    keepers = [tool for tool in tools if tool.keeps]
    late = {tool.name: tool.durable for tool in keepers}
    note = f"where it is not: {'; '.join(f'{name}: {when}' for name, when in late.items() if when) or 'nowhere'}"
    found = []
    for call in ("init", "set"):
        made = answers.each(keepers, "copies", "copies", lambda given, call=call: _word(given[0][call]))
        what = f"on disk when {'init' if call == 'init' else 'a set'} returns"
        found.append(Row(what, f"after {call}", "", made, recorded=True, note=note if call == "init" else ""))
    return found


def _word(answer: str) -> str | Absent:
    return answer if answer.startswith((YES, NO)) else Absent(answer)
