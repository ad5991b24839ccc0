"""aim, in a repository of its own."""

from __future__ import annotations

import os
from typing import Any

from adapters.tool import Tool


class Aim(Tool):
    """A run is a tree in RocksDB; what was given is ``run[...]``."""

    name = "aim"
    home = "aim"
    packages = ("aim", "numpy", "setuptools<81")
    imports = "import aim"
    remark = "found by its reader after `aim storage reindex`"
    script = """
import aim
run = aim.Run(experiment="bench")
run[...] = {"lr": 0.1, "model": {"depth": 4}}
for step in range(10):
    run[f"key_{step}"] = step
run.close()
"""

    def settings(self, folder: str) -> dict[str, str]:
        """Its repository in the folder."""
        return {"__AIM_REPO__": os.path.join(folder, "store")}

    def begin(self, config: Any) -> Any:
        import aim

        run = aim.Run(repo=os.path.abspath("store"), experiment="bench")
        for key, value in config.items():
            run[key] = value
        return run

    def finish(self, run: Any) -> None:
        run.close()

    def config(self, run: Any) -> Any:
        return run

    def log(self, run: Any, step: int, value: float) -> None:
        run.track(value, name="loss", step=step)

    def stored(self, folder: str) -> list[dict[str, Any]]:
        """After ``aim storage reindex``, without which it finds none of the runs that a script has left."""
        import aim

        repo = aim.Repo(os.path.abspath(folder))
        repo._recreate_index()
        return [run[...] for run in repo.iter_runs()]


TOOL = Aim()
