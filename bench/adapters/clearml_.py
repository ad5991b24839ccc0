"""ClearML in offline mode."""

from __future__ import annotations

import glob
import json
import os
import zipfile
from types import MappingProxyType
from typing import Any

from adapters.tool import Tool


class Clearml(Tool):
    """Offline: a folder for each task, zipped when it ends; what ``connect`` gives back is the configuration."""

    name = "clearml"
    home = "clearml"
    packages = ("clearml", "numpy")
    imports = "import clearml"
    durable = "a kill can leave the file empty that is rewritten at each change"
    slow = True  # offline, close() waits ten seconds for its own log
    unable = MappingProxyType({"crowds": "each run takes ten seconds to close"})
    script = """
import clearml
task = clearml.Task.init("bench", "run", reuse_last_task_id=False)
task.connect({"lr": 0.1, "model": {"depth": 4}})
for step in range(10):
    task.set_parameter(f"General/key_{step}", step)
task.close()
"""

    def settings(self, folder: str) -> dict[str, str]:
        """Offline, with its files below the folder."""
        return {
            "CLEARML_OFFLINE_MODE": "1",
            "CLEARML_CACHE_DIR": os.path.join(folder, "store"),
            "CLEARML_LOG_LEVEL": "ERROR",
        }

    def begin(self, config: Any) -> Any:
        import clearml

        task = clearml.Task.init("bench", "run", reuse_last_task_id=False)
        self._given = task.connect(config)
        return task

    def finish(self, run: Any) -> None:
        run.close()

    def config(self, run: Any) -> Any:
        return self._given

    def change(self, run: Any, key: str, value: Any) -> None:
        run.set_parameter(f"General/{key}", value)

    def log(self, run: Any, step: int, value: float) -> None:
        run.get_logger().report_scalar("loss", "loss", value=value, iteration=step)

    def abandon(self) -> None:
        import clearml

        task = clearml.Task.current_task()
        if task is not None:
            task.close()

    def stored(self, folder: str) -> list[dict[str, Any]]:
        """From ``task.json``, in the folder of a task or in its archive; a kill can leave one that is no JSON."""
        texts = []
        for file in glob.glob(os.path.join(folder, "**", "task.json"), recursive=True):
            with open(file, encoding="utf-8") as opened:
                texts.append(opened.read())
        for file in glob.glob(os.path.join(folder, "**", "*.zip"), recursive=True):
            with zipfile.ZipFile(file) as archive, archive.open("task.json") as opened:
                texts.append(opened.read().decode())
        told = [task for text in texts if (task := _task(text))]
        tasks = {task["id"]: task for task in told if "id" in task}
        return [_parameters(task) for task in tasks.values()]


def _task(text: str) -> dict[str, Any]:
    try:
        task: dict[str, Any] = json.loads(text)
    except ValueError:
        return {}
    return task


def _parameters(task: dict[str, Any]) -> dict[str, Any]:
    sections = task.get("hyperparams") or {}
    return {name.replace("/", "."): row.get("value") for name, row in sections.get("General", {}).items()}


TOOL = Clearml()
