"""Which keys a script reads: noted only where that is asked for, and then every way of reading."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from givens.configs.config import Config
from givens.configs.doors import door_of
from givens.configs.reading import Reads, TrackedConfig, report, track
from givens.errors import MissingKeyError
from givens.keys import format_path


@pytest.fixture
def config() -> Config:
    made = Config({"lr": 0.1, "seed": 1, "model": {"depth": 4, "deep": {"x": 1}}, "sizes": [1, {"a": 2}], "items": 3})
    track(made)
    return made


def reads_of(config: Config) -> Reads:
    reads = door_of(config).reads
    assert reads is not None
    return reads


def unread(config: Config) -> list[str]:
    return [format_path(path) for path in report(config, reads_of(config)).unread]


ALL = ["lr", "seed", "model.depth", "model.deep.x", "sizes", "items"]

READS: dict[str, tuple[Callable[[Any], Any], set[str]]] = {
    "attribute": (lambda c: c.lr, {"lr"}),
    "item": (lambda c: c["lr"], {"lr"}),
    "get": (lambda c: c.get("lr"), {"lr"}),
    "getattr": (lambda c: getattr(c, "lr", None), {"lr"}),
    "a key with a method's name": (lambda c: c["items"], {"items"}),
    "a section alone": (lambda c: c.model, set()),
    "in a section": (lambda c: c.model.deep["x"], {"model.deep.x"}),
    "a list": (lambda c: c.sizes, {"sizes"}),
    "keywords": (lambda c: dict(**c.model), {"model.depth"}),
    "a copy as a dict": (lambda c: dict(c.model.deep), {"model.deep.x"}),
    "spread": (lambda c: {**c.model.deep}, {"model.deep.x"}),
    "items": (lambda c: c.model.items(), {"model.depth", "model.deep.x"}),
    "values": (lambda c: c.model.values(), {"model.depth", "model.deep.x"}),
    "as_dict": (lambda c: c.model.as_dict(), {"model.depth", "model.deep.x"}),
    "json": (lambda c: json.dumps(c.model), {"model.depth", "model.deep.x"}),
    "copy": (lambda c: copy.copy(c.model), {"model.depth", "model.deep.x"}),
    "deepcopy": (lambda c: copy.deepcopy(c), set(ALL)),
    "pickle": (lambda c: pickle.dumps(c), set(ALL)),
    "setdefault": (lambda c: c.setdefault("lr", 2), {"lr"}),
    "pop": (lambda c: c.pop("lr"), {"lr"}),
    "in place": (lambda c: c.__setattr__("lr", c.lr * 2), {"lr"}),
    "is it there": (lambda c: "lr" in c, set()),
    "its keys": (lambda c: (list(c), list(c.keys()), len(c)), set()),
    "printed": (lambda c: (repr(c), str(c), f"{c}", c._repr_html_()), set()),
    "written": (lambda c: c.update({"lr": 2, "new": {"a": 1}}, seed=4) or c.pop("new"), set()),
    "written inside": (lambda c: c.sizes.append(4), {"sizes"}),
    "persisted": (lambda c: c.persist(), set()),
}


@pytest.mark.parametrize("how", READS)
def test_every_way_of_reading_is_noted(config: Config, how: str) -> None:
    read, expected = READS[how]
    read(config)
    assert set(ALL) - set(unread(config)) == expected


def test_what_is_not_there_is_noted_with_how_it_was_asked_for(config: Config) -> None:
    assert config.get("warmup", 5) == 5
    assert not hasattr(config.model, "dropout")
    assert "ema" not in config
    with pytest.raises(MissingKeyError):
        config["epochs"]
    assert config.pop("gone", 1) == 1
    hasattr(config, "__array__")  # what libraries try for is no key
    config.ema = 0.9  # given in the end
    asked = {format_path(path): how for path, how in report(config, reads_of(config)).asked}
    assert asked == {"warmup": "get", "model.dropout": "attribute", "epochs": "item", "gone": "item"}


def test_a_misspelt_key_is_paired_with_what_was_asked_for() -> None:
    config = Config({"lerning_rate": 0.1, "model": {"drpout": 0.5, "depth": 2}, "momentum": 0.9, "dropuot": 1})
    track(config)
    config.get("learning_rate", 0.1), config.model.get("dropout"), config.model.depth, config.get("zzz")
    found = report(config, reads_of(config))
    assert [(format_path(given), format_path(asked)) for given, asked in found.meant] == [
        ("lerning_rate", "learning_rate"),
        ("model.drpout", "model.dropout"),
    ]
    assert found.sentences() == [
        "lerning_rate was given and never read, learning_rate read and never given",
        "model.drpout was given and never read, model.dropout read and never given",
        "4 keys never read: lerning_rate, model.drpout, momentum, dropuot",
    ]


def test_a_script_that_reads_nothing_through_the_config_is_told_so_in_one_line(config: Config) -> None:
    (said,) = report(config, reads_of(config)).sentences()
    assert "the script may read its arguments instead" in said


def test_a_script_that_reads_everything_is_told_nothing(config: Config) -> None:
    config.as_dict()
    assert report(config, reads_of(config)).sentences() == []


def test_sections_that_come_later_are_tracked_and_copies_are_not(config: Config) -> None:
    config.new = {"a": {"b": 1}}
    config["late"] = {}
    config["late"]["deep"] = {"c": 1}
    assert (type(config.new.a), type(config.late.deep), type(config.sizes[1])) == (TrackedConfig, TrackedConfig, Config)
    assert config.new.a.b == 1
    assert "new.a.b" not in unread(config)
    assert "late.deep.c" in unread(config)
    for other in (config.copy(), copy.deepcopy(config), pickle.loads(pickle.dumps(config)), config | {"x": 1}):
        assert type(other) is Config
        assert type(other.model) is Config


def test_a_tracked_config_is_a_config_in_every_other_way(config: Config) -> None:
    plain = Config(copy.deepcopy(config.as_dict()))
    assert config == plain
    assert isinstance(config, dict)
    assert (json.dumps(config), repr(config), str(config)) == (json.dumps(plain), repr(plain), str(plain))
    assert set(dir(config)) - set(dir(plain)) == {"__givens_tracked__"}
    assert config.items() == plain.items()
    config.model.depth = 5
    config.sizes.append(7)
    assert config.as_dict() != plain.as_dict()
    assert (config.model.depth, config.sizes[-1]) == (5, 7)


def test_nobody_elses_config_is_of_the_tracked_class(config: Config) -> None:
    other = Config({"a": {"b": 1}})
    other.c = {"d": 1}
    assert {type(other), type(other.a), type(other.c)} == {Config}
    assert door_of(other).reads is None
    assert type(config) is TrackedConfig
