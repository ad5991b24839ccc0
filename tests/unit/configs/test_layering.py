"""Layers over each other: the upper wins, the lower stays visible."""

from __future__ import annotations

from typing import Any

import pytest

import givens
from givens import Config
from givens.configs.doors import door_of
from givens.configs.layering import lay
from givens.errors import CycleError, TooDeepError
from givens.keys import as_path
from givens.records.layer import Entry, Layer
from givens.records.origin import Origin


def layer(name: str, *entries: tuple[str, Any], **more: Any) -> Layer:
    return Layer(name, [Entry(as_path(path), value, Origin("file", name, 1)) for path, value in entries], **more)


def laid(*layers: Layer, deep: bool = False) -> Config:
    config = Config()
    lay(config, list(layers), deep=deep)
    return config


def test_top_level_keys_replace_whole_and_nested_paths_merge(recorded: Any, events: Any) -> None:
    config = laid(
        layer("defaults", ("opt", {"name": "sgd", "momentum": 0.9}), ("train", {"lr": 1, "epochs": 2}), ("seed", 1)),
        layer("env", ("train.epochs", 5), ("new.deep", True), ("seed.now", "a section")),
        layer("config=", ("opt", {"name": "adam"})),
    )
    expected = {
        "opt": {"name": "adam"},
        "train": {"lr": 1, "epochs": 5},
        "seed": {"now": "a section"},
        "new": {"deep": True},
    }
    assert config.as_dict() == expected == recorded(config)
    assert len(events(config)) == 1


def test_the_losers_stay_visible_in_the_order_of_the_layers() -> None:
    config = laid(
        layer("defaults", ("lr", 1), ("opt", {"name": "sgd", "momentum": 0.9})),
        layer("file", ("lr", 2)),
        layer("again", ("lr", 2)),
        layer("config=", ("lr", 3), ("opt", {"name": "adam"})),
    )
    changes = givens.history(config, "lr")
    assert [(change.new, change.origin.file) for change in changes] == [
        (1, "defaults"),
        (2, "file"),
        (2, "again"),
        (3, "config="),
    ]
    momentum = givens.explain(config, "opt.momentum")
    assert [change.action for change in momentum.changes] == ["delete", "set"]
    assert door_of(config).guard.changed == 0


def test_deep_layers_merge_all_the_way(recorded: Any) -> None:
    config = laid(
        layer("defaults", ("opt", {"name": "sgd", "deep": {"a": 1}}), ("train", {"lr": 1}), ("list", [1, 2]), ("n", 1)),
        layer("file", ("opt", {"deep": {"b": 2}}), ("train", {}), ("empty", {}), ("n", {"x": 1})),
        layer("config=", ("opt", {"name": "adam"}), ("list", [3]), ("empty", {}), ("train", {})),
        deep=True,
    )
    expected = {
        "opt": {"name": "adam", "deep": {"a": 1, "b": 2}},
        "train": {"lr": 1},
        "list": [3],
        "n": {"x": 1},
        "empty": {},
    }
    assert config.as_dict() == expected == recorded(config)


@pytest.mark.parametrize("deep", [False, True])
def test_a_value_that_cannot_be_taken_spoils_all(deep: bool, events: Any) -> None:
    turn: dict[str, Any] = {}
    turn["a"] = {"b": turn}
    bottomless: Any = 1
    for _ in range(500):
        bottomless = {"a": bottomless}
    config = Config()
    with pytest.raises(CycleError):
        lay(config, [layer("one", ("fine", 1)), layer("two", ("bad", turn))], deep=deep)
    with pytest.raises(TooDeepError):
        lay(config, [layer("one", ("fine", 1)), layer("two", ("bad", bottomless))], deep=deep)
    with pytest.raises(TooDeepError):
        lay(config, [layer("env", (".".join("a" * 500), 1))], deep=deep)
    assert config == {}
    assert events(config) == []


def test_finer_origins_and_descriptions_come_along() -> None:
    config = laid(
        layer(
            "file",
            ("model", {"depth": 4, "deep": {"x": 1}}),
            origins={("model", "depth"): Origin("file", "file", 7), ("model", "deep", "x"): Origin("file", "file", 9)},
            descriptions={("model",): "what it is"},
        ),
    )
    assert str(givens.explain(config, "model.depth").origin) == "file:7"
    assert str(givens.explain(config, "model.deep.x").origin) == "file:9"
    assert givens.explain(config, "model").description == "what it is"


def test_given_values_are_copied_and_mutables_watched(recorded: Any) -> None:
    import numpy as np

    values: dict[str, Any] = {"list": [{"a": 1}], "array": np.zeros(1)}
    config = laid(layer("config=", *values.items()))
    values["list"][0]["a"] = 2
    values["array"][0] = 5
    config.persist()
    assert recorded(config)["list"] == [{"a": 1}]
    assert recorded(config)["array"].tolist() == [5.0]


def test_a_key_like_a_method_in_a_layer_is_said(hear: Any) -> None:
    with hear() as said:
        laid(layer("file", ("grid", {"lr": {"values": [1, 2]}}), ("items", 1)))
    (warning,) = said
    assert str(warning).startswith("config.grid.lr.values, config.items are the methods of those names")


def test_a_section_that_covers_deeper_entries_keeps_the_place_of_the_first(recorded: Any) -> None:
    config = laid(
        layer("env", ("train.x", 1), ("other", 2), ("train.y", 3)),
        layer("config=", ("lr", 4), ("train", {"z": 5}), ("other", 6)),
    )
    assert list(config) == ["train", "other", "lr"] == list(recorded(config))
    assert config.as_dict() == {"train": {"z": 5}, "other": 6, "lr": 4} == recorded(config)


def test_a_leaf_given_again_by_the_same_place_is_one_entry_and_by_another_two() -> None:
    twice = laid(layer("a.yaml", ("lr", 1), ("s", {"x": 1})), layer("a.yaml", ("lr", 1), ("s", {"x": 1})))
    assert len(givens.history(twice, "lr")) == 1
    assert len(givens.history(laid(layer("a.yaml", ("lr", 1)), layer("b.yaml", ("lr", 1))), "lr")) == 2
    assert len(givens.history(laid(layer("a.yaml", ("lr", 1)), layer("a.yaml", ("lr", 1.0))), "lr")) == 2
    replaced = laid(layer("a.yaml", ("s.x", 1)), layer("b.yaml", ("s", {})), layer("a.yaml", ("s.x", 1)))
    assert replaced.as_dict() == {"s": {"x": 1}}
