"""Configs that are only read."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

import givens
from givens import Config, TrackedList
from givens.codec import Redaction
from givens.configs.doors import door_of
from givens.configs.stored import read_only_config, snapshot
from givens.errors import ReadOnlyError

VALUES: dict[str, Any] = {
    "lr": 2.0,
    "model": {"depth": 4, "layers": [1, {"dim": 2}]},
    "t": (1, (2,)),
    "nan": None,
    3: {"x": 1},
    "s": {1, 2},
    "m": {1.5: 1},
}


@pytest.fixture(params=["stored", "snapshot"])
def sealed(request: pytest.FixtureRequest, state_of: Any) -> Config:
    """The config of a stored run, and a snapshot of a live one."""
    config = Config(VALUES)
    if request.param == "snapshot":
        return snapshot(config)
    return read_only_config(state_of(config), what="run calm-otter")


WRITES: dict[str, Any] = {
    "attribute": lambda it: setattr(it, "lr", 3),
    "item": lambda it: it.__setitem__("new", 3),
    "same": lambda it: it.__setitem__("lr", 2.0),
    "del": lambda it: it.__delitem__("lr"),
    "del attribute": lambda it: delattr(it, "lr"),
    "update": lambda it: it.update(lr=3),
    "|=": lambda it: it.__ior__({"lr": 3}),
    "pop": lambda it: it.pop("lr"),
    "popitem": lambda it: it.popitem(),
    "clear": lambda it: it.clear(),
    "setdefault": lambda it: it.setdefault("new", 1),
    "setdefaults": lambda it: it.setdefaults({"new": 1}),
    "update_locked": lambda it: it.update_locked({"lr": 3}),
    "merge": lambda it: givens.merge(it, {"model": {"depth": 5}}),
    "nested": lambda it: it.model.__setitem__("depth", 5),
    "append": lambda it: it.model.layers.append(5),
    "list item": lambda it: it.model.layers.__setitem__(0, 5),
    "in a list": lambda it: setattr(it.model.layers[1], "dim", 5),
    "sort": lambda it: it.model.layers.reverse(),
}


@pytest.mark.parametrize("how", WRITES)
def test_every_write_is_refused_and_says_what_to_do(sealed: Config, how: str) -> None:
    with pytest.raises(ReadOnlyError, match=r"(config_static|the config of run calm-otter) is read-only; \w+"):
        WRITES[how](sealed)
    assert sealed.as_dict() == VALUES


def test_it_reads_like_the_live_one(sealed: Config) -> None:
    assert sealed == VALUES
    assert sealed.model.layers[1].dim == 2
    assert type(sealed.model) is Config
    assert type(sealed.model.layers) is TrackedList
    assert type(sealed.t) is tuple
    assert type(sealed.lr) is float
    assert sealed.setdefault("lr", 9) == 2.0
    assert sealed.pop("nothing", None) is None
    assert sealed.__dict__ is sealed
    assert givens.fingerprint(sealed) == givens.fingerprint(VALUES)
    assert givens.flatten(sealed)["model.depth"] == 4
    assert givens.explain(sealed, "model.depth").value == 4
    assert '<td>model.depth</td><td class="v">4</td>' in sealed._repr_html_()
    assert json.dumps(sealed.model) == '{"depth": 4, "layers": [1, {"dim": 2}]}'
    with pytest.raises(givens.GivensError, match="did you mean 'depth'"):
        _ = sealed.model.dept


def test_a_copy_of_it_can_be_written(sealed: Config, recorded: Any) -> None:
    for other in (copy.copy(sealed), copy.deepcopy(sealed), sealed.copy()):
        other.lr = 3
        other.model.layers.append(1)
        assert other.lr == recorded(other)["lr"] == 3
    assert sealed == VALUES


def test_a_stored_config_has_the_history_of_its_run(state_of: Any) -> None:
    config = Config(lr=1)
    config.lr = 2
    stored = read_only_config(state_of(config))
    assert [change.new for change in givens.history(stored, "lr")] == [1, 2]


def test_a_snapshot_stays_as_it_was_and_keeps_the_same_secrets() -> None:
    config = Config(lr=1, layers=[1], codename="hunter2-hunter2")
    door_of(config).redaction = Redaction(["codename"])
    static = snapshot(config)
    config.lr = 2
    config.layers.append(2)
    assert (static.lr, static.layers) == (1, [1])
    for other in (static, copy.copy(config), copy.copy(static), config.copy()):
        assert "hunter2" not in repr(other) + str(other) + other._repr_html_()
        assert other.codename == "hunter2-hunter2"
