"""What importing costs: processor time of whole processes over bare Python's, and modules loaded."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from typing import Any

from children import Trouble, environment, use_of_tool
from size import Size
from spread import Spread, spread
from steps import Answers, Step
from table import Row
from tools import GIVENS

TITLE = "Import"
BUDGET_MS = 25
BUDGET_MODULES = 60


def steps(size: Size, tools: Sequence[Any]) -> list[Step]:
    """Bare Python and the import in turns; the first of each writes bytecode and warms the disk's cache."""
    found = []
    for turn in range(size.processes + 1):
        for tool in tools:
            if _asked(tool) and (tool is GIVENS or turn <= size.peer_processes):
                found.append(Step(tool.name, "bare", lambda place, tool=tool: _used(tool, "pass", place)))
                found.append(Step(tool.name, "import", lambda place, tool=tool: _used(tool, tool.imports, place)))
    found += [Step(t.name, "modules", lambda place, t=t: _modules(t, t.imports, place)) for t in tools if _asked(t)]
    alone = "import givens"
    found += [Step(GIVENS.name, "alone", lambda place: _used(GIVENS, alone, place)) for _ in range(size.processes + 1)]
    found.append(Step(GIVENS.name, "alone, modules", lambda place: _modules(GIVENS, alone, place)))
    return found


def rows(answers: Answers, tools: Sequence[Any]) -> list[Row]:
    """Time and modules; of givens with ``init`` and ``config`` resolved, and of the bare statement."""
    tools = [tool for tool in tools if tool.imports]
    bare = answers.each(tools, "imports", "bare", lambda given: spread(given[1:], 1e3))
    note = f"user + system of whole processes in turns, bare Python's {bare[GIVENS.name]} ms subtracted"
    times = {}
    for tool in tools:
        made = answers.each([tool], "imports", "import", lambda given: spread(given[1:], 1e3))[tool.name]
        times[tool.name] = made.minus(bare[tool.name].median) if isinstance(made, Spread) else made
    modules = answers.each(tools, "imports", "modules", spread)
    alone = answers.each([GIVENS], "imports", "alone", lambda given: spread(given[1:], 1e3))
    if isinstance(alone[GIVENS.name], Spread):
        alone = {GIVENS.name: alone[GIVENS.name].minus(bare[GIVENS.name].median)}
    count = answers.each([GIVENS], "imports", "alone, modules", spread)
    resolved = "of givens with init and config resolved, which the bare statement leaves for later"
    return [
        Row("import, CPU over bare Python", "CPU", "ms", times, BUDGET_MS, note=f"{note}; {resolved}"),
        Row(
            "modules that an import loads",
            "modules",
            "",
            modules,
            note=f"beyond a bare interpreter's, a package's own included; {resolved}",
        ),
        Row("import givens, the statement alone, CPU", "statement, CPU", "ms", alone, BUDGET_MS),
        Row("import givens, the statement alone, modules", "statement, modules", "", count, BUDGET_MODULES),
    ]


def _asked(tool: Any) -> bool:
    return bool(tool.imports) and "imports" not in tool.unable


def _used(tool: Any, code: str, place: str) -> float:
    return use_of_tool(tool, ["-c", code], place).cpu_s


def _modules(tool: Any, code: str, place: str) -> int:
    counting = f"import sys; bare = len(sys.modules); {code}; print(len(sys.modules) - bare, file=sys.stderr)"
    answer = subprocess.run(
        [tool.interpreter(), "-c", counting],
        cwd=place,
        env=environment(tool.environment(place)),
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode != 0:
        raise Trouble(answer.stderr[-200:])
    return int(answer.stderr.split()[-1])
