"""A Config and everything in it, against a plain dict, and against the fold of what it recorded, after every write."""

from __future__ import annotations

import copy
import json
import pickle
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import givens
from givens import Config, TrackedList
from givens.codec import decode
from givens.configs import place as places
from givens.configs.doors import door_of
from givens.records.encoded import Tree, leaves, lift
from givens.records.state import fold

pytestmark = pytest.mark.filterwarnings("ignore::givens.GivensWarning")  # keys named like methods, again and again

# A few keys, so that they meet; among them those that would break an object that looks its methods up in its keys.
KEYS = st.sampled_from(["a", "b", "c", "x.y", "n-1", "~", "items", "__class__", "_givens", 0, 1, -7])
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0, 1, 2, -1, 10**30]),
    st.sampled_from([0.0, -0.0, 1.0, 2.0, 0.1, float("nan"), float("inf")]),
    st.sampled_from(["", "a", "1", "ä", "\ud800"]),
)
simple = st.one_of(
    scalars,
    st.tuples(scalars, scalars),
    st.builds(set, st.just([1])),
    st.just(b"x"),
    st.builds(lambda value: {1.5: value}, scalars),
)
values = st.recursive(
    simple,
    lambda inside: st.one_of(
        st.lists(inside, max_size=3),
        st.dictionaries(KEYS, inside, max_size=3),
        st.dictionaries(KEYS, inside, max_size=2).map(OrderedDict),
    ),
    max_leaves=6,
)
mappings = st.dictionaries(KEYS, values, max_size=3)
slices = st.builds(
    slice, st.none() | st.integers(-4, 4), st.none() | st.integers(-4, 4), st.sampled_from([None, 1, 2, -1, -2])
)


def taken_in(value: Any) -> Any:
    """What a config makes of a value: dicts and lists copied, anything else itself."""
    if type(value) in (dict, OrderedDict) and all(type(key) in (str, int) for key in value):
        return {key: taken_in(child) for key, child in value.items()}
    if type(value) is list:
        return [taken_in(child) for child in value]
    return value


def text_of(value: Any) -> str:
    """A text that is the same for two values that are alike in every way: types, signs of zero, order of keys."""
    if isinstance(value, dict):
        return f"{type(value).__name__}({', '.join(f'{k!r}: {text_of(v)}' for k, v in value.items())})"
    if isinstance(value, list | tuple):
        return f"{type(value).__name__}({', '.join(map(text_of, value))})"
    return f"{type(value).__name__} {sorted(value) if isinstance(value, set) else value!r}"


def outcome(action: Callable[[], Any]) -> str:
    """What an action gives, or the builtin error that it ends in."""
    try:
        given = action()
        return text_of(tuple(map(places.plain, given)) if isinstance(given, tuple) else places.plain(given))
    except (KeyError, IndexError, ValueError, TypeError) as error:
        return next(kind.__name__ for kind in (KeyError, IndexError, ValueError, TypeError) if isinstance(error, kind))


def pairs_of(live: Any, model: Any) -> Iterator[tuple[Any, Any]]:
    """Each container of the config with the one of the model that stands in the same place."""
    yield live, model
    for key in range(len(model)) if isinstance(model, list) else list(model):
        if places.is_container(live[key]):
            yield from pairs_of(live[key], model[key])


