"""Measure givens and its peers side by side: ``make bench``, or ``python bench/run.py --quick``.

Every row of the design's budgets from import to kill -9, size and values that come back. The machine is named with the
numbers; ratios travel, absolute times do not. A budget that is missed is printed as missed, and the exit code is 0: speed is
not a test.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from typing import Any

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from environments import HERE, install, version
from machine import busy_elsewhere_s, describe
from picture import picture
from report import Report, as_page, as_text
from rows import beginnings, crowds, imports, kills, reads, returns, scripts, sizes, throughput, values, writes
from size import FULL, QUICK
from steps import take
from tools import GIVENS, TOOLS

GROUPS: dict[str, Any] = {
    "imports": imports,
    "reads": reads,
    "writes": writes,
    "beginnings": beginnings,
    "scripts": scripts,
    "throughput": throughput,
    "crowds": crowds,
    "kills": kills,
    "returns": returns,
    "sizes": sizes,
    "values": values,
}
DOCS = os.path.join(os.path.dirname(HERE), "docs")
RESULTS = os.path.join(HERE, "results.json")
BUSY = 0.3  # cores of other work above which the page warns


def main() -> int:
    """Measure what the command line asks for."""
    asked = _arguments()
    if asked.again:
        with open(RESULTS, encoding="utf-8") as file:
            _tell(Report.from_json(json.load(file), TOOLS), write=asked.write)
        return 0
    size = QUICK if asked.quick else FULL
    if asked.kills is not None:
        size = size._replace(kills=asked.kills)
    wanted = [tool for tool in TOOLS if tool is GIVENS or (not asked.no_peers and _asked_for(tool, asked.tools))]
    wanted = [tool for tool in wanted if tool.name not in size.left_out]
    tools, problems, versions = _installed(wanted)
    left_out = [tool.name for tool in TOOLS if tool not in wanted]
    left_out += [] if asked.groups else size.groups_left_out
    problems += [f"{', '.join(left_out)}: left out"] if left_out else []
    report = _measured(asked, size, tools, problems, versions)
    with open(RESULTS, "w", encoding="utf-8") as file:
        json.dump(report.as_json(), file, indent=1)
    _tell(report, write=asked.write)
    return 0


def _measured(asked: argparse.Namespace, size: Any, tools: list[Any], problems: list[str], versions: Any) -> Report:
    names = asked.groups or [name for name in GROUPS if name not in size.groups_left_out]
    with tempfile.TemporaryDirectory(prefix="givens-bench-", dir=asked.dir, ignore_cleanup_errors=True) as folder:
        machine = {**describe(folder), **versions}
        begin_s, others_s = time.monotonic(), busy_elsewhere_s()
        steps = {name: GROUPS[name].steps(size, tools) for name in names}
        answers = take(steps, folder, {name: getattr(GROUPS[name], "AT_ONCE", 1) for name in names})
    took_s = time.monotonic() - begin_s
    others = max((busy_elsewhere_s() - others_s) / took_s, 0.0)
    machine["took"] = f"{took_s:.0f} s{', --quick' if asked.quick else ''}"
    machine["other work"] = f"{others:.1f} cores{': take rates and times with care' if others > BUSY else ''}"
    groups = {}
    for name, given in answers.items():
        try:
            groups[GROUPS[name].TITLE] = GROUPS[name].rows(given, tools)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            # the other groups took twenty minutes to measure
            problems.append(f"{name}: its rows could not be made, {type(error).__name__}: {error}")
    problems += [f"{name}: {trouble}" for name, given in answers.items() for trouble in given.troubles()]
    return Report(machine, tools, groups, problems, asked.quick)


def _tell(report: Report, *, write: bool) -> None:
    print(as_text(report))
    if write:
        _write(os.path.join(DOCS, "benchmarks.md"), as_page(report))
        _write(os.path.join(DOCS, "images", "benchmarks.svg"), picture(report))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("groups", nargs="*", choices=[*GROUPS, []], help="which groups of rows; all when left out")
    parser.add_argument("--quick", action="store_true", help="fewer repeats, tools and groups: three minutes")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md and its picture as well")
    parser.add_argument("--again", action="store_true", help="measure nothing: show what was measured last")
    parser.add_argument("--no-peers", action="store_true", help="givens alone")
    parser.add_argument("--tools", nargs="+", help="givens and tools whose name begins so; all when left out")
    parser.add_argument("--kills", type=int, help="how many processes of givens to kill")
    parser.add_argument("--dir", help="a folder for the stores, to measure another file system")
    return parser.parse_args()


def _asked_for(tool: Any, beginnings: list[str] | None) -> bool:
    return beginnings is None or tool.name.startswith(tuple(beginnings))


def _installed(wanted: list[Any]) -> tuple[list[Any], list[str], dict[str, str]]:
    """The tools that can be had and their versions; those that cannot are told, not dropped."""
    tools, problems, versions = [], [], {}
    for tool in wanted:
        if tool.home:
            trouble = install(tool.home, tool.packages)
            if trouble is not None:
                problems.append(f"{tool.name} could not be installed: {trouble}")
                continue
            versions[tool.packages[0]] = str(version(tool.home, tool.packages[0]))
        tools.append(tool)
    return tools, problems, versions


def _write(place: str, text: str) -> None:
    with open(place, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    sys.exit(main())
