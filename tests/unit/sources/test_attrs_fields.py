"""attrs classes, against the real attrs."""

from __future__ import annotations

import pytest

from givens.records.origin import Origin
from givens.sources import read

attrs = pytest.importorskip("attrs")
CODE = Origin("code", "train.py", 7)


@attrs.define
class Optimizer:
    name: str = "adam"
    lr: float = attrs.field(default=0.1, metadata={"help": "learning rate"})
    betas: list[float] = attrs.field(factory=list)
    _steps: int = 3


@attrs.frozen
class Train:
    seed: int
    optimizer: Optimizer = attrs.field(factory=Optimizer)


def test_nested_instances_are_read_with_origin_default_and_description() -> None:
    (layer,) = read(Train(1, Optimizer(lr=0.5)), code=CODE)
    assert {entry.path[0]: entry.value for entry in layer.entries} == {
        "seed": 1,
        "optimizer": {"name": "adam", "lr": 0.5, "betas": [], "_steps": 3},
    }
    assert layer.origins[("optimizer", "lr")] == Origin("attrs", "train.py", 7, name="Optimizer.lr")
    assert layer.origins[("optimizer", "name")].note == "default"
    assert layer.origins[("optimizer", "betas")].note == "default"
    assert layer.descriptions == {("optimizer", "lr"): "learning rate"}