class ConfigAgainstDict(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.config = Config()
        self.model: dict[Any, Any] = {}

    @initialize(given=mappings)
    def begin(self, given: dict[Any, Any]) -> None:
        self.config = Config(given)
        self.model = taken_in(given)

    def one(self, data: st.DataObject, kind: type) -> tuple[Any, Any] | None:
        found = [pair for pair in pairs_of(self.config, self.model) if type(pair[1]) is kind]
        return data.draw(st.sampled_from(found)) if found else None

    def both(
        self, pair: tuple[Any, Any], action: Callable[[Any], Any], on_model: Callable[[Any], Any] | None = None
    ) -> None:
        live, model = pair
        assert outcome(lambda: action(live)) == outcome(lambda: (on_model or action)(model))

    # --- sections -------------------------------------------------------------------------------------------------

    @rule(data=st.data(), key=KEYS, value=values)
    def set_item(self, data: st.DataObject, key: Any, value: Any) -> None:
        live, model = self.one(data, dict)
        live[key] = value
        model[key] = taken_in(value)

    @rule(data=st.data(), key=st.sampled_from(["a", "b", "items", "__class__"]), value=values)
    def set_attribute(self, data: st.DataObject, key: str, value: Any) -> None:
        live, model = self.one(data, dict)
        setattr(live, key, value)
        model[key] = taken_in(value)

    @rule(data=st.data(), key=KEYS)
    def delete(self, data: st.DataObject, key: Any) -> None:
        self.both(self.one(data, dict), lambda it: it.__delitem__(key))

    @rule(data=st.data(), key=st.sampled_from(["a", "b", "items"]))
    def delete_attribute(self, data: st.DataObject, key: str) -> None:
        self.both(self.one(data, dict), lambda it: it.__delattr__(key), lambda it: it.__delitem__(key))

    @rule(data=st.data(), given=mappings, more=mappings, form=st.sampled_from(["dict", "pairs", "two", "or"]))
    def update(self, data: st.DataObject, given: dict[Any, Any], more: dict[Any, Any], form: str) -> None:
        live, model = self.one(data, dict)
        if form == "pairs":
            live.update([*given.items(), *more.items()])
        elif form == "two":
            live.update(given, OrderedDict(more))
        elif form == "or":
            live |= given
            live |= more
        else:
            live.update(given, **{key: value for key, value in more.items() if isinstance(key, str)})
            more = {key: value for key, value in more.items() if isinstance(key, str)}
        model.update(taken_in(given))
        model.update(taken_in(more))

    @rule(data=st.data(), given=mappings)
    def set_defaults(self, data: st.DataObject, given: dict[Any, Any]) -> None:
        live, model = self.one(data, dict)
        live.setdefaults(given)
        for key, value in taken_in(given).items():
            model.setdefault(key, value)

    @rule(data=st.data(), key=KEYS, value=values)
    def set_default(self, data: st.DataObject, key: Any, value: Any) -> None:
        self.both(
            self.one(data, dict), lambda it: it.setdefault(key, value), lambda it: it.setdefault(key, taken_in(value))
        )

    @rule(data=st.data(), given=mappings)
    def merge(self, data: st.DataObject, given: dict[Any, Any]) -> None:
        live, model = self.one(data, dict)
        givens.merge(live, given)
        deep_merge(model, taken_in(given))

    @rule(data=st.data(), key=KEYS, default=st.booleans())
    def pop(self, data: st.DataObject, key: Any, default: bool) -> None:
        self.both(self.one(data, dict), lambda it: it.pop(key, *([None] if default else [])))

    @rule(data=st.data())
    def pop_item(self, data: st.DataObject) -> None:
        self.both(self.one(data, dict), lambda it: it.popitem())

    @rule(data=st.data())
    def clear(self, data: st.DataObject) -> None:
        self.both(self.one(data, dict), lambda it: it.clear())

    @rule(data=st.data(), key=KEYS)
    def assign_what_stands_elsewhere(self, data: st.DataObject, key: Any) -> None:
        source = data.draw(st.sampled_from(list(pairs_of(self.config, self.model))))
        live, model = self.one(data, dict)
        replacement = copy_of(source[1])
        if live.get(key) is not source[0]:
            live[key] = source[0]
            model[key] = replacement

    @rule(data=st.data(), key=KEYS)
    def write_to_what_was_taken_out(self, data: st.DataObject, key: Any) -> None:
        live, model = self.one(data, dict)
        before, out = live.pop(key, None), model.pop(key, None)
        if type(out) is dict:
            before["late"] = 1
        elif type(out) is list:
            before.append(1)

    # --- lists ----------------------------------------------------------------------------------------------------

    @rule(data=st.data(), key=KEYS, value=st.lists(values, max_size=4))
    def set_list(self, data: st.DataObject, key: Any, value: list[Any]) -> None:
        live, model = self.one(data, dict)
        live[key] = value
        model[key] = taken_in(value)

    @rule(data=st.data(), value=values, at=st.integers(-5, 5), how=st.sampled_from(["append", "insert", "set"]))
    def add_one(self, data: st.DataObject, value: Any, at: int, how: str) -> None:
        pair = self.one(data, list)
        if pair is None:
            return
        do: dict[str, Callable[[Any, Any], Any]] = {
            "append": lambda it, new: it.append(new),
            "insert": lambda it, new: it.insert(at, new),
            "set": lambda it, new: it.__setitem__(at, new),
        }
        self.both(pair, lambda it: do[how](it, value), lambda it: do[how](it, taken_in(value)))

    @rule(
        data=st.data(), new=st.lists(values, max_size=3), where=slices, how=st.sampled_from(["extend", "+=", "slice"])
    )
    def add_several(self, data: st.DataObject, new: list[Any], where: slice, how: str) -> None:
        pair = self.one(data, list)
        if pair is None:
            return
        do: dict[str, Callable[[Any, Any], Any]] = {
            "extend": lambda it, more: it.extend(iter(more)),
            "+=": lambda it, more: it.__iadd__(more),
            "slice": lambda it, more: it.__setitem__(where, iter(more)),
        }
        self.both(pair, lambda it: do[how](it, new), lambda it: do[how](it, taken_in(new)))

    @rule(data=st.data(), where=st.integers(-5, 5) | slices, how=st.sampled_from(["del", "pop", "pop last", "clear"]))
    def take_away(self, data: st.DataObject, where: Any, how: str) -> None:
        pair = self.one(data, list)
        if pair is None:
            return
        do: dict[str, Callable[[Any], Any]] = {
            "del": lambda it: it.__delitem__(where),
            "pop": lambda it: it.pop(where),
            "pop last": lambda it: it.pop(),
            "clear": lambda it: it.clear(),
        }
        self.both(pair, do[how])

    @rule(data=st.data(), value=scalars)
    def remove(self, data: st.DataObject, value: Any) -> None:
        pair = self.one(data, list)
        if pair is not None:
            self.both(pair, lambda it: it.remove(value))

    @rule(data=st.data(), times=st.integers(-1, 3))
    def repeat(self, data: st.DataObject, times: int) -> None:
        pair = self.one(data, list)
        if pair is None or len(pair[1]) > 8:
            return
        live, model = pair
        live *= times
        model[:] = [copy_of(value) if at >= len(model) else value for at, value in enumerate(model * times)]

    @rule(data=st.data(), descending=st.booleans(), turn=st.booleans())
    def rearrange(self, data: st.DataObject, descending: bool, turn: bool) -> None:
        pair = self.one(data, list)
        if pair is None:
            return
        if turn:
            self.both(pair, lambda it: it.reverse())
            return
        live, model = pair
        before = list(model)
        if outcome(lambda: live.sort(reverse=descending)) != outcome(lambda: model.sort(reverse=descending)):
            raise AssertionError("a list and a tracked list differ in whether they can be sorted")
        if text_of(places.plain(live)) != text_of(model):
            # a list that cannot be sorted may be left half sorted; a tracked list never is
            model[:] = before

    # --- what no write goes through -------------------------------------------------------------------------------

    @rule(data=st.data(), number=st.integers(0, 5))
    def change_in_place(self, data: st.DataObject, number: int) -> None:
        sets = [
            value for _, model in pairs_of(self.config, self.model) for value in children(model) if type(value) is set
        ]
        if sets:
            data.draw(st.sampled_from(sets)).add(number)
            self.config.persist()

    # --- what holds after every step ------------------------------------------------------------------------------

    @invariant()
    def config_is_the_model(self) -> None:
        assert text_of(self.config.as_dict()) == text_of(self.model)
        assert len(self.config) == len(self.model)
        assert list(self.config) == list(self.model)

    @invariant()
    def record_is_the_model(self) -> None:
        state = fold(door_of(self.config).journal.events())
        assert text_of(decode(lift(state.config))) == text_of(self.model)
        assert {path for path, value in leaves(state.config) if type(value) is not Tree} <= set(state.origins)

    @invariant()
    def every_container_knows_its_place(self) -> None:
        door = door_of(self.config)
        for live, model in pairs_of(self.config, self.model):
            assert type(live) is (TrackedList if isinstance(model, list) else Config)
            assert door.at(places.path_of(live)) is live
            if isinstance(live, Config):
                assert object.__getattribute__(live, "__dict__") is live

    @precondition(lambda self: len(self.model) < 3)
    @rule()
    def copies_are_equal_and_apart(self) -> None:
        copies = [self.config.copy(), copy.deepcopy(self.config), pickle.loads(pickle.dumps(self.config))]
        for other in copies:
            assert text_of(other.as_dict()) == text_of(self.model)
            assert other.__dict__ is other
            other["only here"] = 1


SECTION_WRITES: list[Callable[[Any, Any, Any, Any], Any]] = [
    lambda it, key, value, given: it.__setitem__(key, value),
    lambda it, key, value, given: it.update(given),
    lambda it, key, value, given: givens.merge(it, given),
    lambda it, key, value, given: it.setdefaults(given),
    lambda it, key, value, given: it.pop(key, None),
    lambda it, key, value, given: it.clear(),
    lambda it, key, value, given: it.setdefault(key, value),
]
LIST_WRITES: list[Callable[[Any, Any], Any]] = [
    lambda it, value: it.append(value),
    lambda it, value: it.insert(0, value),
    lambda it, value: it.pop(),
    lambda it, value: it.__setitem__(0, value),
    lambda it, value: it.reverse(),
    lambda it, value: it.clear(),
]


class LockedConfig(RuleBasedStateMachine):
    """Somebody holds locks; whatever is written, what is locked stays, and the record is what stands there."""

    def __init__(self) -> None:
        super().__init__()
        self.config = Config()
        self.held: dict[Any, Any] = {}

    @initialize(given=mappings, locked=mappings, deep=st.booleans())
    def begin(self, given: dict[Any, Any], locked: dict[Any, Any], deep: bool) -> None:
        self.config = Config(given)
        if deep:
            self.config.merge_locked(locked, "sweep")
        else:
            self.config.update_locked(locked, "sweep")
        door = door_of(self.config)
        self.held = {lock.path: text_of(places.plain(door.at(lock.path))) for lock in door.locks.items()}

    def containers(self) -> list[Any]:
        found: list[Any] = [self.config]
        for container in found:
            children_of = container if isinstance(container, list) else container.values()
            found += [child for child in children_of if places.is_container(child)]
        return found

    @rule(data=st.data(), key=KEYS, value=values, given=mappings, how=st.sampled_from(SECTION_WRITES))
    def write_to_a_section(self, data: st.DataObject, key: Any, value: Any, given: Any, how: Any) -> None:
        section = data.draw(st.sampled_from([it for it in self.containers() if isinstance(it, dict)]))
        how(section, key, value, given)

    @rule(data=st.data(), value=values, how=st.sampled_from(LIST_WRITES))
    def write_to_a_list(self, data: st.DataObject, value: Any, how: Any) -> None:
        lists = [it for it in self.containers() if isinstance(it, list)]
        if lists:
            outcome(lambda: how(data.draw(st.sampled_from(lists)), value))

    @rule(given=mappings, deep=st.booleans())
    def another_takes_locks(self, given: dict[Any, Any], deep: bool) -> None:
        (self.config.merge_locked if deep else self.config.update_locked)(given, "cli")

    @invariant()
    def what_is_held_stays(self) -> None:
        for path, text in self.held.items():
            found = door_of(self.config).at(path)
            assert text_of(places.plain(found)) == text

    @invariant()
    def record_is_what_stands_there(self) -> None:
        state = fold(door_of(self.config).journal.events())
        assert text_of(decode(lift(state.config))) == text_of(self.config.as_dict())


def children(container: Any) -> Iterator[Any]:
    return iter(container if isinstance(container, list) else container.values())


def copy_of(value: Any) -> Any:
    """A model's copy of a container; leaves are shared, as a config shares them."""
    return taken_in(value)


def deep_merge(into: dict[Any, Any], given: dict[Any, Any]) -> None:
    for key, value in given.items():
        if is_section(value) and is_section(into.get(key)):
            deep_merge(into[key], value)
        else:
            into[key] = value


def is_section(value: Any) -> bool:
    return type(value) is dict and all(type(key) in (str, int) for key in value)


LockedConfig.TestCase.settings = settings(
    max_examples=40, stateful_step_count=20, deadline=None, report_multiple_bugs=False
)
TestLockedConfig = LockedConfig.TestCase
ConfigAgainstDict.TestCase.settings = settings(
    max_examples=60, stateful_step_count=25, deadline=None, report_multiple_bugs=False
)
TestConfigAgainstDict = ConfigAgainstDict.TestCase


def test_the_texts_tell_apart_what_equality_does_not() -> None:
    assert len({text_of(value) for value in (1, 1.0, True, "1", 0.0, -0.0, {1: 0}, {1.0: 0})}) == 8
    assert text_of({"a": 1, "b": 2}) != text_of({"b": 2, "a": 1})
    assert json.dumps(taken_in({"a": [OrderedDict(b=1)]})) == '{"a": [{"b": 1}]}'
