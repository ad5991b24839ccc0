"""OmegaConf's configs, against the real OmegaConf."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

import givens
from givens.errors import MissingValueWarning, UnknownSourceError
from givens.records.origin import Origin
from givens.sources import read

omegaconf = pytest.importorskip("omegaconf")
OmegaConf = omegaconf.OmegaConf
CODE = Origin("code", "train.py", 7)


@dataclass
class Model:
    depth: int = 4  # how deep
    wide: Any = omegaconf.MISSING


@dataclass
class Train:
    seed: int = 0
    model: Model = field(default_factory=Model)


def found(config: Any) -> tuple[dict[Any, Any], dict[Any, Origin]]:
    (layer,) = read(config, code=CODE)
    return {entry.path[0]: entry.value for entry in layer.entries}, {
        **{entry.path: entry.origin for entry in layer.entries},
        **layer.origins,
    }


def test_values_are_builtin_ones_and_interpolations_resolved_with_their_text_kept() -> None:
    config = OmegaConf.create(
        {"lr": 0.1, "warm": "${lr}", "sub": {"name": "run-${lr}", "n": None}, "list": [1, "${lr}"]}
    )
    values, origins = found(config)
    assert values == {"lr": 0.1, "warm": 0.1, "sub": {"name": "run-0.1", "n": None}, "list": [1, 0.1]}
    assert type(values["sub"]) is dict and type(values["list"]) is list
    assert origins[("lr",)] == Origin("omegaconf", "train.py", 7)
    assert origins[("warm",)].note == "${lr}"
    assert origins[("sub", "name")].note == "run-${lr}"
    assert origins[("list",)].note == "${lr}"


def test_what_is_missing_is_said_once_and_kept_as_it_is() -> None:
    config = OmegaConf.create({"a": "???", "b": {"c": "???"}, "d": "${a}"})
    with pytest.warns(MissingValueWarning, match=r"config\.a, config\.b\.c: mandatory and not given") as said:
        values, origins = found(config)
    assert len(said) == 1
    assert values == {"a": "???", "b": {"c": "???"}, "d": "${a}"}
    assert origins[("a",)].note == "missing: ???"
    assert origins[("d",)].note == "leads to ???"


def test_an_interpolation_that_cannot_be_resolved_is_kept_as_its_text() -> None:
    values, origins = found(OmegaConf.create({"a": "${nowhere}", "b": "${oc.env:NO_SUCH_VARIABLE}"}))
    assert values == {"a": "${nowhere}", "b": "${oc.env:NO_SUCH_VARIABLE}"}
    assert origins[("a",)].note == "cannot be resolved"


def test_what_a_variable_falls_back_on_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_SUCH_VARIABLE", raising=False)
    config = OmegaConf.create({"password": "${oc.env:NO_SUCH_VARIABLE,hunter2hunter2}"})
    _, origins = found(config)
    assert origins[("password",)].note == "${oc.env:NO_SUCH_VARIABLE,…}"


def test_a_structured_config_names_class_and_field_and_has_its_descriptions() -> None:
    config = OmegaConf.structured(Train)
    config.model.wide = 3
    (layer,) = read(config, code=CODE)
    assert layer.origins[("model", "depth")].name == "Model.depth"
    assert layer.descriptions == {("model", "depth"): "how deep"}


def test_the_config_is_watched() -> None:
    config = OmegaConf.create({"a": {"b": 1}, "c": "${a.b}"})
    (layer,) = read(config, code=CODE)
    config.a.b = 2
    assert layer.watched is config and layer.reread is not None
    assert layer.reread(config) == {("a", "b"): 2, ("c",): 2}


def test_int_keys_stay_ints() -> None:
    config = givens.Config()
    config.update(OmegaConf.create({"labels": {0: "cat", 1: "dog"}}))
    assert config.labels == {0: "cat", 1: "dog"}


@pytest.mark.parametrize(
    "config", [OmegaConf.create([1]), OmegaConf.create(None)] if hasattr(omegaconf, "OmegaConf") else []
)
def test_a_list_and_nothing_are_no_configuration(config: Any) -> None:
    with pytest.raises(UnknownSourceError, match="pass a DictConfig"):
        read(config, code=CODE)
