"""sacred, with its folder of files."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from types import MappingProxyType
from typing import Any

from adapters.tool import NoSuchThing, Tool


class Sacred(Tool):
    """A run is the call of a main function; its configuration is fixed before."""

    name = "sacred"
    home = "sacred"
    packages = ("sacred", "numpy", "setuptools<81")
    imports = "import sacred; import sacred.observers"
    script = """
import sacred, sacred.observers
experiment = sacred.Experiment("bench")
experiment.observers.append(sacred.observers.FileStorageObserver("store"))
experiment.add_config({"lr": 0.1, "model": {"depth": 4}})
@experiment.main
def main(_run):
    for step in range(10):
        _run.log_scalar("key", step)
experiment.run()
"""
    unable = MappingProxyType(
        {"sets": "the configuration is fixed when a run begins", "kills": "nothing can be set in a live run"}
    )

    def in_run(self, config: Any, body: Callable[[Any], object]) -> None:
        import sacred
        from sacred.observers import FileStorageObserver

        experiment = sacred.Experiment("bench")
        experiment.observers.append(FileStorageObserver("store"))
        experiment.add_config(config)

        def main(_run: Any) -> None:
            body(_run)

        experiment.main(main)
        experiment.run()

    def config(self, run: Any) -> Any:
        return run.config

    def change(self, run: Any, key: str, value: Any) -> None:
        raise NoSuchThing(self.unable["sets"])

    def log(self, run: Any, step: int, value: float) -> None:
        run.log_scalar("loss", value, step)

    def from_yaml(self, file: str) -> None:
        self.in_run(file, lambda _: None)

    def stored(self, folder: str) -> list[dict[str, Any]]:
        """From ``config.json`` of each run; jsonpickle, which wrote it, is what reads it."""
        from sacred.serializer import restore

        configs = []
        for place, _, names in os.walk(folder):
            if "config.json" in names:
                with open(os.path.join(place, "config.json"), encoding="utf-8") as file:
                    configs.append(restore(json.load(file)))
        return configs


TOOL = Sacred()
