"""What changes inside foreign objects is found at persist()."""

from __future__ import annotations

from collections import defaultdict, deque
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from givens import Config
from givens.errors import LossyValueWarning, RunFinishedError


class Optimizer:
    def __init__(self) -> None:
        self.lr = 0.1
        self.groups = [{"lr": 0.1}]


def grown(value: Any) -> None:
    """One change in place, of each kind."""
    if isinstance(value, np.ndarray):
        value[0] = 99
    elif isinstance(value, set):
        value.add(99)
    elif isinstance(value, deque):
        value.append(99)
    elif isinstance(value, Optimizer):
        value.groups[0]["lr"] = 99
    elif isinstance(value, tuple):
        value[0].append(99)
    elif isinstance(value, SimpleNamespace):
        value.x = 99
    else:
        value[99] = 99


MUTABLE: dict[str, Any] = {
    "array": lambda: np.zeros(3),
    "set": lambda: {1},
    "deque": lambda: deque([1]),
    "object": Optimizer,
    "tuple holding a list": lambda: ([1], 2),
    "defaultdict": lambda: defaultdict(int),
    "mapping with other keys": lambda: {1.5: 1},
    "namespace": lambda: SimpleNamespace(x=1),
}


@pytest.mark.filterwarnings("ignore::givens.GivensWarning")
@pytest.mark.parametrize("kind", MUTABLE)
@pytest.mark.parametrize("place", ["top", "section", "list", "section in a list", "list in a section"])
def test_what_changed_in_place_is_recorded_with_its_origin(kind: str, place: str, state_of: Any, events: Any) -> None:
    value = MUTABLE[kind]()
    values, unit = {
        "top": ({"v": value}, ("v",)),
        "section": ({"s": {"t": {"v": value}}}, ("s", "t", "v")),
        "list": ({"l": [1, value]}, ("l",)),
        "section in a list": ({"l": [{"v": value}]}, ("l",)),
        "list in a section": ({"s": {"l": [value]}}, ("s", "l")),
    }[place]
    config = Config(values)
    lines = len(events(config))
    config.persist()
    assert len(events(config)) == lines, "nothing has changed yet"
    grown(value)
    config.persist()
    state = state_of(config)
    assert state.origins[unit].kind == "in place"
    assert state.history[unit][-1].new != state.history[unit][-1].old
    lines = len(events(config))
    config.persist()
    assert len(events(config)) == lines


def test_one_object_at_two_places_is_one_object(recorded: Any) -> None:
    shared = np.zeros(2)
    config = Config(a=shared, s={"b": shared}, l=[shared, shared])
    assert config.a is config.s.b is config.l[0] is config.l[1] is shared
    shared[1] = 5
    config.persist()
    state = recorded(config)
    for array in (state["a"], state["s"]["b"], *state["l"]):
        assert array.tolist() == [0.0, 5.0]


LIST_WRITES: dict[str, Any] = {
    "append": lambda config: config.l.append(5),
    "insert": lambda config: config.l.insert(0, 5),
    "pop another": lambda config: config.l.pop(),
    "set another": lambda config: config.l.__setitem__(-1, 5),
    "reverse": lambda config: config.l.reverse(),
    "into a section beside it": lambda config: config.l[1].__setitem__("x", 2),
    "out of a section beside it": lambda config: config.l[1].pop("x"),
    "slice": lambda config: config.l.__setitem__(slice(1, 2), [7, 8]),
    "another array": lambda config: config.l.append(np.ones(1)),
    "*=": lambda config: config.l.__imul__(2),
}


@pytest.mark.parametrize("how", LIST_WRITES)
def test_a_write_into_a_list_does_not_swallow_what_drifted_in_it(how: str, recorded: Any) -> None:
    array = np.zeros(2)
    config = Config(l=[array, {"x": 1}, 3])
    array[0] = 9
    LIST_WRITES[how](config)
    config.persist()
    arrays = [value.tolist() for value in recorded(config)["l"] if isinstance(value, np.ndarray)]
    assert [9.0, 0.0] in arrays
    assert str(recorded(config)) == str(config.as_dict())


def test_writes_that_are_seen_are_not_called_changes_in_place(events: Any) -> None:
    config = Config(l=[np.zeros(2), {"a": np.ones(1), "b": 1}], s={"a": np.zeros(1)})
    config.l[1].b = 2
    del config.l[1].b
    config.l.append(1)
    config.s.a = np.ones(3)
    config.s.b = np.ones(3)
    del config.s.b
    config.l[1] = 5
    config.s = {}
    lines = len(events(config))
    config.persist()
    assert len(events(config)) == lines


def test_what_was_replaced_is_not_looked_at_any_more(recorded: Any, events: Any) -> None:
    old = np.zeros(2)
    config = Config(a=old, s={"b": old}, gone=old, l=[old], leaf=old)
    config.a = 1
    config.s = {"c": 1}
    del config.gone
    config.l = [2]
    config.leaf = {"x": 1}
    old[0] = 9
    lines = len(events(config))
    config.persist()
    assert len(events(config)) == lines
    assert recorded(config) == {"a": 1, "s": {"c": 1}, "l": [2], "leaf": {"x": 1}}


def test_an_array_given_again_after_it_changed_is_recorded_at_once(recorded: Any) -> None:
    array = np.zeros(2)
    config = Config(a=array)
    array[0] = 1
    config.a = array
    assert recorded(config)["a"].tolist() == [1.0, 0.0]
    array += 1
    config.a += 1
    assert config.a is array
    assert recorded(config)["a"].tolist() == [3.0, 2.0]


def test_what_can_no_longer_be_stored_is_said_once_and_stops_nobody(hear: Any, recorded: Any) -> None:
    turn: Any = defaultdict(list, a=1)
    config = Config(turn=turn, l=[turn], n=1)
    turn["self"] = turn
    with hear() as said:
        config.persist()
        config.persist()
        config.l.append(2)
        config.n = 2
        config.persist()
    assert [type(warning) for warning in said] == [LossyValueWarning] * 2
    assert "config.turn was changed in place, and now holds itself" in str(said[0])
    assert recorded(config) == {"turn": {"a": 1}, "l": [{"a": 1}, 2], "n": 2}
    del turn["self"]
    turn["b"] = 2
    config.persist()
    assert recorded(config)["turn"] == {"a": 1, "b": 2} == recorded(config)["l"][0]


def test_what_changes_after_the_run_has_finished_is_an_error_and_not_recorded(run_config: Any, events: Any) -> None:
    array = np.zeros(2)
    config, door = run_config({"a": array})
    door.closed = "calm-otter"
    lines = len(events(config))
    config.persist()
    array[0] = 1
    with pytest.raises(RunFinishedError, match=r"run calm-otter has finished: config\.a was not recorded"):
        config.persist()
    assert len(events(config)) == lines


def test_what_is_not_kept_exactly_is_said_once_a_place(hear: Any, events: Any) -> None:
    with hear() as said:
        config = Config(model=Optimizer(), s={"fn": lambda: 1})
        config.model = Optimizer()
        config.other = Optimizer()
    assert [str(warning).split(":")[1] for warning in said] == [" config.model", " config.s.fn", " config.other"]


def test_a_value_that_is_exact_again_is_not_called_lossy(state_of: Any, hear: Any) -> None:
    with hear():
        config = Config(model=Optimizer(), s={"deep": Optimizer()})
        config.model = 1
        config.s = {"deep": 2}
        assert state_of(config).lossy == {}
        config.model = Optimizer()
    assert set(state_of(config).lossy) == {("model",)}
