"""Layering and changes of mind."""

from __future__ import annotations

import math
import warnings
from typing import Any

import pytest

from givens import Config
from givens.configs.guard import Guard
from givens.errors import ValueChangedError, ValueChangedWarning


def texts(said: list[Any]) -> list[str]:
    return [str(warning) for warning in said if isinstance(warning, ValueChangedWarning)]


def test_before_the_config_settles_a_change_is_layering(run_config: Any, hear: Any, events: Any) -> None:
    lines: list[str] = []
    config, door = run_config({"lr": 0.1, "epochs": 4}, say=lines.append)
    with hear() as said:
        config.lr = 0.2
        config.update({"lr": 0.01, "epochs": 5, "new": 1})
        config.update({"epochs": 6}, allow_val_change=True)
    assert said == []
    assert lines == ["2 values changed: lr 0.2→0.01, epochs 4→5"]
    assert door.guard.changed == 0
    assert len(events(config, "set")) == 4


def test_after_it_settled_a_change_is_said_once_a_key(run_config: Any, hear: Any, state_of: Any) -> None:
    config, _ = run_config({"lr": 0.1, "model": {"depth": 1}, "numbers": [1]}, settled=True)
    with hear() as said:
        config.lr = 0.2
        config.lr = 0.3
        config.model.depth = 2
        for number in range(5):
            config.numbers.append(number)
        config.numbers[0] = 9
        config.numbers.sort()
        config.fresh = 1
        del config.fresh
    assert [text.split(" after")[0] for text in texts(said)] == [
        "1 value changed: lr 0.1→0.2",
        "1 value changed: model.depth 1→2",
        "1 value changed: numbers + [0]",
        "1 value changed: fresh 1→nothing",
    ]
    changes = state_of(config).history[("lr",)]
    assert [(change.old, change.new, change.settled) for change in changes[1:]] == [(0.1, 0.2, True), (0.2, 0.3, True)]


@pytest.mark.parametrize(
    ("write", "told"),
    [
        (lambda numbers: numbers.append(4), "numbers + [4]"),
        (lambda numbers: numbers.pop(), "numbers - [3]"),
        (lambda numbers: numbers.__setitem__(slice(0, 2), [7]), "numbers[0:2] [1, 2]→[7]"),
    ],
)
def test_what_came_into_a_list_and_what_left_it_is_said(write: Any, told: str, run_config: Any, hear: Any) -> None:
    config, _ = run_config({"numbers": [1, 2, 3]}, settled=True)
    with hear() as said:
        write(config.numbers)
    assert texts(said) == [f"1 value changed: {told} after the first log; recorded"]


@pytest.mark.parametrize("policy", ["record", "error"])
def test_the_other_policies_record_or_raise(policy: str, run_config: Any, hear: Any, recorded: Any) -> None:
    config, door = run_config({"lr": 0.1, "n": [1]}, guard=Guard(policy))
    config.lr = 0.2
    door.settle()
    writes = [
        lambda: config.__setitem__("lr", 0.3),
        lambda: config.update(lr=0.3, fresh=1),
        lambda: config.n.append(2),
        lambda: config.n.reverse() or config.n.__setitem__(0, 5),
        lambda: config.__delitem__("lr"),
        lambda: config.pop("lr"),
        lambda: config.clear(),
    ]
    if policy == "record":
        with hear() as said:
            writes[0]()
            writes[2]()
        assert said == []
        assert recorded(config) == {"lr": 0.3, "n": [1, 2]} == config
        return
    for write in writes:
        with pytest.raises(ValueChangedError, match="nothing of this write was applied"):
            write()
        assert config == {"lr": 0.2, "n": [1]} == recorded(config)
    config.fresh = 1
    assert config.fresh == 1


def test_a_call_that_allows_or_forbids_wins_over_the_run(run_config: Any, hear: Any) -> None:
    config, _ = run_config({"lr": 0.1})
    with pytest.raises(ValueChangedError, match=r"config\.lr is 0\.1, not 0\.2"):
        config.update(lr=0.2, other=1, allow_val_change=False)
    assert config == {"lr": 0.1}
    config, _ = run_config({"lr": 0.1}, guard=Guard("warn", allow=False))
    with pytest.raises(ValueChangedError):
        config.lr = 0.2
    config.update({"lr": 0.2}, allow_val_change=True)
    config, _ = run_config({"lr": 0.1}, guard=Guard("error", allow=True), settled=True)
    with hear() as said:
        config.lr = 0.2
        config.update({"lr": 0.3}, allow_val_change=True)
    assert said == []
    with pytest.raises(ValueChangedError):
        config.update({"lr": 0.4}, allow_val_change=False)
    assert config.lr == 0.3


