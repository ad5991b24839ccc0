"""Plain objects with attributes, as scripts have them for their hyperparameters."""

from __future__ import annotations

import argparse
import fractions
import importlib.util
import io
import os
import pstats
import sys
import sysconfig
from abc import ABC
from enum import Enum
from functools import cached_property, lru_cache, partialmethod, singledispatchmethod
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest

from givens.errors import CycleError, TooDeepError, UnknownSourceError
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


class Machinery:
    lr = 0.1
    old = 1

    @lru_cache  # noqa: B019
    def cached(self) -> int:
        return 1

    @cached_property
    def once(self) -> int:
        return 2

    @singledispatchmethod
    def dispatched(self, _: object) -> int:
        return 3

    partial = partialmethod(cached)


class Overridden(Machinery):
    @property
    def old(self) -> int:  # type: ignore[override]
        raise AssertionError("a property is not asked")


class Choices(ABC):  # noqa: B024
    class Mode(Enum):
        A = 1

    class optim(ABC):  # noqa: B024
        name = "adam"

    mode = Mode.A


class Inheriting(Choices):
    epochs = 3


class Single:
    lr = 0.1
    default: ClassVar[Single]
    instance: ClassVar[Single]

    def __init__(self) -> None:
        Single.instance = self


Single.default = Single()


class Hiding:
    lr = 0.1

    def __getattribute__(self, name: str) -> Any:
        if name == "__dict__":
            raise RuntimeError("not now")
        return super().__getattribute__(name)


class Flags:
    read = True
    __slots__ = ("__array__",)

    class write:
        every = 10


class File:
    lr = 0.1

    def write(self, text: str) -> None: ...


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


def test_the_origin_of_what_stands_in_a_slot_is_the_instances() -> None:
    (layer,) = read(Slots(), code=CODE)
    assert [entry.origin for entry in layer.entries] == [Origin("object", "train.py", 7, name="Slots.lr")]


def test_methods_of_any_kind_are_no_values() -> None:
    params = Machinery()
    assert values(params) == values(Machinery) == {"lr": 0.1, "old": 1}
    assert params.once == 2
    assert values(params) == {"lr": 0.1, "old": 1}, "what was worked out and kept is no value either"


def test_methods_that_scikit_learn_makes_are_no_values() -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is not installed")
    from sklearn.utils._metadata_requests import RequestMethod
    from sklearn.utils.metaestimators import available_if

    class Estimator:
        lr = 0.1
        set_fit_request = RequestMethod("fit", ["weight"])

        @available_if(lambda self: True)
        def predict(self) -> None: ...

    assert values(Estimator()) == {"lr": 0.1}


def test_what_a_property_covers_is_no_value() -> None:
    assert values(Overridden()) == {"lr": 0.1}


def test_an_enum_inside_a_class_is_no_section_and_its_members_are_values() -> None:
    assert values(Choices()) == values(Choices) == {"optim": {"name": "adam"}, "mode": Choices.Mode.A}
    assert {"mode": Choices.Mode.A, "epochs": 3}.items() <= values(Inheriting()).items()
    assert "Mode" not in values(Inheriting())


def test_instances_that_a_class_keeps_of_itself_are_no_values() -> None:
    assert values(Single()) == values(Single) == {"lr": 0.1}


def test_an_instance_that_has_itself_is_a_cycle() -> None:
    params = Single()
    params.me = params  # type: ignore[attr-defined]
    with pytest.raises(CycleError, match=r"config\.me"):
        values(params)


def test_objects_and_namespaces_nested_beyond_the_stack_are_too_deep() -> None:
    params = HParams()
    namespace = SimpleNamespace()
    for _ in range(sys.getrecursionlimit()):
        outer = HParams()
        outer.inner = params  # type: ignore[attr-defined]
        params, namespace = outer, SimpleNamespace(inner=namespace)
    with pytest.raises(TooDeepError, match=r"config\.inner\.inner"):
        values(params)
    (layer,) = read(HParams(), code=CODE)
    assert layer.reread is not None and layer.reread(params) == {}, "nothing to compare with"
    holder = HParams()
    holder.space = namespace
    with pytest.raises(TooDeepError, match=r"config\.space"):
        values(holder)


def test_attributes_that_are_called_like_telling_methods_are_values() -> None:
    assert values(Flags()) == {"read": True, "write": {"every": 10}}


@pytest.mark.parametrize("place", ["", "lib/python/site-packages"])
def test_a_module_of_ones_own_may_be_named_like_one_of_the_standard_library(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / place / "profile.py"
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text("class HParams:\n    lr = 0.1\n")
    spec = importlib.util.spec_from_file_location("profile", script)
    assert spec is not None and spec.loader is not None
    own = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "profile", own)
    spec.loader.exec_module(own)
    monkeypatch.setattr(sysconfig, "get_path", lambda _: str(tmp_path / "lib" / "python"))
    assert values(own.HParams()) == {"lr": 0.1}


def test_classes_of_the_standard_library_keep_their_error_wherever_it_has_them() -> None:
    for base in (fractions.Fraction, pstats.Stats, os.PathLike, int, io.BytesIO):
        with pytest.raises(UnknownSourceError):
            read(type("Own", (base,), {"lr": 1}), code=CODE)


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
        type("Nowhere", (), {"__module__": None, "lr": 1})(),
        Hiding(),
        File(),
    ],
)
def test_what_is_no_configuration_keeps_its_error(obj: object) -> None:
    with pytest.raises(UnknownSourceError):
        read(obj, code=CODE)
