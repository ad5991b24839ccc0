"""pydantic's models and settings, against the real pydantic."""

from __future__ import annotations

import json
from typing import Any

import pytest

import givens
from givens.codec import Redaction, dumps, encode
from givens.records.origin import Origin
from givens.sources import read

pydantic = pytest.importorskip("pydantic")
CODE = Origin("code", "train.py", 7)


class Model(pydantic.BaseModel):
    depth: int = pydantic.Field(4, description="how deep", gt=0)
    width: int = 8


class Train(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="allow")

    seed: int
    model: Model = Model()
    token: pydantic.SecretStr = pydantic.SecretStr("")

    @pydantic.computed_field(description="twice the seed")  # type: ignore[prop-decorator]
    @property
    def twice(self) -> int:
        return 2 * self.seed


def found(obj: Any) -> tuple[dict[Any, Any], dict[Any, Origin], dict[Any, str]]:
    (layer,) = read(obj, code=CODE)
    origins = {entry.path: entry.origin for entry in layer.entries} | layer.origins
    return {entry.path[0]: entry.value for entry in layer.entries}, origins, layer.descriptions


def test_given_default_computed_and_extra_are_told_apart() -> None:
    values, origins, descriptions = found(Train(seed=1, model={"depth": 4}, more=[1]))
    assert values["model"] == {"depth": 4, "width": 8}
    assert (values["twice"], values["more"]) == (2, [1])
    assert origins[("seed",)] == Origin("pydantic", "train.py", 7, name="Train.seed", note="given")
    assert origins[("model", "depth")].note == "given"  # although it is the default's value
    assert origins[("model", "width")].note == "default"
    assert origins[("more",)].note == "extra"
    assert descriptions == {("model", "depth"): "how deep", ("twice",): "twice the seed"}


def test_a_secret_of_pydantic_is_a_secret_in_the_record() -> None:
    values, _, _ = found(Train(seed=1, token="hunter2"))
    assert values["token"].get_secret_value() == "hunter2"
    encoded = encode(values["token"], ("plain_name",), Redaction(key_file="/nonexistent/givens.key"))
    assert "hunter2" not in dumps(encoded.json)
    assert encoded.json["~"] == "secret"
    assert encoded.secrets == (("plain_name",),)


def test_a_dataclass_of_pydantic_is_a_dataclass() -> None:
    from pydantic.dataclasses import dataclass

    @dataclass
    class Options:
        lr: float = 0.1

    values, origins, _ = found(Options(lr=1))
    assert values == {"lr": 1.0}
    assert origins[("lr",)].kind == "dataclass"


def test_settings_name_the_variable_that_a_value_came_from(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = pytest.importorskip("pydantic_settings")

    class Inner(pydantic.BaseModel):
        depth: int = 1

    class App(settings.BaseSettings):
        model_config = settings.SettingsConfigDict(env_prefix="APP_", env_nested_delimiter="__")

        lr: float = 0.1
        seed: int = 0
        name: str = pydantic.Field("x", validation_alias="THE_NAME")
        inner: Inner = Inner()

    monkeypatch.setenv("APP_LR", "1e-3")
    monkeypatch.setenv("app_seed", "5")
    monkeypatch.setenv("THE_NAME", "me")
    monkeypatch.setenv("APP_INNER__DEPTH", "3")
    values, origins, _ = found(App(seed=7))
    assert values == {"lr": 0.001, "seed": 7, "name": "me", "inner": {"depth": 3}}
    assert origins[("lr",)] == Origin("env", name="APP_LR")
    assert origins[("seed",)].note == "given"  # by an argument, past the variable
    assert origins[("name",)] == Origin("env", name="THE_NAME")
    assert origins[("inner", "depth")] == Origin("env", name="APP_INNER__DEPTH")


def test_a_model_given_to_a_config_is_a_section_like_any_other() -> None:
    config = givens.Config()
    config.update(Train(seed=1))
    config.model.depth = 5
    assert json.loads(json.dumps(config["model"])) == {"depth": 5, "width": 8}