def test_an_array_that_changes_is_told_as_such(run_config: Any) -> None:
    import numpy as np

    config, _ = run_config({"weights": np.arange(3)})
    with pytest.raises(ValueChangedError, match="weights"):
        config.update(weights=np.arange(4), allow_val_change=False)
    config.update(weights=np.arange(3), allow_val_change=False)


SAME = [
    (2, 2.0),
    (2.0, 2),
    (math.nan, math.nan),
    ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    ([1, 2.0], [1.0, 2]),
    (0.0, -0.0),
    (None, 5),
]
DIFFERENT = [(1, True), (0, False), ("1", 1), ((1,), [1]), (5, None), ("a", "b"), ([1], [1, 2])]


@pytest.mark.parametrize(("old", "new"), SAME, ids=map(repr, SAME))
def test_values_that_are_equal_are_no_change(old: Any, new: Any, run_config: Any, recorded: Any) -> None:
    config, door = run_config({"value": old}, guard=Guard("error"), settled=True)
    config.value = new
    config.update({"value": old if old is not None else new}, allow_val_change=False)
    assert door.guard.changed == 0


@pytest.mark.parametrize(("old", "new"), DIFFERENT, ids=map(repr, DIFFERENT))
def test_values_that_differ_are_a_change(old: Any, new: Any, run_config: Any) -> None:
    config, _ = run_config({"value": old}, guard=Guard("error"), settled=True)
    with pytest.raises(ValueChangedError):
        config.value = new
    assert config.as_dict() == {"value": old}


def test_an_event_is_recorded_when_the_type_differs_and_only_then(events: Any, recorded: Any) -> None:
    config = Config(value=2, section={"a": 1, "b": 2}, numbers=[1], t=(1, 2))
    before = len(events(config))
    config.value = 2
    config.section = {"a": 1, "b": 2}
    config.numbers = [1]
    config.t = (1, 2)
    config.update(value=2)
    config.setdefault("value", 9)
    config.section.a = 1
    assert len(events(config)) == before
    for number, value in enumerate([2.0, True, "2", 2, 0.0, -0.0, math.nan, math.nan, None], start=1):
        config.value = value
        expected = before + number - (number > 7)
        assert len(events(config)) == expected
        assert type(recorded(config)["value"]) is type(config.value) is type(value)
    assert math.copysign(1, Config(value=-0.0).value) == -1
    config.section = {"b": 2, "a": 1}
    assert list(recorded(config)["section"]) == ["b", "a"] == list(config.section)


def test_a_section_given_again_as_it_is_stays_the_same_section() -> None:
    config = Config(train={"epochs": 4})
    train = config.train
    config.train = {"epochs": 4}
    config.update(train={"epochs": 4})
    train.epochs = 5
    assert config.train.epochs == 5


def test_settling_twice_is_settling_once(run_config: Any, events: Any) -> None:
    config, door = run_config({"a": 1})
    assert door.settle() is True
    assert door.settle() is False
    assert len(events(config, "settle")) == 1


def test_no_message_shows_a_secret(run_config: Any, hear: Any) -> None:
    old, new = "hunter2-hunter2-hunter2", "swordfish-swordfish"
    config, _ = run_config({"api_key": old, "db": {"password": old}}, settled=True)
    with hear() as said:
        config.api_key = new
        config.db = {"password": new}
    with pytest.raises(ValueChangedError) as caught:
        config.update({"api_key": old, "db": {"password": old}}, allow_val_change=False)
    shown = " ".join([*texts(said), str(caught.value)])
    assert "api_key" in shown
    assert "db" in shown
    assert "hunter2" not in shown
    assert "swordfish" not in shown


def test_a_warning_that_a_filter_makes_an_error_is_printed_and_stops_nobody(run_config: Any, capsys: Any) -> None:
    config, _ = run_config({"lr": 1}, settled=True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        config.lr = 2
    assert config.lr == 2
    assert "givens: ValueChangedWarning: 1 value changed: lr 1→2 after the first log" in capsys.readouterr().err
