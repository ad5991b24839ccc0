"""The steps of a write: all or nothing, adopted by copy, recorded as applied; also while others write."""

from __future__ import annotations

import gc
import signal
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

import givens
from givens import Config
from givens.configs.doors import door_of
from givens.errors import CycleError, DetachedSectionWarning, GivensError, TooDeepError


def nested(levels: int, kind: type = dict) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = {"a": value} if kind is dict else [value]
    return value


# --- batches ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sources", "more", "expected"),
    [
        ([{"a": 1}, {"a": 2}], {}, {"a": 2, "b": 0}),
        ([[("a", 1), ("a", 2)]], {}, {"a": 2, "b": 0}),
        ([{"--a": 1, "a": 2}], {}, {"a": 2, "b": 0}),
        ([{"a": 1}], {"a": 2}, {"a": 2, "b": 0}),
        ([{"a": {"x": 1}}, {"a": {"y": 2}}], {}, {"a": {"y": 2}, "b": 0}),
        ([{"a": {"x": 1}}, {"a": 2}], {}, {"a": 2, "b": 0}),
        ([{"new": 1, "a": 5}, {"new": 2}], {}, {"a": 5, "b": 0, "new": 2}),
    ],
)
def test_the_later_of_two_values_in_one_update_wins(
    sources: list[Any], more: Any, expected: Any, recorded: Any, events: Any
) -> None:
    config = Config(a=2, b=0)
    before = len(events(config))
    config.update(*sources, **more)
    assert config == expected == recorded(config)
    assert list(config) == list(recorded(config))
    assert len(events(config)) <= before + 1


def test_keys_of_one_update_stand_in_the_order_a_dict_gives_them(recorded: Any) -> None:
    config, plain = Config(), {}
    for source in ({"a": 1, "b": 2}, {"a": 3, "c": 4}):
        plain.update(source)
    config.update({"a": 1, "b": 2}, {"a": 3, "c": 4})
    assert list(config) == list(plain) == list(recorded(config))


BAD_INPUT = [
    {"x": 1, "y": nested(300)},
    {"x": 1, "y": nested(300, list)},
    {"x": 1, "": 2},
    {"x": 1, 1.5: 2},
    {"x": 1, "y": {"t": [{"": 1}]}},
    [("x", 1), ("", 1)],
    "no/such/file.yaml",
    object(),
]


@pytest.mark.parametrize("source", BAD_INPUT, ids=lambda source: str(type(source).__name__))
def test_an_update_is_all_or_nothing(source: Any, events: Any) -> None:
    config = Config(a=1, s={"b": 2})
    lines = events(config)
    for attempt in (
        lambda: config.update({"a": 9}, source),
        lambda: config.update(source, {"a": 9}),
        lambda: config.s.update({"b": 9}, source),
        lambda: givens.merge(config, {"a": 9}, source),
        lambda: config.update_locked(source),
        lambda: config.merge_locked(source, "sweep"),
        lambda: config.setdefaults(source),
    ):
        with pytest.raises(GivensError):
            attempt()
        assert config == {"a": 1, "s": {"b": 2}}
        assert events(config) == lines
    config.update(a=3)  # nothing stayed locked
    assert config.a == 3


class FailingMapping(Mapping[str, int]):
    def __getitem__(self, key: str) -> int:
        if key == "second":
            raise ZeroDivisionError
        return 1

    def __iter__(self) -> Iterator[str]:
        return iter(["first", "second"])

    def __len__(self) -> int:
        return 2


def test_a_source_that_raises_half_way_changes_nothing(events: Any) -> None:
    config = Config(a=1)
    lines = events(config)
    with pytest.raises(ZeroDivisionError):
        config.update({"a": 2}, FailingMapping())
    assert config == {"a": 1}
    assert events(config) == lines


# --- what is taken in -------------------------------------------------------------------------------------------------


def test_dicts_and_lists_are_taken_in_by_copy(recorded: Any) -> None:
    inner = {"x": [1]}
    given = {"a": inner, "b": [inner], "o": OrderedDict(y=1)}
    config = Config(given)
    config.a.x.append(2)
    config.b[0].x.append(3)
    config.o.y = 2
    inner["x"].append(4)
    given["new"] = 1
    assert config == {"a": {"x": [1, 2]}, "b": [{"x": [1, 3]}], "o": {"y": 2}} == recorded(config)
    assert inner == {"x": [1, 4]}
    assert type(given["o"]) is OrderedDict
    assert given["o"] == {"y": 1}


