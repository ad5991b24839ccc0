"""Makes many runs as a sweep leaves them: the same files that ``givens.init`` writes, without its work.

    python bench/generate_runs.py FOLDER --runs 100000 --keys 50
    python bench/generate_runs.py FOLDER --runs 100000 --keys 50 --real

The first writes each journal as a whole, some 3,000 runs a second. With ``--real`` each run is begun, logged and ended by
givens itself (``init``, ``log``, ``finish``) with the same values, some 1,000 a second; they say today, this host and this
process, where the others are spread over time, hosts and users.

The values are those of a sweep: a few learning rates and sizes over and over, nested sections, lists, names, a seed of its
own for each run, now and then a NaN. Every run has a start line, one line of config, a few lines of results and, but for
the first fifty, a finish line. The same numbers give the same values.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "src"))

from givens.codec import Redaction, dumps, encode
from givens.journal.layout import Store
from givens.journal.lines import Stamper

_LETTERS = "abcdefghjkmnpqrstvwxyz23456789"
_MODELS = ("vit", "resnet50", "convnext", "swin", "mlp-mixer")
_DATASETS = ("imagenet", "cifar10", "cifar100", "svhn")
_MOODS = ("calm", "bold", "keen", "mild", "neat", "wise", "warm")
_ANIMALS = ("otter", "heron", "lynx", "finch", "badger", "marten", "stork", "newt")
_FLAGS = ("lr", "batch_size", "seed", "epochs", "model.name")
BEGAN_S = 1_767_225_600  # 2026-01-01
_EMPTY = Redaction()

LIVE = (
    50  #: runs that have not ended, however many there are: elsewhere, so that nobody here can say that they are lost
)


def config_of(number: int, keys: int, chance: random.Random) -> dict[str, Any]:
    """The configuration of one run: at least 30 keys, filled up to as many as asked for."""
    width = chance.choice((192, 384, 768))
    depth = chance.choice((4, 8, 12, 24))
    config: dict[str, Any] = {
        "lr": chance.choice((1e-4, 3e-4, 1e-3, 3e-3, 1e-2)),
        "batch_size": chance.choice((32, 64, 128, 256)),
        "epochs": chance.choice((10, 30, 90)),
        "seed": number % 5 if number % 3 else number,
        "amp": chance.random() < 0.5,
        "resume_from": None,
        "output_dir": f"/scratch/ada/runs/{number:07d}",
        "data": {
            "name": chance.choice(_DATASETS),
            "workers": 8,
            "mixup": round(chance.random(), 2),
            "crop": [224, 224],
        },
        "optimizer": {
            "name": chance.choice(("adamw", "sgd", "lion")),
            "betas": [0.9, chance.choice((0.95, 0.99, 0.999))],
            "weight_decay": 10 ** chance.uniform(-4, -1),
            "clip": float("nan") if chance.random() < 0.02 else 1.0,
        },
        "schedule": {"kind": "cosine", "warmup": chance.choice((0, 500, 1000)), "final": 0.0},
        "model": {
            "name": chance.choice(_MODELS),
            "depth": depth,
            "width": width,
            "heads": width // 64,
            "dropout": chance.choice((0.0, 0.1, 0.2)),
            "hidden": [width * 4] * min(depth, 4),
            "norm": {"kind": "layer", "eps": 1e-6, "affine": True},
            "head": {"kind": "linear", "bias": True, "init": "zeros"},
        },
        "logging": {"every": 50, "level": "info", "images": False, "tags": ["sweep", f"part-{number % 10}"]},
    }
    missing = keys - _leaves(config)
    extra = {}
    for at in range(missing):
        kind = at % 4
        values = (at, round(at * 0.01 + number % 3, 4), f"value-{number % 7}", bool((at + number) % 2))
        extra[f"option_{at:04d}"] = values[kind]
    if extra:
        config["extra"] = extra
    return config


def _leaves(value: dict[str, Any]) -> int:
    return sum(_leaves(child) if isinstance(child, dict) else 1 for child in value.values())


def run_id_of(number: int) -> str:
    """Ten letters that look as random as real ones."""
    mixed = (number * 0x9E3779B97F4A7C15 + 0x2545F4914F6CDD1D) % 30**10
    out = ""
    for _ in range(10):
        mixed, place = divmod(mixed, 30)
        out += _LETTERS[place]
    return out


class Made(NamedTuple):
    """What one run is given and what it logs.

    Args:
        took_s: how long it says it took, in seconds.
        config: its configuration.
        logged: the results of each step.
        ends: whether it says how it ended.
        failed: whether it failed.
    """

    took_s: float
    config: dict[str, Any]
    logged: list[dict[str, float]]
    ends: bool
    failed: bool


def made(number: int, keys: int, points: int) -> Made:
    """The run of a number; the same each time."""
    chance = random.Random(number)
    took_s = chance.uniform(60, 7200)
    config = config_of(number, keys, chance)
    best = 0.5 + 0.45 * chance.random()
    logged = [
        {"loss": 2.5 / (1 + step) + chance.random() * 0.1, "val_acc": best * (1 - 1 / (2 + step))}
        for step in range(points)
    ]
    return Made(took_s, config, logged, number >= LIVE, number % 23 == 0)


def journal_of(number: int, keys: int, points: int) -> tuple[str, bytes]:
    """One run: its id, and the content of its journal."""
    run_id = run_id_of(number)
    took_s, config, logged, ends, failed = made(number, keys, points)
    clock = _clock(BEGAN_S + number * 7, took_s, points + 4)
    stamper = Stamper(lambda: clock[0][clock[1]], lambda: clock[0][clock[1]])
    lines = [stamper.line("start", _members(_start_of(number, run_id)))]

    def add(kind: str, members: str) -> None:
        clock[1] += 1
        lines.append(stamper.line(kind, members))

    add("set", _set_members(config))
    if points:
        add("settle", "")
    for step, results in enumerate(logged):
        add("log", f',"m":{dumps(results)},"step":{step}')
    if ends:
        error = ',"error":"Traceback …\\nRuntimeError: CUDA out of memory"' if failed else ""
        add("finish", f',"state":"{"failed" if failed else "finished"}","code":{int(failed)}{error}')
    return run_id, b"".join(lines)


def _clock(began_s: int, took_s: float, count: int) -> list[Any]:
    return [[int((began_s + took_s * at / count) * 1e9) for at in range(count + 1)], 0]


def _start_of(number: int, run_id: str) -> dict[str, Any]:
    return {
        "format": 1,
        "run": run_id,
        "writer": (run_id + run_id)[:16],
        "role": "main",
        "project": ("digits", "march")[number % 10 == 0],
        "name": f"{_MOODS[number % 7]}-{_ANIMALS[number // 7 % 8]}-{run_id[:4]}",
        "group": f"sweep-{number // 1000}",
        "tags": ["sweep", f"part-{number % 10}"],
        "host": f"node{number % 16}",
        "boot_id": "5e0f7d8c-3b3a-4c57-9a51-6e6f0d3f2b11",
        "pid": 1000 + number % 60000,
        "pid_namespace": "pid:[4026531836]",
        "started": 123456,
        "user": ("ada", "grace", "edsger")[number % 3],
        "python": "3.11.7",
        "argv": ["python", "train.py", "--lr", "0.001", "--batch-size", "64"],
        "script": "train.py",
        "cwd": "/home/ada/digits",
        "git": {"root": "/home/ada/digits", "commit": f"{number // 5000:040x}", "branch": "main"},
    }


def _members(members: dict[str, Any]) -> str:
    return "".join(f",{dumps(key)}:{dumps(value)}" for key, value in members.items())


def _set_members(config: dict[str, Any]) -> str:
    rows = [[[key], encode(value, (key,), _EMPTY).json, int(key in _FLAGS)] for key, value in config.items()]
    origins = [{"kind": "code", "file": "train.py", "line": 31}, {"kind": "argparse", "name": "--lr", "note": "typed"}]
    return f',"s":{dumps(rows)},"o":{dumps(origins)},"l":1'


def generate(folder: str, runs: int, keys: int, points: int, first: int = 0) -> Iterator[str]:
    """Write runs into the store in a folder; gives the id of each as it is written."""
    store = Store(os.path.join(folder, ".givens"))
    store.make()
    for number in range(first, first + runs):
        run_id, content = journal_of(number, keys, points)
        descriptor = os.open(store.run_file(run_id), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o666)
        os.write(descriptor, content)
        os.close(descriptor)
        yield run_id


def generate_real(folder: str, runs: int, keys: int, points: int, first: int = 0) -> Iterator[str]:
    """The same runs, each begun, logged and ended by givens itself; they say today, this host and this process."""
    import givens

    os.environ["GIVENS_SILENT"] = "1"
    for number in range(first, first + runs):
        run_id, begun = run_id_of(number), _start_of(number, run_id_of(number))
        told = made(number, keys, points)
        identity = {name: begun[name] for name in ("project", "name", "group", "tags")}
        run = givens.init(dir=folder, id=run_id, config=told.config, **identity)
        for step, results in enumerate(told.logged):
            run.log(results, step=step)
        run.finish(exit_code=int(told.failed))
        yield run_id


def main() -> None:
    parser = argparse.ArgumentParser(description="Make many runs as a sweep leaves them.")
    parser.add_argument("folder", help="the folder that holds .givens")
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--keys", type=int, default=50, help="keys in each configuration (at least 33)")
    parser.add_argument("--points", type=int, default=3, help="how often each run logs")
    parser.add_argument("--first", type=int, default=0, help="number of the first run, to add to a store")
    parser.add_argument("--real", action="store_true", help="by givens.init, log and finish, run after run")
    given = parser.parse_args()
    began_s = time.perf_counter()
    make = generate_real if given.real else generate
    count = sum(1 for _ in make(given.folder, given.runs, given.keys, given.points, given.first))
    took_s = time.perf_counter() - began_s
    print(f"{count} runs in {took_s:.1f} s, {count / took_s:.0f} a second")


if __name__ == "__main__":
    main()
