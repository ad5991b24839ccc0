"""A study that looks like one: 60 runs of a network whose losses come from a formula, for pictures and tests of the page.

``python docs/page_study.py FOLDER`` puts its store into FOLDER; it takes a second. The same numbers every time.
"""

from __future__ import annotations

import argparse
import math
import random
from pathlib import Path

import givens

RUNS = 60
STEPS = 40

CONSTANT = {
    "epochs": STEPS,
    "train": {"warmup_steps": 500, "clip_norm": 1.0, "label_smoothing": 0.1, "mixed_precision": True, "eps": 1e-08},
    "dataset": {"name": "digits", "path": "/data/digits", "split": [0.8, 0.1, 0.1], "workers": 4, "shuffle": True},
    "log": {"every": 10, "keep": None},
    "tolerance": 0.0,
}


def config_of(chance: random.Random, seed: int) -> dict[str, object]:
    """What one run is given."""
    return {
        **CONSTANT,
        "lr": chance.choice([1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1]),
        "batch_size": chance.choice([32, 64, 128, 256]),
        "optimizer": chance.choice(["sgd", "adam", "lamb"]),
        "model": {
            "depth": chance.choice([2, 4, 8]),
            "width": chance.choice([128, 256, 512]),
            "dropout": round(chance.uniform(0, 0.5), 3),
        },
        "weight_decay": round(10 ** chance.uniform(-6, -2), 8),
        "seed": seed,
    }


def losses_of(config: dict[str, object], chance: random.Random) -> list[float]:
    """Validation losses: best where lr suits the batch size, a little better for deeper models."""
    lr, batch = float(config["lr"]), int(config["batch_size"])  # type: ignore[call-overload]
    model = config["model"]
    assert isinstance(model, dict)
    suits = 1e-3 * batch / 64 * (0.3 if config["optimizer"] == "adam" else 1.0)
    miss = abs(math.log10(lr / suits))
    floor = 0.12 + 0.16 * miss**1.6 + 0.1 / model["depth"] + 0.12 * abs(model["dropout"] - 0.15)
    speed = 9.0 / (1 + miss)
    return [
        floor + (2.3 - floor) * math.exp(-speed * (step + 1) / STEPS) + chance.gauss(0, 0.012) for step in range(STEPS)
    ]


def make(folder: Path, runs: int = RUNS) -> None:
    """The store, in a folder that has none."""
    chance = random.Random(20260101)
    for number in range(runs):
        config = config_of(chance, seed=number % 3)
        with givens.init(
            project="digits", config=config, name=f"study-{number:02}", dir=str(folder), changes="record"
        ) as run:
            run.define_metric("val_loss", goal="min")
            if number % 7 == 0:
                run.config["note"] = "first of its week"
            for step, loss in enumerate(losses_of(config, chance)):
                run.log({"val_loss": round(loss, 5), "val_acc": round(1 - 0.42 * loss, 5)}, step=step)
                if number == runs - 1 and step == STEPS // 2:
                    run.config["lr"] = 1e-3 if run.config["lr"] != 1e-3 else 3e-4


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    make(given.folder)