def test_other_containers_are_leaves_and_stay_themselves(recorded: Any) -> None:
    leaves = {"t": ([1], {"a": 1}), "d": defaultdict(int, a=1), "s": {1}, "m": {1.5: 1}, "f": frozenset([2])}
    config = Config(leaves)
    for key, leaf in leaves.items():
        assert config[key] is leaf
    assert recorded(config) == leaves


def test_a_section_that_lives_somewhere_is_copied_when_assigned_elsewhere(recorded: Any) -> None:
    config = Config(a={"x": {"y": 1}}, layers=[{"dim": 1}])
    other = Config(far={"z": 1})
    config.b = config.a
    config.a.inside = config.a
    config.first = config.layers[0]
    config.layers.append(config)
    config.far = other.far
    config.all = config
    config.b.x.y = 2
    config.first.dim = 3
    config.far.z = 4
    config.layers[1].a.x.y = 5
    assert config.a == {"x": {"y": 1}, "inside": {"x": {"y": 1}}}
    assert config.layers[0].dim == 1
    assert other.far.z == 1
    assert recorded(config) == config.as_dict()


def test_assigning_a_section_to_its_own_place_changes_nothing(events: Any) -> None:
    config = Config(a={"x": 1}, layers=[{"dim": 1}])
    a, layer = config.a, config.layers[0]
    before = len(events(config))
    config.a = config.a
    config["a"] |= {}
    config.layers[0] = config.layers[0]
    config.update(config)
    assert config.a is a
    assert config.layers[0] is layer
    assert len(events(config)) == before


def test_another_object_with_the_same_text_takes_the_place_of_the_first(recorded: Any, hear: Any) -> None:
    import numpy as np

    def made(number: int) -> Any:
        return lambda: number

    first, second = np.zeros(2), np.zeros(2)
    one, two = made(1), made(2)
    with hear():
        config = Config(array=first, s={"array": first, "act": one}, act=one, tags=[{1}])
        tags = {1}
        config.update(array=second, s={"array": second, "act": two}, act=two, tags=[tags])
    assert config.array is config.s.array is second
    assert config.act() == config.s.act() == 2
    second[0] = 7
    tags.add(2)
    config.persist()
    assert recorded(config)["array"][0] == recorded(config)["s"]["array"][0] == 7
    assert recorded(config)["tags"] == [{1, 2}]


# --- detached ---------------------------------------------------------------------------------------------------------


def test_a_section_that_was_replaced_or_deleted_reads_on_and_warns_once_when_written(hear: Any, recorded: Any) -> None:
    config = Config(a={"x": 1, "deep": {"y": 1}}, b={"x": 2}, c={"x": 3}, layers=[{"x": 4}, {"x": 5}])
    old = [config.a, config.b, config.c, config.layers[0], config.layers[1]]
    config.a = {"x": 10}
    del config.b
    config.update(c=1)
    config.layers[0] = {"x": 40}
    del config.layers[1:]
    with hear() as said:
        for section in old:
            assert section.x < 10
            section.x = 99
            section.y = 99
        old[0].deep.y = 2
    assert [type(warning) for warning in said] == [DetachedSectionWarning] * 5
    assert "config.a was replaced or deleted" in str(said[0])
    assert "layers[1]" in str(said[4])
    assert config == {"a": {"x": 10}, "c": 1, "layers": [{"x": 40}]} == recorded(config)


def test_a_list_that_was_replaced_warns_too(hear: Any) -> None:
    config = Config(numbers=[1])
    old = config.numbers
    config.numbers = [2]
    with hear() as said:
        old.append(3)
    assert [type(warning) for warning in said] == [DetachedSectionWarning]
    assert (old, config.numbers) == ([1, 3], [2])


def test_what_was_popped_belongs_to_who_popped_it(hear: Any, recorded: Any) -> None:
    config = Config(a={"x": 1}, b={"x": 2}, layers=[{"x": 3}])
    taken = [config.pop("a"), config.layers.pop(), config.popitem()[1], config.pop("b")]
    with hear() as said:
        taken[0].x = 9
        taken[1].x = 9
        taken[3].x = 9
        taken[2].append(1)
    assert said == []
    assert config == {} == recorded(config)
    assert recorded(taken[0]) == {"x": 9}


