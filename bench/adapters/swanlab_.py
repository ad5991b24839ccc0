"""swanlab in offline mode."""

from __future__ import annotations

import os
from typing import Any

from adapters.tool import Tool


class Swanlab(Tool):
    """Offline: a folder for each run, with the configuration in a YAML file."""

    name = "swanlab"
    home = "swanlab"
    packages = ("swanlab", "numpy")
    imports = "import swanlab"
    durable = "a kill can leave the file empty that is rewritten at each change"
    script = """
import swanlab
run = swanlab.init(project="bench", config={"lr": 0.1, "model": {"depth": 4}})
for step in range(10):
    run.config[f"key_{step}"] = step
swanlab.finish()
"""

    def settings(self, folder: str) -> dict[str, str]:
        """Offline, its logs in the folder."""
        store = os.path.join(folder, "store")
        return {
            "SWANLAB_MODE": "offline",
            "SWANLAB_LOG_DIR": store,
            "SWANLAB_LOGDIR": store,
            "SWANLAB_SAVE_DIR": os.path.join(folder, "home"),
        }

    def begin(self, config: Any) -> Any:
        import swanlab

        return swanlab.init(project="bench", config=config)

    def finish(self, run: Any) -> None:
        import swanlab

        swanlab.finish()

    def config(self, run: Any) -> Any:
        return run.config

    def module(self) -> Any:
        import swanlab

        return swanlab

    def log(self, run: Any, step: int, value: float) -> None:
        import swanlab

        swanlab.log({"loss": value}, step=step)

    def abandon(self) -> None:
        import swanlab

        if swanlab.get_run() is not None:
            swanlab.finish()

    def stored(self, folder: str) -> list[dict[str, Any]]:
        """From ``config.yaml`` of each run."""
        import yaml

        configs = []
        for place, _, names in os.walk(folder):
            if "config.yaml" in names:
                with open(os.path.join(place, "config.yaml"), encoding="utf-8") as file:
                    wrapped = yaml.safe_load(file) or {}
                configs.append({key: entry["value"] for key, entry in wrapped.items()})
        return configs


TOOL = Swanlab()
