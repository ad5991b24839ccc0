"""MLflow, on SQLite and on its folder of files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from adapters.tool import NoSuchThing, Tool


class Mlflow(Tool):
    """Parameters are text, dotted where they are nested, and set once."""

    home = "mlflow"
    packages = ("mlflow", "numpy")
    imports = "import mlflow"
    script = """
import mlflow
mlflow.set_experiment("bench")
with mlflow.start_run():
    mlflow.log_params({"lr": 0.1, "model.depth": 4})
    for step in range(10):
        mlflow.log_param(f"key_{step}", step)
"""
    sets_once = True

    def __init__(self, name: str, scheme: str, place: str, unable: Mapping[str, str]) -> None:
        self.name, self._scheme, self._place, self.unable = name, scheme, place, unable

    def settings(self, folder: str) -> dict[str, str]:
        """The store, and nothing that is sent or asked."""
        return {
            "MLFLOW_TRACKING_URI": self._uri(os.path.join(folder, "store")),
            "MLFLOW_DISABLE_TELEMETRY": "true",
            "DO_NOT_TRACK": "true",
            "MLFLOW_ALLOW_FILE_STORE": "true",
            "GIT_PYTHON_REFRESH": "quiet",
        }

    def _uri(self, folder: str) -> str:
        return f"{self._scheme}{os.path.join(folder, self._place)}"

    def begin(self, config: Any) -> Any:
        import mlflow

        mlflow.set_experiment("bench")
        run = mlflow.start_run()
        mlflow.log_params(_flat(config))
        return run

    def finish(self, run: Any) -> None:
        import mlflow

        mlflow.end_run()

    def config(self, run: Any) -> Any:
        raise NoSuchThing("parameters are written, not read")

    def change(self, run: Any, key: str, value: Any) -> None:
        import mlflow

        mlflow.log_param(key, value)

    def nested(self, run: Any) -> None:
        self.change(run, "train.epochs", 4)

    def log(self, run: Any, step: int, value: float) -> None:
        import mlflow

        mlflow.log_metric("loss", value, step=step)

    def from_yaml(self, file: str) -> None:
        raise NoSuchThing("it reads no files")

    def abandon(self) -> None:
        self.finish(None)

    def stored(self, folder: str) -> list[dict[str, Any]]:
        import mlflow

        client = mlflow.MlflowClient(self._uri(os.path.abspath(folder)))
        experiments = [experiment.experiment_id for experiment in client.search_experiments()]
        return [dict(run.data.params) for run in client.search_runs(experiments, max_results=50_000)]


def _flat(config: dict[str, Any], before: str = "") -> dict[str, Any]:
    """As its users do it: nested keys joined by dots."""
    found: dict[str, Any] = {}
    for key, value in config.items():
        found.update(_flat(value, f"{before}{key}.") if isinstance(value, dict) else {f"{before}{key}": value})
    return found


UNABLE = {"reads": "parameters are written, not read"}
SQLITE = Mlflow("mlflow (sqlite)", "sqlite:///", "mlflow.db", UNABLE)
FILES = Mlflow("mlflow (files)", "file://", "mlruns", {**UNABLE, "imports": "the same as with SQLite"})