def test_a_section_taken_out_and_put_back_is_copied(recorded: Any) -> None:
    config = Config(a={"x": 1})
    taken = config.pop("a")
    config.a = taken
    taken.x = 2
    config.a.x = 3
    assert recorded(config) == {"a": {"x": 3}}


# --- cycles and depth -------------------------------------------------------------------------------------------------


def cyclic_dict() -> Any:
    turn: dict[str, Any] = {"b": {}}
    turn["b"]["c"] = [turn]
    return turn


def cyclic_leaf() -> Any:
    turn: Any = defaultdict(list)
    turn["x"] = (turn,)
    return turn


@pytest.mark.parametrize("value", [cyclic_dict(), [cyclic_dict()], cyclic_leaf(), {"deep": cyclic_leaf()}])
def test_a_cycle_is_an_error_that_names_the_path(value: Any, events: Any) -> None:
    config = Config(a=1, numbers=[1])
    lines = events(config)
    for attempt in (
        lambda: config.__setitem__("bad", value),
        lambda: config.update(a=2, bad=value),
        lambda: config.numbers.append(value),
        lambda: config.numbers.__setitem__(0, value),
        lambda: givens.merge(config, {"bad": value}),
        lambda: config.merge_locked({"bad": value}),
        lambda: config.setdefault("bad", value),
        lambda: Config(bad=value),
    ):
        with pytest.raises(CycleError, match=r"config\.(bad|numbers).* contains itself"):
            attempt()
    assert config == {"a": 1, "numbers": [1]}
    assert events(config) == lines


@pytest.mark.parametrize("value", [nested(150), nested(5000), nested(150, list), nested(5000, list)])
def test_what_is_nested_too_deeply_is_an_error_and_nothing_changed(value: Any, events: Any) -> None:
    config = Config(a=1, numbers=[1])
    lines = events(config)
    for attempt in (
        lambda: config.__setitem__("bad", value),
        lambda: setattr(config, "bad", value),
        lambda: config.update(a=2, bad=value),
        lambda: config.numbers.append(value),
        lambda: config.numbers.__setitem__(slice(None), [value]),
        lambda: givens.merge(config, {"bad": value}),
        lambda: config.setdefaults({"bad": value}),
        lambda: Config(bad=value),
    ):
        with pytest.raises(TooDeepError, match="nested too deeply"):
            attempt()
    assert config == {"a": 1, "numbers": [1]}
    assert events(config) == lines


def test_a_config_cannot_be_made_too_deep_step_by_step(recorded: Any) -> None:
    config = Config()
    section: Any = config
    with pytest.raises(TooDeepError):
        for _ in range(1000):
            section["a"] = {}
            section = section["a"]
    section.leaf = 1
    import copy
    import json
    import pickle

    assert json.loads(json.dumps(config)) == config.as_dict() == recorded(config) == copy.deepcopy(config)
    assert pickle.loads(pickle.dumps(config)) == config
    assert givens.fingerprint(config)
    assert len(repr(config)) > 600
    assert str(config).count("\n") == 127
    assert list(givens.flatten(config).values()) == [1]
    assert givens.Config(config) == config


# --- while others write -----------------------------------------------------------------------------------------------


class Meddler(Mapping[str, int]):
    """A value whose reading writes to the config that is reading it."""

    def __init__(self, action: Any) -> None:
        self.action = action
        self.acting = False

    def __getitem__(self, key: str) -> int:
        return 1

    def __iter__(self) -> Iterator[str]:
        if not self.acting:
            self.acting = True
            self.action()
            self.acting = False
        return iter(["m"])

    def __len__(self) -> int:
        return 1


OTHERS_WRITE: dict[str, Any] = {
    "the same key": lambda config: config.__setitem__("bad", 9),
    "another key": lambda config: config.__setitem__("a", 9),
    "into a section": lambda config: config.s.__setitem__("x", 9),
    "over a section": lambda config: config.__setitem__("s", {"y": 9}),
    "longer list": lambda config: config.layers.insert(0, {"n": 9}),
    "shorter list": lambda config: config.layers.pop(),
    "fewer keys": lambda config: config.pop("going", None),
}
INTERRUPTED: dict[str, Any] = {
    "set": lambda config, value: config.__setitem__("bad", value),
    "set what goes": lambda config, value: config.__setitem__("going", value),
    "update": lambda config, value: config.update(a=value, new=1),
    "set in a section": lambda config, value: config.s.__setitem__("x", value),
    "append": lambda config, value: config.layers.append(value),
    "set in a list": lambda config, value: config.layers.__setitem__(0, value),
    "slice": lambda config, value: config.layers.__setitem__(slice(0, 1), [value]),
    "reverse": lambda config, value: (config.layers.append(value), config.layers.reverse()),
    "pop from a list": lambda config, value: (config.layers.append(value), config.layers.pop(0)),
    "delete": lambda config, value: (config.__setitem__("bad", value), config.__delitem__("bad")),
    "persist": lambda config, value: (config.__setitem__("bad", value), config.persist()),
    "set in a section of a list": lambda config, value: config.layers[1].__setitem__("n", value),
}


