"""trackio asked the same: ``python scale_trackio.py FOLDER RUNS REPEATS``, in its own environment. The answer is JSON.

Its Python API lists the runs of a project and gives the config of each; it has no filter, no order and no results. So the
one question that it can be asked is a loop over all runs. They are put in by its own ``bulk_log``.
"""

from __future__ import annotations

import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
os.environ["TRACKIO_DIR"] = os.path.join(sys.argv[1], "trackio")

import generate_runs as made  # noqa: E402  # beside this file
from scale_questions import SEVERAL, timed  # noqa: E402

KEYS, POINTS = 50, 3


def load(runs: int) -> None:
    """Make the store, unless it is there."""
    from trackio.sqlite_storage import SQLiteStorage

    if os.path.exists(SQLiteStorage.get_project_db_path("digits")):
        return
    for number in range(runs):
        told = made.made(number, KEYS, POINTS)
        name = f"run-{number}"
        SQLiteStorage.bulk_log("digits", name, told.logged, list(range(POINTS)), config=told.config, run_id=name)


def main() -> None:
    """Ask what it can answer."""
    runs, repeats = int(sys.argv[2]), int(sys.argv[3])
    load(runs)
    import trackio

    def several() -> int:
        return sum(
            all(_at(run.config or {}, key) == value for key, value in SEVERAL.items())
            for run in trackio.Api().runs("digits")
        )

    def top() -> list[object]:
        return list(trackio.Api().runs("digits"))[:10]

    print(
        json.dumps({"version": trackio.__version__, "several": timed(several, repeats), "newest": timed(top, repeats)})
    )


def _at(config: object, key: str) -> object:
    here = config
    for part in key.split("."):
        here = here.get(part) if isinstance(here, dict) else None
    return here


if __name__ == "__main__":
    main()
