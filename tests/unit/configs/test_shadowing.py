"""Keys named like methods are kept, and said once."""

from __future__ import annotations

from typing import Any

import pytest

from givens import Config
from givens.configs.shadowing import METHODS
from givens.errors import ShadowedKeyWarning

WAYS: dict[str, Any] = {
    "item": lambda config: config.__setitem__("items", 1),
    "attribute": lambda config: setattr(config, "items", 1),
    "update": lambda config: config.update(items=1),
    "setdefault": lambda config: config.setdefault("items", 1),
    "setdefaults": lambda config: config.setdefaults({"items": 1}),
    "|=": lambda config: config.__ior__({"items": 1}),
    "update_locked": lambda config: config.update_locked({"items": 1}),
    "merge_locked": lambda config: config.merge_locked({"items": 1}),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_key_like_a_method_is_said_once_and_read_by_item(way: str, hear: Any) -> None:
    config = Config()
    with hear() as said:
        WAYS[way](config)
        WAYS[way](config)
        config.update_locked({"items": 1})
    assert [type(warning) for warning in said] == [ShadowedKeyWarning]
    assert "config.items is the method of that name; read the value by item: config['items']" in str(said[0])
    assert config["items"] == 1
    assert callable(config.items)


def test_nested_keys_are_said_with_their_path(hear: Any) -> None:
    with hear() as said:
        config = Config({"sweep": {"lr": {"values": [1]}}})
        config.more = {"a": {"b": {"keys": 1}}}
        config.more.a.get = 2
    assert [str(warning).split(" is ")[0] for warning in said] == [
        "config.sweep.lr.values",
        "config.more.a.b.keys",
        "config.more.a.get",
    ]
    assert "config['sweep']['lr']['values']" in str(said[0])


def test_those_of_one_write_are_said_together(hear: Any) -> None:
    with hear() as said:
        config = Config({"items": 1, "keys": 2, "model": {"values": 3}, "lr": 4})
        config.update({"items": 5, "pop": 6})
    assert [str(warning) for warning in said] == [
        "config.items, config.keys, config.model.values are the methods of those names; "
        "read the values by item: config['items'], config['keys'], config['model']['values']",
        "config.pop is the method of that name; read the value by item: config['pop']",
    ]


def test_other_keys_are_not_said(hear: Any) -> None:
    with hear() as said:
        Config({"freeze": 1, "history": 2, "explain": 3, "lr": 4, "__class__": 5, 3: 6, "item": {"merge": 7}})
    assert said == []


def test_the_methods_of_a_config_are_few() -> None:
    public = {name for name in dir(Config) if not name.startswith("_")}
    assert (
        public
        == METHODS
        == {name for name in dir(dict) if name[0] != "_"}
        | {
            "setdefaults",
            "update_locked",
            "merge_locked",
            "persist",
            "as_dict",
        }
    )
