"""wandb in offline mode."""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Iterator
from typing import Any

from adapters.tool import Tool


class Wandb(Tool):
    """Offline: its service process writes a file that ``wandb sync`` would send later."""

    name = "wandb"
    home = "wandb"
    packages = ("wandb", "numpy")
    imports = "import wandb"
    script = """
import wandb
run = wandb.init(project="bench", config={"lr": 0.1, "model": {"depth": 4}})
for step in range(10):
    run.config[f"key_{step}"] = step
run.finish()
"""
    durable = "about 15 s later, or at finish"

    def settings(self, folder: str) -> dict[str, str]:
        """Offline and quiet."""
        return {"WANDB_MODE": "offline", "WANDB_SILENT": "true", "WANDB_DIR": os.path.join(folder, "store")}

    def begin(self, config: Any) -> Any:
        import wandb

        return wandb.init(project="bench", config=config)

    def finish(self, run: Any) -> None:
        run.finish()

    def config(self, run: Any) -> Any:
        return run.config

    def module(self) -> Any:
        import wandb

        return wandb

    def change(self, run: Any, key: str, value: Any) -> None:
        run.config.update({key: value}, allow_val_change=True)

    def log(self, run: Any, step: int, value: float) -> None:
        run.log({"loss": value}, step=step)

    def abandon(self) -> None:
        import wandb

        wandb.finish()

    def stored(self, folder: str) -> list[dict[str, Any]]:
        """From the files that its service writes, as far as they are whole: offline there is nothing else to look at."""
        configs = []
        for file in _files(folder):
            config: dict[str, Any] = {}
            for record in _records(file):
                for update in (*record.run.config.update, *record.config.update):
                    config[update.key or ".".join(update.nested_key)] = json.loads(update.value_json)
            configs.append(config)
        return configs


TOOL = Wandb()


def _files(folder: str) -> list[str]:
    places = [(place, name) for place, _, names in os.walk(folder) for name in sorted(names)]
    return [
        os.path.join(place, name) for place, name in places if name.endswith(".wandb") and "latest-run" not in place
    ]


def _records(file: str) -> Iterator[Any]:
    """The records of a ``.wandb`` file: LevelDB's log format behind a header of seven bytes."""
    from wandb.proto import wandb_internal_pb2

    with open(file, "rb") as opened:
        content = opened.read()
    at, block, whole = 7, 32768, b""
    while at + 7 <= len(content):
        left = block - at % block
        if left < 7:
            at += left
            continue
        _, size, kind = struct.unpack("<IHB", content[at : at + 7])
        piece = content[at + 7 : at + 7 + size]
        if kind == 0 or len(piece) < size:
            return
        at += 7 + size
        whole = piece if kind in (1, 2) else whole + piece
        if kind in (1, 4):
            record = wandb_internal_pb2.Record()
            record.ParseFromString(whole)
            yield record
