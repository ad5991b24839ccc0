"""Measure every command on a project of 12,000 distinct keys and on runs of 10,000 keys: ``make bench-wide``.

Each command runs in a process of its own, from the start of the interpreter to its end, with the index up to date. The store
is made first, by ``givens.init`` and ``log``. The design asks that no command take longer than a second.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from typing import NamedTuple

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from children import Trouble, Used, environment, use_of
from machine import busy_elsewhere_s, describe
from spread import Spread, spread

HERE = os.path.dirname(os.path.abspath(__file__))
PAGE = os.path.join(os.path.dirname(HERE), "docs", "explanation", "wide.md")
BUDGET_MS = 1000

RUNS, SHARED, OWN = 120, 40, 100  #: 120 runs of 40 keys that all have and 100 of their own: 12,040 keys
MANY = 10_000  #: keys of each of the two runs in the other project

MAKE = f"""
import givens, random
chance = random.Random(5)
for number in range({RUNS}):
    shared = {{f"s{{at}}": chance.choice((1, 2, 3)) if at % 2 else 0.5 for at in range({SHARED})}}
    own = {{f"k{{at:03}}": at * 0.5 if at % 3 else f"text-{{at}}" for at in range({OWN})}}
    config = {{"shared": shared, "own": {{f"n{{number:03}}": own}}}}
    with givens.init(project="wide", config=config, name=f"wide-{{number:03}}") as run:
        run.define_metric("acc", goal="max")
        for step in range(3):
            run.log({{"acc": chance.random(), "loss": 1 / (step + 1)}})
for number in range(2):
    config = {{f"group{{at % 100:02}}": {{}} for at in range(100)}}
    for at in range({MANY}):
        config[f"group{{at % 100:02}}"][f"key{{at:05}}"] = at if at % 2 else f"value-{{at}}-{{number if at % 1000 == 0 else 0}}"
    with givens.init(project="many", config=config, id=f"many{{number}}", name=f"many-{{number}}") as run:
        run.config["group05"]["key00005"] = 7 + number
        run.log({{"acc": 0.5}})
"""

#: commands about a project with many keys
WIDE = (
    "ls -n 20",
    "ls shared.s1=2",
    "ls --cols shared.s1,own.n003.k007,acc",
    "ls --sort best:acc -n 5",
    "show wide-007",
    "explain wide-007 own.n007.k003",
    "history wide-007 acc",
    "diff wide-007 wide-008",
    "diff last~11..last~2",
    "keys",
    "keys --json",
    "group shared.s1 -m acc",
    "pivot shared.s1 shared.s3 acc",
    "importance acc",
    "duplicates",
    "export -o out.html",
    "export -o out.csv",
    "export -o out.json",
    "edit --where shared.s1=2 --set shared.s2=5 --dry-run",
    "command wide-007",
    "scrub --key own.n003.k001 --dry-run",
    "doctor",
)
#: commands about a run with many keys
LONG = (
    "ls",
    "show many1",
    "show many1 --json",
    "explain many1 group05.key00005",
    "explain many1",
    "history many1",
    "diff many0 many1",
    "diff many0 many1 --all --csv",
    "keys",
    "duplicates",
    "export -o out.html",
    "export -o out.csv",
    "edit many1 --set group05.key00005=1 --dry-run",
    "command many1",
    "command many1 --as yaml",
)


class Timed(NamedTuple):
    """A command and what its processes used; or what it said instead."""

    command: str
    used: list[Used]
    trouble: str = ""

    @property
    def wall(self) -> Spread:
        """Milliseconds by the clock."""
        return spread([each.wall_s for each in self.used], 1e3)

    @property
    def cpu(self) -> Spread:
        """Milliseconds of the processor."""
        return spread([each.cpu_s for each in self.used], 1e3)


def main() -> int:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5, help="processes of each command")
    parser.add_argument("--write", action="store_true", help=f"write {os.path.relpath(PAGE, os.getcwd())} as well")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="givens-wide-") as folder:
        machine = describe(folder)
        print("making the store …", file=sys.stderr, flush=True)
        subprocess.run([sys.executable, "-c", MAKE], cwd=folder, check=True, env=_environment(folder), timeout=600)
        began_s, others_s = time.monotonic(), busy_elsewhere_s()
        wide = [
            _timed(f"{command} --project wide" if _has_project(command) else command, folder, asked.repeats)
            for command in WIDE
        ]
        long = [
            _timed(f"{command} --project many" if _has_project(command) else command, folder, asked.repeats)
            for command in LONG
        ]
    others = max(0.0, (busy_elsewhere_s() - others_s) / (time.monotonic() - began_s))
    machine["other work"] = f"{others:.1f} cores" + (": take times with care" if others > 0.3 else "")
    page = _page(machine, wide, long)
    print(page)
    if asked.write:
        with open(PAGE, "w", encoding="utf-8") as file:
            file.write(page)
    return 0


def _has_project(command: str) -> bool:
    return command.split()[0] in ("ls", "keys", "group", "pivot", "importance", "duplicates", "export")


def _environment(folder: str) -> dict[str, str]:
    return environment({"GIVENS_DIR": folder, "GIVENS_SILENT": "1", "GIVENS_SURROUNDINGS": "0", "NO_COLOR": "1"})


def _timed(command: str, folder: str, repeats: int) -> Timed:
    print(f"givens {command}", file=sys.stderr, flush=True)
    line = [sys.executable, "-m", "givens", *command.split()]
    try:
        used = [use_of(line, cwd=folder, extra={"GIVENS_DIR": folder, "NO_COLOR": "1"}) for _ in range(repeats + 1)]
    except Trouble as trouble:
        return Timed(command, [], str(trouble))
    return Timed(command, used[1:])


def _page(machine: dict[str, str], wide: list[Timed], long: list[Timed]) -> str:
    slow = [each for each in (*wide, *long) if each.used and each.wall.median > BUDGET_MS]
    parts = [
        "# Projects with very many keys",
        "",
        "Made by `python bench/wide.py --write` (`make bench-wide`): every command in a process of its own, from the start of the",
        "interpreter to its end, with the index up to date. The design asks that none takes longer than a second.",
        "",
        *(f"* {name}: {value}" for name, value in machine.items()),
        "",
        f"Over a second: {', '.join(f'`givens {each.command}`' for each in slow) or 'none'}.",
        "",
        f"## {SHARED + RUNS * OWN:,} distinct keys in one project",
        "",
        f"{RUNS} runs of {SHARED + OWN} keys each, {OWN} of which no other run has.",
        "",
        *_table(wide),
        "",
        f"## A run with {MANY:,} keys",
        "",
        f"Two runs of {MANY:,} keys in a hundred sections.",
        "",
        *_table(long),
        "",
    ]
    return "\n".join(parts)


def _table(rows: list[Timed]) -> list[str]:
    lines = ["| command | ms by the clock, median [least to most] | ms of the processor |", "|---|---|---|"]
    for row in rows:
        cells = (str(row.wall), str(row.cpu)) if row.used else (f"failed: {row.trouble}", "")
        lines.append(f"| `givens {row.command}` | {cells[0]} | {cells[1]} |")
    return lines


if __name__ == "__main__":
    sys.exit(main())
