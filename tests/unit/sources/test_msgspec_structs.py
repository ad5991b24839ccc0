"""msgspec Structs, against the real msgspec."""

from __future__ import annotations

from typing import Annotated

import pytest

from givens.records.origin import Origin
from givens.sources import read

msgspec = pytest.importorskip("msgspec")
CODE = Origin("code", "train.py", 7)


class Model(msgspec.Struct):
    depth: Annotated[int, msgspec.Meta(description="how deep")] = 4
    layers: tuple[int, ...] = ()


class Train(msgspec.Struct, frozen=True):
    seed: int
    model: Model = msgspec.field(default_factory=Model)


def test_nested_structs_are_read_with_origin_default_and_description() -> None:
    (layer,) = read(Train(1, Model(depth=2)), code=CODE)
    assert {entry.path[0]: entry.value for entry in layer.entries} == {"seed": 1, "model": {"depth": 2, "layers": ()}}
    assert layer.origins[("model", "depth")] == Origin("msgspec", "train.py", 7, name="Model.depth")
    assert layer.origins[("model", "layers")].note == "default"
    assert layer.descriptions == {("model", "depth"): "how deep"}
