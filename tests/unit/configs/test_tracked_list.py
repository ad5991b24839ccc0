"""A TrackedList is a list whose every write is recorded."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from givens import Config, TrackedList
from givens.configs import place as places

WRITES: list[tuple[str, Callable[[Any], Any]]] = [
    ("append", lambda it: it.append(9)),
    ("append a section", lambda it: it.append({"a": 1})),
    ("extend", lambda it: it.extend(iter([8, 9]))),
    ("extend by itself", lambda it: it.extend(it)),
    ("insert", lambda it: it.insert(1, 9)),
    ("insert far out", lambda it: it.insert(99, 9)),
    ("insert from the end", lambda it: it.insert(-1, 9)),
    ("insert far before", lambda it: it.insert(-99, 9)),
    ("pop", lambda it: it.pop()),
    ("pop first", lambda it: it.pop(0)),
    ("pop from the end", lambda it: it.pop(-2)),
    ("remove", lambda it: it.remove(2)),
    ("remove 1, found as True", lambda it: it.remove(True)),
    ("clear", lambda it: it.clear()),
    ("sort", lambda it: it.sort()),
    ("sort descending", lambda it: it.sort(reverse=True)),
    ("sort by key", lambda it: it.sort(key=lambda number: -number)),
    ("reverse", lambda it: it.reverse()),
    ("set", lambda it: it.__setitem__(0, 9)),
    ("set from the end", lambda it: it.__setitem__(-1, 9)),
    ("slice", lambda it: it.__setitem__(slice(1, 3), [7, 8, 9])),
    ("slice by nothing", lambda it: it.__setitem__(slice(1, 3), [])),
    ("empty slice", lambda it: it.__setitem__(slice(3, 1), [7])),
    ("whole", lambda it: it.__setitem__(slice(None), [1])),
    ("slice by itself", lambda it: it.__setitem__(slice(1, 2), it)),
    ("every second", lambda it: it.__setitem__(slice(None, None, 2), [8, 9])),
    ("backwards", lambda it: it.__setitem__(slice(None, None, -1), [6, 7, 8, 9])),
    ("del", lambda it: it.__delitem__(0)),
    ("del last", lambda it: it.__delitem__(-1)),
    ("del slice", lambda it: it.__delitem__(slice(0, 2))),
    ("del every second", lambda it: it.__delitem__(slice(None, None, 2))),
    ("+=", lambda it: it.__iadd__((8, 9))),
    ("*=", lambda it: it.__imul__(2)),
    ("*= 0", lambda it: it.__imul__(0)),
    ("*= -1", lambda it: it.__imul__(-1)),
]


@pytest.mark.parametrize(("how", "write"), WRITES, ids=[how for how, _ in WRITES])
def test_every_write_does_what_a_list_does_and_is_recorded(how: str, write: Any, recorded: Any) -> None:
    plain: list[Any] = [3, 1, 2, 4]
    config = Config(numbers=[3, 1, 2, 4], deep={"down": [[3, 1, 2, 4]]})
    write(plain)
    for tracked in (config.numbers, config.deep.down[0]):
        write(tracked)
        assert tracked == plain
        assert type(tracked) is TrackedList
    assert recorded(config) == {"numbers": plain, "deep": {"down": [plain]}} == config.as_dict()


BAD: list[tuple[str, type[Exception], Callable[[Any], Any]]] = [
    ("pop too far", IndexError, lambda it: it.pop(9)),
    ("pop no int", TypeError, lambda it: it.pop("a")),
    ("remove what is not there", ValueError, lambda it: it.remove("b")),
    ("sort what cannot be compared", TypeError, lambda it: it.sort()),
    ("a key that fails", ZeroDivisionError, lambda it: it.sort(key=lambda _: 1 / 0)),
    ("set too far", IndexError, lambda it: it.__setitem__(9, 1)),
    ("set no int", TypeError, lambda it: it.__setitem__("a", 1)),
    ("del too far", IndexError, lambda it: it.__delitem__(-9)),
    ("del no int", TypeError, lambda it: it.__delitem__(1.0)),
    ("extended slice of another length", ValueError, lambda it: it.__setitem__(slice(None, None, 2), [1])),
    ("slice by no iterable", TypeError, lambda it: it.__setitem__(slice(0, 1), 5)),
    ("extend by no iterable", TypeError, lambda it: it.extend(5)),
    ("insert at no int", TypeError, lambda it: it.insert("a", 1)),
    ("*= a float", TypeError, lambda it: it.__imul__(1.5)),
    ("an iterator that fails half way", ZeroDivisionError, lambda it: it.extend(1 / n for n in (1, 0))),
    ("a cycle", ValueError, lambda it: it.append(cycle())),
    ("an empty key", ValueError, lambda it: it.append({"": 1})),
]


def cycle() -> list[Any]:
    turn: list[Any] = []
    turn.append([turn])
    return turn


@pytest.mark.parametrize(("how", "error", "write"), BAD, ids=[how for how, _, _ in BAD])
def test_a_write_that_fails_changes_nothing(how: str, error: Any, write: Any, events: Any) -> None:
    config = Config(mixed=[3, "a", 1])
    before = len(events(config))
    with pytest.raises(error):
        write(config.mixed)
    assert config.mixed == [3, "a", 1]
    assert len(events(config)) == before


def test_an_append_records_the_element_only(events: Any) -> None:
    config = Config(numbers=list(range(500)))
    config.numbers.append(7)
    event = events(config)[-1]
    assert (event["k"], event["p"], event["at"], event["rm"], event["v"]) == ("splice", ["numbers"], 500, 0, [7])
    config.numbers[3] = 8
    event = events(config)[-1]
    assert (event["k"], event["s"]) == ("set", [[["numbers", 3], 8, 0]])


def test_writes_that_change_nothing_record_nothing(events: Any) -> None:
    config = Config(numbers=[1, 2], empty=[])
    before = len(events(config))
    config.numbers.sort()
    config.numbers[0] = 1
    config.numbers += []
    config.numbers *= 1
    config.numbers.extend(())
    config.empty.clear()
    config.empty.reverse()
    config.numbers[1:1] = []
    assert len(events(config)) == before


def test_sections_inside_lists_keep_their_place_while_the_list_shifts(recorded: Any) -> None:
    config = Config(layers=[{"dim": n} for n in range(4)])
    last = config.layers[3]
    config.layers.insert(0, {"dim": -1})
    last.dim = 30
    del config.layers[1:3]
    last.dim += 1
    config.layers.reverse()
    last.heads = 2
    config.layers.sort(key=lambda layer: layer.dim)
    last["nested"] = [{"x": 1}]
    last.nested[0].x = 2
    assert places.path_of(last.nested[0]) == ("layers", 2, "nested", 0)
    assert config.layers[2] is last
    assert recorded(config)["layers"][2] == {"dim": 31, "heads": 2, "nested": [{"x": 2}]}
    assert recorded(config) == config.as_dict()


def test_containers_that_are_given_again_are_copied(recorded: Any) -> None:
    config = Config(layers=[{"dim": 1}, {"dim": 2}, {"dim": 3}, {"dim": 4}])
    config.layers.append(config.layers[0])
    config.layers[1] = config.layers[0]
    config.layers *= 2
    config.layers[::5] = [config.layers[2], config.layers[2]]
    assert len({id(layer) for layer in config.layers}) == len(config.layers) == 10
    for number, layer in enumerate(config.layers):
        layer.dim = number
    assert recorded(config)["layers"] == [{"dim": number} for number in range(10)]


def test_swapping_elements_as_shuffle_does_is_recorded(recorded: Any) -> None:
    import random

    config = Config(layers=[{"dim": n} for n in range(6)], numbers=list(range(6)))
    random.Random(3).shuffle(config.layers)
    random.Random(3).shuffle(config.numbers)
    assert [layer.dim for layer in config.layers] == config.numbers != list(range(6))
    assert recorded(config) == config.as_dict()


def test_taking_elements_out_unties_them(recorded: Any) -> None:
    config = Config(layers=[{"dim": 1}, {"dim": 2}])
    taken = config.layers.pop(0)
    taken.dim = 9
    assert taken == {"dim": 9}
    assert config.layers == [{"dim": 2}] == recorded(config)["layers"]


def test_a_list_taken_out_of_its_config_is_a_list_still() -> None:
    config = Config(layers=[3, {"a": 1}])
    taken = config.pop("layers")
    taken.append(5)
    taken[1].a = 2
    taken[0] = [1]
    taken[0].append(2)
    taken.insert(0, "x")
    taken.reverse()
    del taken[0]
    assert taken == [{"a": 2}, [1, 2], "x"]
    assert config == {}


def test_its_own_list_can_be_made_and_given(recorded: Any) -> None:
    mine = TrackedList([1, {"a": 1}])
    mine.append([2])
    mine[1].a = 5
    config = Config(mine=mine, empty=TrackedList())
    mine.append(3)
    config.mine[1].a = 6
    assert mine == [1, {"a": 5}, [2], 3]
    assert recorded(config) == {"mine": [1, {"a": 6}, [2]], "empty": []}


def test_copies_of_a_list_are_plain() -> None:
    config = Config(layers=[1, {"a": [2]}])
    for made in (copy.copy(config.layers), config.layers.copy(), config.layers[:], config.layers * 1):
        assert type(made) is list
        assert made == [1, {"a": [2]}]
    for made in (copy.deepcopy(config.layers), pickle.loads(pickle.dumps(config.layers))):
        assert type(made) is list
        assert type(made[1]) is dict
        assert type(made[1]["a"]) is list
    assert json.dumps(config.layers) == '[1, {"a": [2]}]'
    with pytest.raises(TypeError, match="unhashable"):
        hash(config.layers)


def test_augmented_assignment_keeps_the_list(recorded: Any) -> None:
    config = Config(numbers=[1], s={"names": ["a"]})
    numbers = config.numbers
    config.numbers += [2]
    config["numbers"] *= 2
    config.s.names += ("b",)
    assert config.numbers is numbers
    assert recorded(config) == {"numbers": [1, 2, 1, 2], "s": {"names": ["a", "b"]}}


def test_sorting_by_a_key_that_writes_keeps_record_and_memory_alike(recorded: Any) -> None:
    config = Config(numbers=[3, 1, 2], calls=0)

    def key(number: int) -> int:
        config.calls += 1
        return number

    config.numbers.sort(key=key)
    assert config == {"numbers": [1, 2, 3], "calls": 3} == recorded(config)
