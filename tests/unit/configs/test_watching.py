"""Objects that a config was read from are compared with it later."""

from __future__ import annotations

import gc
from argparse import Namespace
from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import pytest

import givens
from givens import Config
from givens.configs.doors import door_of
from givens.configs.watching import compare_watched


@pytest.fixture(params=["update", "merge"])
def read(request: pytest.FixtureRequest) -> Any:
    """A config that was read from a namespace, and the namespace."""

    def make(**values: Any) -> tuple[Config, Namespace]:
        args, config = Namespace(**values), Config()
        config.update(args) if request.param == "update" else givens.merge(config, args)
        return config, args

    return make


def said_of(config: Config) -> list[str]:
    return [str(warning) for warning in compare_watched(door_of(config))]


def test_a_source_that_says_the_same_is_not_mentioned(read: Any) -> None:
    config, args = read(lr=0.1, layers=[1, 2], nan=float("nan"), n=1)
    assert said_of(config) == []
    args.n = 1.0
    args.layers = [1.0, 2]
    args.new = 5
    config.more = 1
    assert said_of(config) == []


def test_a_source_that_differs_is_said_once_with_both_values(read: Any) -> None:
    config, args = read(lr=0.1, epochs=4)
    args.lr /= 2
    config.epochs = 5
    (text,) = said_of(config)
    assert text == (
        "config.lr is 0.1, args.lr is 0.05; config.epochs is 5, args.epochs is 4: the script may be reading args"
    )
    assert said_of(config) == []


def test_a_section_can_be_read_from_a_source(read: Any) -> None:
    config = Config(train={})
    args = Namespace(lr=0.1)
    config.train.update(args)
    args.lr = 1
    config.lr = 1
    assert len(said_of(config)) == 1


def test_a_source_that_is_gone_or_a_key_that_was_deleted_is_not_mentioned(read: Any) -> None:
    config, args = read(lr=0.1)
    del config.lr
    args.lr = 5
    assert said_of(config) == []
    config.lr = 1
    del args
    gc.collect()
    assert said_of(config) == []


def test_a_secret_is_not_shown(read: Any) -> None:
    config, args = read(api_key="hunter2-hunter2")
    args.api_key = "swordfish-swordfish"
    (text,) = said_of(config)
    assert "api_key" in text
    assert "hunter2" not in text
    assert "swordfish" not in text


def test_a_source_whose_value_can_no_longer_be_stored_differs(read: Any) -> None:
    config, args = read(table=1)
    args.table = defaultdict(list)
    args.table["self"] = args.table
    assert len(said_of(config)) == 1


def test_an_object_that_cannot_be_held_weakly_is_compared_as_well(run_config: Any) -> None:
    config, door = run_config()
    space = SimpleNamespace(lr=0.1)
    config.update(space)
    space.lr = 0.2
    del space
    (warning,) = compare_watched(door)
    assert "config.lr is 0.1, namespace.lr is 0.2" in str(warning)
