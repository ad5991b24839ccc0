"""How much room a run takes: 50 keys, 10 changes, 100 logged points."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from children import ask
from size import Size
from spread import Spread, spread
from steps import Answers, Step
from table import Row

TITLE = "Size on disk"
AT_ONCE = 3  # nothing is timed here


def steps(size: Size, tools: Sequence[Any]) -> list[Step]:
    """One run in a new store, then several more in the same."""
    return [
        Step(tool.name, "sizes", lambda place, tool=tool: _sizes(tool, 1 if tool.slow else size.stored, place))
        for tool in tools
        if "sizes" not in tool.unable
    ]


def _sizes(tool: Any, more: int, place: str) -> dict[str, float]:
    ask(tool, "sizes", 1, cwd=place)
    first = _room(os.path.join(place, "store"))
    logged = ask(tool, "sizes", more, cwd=place)
    all_of_them = _room(os.path.join(place, "store"))
    each = [(after - before) / more for after, before in zip(all_of_them, first, strict=True)]
    return {"bytes": first[0], "files": first[1], "bytes_each": each[0], "files_each": each[1], "logged": logged}


def rows(answers: Answers, tools: Sequence[Any]) -> list[Row]:
    """Bytes and files, of the first run with its store, and of each further one."""
    note = "lengths of all files in the store; not packed, no index of givens'"
    return [
        Row("size of a store with one run", "store of one run", "kB", _made(answers, tools, "bytes", 1e-3), note=note),
        Row("size of each further run", "each further run", "kB", _made(answers, tools, "bytes_each", 1e-3), note=note),
        Row("files of a store with one run", "files, one run", "", _made(answers, tools, "files", 1)),
        Row("files of each further run", "files, each further", "", _made(answers, tools, "files_each", 1)),
    ]


def _made(answers: Answers, tools: Sequence[Any], key: str, scale: float) -> dict[str, Spread]:
    return answers.each(tools, "sizes", "sizes", lambda given: spread([given[0][key]], scale))


def _room(folder: str) -> tuple[float, float]:
    """Bytes and number of files."""
    files = [os.path.join(place, name) for place, _, names in os.walk(folder) for name in names]
    return float(sum(os.lstat(file).st_size for file in files)), float(len(files))
