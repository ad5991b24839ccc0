"""Plain objects with attributes, as scripts have them for their hyperparameters."""

from __future__ import annotations

import argparse
import io
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest

from givens.errors import CycleError, UnknownSourceError
from givens.records.origin import Origin
from givens.sources import read

CODE = Origin("code", "train.py", 7)


class HParams:
    epochs = 3
    _cache: ClassVar[dict[str, int]] = {}

    class optim:
        name = "adam"

    def __init__(self, lr: float = 0.1) -> None:
        self.lr = lr
        self.space = SimpleNamespace(depth=2)
        self._seen = 1

    @property
    def rate(self) -> float:
        raise AssertionError("a property is not asked")

    def scaled(self) -> float:
        return self.lr * 2


class Slots:
    __slots__ = ("lr", "unset")

    def __init__(self) -> None:
        self.lr = 0.1


class Network:
    layers = 3

    def __call__(self) -> None: ...


def values(obj: object) -> dict[Any, Any]:
    (layer,) = read(obj, code=CODE)
    return {entry.path[0]: entry.value for entry in layer.entries}


def test_public_attributes_of_an_instance_and_of_its_class_are_values() -> None:
    assert values(HParams()) == {"epochs": 3, "optim": {"name": "adam"}, "lr": 0.1, "space": {"depth": 2}}


def test_a_class_is_read_as_well() -> None:
    assert values(HParams) == {"epochs": 3, "optim": {"name": "adam"}}
    assert values(Slots()) == {"lr": 0.1}


def test_one_inside_another_is_a_section_and_a_cycle_an_error() -> None:
    outer = HParams()
    outer.inner = HParams(0.2)  # type: ignore[attr-defined]
    assert values(outer)["inner"]["lr"] == 0.2
    outer.inner.inner = outer  # type: ignore[attr-defined]
    with pytest.raises(CycleError, match=r"config\.inner\.inner"):
        values(outer)


def test_the_origin_says_class_and_attribute_and_which_are_the_classs() -> None:
    (layer,) = read(HParams(), code=CODE)
    origins = {entry.path[0]: entry.origin for entry in layer.entries}
    assert origins["lr"] == Origin("object", "train.py", 7, name="HParams.lr")
    assert origins["epochs"] == Origin("object", "train.py", 7, name="HParams.epochs", note="of the class")


def test_it_is_watched() -> None:
    params = HParams()
    (layer,) = read(params, code=CODE)
    params.lr = 0.5
    assert layer.watched is params and layer.reread is not None
    assert layer.reread(params)[("lr",)] == 0.5


@pytest.mark.parametrize(
    "obj",
    [
        Network(),
        io.StringIO(),
        type("Own", (ValueError,), {"lr": 1})(),
        type("Tap", (argparse.ArgumentParser,), {"lr": 1})(),
        object,
        type("Empty", (), {})(),
    ],
)
def test_what_is_no_configuration_keeps_its_error(obj: object) -> None:
    with pytest.raises(UnknownSourceError):
        read(obj, code=CODE)
