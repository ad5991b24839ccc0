"""What is kept: when the process is killed, when a call returns, and how much room it takes."""

from __future__ import annotations

import os
import shutil
from typing import Any

from adapters.tool import NoSuchThing

from measurements.timing import config_of_50

GIVEN = ("key_0", "name_9", "size_3")  # of what the configuration holds, the last in a section


def write_until_killed(tool: Any) -> None:
    """Begin a run, then write one new key after the other; each is acknowledged on what was standard output at first."""
    acknowledged = os.dup(1)  # some tools lead standard output elsewhere

    def write(run: Any) -> None:
        os.write(acknowledged, b"0\n")
        number = 0
        while True:
            number += 1
            tool.change(run, f"new_{number}", number)
            os.write(acknowledged, b"%d\n" % number)

    tool.in_run(config_of_50(), write)


def found_after_kill(tool: Any, folder: str) -> dict[str, Any]:
    """What is in the store: how many of the keys of init, and the numbers of those written later."""
    keys = {key for config in tool.stored(folder) for key in leaves(config)}
    return {
        "given": sum(any(key.rpartition(".")[2].rpartition("/")[2] == given for key in keys) for given in GIVEN),
        "written": sorted(int(key.removeprefix("new_")) for key in keys if key.startswith("new_")),
    }


def leaves(config: Any, before: str = "") -> dict[str, Any]:
    """The leaves of a nested configuration by dotted key."""
    found: dict[str, Any] = {}
    for key, value in config.items():
        if isinstance(value, dict) and value:
            found.update(leaves(value, f"{before}{key}."))
        else:
            found[f"{before}{key}"] = value
    return found


def copies(tool: Any) -> dict[str, str]:
    """Copy the store at the moment that ``init`` returns, and when a write has returned; what could not be asked."""
    unable: dict[str, str] = {}

    def copy(run: Any) -> None:
        _copy("after-init")
        try:
            tool.change(run, "new_1", 1)
            _copy("after-set")
        except NoSuchThing as refusal:
            unable["set"] = str(refusal)

    tool.in_run(config_of_50(), copy)
    return unable


def _copy(name: str) -> None:
    shutil.copytree("store", os.path.join("copies", name), symlinks=True, ignore_dangling_symlinks=True)


def sizes(tool: Any, times: int) -> int:
    """Runs of 50 keys, 10 changes and 100 results each; how many results could be logged in each."""
    logged = 0

    def fill(run: Any) -> None:
        nonlocal logged
        if "sets" not in tool.unable:
            for number in range(10):
                tool.change(run, f"change_{number}", number * 0.5)
        for step in range(0 if "logs" in tool.unable else 100):
            tool.log(run, step, step * 0.1)
            logged += 1

    for number in range(times):
        tool.in_run(config_of_50(number), fill)
    return logged // times


def crowd_found(tool: Any, folder: str, changes: int) -> dict[str, int]:
    """Read a crowd's store back: whole runs, and how many changed values."""
    whole = found = 0
    for config in tool.stored(folder):
        kept = leaves(config)
        if "turn" not in kept:
            continue
        value = float(kept["process"]) + float(kept["turn"]) * 0.5
        there = sum(
            f"change_{number}" in kept and float(kept[f"change_{number}"]) == value for number in range(changes)
        )
        found += there
        whole += there == changes
    return {"runs": whole, "changes": found}
