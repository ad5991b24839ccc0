"""MLflow asked the same: ``python scale_mlflow.py FOLDER RUNS REPEATS``, in MLflow's own environment. The answer is JSON.

Its store is SQLite, its way to ask ``search_runs``. The runs are those of ``generate_runs``, put into MLflow's tables by
SQL: through its own API 100,000 runs would take hours. Nested keys are dotted, lists are their text, as everybody does it.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import uuid
from collections.abc import Iterator
from typing import Any

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import generate_runs as made  # noqa: E402  # beside this file
from scale_questions import PAGE, SEVERAL, timed  # noqa: E402

KEYS, POINTS, AT_ONCE = 50, 3, 2000


def database(folder: str) -> str:
    """Where the store lies."""
    return os.path.join(folder, "mlflow.db")


def load(folder: str, runs: int) -> None:
    """Make the store, unless it is there."""
    import mlflow

    path = database(folder)
    mlflow.set_tracking_uri(f"sqlite:///{path}")
    if mlflow.get_experiment_by_name("digits") is not None:
        return
    experiment = int(mlflow.create_experiment("digits", artifact_location=os.path.join(folder, "artifacts")))
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    for first in range(0, runs, AT_ONCE):
        connection.execute("BEGIN")
        for number in range(first, min(first + AT_ONCE, runs)):
            _insert(connection, experiment, number)
        connection.execute("COMMIT")
    connection.execute("ANALYZE")
    connection.close()


def _insert(connection: sqlite3.Connection, experiment: int, number: int) -> None:
    told = made.made(number, KEYS, POINTS)
    name = uuid.uuid5(uuid.NAMESPACE_OID, str(number)).hex
    begun_ms = int((made.BEGAN_S + number * 7) * 1000)
    status = "RUNNING" if not told.ends else "FAILED" if told.failed else "FINISHED"
    ended_ms = begun_ms + int(told.took_s * 1000) if told.ends else None
    connection.execute(
        "INSERT INTO runs VALUES (?, ?, 'UNKNOWN', '', '', 'ada', ?, ?, ?, '', 'active', ?, ?, NULL)",
        (name, f"run-{number}", status, begun_ms, ended_ms, f"/artifacts/{name}", experiment),
    )
    connection.executemany(
        "INSERT INTO params VALUES (?, ?, ?)", [(key, value, name) for key, value in _flat(told.config)]
    )
    points = [
        (key, value, begun_ms + step, name, step, 0)
        for step, row in enumerate(told.logged)
        for key, value in row.items()
    ]
    connection.executemany("INSERT INTO metrics VALUES (?, ?, ?, ?, ?, ?)", points)
    last = [(key, value, begun_ms + POINTS - 1, POINTS - 1, 0, name) for key, value in told.logged[-1].items()]
    connection.executemany("INSERT INTO latest_metrics VALUES (?, ?, ?, ?, ?, ?)", last)
    connection.execute("INSERT INTO tags VALUES ('mlflow.runName', ?, ?)", (f"run-{number}", name))


def _flat(config: dict[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for key, value in config.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", str(value)


def main() -> None:
    """Ask what it can answer."""
    folder, runs, repeats = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    load(folder, runs)
    import logging

    import mlflow

    logging.getLogger("mlflow").setLevel(logging.ERROR)
    mlflow.set_tracking_uri(f"sqlite:///{database(folder)}")
    client = mlflow.MlflowClient()
    (experiment,) = client.search_experiments(filter_string="name = 'digits'")
    where = [experiment.experiment_id]
    several = " and ".join(f"params.`{key}` = '{value}'" for key, value in SEVERAL.items())
    best = ["metrics.val_acc DESC"]

    def page(filter: str) -> int:
        return len(client.search_runs(where, filter_string=filter, order_by=best, max_results=PAGE))

    top = [run.info.run_id for run in client.search_runs(where, order_by=best, max_results=10)]
    print(
        json.dumps(
            {
                "version": mlflow.__version__,
                "several": timed(lambda: page(several), repeats),
                "top": timed(lambda: page(""), repeats),
                "newest": timed(lambda: len(client.search_runs(where, max_results=20)), repeats),
                "diff": timed(lambda: _differing([client.get_run(name).data.params for name in top]), repeats),
            }
        )
    )


def _differing(configs: list[dict[str, str]]) -> int:
    keys = {key for config in configs for key in config}
    return sum(len({config.get(key) for config in configs}) > 1 for key in keys)


if __name__ == "__main__":
    main()
