"""Stores of so many runs, made where they are missing, and the processes in which they are asked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from typing import Any, NamedTuple

from children import environment, use_of
from environments import HERE, install, python_of

SIZES = (1_000, 10_000, 100_000, 1_000_000)
KEYS = 50
FIRST_USE = ["-m", "givens", "ls", "-n", "20", "lr=0.001", "model.name=vit"]
_LOAD_S = 3600
_FOLDED = "fold.json"  # beside the store: what folding it took


class Peer(NamedTuple):
    """Another tool.

    Args:
        name: as it is called.
        script: asks it, in its own environment.
        package: what is installed there.
        most: runs; more take it too long.
    """

    name: str
    script: str
    package: str
    most: int


def store_of(folder: str, runs: int) -> str:
    """The folder of a store with so many runs, which are written when they are not there."""
    place = os.path.join(folder, str(runs))
    done = os.path.join(place, "complete")
    if not os.path.exists(done):
        os.makedirs(place, exist_ok=True)
        generator = os.path.join(HERE, "generate_runs.py")
        command = [sys.executable, generator, place, "--runs", str(runs), "--keys", str(KEYS)]
        subprocess.run(command, check=True, env=environment({}))
        with open(done, "w", encoding="utf-8"):
            pass
    return place


def has_duckdb() -> bool:
    """Whether the extra ``[fast]`` can be measured."""
    return find_spec("duckdb") is not None


def givens_answers(place: str, repeats: int, *, fast: bool = False) -> dict[str, Any]:
    """What ``scale_questions`` says of a store; folding it is measured the first time, and remembered."""
    script = os.path.join(HERE, "scale_questions.py")
    said = subprocess.run(
        [sys.executable, "-W", "ignore", script, place, str(repeats), "fast" if fast else "plain"],
        check=True,
        env=environment({}),
        stdout=subprocess.PIPE,
    )
    answers: dict[str, Any] = json.loads(said.stdout)
    remembered = os.path.join(place, _FOLDED)
    if answers["fold"]["runs"]:
        with open(remembered, "w", encoding="utf-8") as file:
            json.dump(answers["fold"], file)
    elif os.path.exists(remembered):
        with open(remembered, encoding="utf-8") as file:
            answers["fold"] = json.load(file)
    return answers


def fresh_process(place: str, repeats: int) -> dict[str, Any]:
    """``givens ls`` with a filter, from the start of the interpreter to its end; it packs nothing afterwards."""
    packs = os.path.join(place, ".givens", "packs")
    os.makedirs(packs, exist_ok=True)
    with open(os.path.join(packs, "pack.lock"), "ab"):
        os.utime(os.path.join(packs, "pack.lock"))  # as if somebody had packed what can be packed, just now
    used = [
        use_of([sys.executable, *FIRST_USE], cwd=place, extra={"GIVENS_DIR": place, "NO_COLOR": "1"})
        for _ in range(repeats + 1)
    ]
    return {"first": used[0].wall_s * 1e3, "wall": [each.wall_s * 1e3 for each in used[1:]], "cpu": _cpu(used[1:])}


def _cpu(used: list[Any]) -> list[float]:
    return [each.cpu_s * 1e3 for each in used]


def peer_answers(peer: Peer, place: str, runs: int, repeats: int) -> dict[str, Any] | str:
    """What a peer says; or why it says nothing."""
    trouble = install(peer.name, (peer.package, "numpy"))
    if trouble is not None:
        return f"it could not be installed: {trouble}"
    folder = os.path.join(place, "peer")
    os.makedirs(folder, exist_ok=True)
    command = [python_of(peer.name), os.path.join(HERE, peer.script), folder, str(runs), str(repeats)]
    try:
        said = subprocess.run(
            command, env=environment({}), cwd=folder, capture_output=True, text=True, check=False, timeout=_LOAD_S
        )
    except subprocess.TimeoutExpired:
        return f"no answer in {_LOAD_S} s"
    if said.returncode:
        return said.stderr.strip()[-300:]
    found: dict[str, Any] = json.loads(said.stdout.strip().splitlines()[-1])
    return found
