"""Measure givens and its peers side by side: ``make bench``, or ``python bench/run.py --quick``.

Every row of the design's budgets from import to kill -9. The machine is named with the numbers; ratios travel,
absolute times do not. A budget that is missed is printed as missed, and the exit code is 0: speed is not a test.
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

from adapters import wandb_
from children import HERE, Trouble, ask
from machine import busy_elsewhere_s, describe
from rows import beginnings, crowds, imports, kills, reads, scripts, throughput, writes
from size import FULL, QUICK
from table import Row, as_markdown, as_text

GROUPS = {
    "imports": imports,
    "reads": reads,
    "writes": writes,
    "beginnings": beginnings,
    "scripts": scripts,
    "throughput": throughput,
    "crowds": crowds,
    "kills": kills,
}
PAGE = os.path.join(os.path.dirname(HERE), "docs", "benchmarks.md")


def main() -> int:
    """Measure what the command line asks for."""
    asked = _arguments()
    size = QUICK if asked.quick else FULL
    if asked.kills is not None:
        size = size._replace(kills=asked.kills)
    peers, problems = ([], []) if asked.no_peers else _peers()
    with tempfile.TemporaryDirectory(prefix="givens-bench-", dir=asked.dir) as folder:
        machine = describe(folder)
        machine.update({f"peer {peer.NAME}": _version(peer, folder) for peer in peers})
        rows, begin_s, busiest = [], time.monotonic(), 0.0
        for name in asked.groups or GROUPS:
            place = os.path.join(folder, name)
            os.makedirs(place)
            since_s, others_s = time.monotonic(), busy_elsewhere_s()
            found, trouble = _measured(name, size, place, peers)
            rows += found
            problems += trouble
            took_s = time.monotonic() - since_s
            others = max((busy_elsewhere_s() - others_s) / took_s, 0.0)
            busiest = max(busiest, others)
            print(f"{name}: {took_s:.0f} s, {others:.1f} cores busy with other work", file=sys.stderr, flush=True)
    machine["took"] = f"{time.monotonic() - begin_s:.0f} s{', --quick' if asked.quick else ''}"
    machine["other work"] = f"up to {busiest:.1f} cores{': take rates and times with care' if busiest > 0.3 else ''}"
    _print(machine, rows, problems)
    with open(os.path.join(HERE, "results.json"), "w", encoding="utf-8") as file:
        json.dump({"machine": machine, "problems": problems, "rows": [row.as_json() for row in rows]}, file, indent=1)
    if asked.write:
        _write_page(machine, rows, problems)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("groups", nargs="*", choices=[*GROUPS, []], help="which groups of rows; all when left out")
    parser.add_argument("--quick", action="store_true", help="fewer repeats: under three minutes")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md as well")
    parser.add_argument("--no-peers", action="store_true", help="givens and plain Python only")
    parser.add_argument("--kills", type=int, help="how many processes of givens to kill")
    parser.add_argument("--dir", help="a folder for the stores, to measure another file system")
    return parser.parse_args()


def _peers() -> tuple[list[Any], list[str]]:
    """The peers that can be had; those that cannot are told, not dropped."""
    trouble = wandb_.install()
    return ([wandb_], []) if trouble is None else ([], [f"wandb could not be installed: {trouble}"])


def _version(peer: Any, folder: str) -> str:
    return str(ask(peer, "version", cwd=folder)["version"])


def _measured(name: str, size: Any, place: str, peers: list[Any]) -> tuple[list[Row], list[str]]:
    """A group's rows; without the peers, when one of them fails in it."""
    try:
        return GROUPS[name].rows(size, place, peers), []
    except Trouble as trouble:
        if not peers:
            return [], [f"{name}: {trouble}"]
        alone = os.path.join(place, "alone")
        os.makedirs(alone)
        rows, more = _measured(name, size, alone, [])
        return rows, [f"{name}, with peers: {trouble}", *more]


def _print(machine: dict[str, str], rows: list[Row], problems: list[str]) -> None:
    print("; ".join(f"{name}: {value}" for name, value in machine.items()))
    print()
    print(as_text(rows))
    print()
    for row in rows:
        if row.note:
            print(f"  {row.what}: {row.note}")
    missed = [row.what for row in rows if row.met is False]
    met = sum(row.met is True for row in rows)
    print(f"\n{met} budgets met, {len(missed)} missed{': ' if missed else ''}{'; '.join(missed)}")
    for problem in problems:
        print(f"not measured: {problem}")


def _write_page(machine: dict[str, str], rows: list[Row], problems: list[str]) -> None:
    notes = "\n".join(f"* *{row.what}*: {row.note}." for row in rows if row.note)
    facts = "\n".join(f"* {name}: {value}" for name, value in machine.items())
    failed = "".join(f"\n* not measured: {problem}" for problem in problems)
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(
            "# Benchmarks\n\nMade by `python bench/run.py --write`. Ratios travel, absolute times do not:"
            " measure on your own machine. The ratio says how many times less (or, for rates, more) givens has.\n\n"
            f"{facts}{failed}\n\n{as_markdown(rows)}\n\n## How\n\n{notes}\n"
        )


if __name__ == "__main__":
    sys.exit(main())