@pytest.mark.filterwarnings("ignore::givens.GivensWarning")
@pytest.mark.parametrize("write", INTERRUPTED)
@pytest.mark.parametrize("other", OTHERS_WRITE)
def test_a_value_that_writes_while_it_is_read_leaves_record_and_memory_alike(
    write: str, other: str, recorded: Any
) -> None:
    config = Config(a=1, s={"x": 1}, layers=[{"n": 1}, {"n": 2}, {"n": 3}, {"n": 4}] * 4, going=1)
    meddler = Meddler(lambda: OTHERS_WRITE[other](config))
    INTERRUPTED[write](config, meddler)
    meddler.acting = True
    assert shape(recorded(config)) == shape(config.as_dict())


def shape(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: shape(child) for key, child in value.items()}
    return list(map(shape, value)) if isinstance(value, list) else value


def test_a_finalizer_that_writes_during_a_write_is_recorded(recorded: Any) -> None:
    config = Config(deaths=0, s={})

    class Mortal:
        def __del__(self) -> None:
            config.deaths += 1

    for number in range(20):
        mortal = Mortal()
        mortal.itself = mortal
        del mortal
        config.s = {"number": number, "list": [{}] * 3}
        config.s.list.append([{"a": {"b": number}}])
        gc.collect()
    assert config.deaths == 20
    assert recorded(config) == config.as_dict()


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs a timer that interrupts")
def test_a_signal_handler_that_writes_during_writes_is_recorded(recorded: Any) -> None:
    config = Config(signals=0, s={"n": 0}, numbers=[])

    def beat(*_: Any) -> None:
        config.signals += 1
        config.s = {"n": config.signals}
        config.numbers.append(config.signals)

    before = signal.signal(signal.SIGALRM, beat)
    signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
    try:
        for number in range(1500):
            config.n = number
            config.s.m = number
            config.numbers.append(-number)
            if number % 50 == 0:
                config.numbers.clear()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert config.signals > 3
    assert recorded(config) == config.as_dict()


def test_threads_write_and_the_record_is_what_they_made(recorded: Any) -> None:
    config = Config(n=0, s={"x": 0}, layers=[{"a": 0}], counts={})
    failures: list[BaseException] = []

    def work(name: int) -> None:
        try:
            for number in range(150):
                config.n = number
                config.counts[name] = number
                config.s = {"x": name}
                config.s.x += 1
                config.layers.append({"a": number})
                config.layers[0].a = number
                config.setdefault(f"k{number % 7}", name)
                config.update({"n": name, f"u{name}": [number]})
                config.pop(f"k{number % 5}", None)
                if number % 20 == 0:
                    del config.layers[1:]
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert config.counts == dict.fromkeys(range(6), 149)
    assert recorded(config) == config.as_dict()


def test_a_thread_that_waited_for_a_section_which_is_replaced_writes_nowhere_else(hear: Any, recorded: Any) -> None:
    config = Config(s={"x": 1})
    door = door_of(config)
    waiting = threading.Event()

    class Noticing:
        """The door's lock, which says when somebody has to wait for it."""

        def __init__(self, lock: Any) -> None:
            self.lock = lock

        def acquire(self) -> bool:
            if self.lock.acquire(blocking=False):
                return True
            waiting.set()
            return bool(self.lock.acquire())

        def release(self) -> None:
            self.lock.release()

    door.lock = Noticing(door.lock)
    section = config.s
    with hear():
        with door:
            thread = threading.Thread(target=lambda: section.__setitem__("stray", 1))
            thread.start()
            assert waiting.wait(20)
            config.s = {"x": 2}
        thread.join()
    assert config == {"s": {"x": 2}} == recorded(config)
    assert section == {"x": 1, "stray": 1}
