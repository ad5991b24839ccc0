"""Measure how reading grows with the number of runs: ``make bench-scale``, or ``python bench/scale.py --quick``.

Every row of the design's budgets that concerns reading, at 1,000 to 1,000,000 runs of 50 keys, beside MLflow's
``search_runs`` on SQLite and trackio where they can answer at all. Stores are made where they are missing and kept, so that
the next time is shorter, and so are the results of sizes that are not measured now. A million runs take 4 GB of journals,
5 GB of index and a quarter of an hour to make.

Milliseconds are the processor's: on a machine that does other work, the clock on the wall says nothing. It is there as well.
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

from machine import busy_elsewhere_s, describe
from scale_rows import FAST, GIVENS, as_page, as_text
from scale_stores import SIZES, Peer, fresh_process, givens_answers, has_duckdb, peer_answers, store_of

HERE = os.path.dirname(os.path.abspath(__file__))
PAGE = os.path.join(os.path.dirname(HERE), "docs", "explanation", "scale.md")
RESULTS = os.path.join(HERE, "scale_results.json")

LARGE = 200_000  #: runs from which on givens makes a column file

#: what each can be asked, and up to how many runs in a reasonable time
PEERS = (
    Peer("mlflow", "scale_mlflow.py", "mlflow", 100_000),
    Peer("trackio", "scale_trackio.py", "trackio", 10_000),
)


def main() -> int:
    """Measure what the command line asks for."""
    asked = _arguments()
    folder = asked.stores or os.path.join(tempfile.gettempdir(), "givens-scale")
    os.makedirs(folder, exist_ok=True)
    machine = describe(folder)
    begun_s, others_s = time.monotonic(), busy_elsewhere_s()
    found, problems = _earlier()
    if not asked.no_peers:
        problems = []
    for runs in asked.runs or SIZES[: 3 if asked.quick else 4]:
        place = store_of(folder, runs)
        answers = givens_answers(place, asked.repeats)
        answers["fresh"] = fresh_process(place, asked.repeats)
        found[GIVENS][str(runs)] = answers
        if runs >= LARGE and has_duckdb():
            found[FAST][str(runs)] = givens_answers(place, asked.repeats, fast=True)
        for peer in () if asked.no_peers else PEERS:
            if runs <= peer.most and not (asked.quick and runs > 10_000):
                said = peer_answers(peer, place, runs, min(asked.repeats, 5))
                if isinstance(said, str):
                    problems.append(f"{peer.name} at {runs:,} runs: {said}")
                else:
                    machine[f"peer {peer.name}"] = said.pop("version")
                    found[peer.name][str(runs)] = said
        print(f"{runs:,} runs: {time.monotonic() - begun_s:.0f} s so far", file=sys.stderr, flush=True)
    took_s = time.monotonic() - begun_s
    others = max(0.0, (busy_elsewhere_s() - others_s) / took_s)
    machine["other work"] = f"{others:.1f} cores" + (": take times with care" if others > 0.3 else "")
    report = {"machine": machine, "problems": problems, "found": found}
    print("; ".join(f"{name}: {value}" for name, value in machine.items()))
    print()
    print(as_text(found))
    print("\n".join(f"not measured: {problem}" for problem in problems))
    with open(RESULTS, "w", encoding="utf-8") as file:
        json.dump(report, file, indent=1)
    if asked.write:
        with open(PAGE, "w", encoding="utf-8") as file:
            file.write(as_page(machine, problems, found))
    return 0


def _earlier() -> tuple[dict[str, Any], list[str]]:
    """What was measured earlier: who -> how many runs -> answers, and what could not be. Sizes that are measured now are put
    in its place.
    """
    found: dict[str, Any] = {GIVENS: {}, FAST: {}, **{peer.name: {} for peer in PEERS}}
    if os.path.exists(RESULTS):
        with open(RESULTS, encoding="utf-8") as file:
            before = json.load(file)
        found.update(before["found"])
        return found, before["problems"]
    return found, []


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, nargs="+", help=f"how many runs; {SIZES} when left out")
    parser.add_argument(
        "--stores", help="folder for the stores, which stay (default: givens-scale in the temporary folder)"
    )
    parser.add_argument(
        "--repeats", type=int, default=9, help="how often each question is asked (default: %(default)s)"
    )
    parser.add_argument("--quick", action="store_true", help="up to 100,000 runs, and peers up to 10,000")
    parser.add_argument("--no-peers", action="store_true", help="givens only")
    parser.add_argument("--write", action="store_true", help="write docs/explanation/scale.md as well")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
