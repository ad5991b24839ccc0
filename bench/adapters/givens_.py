"""givens, as its documentation says."""

from __future__ import annotations

import os
from typing import Any

from environments import SRC

from adapters.tool import Tool


class Givens(Tool):
    """The one that is measured against the others; from the working tree that the bench lies in."""

    name = "givens"
    imports = "import givens; givens.init; givens.config"
    script = """
import givens
run = givens.init(project="bench", config={"lr": 0.1, "model": {"depth": 4}})
for step in range(10):
    run.config[f"key_{step}"] = step
run.finish()
"""
    longest_s = 0.05

    def settings(self, folder: str) -> dict[str, str]:
        """A store in the folder; nothing else is changed."""
        return {"GIVENS_DIR": os.path.join(folder, "store"), "GIVENS_SILENT": "1", "PYTHONPATH": SRC}

    def begin(self, config: Any) -> Any:
        import givens

        return givens.init(project="bench", config=config)

    def finish(self, run: Any) -> None:
        run.finish()

    def config(self, run: Any) -> Any:
        return run.config

    def module(self) -> Any:
        import givens

        return givens

    def log(self, run: Any, step: int, value: float) -> None:
        run.log({"loss": value}, step=step)

    def abandon(self) -> None:
        import givens

        givens.finish()

    def stored(self, folder: str) -> list[dict[str, Any]]:
        """Each run's own journal, by the reader."""
        from givens.journal.layout import Store
        from givens.journal.reader import read_run

        store = Store(os.path.join(folder, ".givens"))
        return [read_run(store, run_id).state.config for run_id in store.run_files()]

    def read_back(self, folder: str) -> list[dict[str, Any]]:
        import givens

        return [givens.open(run.id, dir=folder).config.as_dict() for run in givens.runs(dir=folder)]


TOOL = Givens()
