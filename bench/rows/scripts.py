"""What a whole script costs: init, 10 writes, finish, from the start of Python to its end."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from children import Used, use_of, use_of_tool
from environments import HERE, SRC
from size import Size
from spread import Spread, spread
from steps import Absent, Answers, Step
from table import Row
from tools import GIVENS

TITLE = "A whole script"
BUDGET_MS = 45
OUTSIDE, INSIDE = "outside a git tree", "in a git tree"


def steps(size: Size, tools: Sequence[Any]) -> list[Step]:
    """Bare Python and the script in turns; the first of each writes bytecode and warms the disk's cache."""
    found = []
    for turn in range(size.processes + 1):
        for tool in tools:
            if tool.script and (tool is GIVENS or turn <= (1 if tool.slow else size.peer_processes)):
                found.append(Step(tool.name, "bare", lambda place, tool=tool: use_of_tool(tool, ["-c", "pass"], place)))
                found.append(Step(tool.name, OUTSIDE, lambda place, tool=tool: _script(tool, place)))
        found.append(Step(GIVENS.name, INSIDE, lambda place: _script(GIVENS, _git_tree(place))))
    found += [Step(GIVENS.name, "capture", _capture) for _ in range(max(size.processes // 2, 5))]
    return found


def rows(answers: Answers, tools: Sequence[Any]) -> list[Row]:
    """Processor time over bare Python; the detached capture of the surroundings apart."""
    tools = [tool for tool in tools if tool.script]
    over, walls = {}, {}
    for tool in tools:
        bare = answers.each([tool], "script", "bare", lambda given: spread(_cpu(given), 1e3))[tool.name]
        used = answers.each([tool], "script", OUTSIDE, lambda given: spread(_cpu(given), 1e3))[tool.name]
        over[tool.name] = used.minus(bare.median) if isinstance(used, Spread) and isinstance(bare, Spread) else used
        walls.update(answers.each([tool], "script", OUTSIDE, lambda given: spread(_walls(given), 1e3)))
    note = "of the process itself and what it waited for, bare Python's subtracted; peers' services are not in it"
    found = [
        Row(
            "script: init + 10 sets + finish, CPU over bare Python",
            "CPU",
            "ms",
            over,
            BUDGET_MS,
            recorded=True,
            note=note,
        ),
        Row("the same, wall, with Python's own start", "wall", "ms", walls, recorded=True),
    ]
    inside = answers.of(GIVENS.name, INSIDE)
    bare = answers.of(GIVENS.name, "bare")
    if not isinstance(inside, Absent) and not isinstance(bare, Absent):
        ours = {GIVENS.name: spread(_cpu(inside), 1e3).minus(spread(_cpu(bare), 1e3).median)}
        note = "as above, where there is a commit to name and the capture of the surroundings is started"
        found.append(Row(f"script, {INSIDE}, CPU", INSIDE, "ms", ours, BUDGET_MS, recorded=True, note=note))
    capture = answers.each([GIVENS], "script", "capture", lambda given: spread(_cpu(given), 1e3))
    note = "whole CPU with its Python and git, once a process, in the background"
    found.append(Row("detached capture of the surroundings, CPU", "capture", "ms", capture, note=note))
    return found


def _cpu(given: list[Used]) -> list[float]:
    return [one.cpu_s for one in given[1:]]


def _walls(given: list[Used]) -> list[float]:
    return [one.wall_s for one in given[1:]]


def _script(tool: Any, place: str) -> Used:
    with open(os.path.join(place, "train.py"), "w", encoding="utf-8") as opened:
        opened.write(tool.script)
    return use_of_tool(tool, ["train.py"], place)


def _capture(place: str) -> Used:
    """The detached child, run in the foreground: it costs the machine, not the script."""
    tree = _git_tree(place)
    command = [
        sys.executable,
        "-m",
        "givens.lifecycle.surroundings",
        os.path.join(tree, "env", "0.jsonl"),
        "w" * 16,
        tree,
        os.path.join(HERE, "run.py"),
    ]
    return use_of(command, cwd=tree, extra={})


def _git_tree(folder: str) -> str:
    """A folder in a git tree of a few hundred files, the package's own: made once, then copied."""
    original = os.path.join(os.path.dirname(folder), "tree")
    if not os.path.exists(original):
        shutil.copytree(SRC, os.path.join(original, "src"))
        for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "first"]):
            identity = ["-c", "user.name=bench", "-c", "user.email=bench@localhost"]
            subprocess.run(["git", *identity, *command], cwd=original, check=True, capture_output=True)
    tree = os.path.join(folder, "tree")
    shutil.copytree(original, tree)
    return tree
