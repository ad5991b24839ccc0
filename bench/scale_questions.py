"""Asked of one store in a process of its own: ``python scale_questions.py FOLDER REPEATS [fast]``. The answer is JSON.

For each question: wall and processor milliseconds of every time but the first, the first time apart, and a short form of
what was found, so that two ways to ask can be seen to agree. Without ``fast``, DuckDB counts as not installed.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

#: four keys decide it together; each alone lets a fifth or a quarter of the runs pass
SEVERAL = {"lr": 0.001, "batch_size": 64, "model.name": "vit", "data.name": "svhn", "model.depth": 24}
#: one key decides it
NEEDLE = "config.optimizer.weight_decay < 1.01e-4 and config.model.depth == 24"
ONE_BROAD = "config.lr < 2e-3"
TWO_BROAD = "config.lr < 2e-3 and config.model.depth >= 8"
COLUMNS = ("run.name", "run.state", "config.lr", "config.model.name", "max(val_acc)")
PAGE = 50
BEST = "-max(val_acc)"
LONGEST_S = 12.0  #: a question that takes longer in all is not repeated as often


def timed(ask: Callable[[], object], repeats: int) -> dict[str, Any]:
    """Ask once, then again and again."""
    walls, cpus, said = [], [], ""
    began_s = time.monotonic()
    for _ in range(repeats + 1):
        cpu_s, wall_s = time.process_time(), time.perf_counter()
        found = ask()
        walls.append((time.perf_counter() - wall_s) * 1e3)
        cpus.append((time.process_time() - cpu_s) * 1e3)
        said = str(found)[:200]
        if len(walls) > 2 and time.monotonic() - began_s > LONGEST_S:
            break
    return {"first": walls[0], "wall": walls[1:] or walls, "cpu": cpus[1:] or cpus, "said": said}


def main() -> None:
    """Ask everything."""
    if "fast" not in sys.argv[3:]:
        sys.modules["duckdb"] = None  # type: ignore[assignment]  # what makes an import fail
    from givens.api import diff, runs
    from givens.index import open_index

    folder, repeats = sys.argv[1], int(sys.argv[2])
    begin = time.process_time(), time.perf_counter()
    table = runs(dir=folder)
    index = open_index(table.store)
    fold = index.refresh()
    index.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    took = {"cpu_s": time.process_time() - begin[0], "wall_s": time.perf_counter() - begin[1]}
    several = " and ".join(f"config.{key} == {json.dumps(value)}" for key, value in SEVERAL.items())
    best = table.sort(BEST).ids(limit=10)

    def page(filter: str) -> int:
        return len(table.filter(filter).sort(BEST).columns(*COLUMNS)[:PAGE].grid().rows)

    questions: dict[str, Callable[[], object]] = {
        "nothing new": lambda: index.refresh().folded,
        "needle": lambda: page(NEEDLE),
        "several": lambda: page(several),
        "top": lambda: len(table.sort(BEST).columns(*COLUMNS)[:PAGE].grid().rows),
        "newest": lambda: len(table[:20].grid().rows),
        "keys": lambda: len(index.keys("digits")),
        "diff": lambda: len(diff(*best, dir=folder).differing),
        "one broad": lambda: table.filter(ONE_BROAD).count(),
        "two broad": lambda: table.filter(TWO_BROAD).count(),
        "group": lambda: _means(table.group("config.model.name", metric="val_acc")),
        "group by two": lambda: len(_means(table.group("config.model.name", "config.batch_size", metric="val_acc"))),
        "varying": lambda: len(table.varying()),
    }
    answers: dict[str, Any] = {"fold": {**took, "runs": fold.folded}}
    for name, ask in questions.items():
        try:
            answers[name] = timed(ask, repeats)
        except Exception as error:  # one question that fails leaves the others
            answers[name] = {"failed": f"{type(error).__name__}: {error}"[:300]}
    print(json.dumps(answers))


def _means(groups: Any) -> list[str]:
    return sorted(f"{group.values} {group.runs} {group.mean:.6f}" for group in groups)


if __name__ == "__main__":
    main()
