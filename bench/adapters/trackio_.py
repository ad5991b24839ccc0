"""trackio, local."""

from __future__ import annotations

import os
from types import MappingProxyType
from typing import Any

from adapters.tool import Tool


class Trackio(Tool):
    """The configuration is written along with the first result, so that every run here has one; later changes are not."""

    name = "trackio"
    home = "trackio"
    packages = ("trackio", "numpy")
    imports = "import trackio"
    script = """
import trackio
run = trackio.init(project="bench", config={"lr": 0.1, "model": {"depth": 4}})
for step in range(10):
    run.config[f"key_{step}"] = step
trackio.log({"loss": 1.0})
trackio.finish()
"""
    durable = "0.5 s after the first result; later changes never"
    unable = MappingProxyType({"sets": "a change after the first result is not kept"})

    def settings(self, folder: str) -> dict[str, str]:
        """Its database in the folder."""
        return {"TRACKIO_DIR": os.path.join(folder, "store"), "HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}

    def begin(self, config: Any) -> Any:
        import trackio

        run = trackio.init(project="bench", config=config, embed=False)
        trackio.log({"begun": 1})
        return run

    def finish(self, run: Any) -> None:
        import trackio

        trackio.finish()

    def config(self, run: Any) -> Any:
        return run.config

    def module(self) -> Any:
        import trackio

        return trackio

    def log(self, run: Any, step: int, value: float) -> None:
        run.log({"loss": value}, step=step)

    def abandon(self) -> None:
        import trackio
        from trackio import context_vars

        if context_vars.current_run.get() is not None:
            trackio.finish()

    def stored(self, folder: str) -> list[dict[str, Any]]:
        os.environ["TRACKIO_DIR"] = os.path.abspath(folder)
        import trackio

        try:
            runs = trackio.Api().runs("bench")
        except ValueError:  # it has no such project: nothing was written
            return []
        return [run.config or {} for run in runs]


TOOL = Trackio()
