"""The fold: total, the same whatever way the events come, and blind to how a value was written."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from givens import Config
from givens.configs.doors import door_of
from givens.keys import KeyPath
from givens.records.encoded import Tree, leaves, lift, plant
from givens.records.state import RunState, fold, unit_of

parts = st.sampled_from(["a", "b", "~", 0, 1, 2, [0], [1]])
paths = st.lists(parts, min_size=1, max_size=4)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.floats(allow_nan=False) | st.just("x"),
    lambda inside: st.one_of(
        st.lists(inside, max_size=3),
        st.dictionaries(st.sampled_from(["a", "b"]), inside, max_size=2),
        st.builds(
            lambda pairs: {"~": "map", "v": pairs},
            st.lists(st.tuples(st.sampled_from([0, 1]), inside).map(list), max_size=2, unique_by=lambda pair: pair[0]),
        ),
        st.just({"~": "tuple", "v": [1, 2]}),
        st.just({"~": "blob", "sha256": "0" * 64}),
    ),
    max_leaves=5,
)
events = st.one_of(
    st.builds(
        lambda rows, layering: {"k": "set", "s": rows, "o": [{"kind": "code"}], **({"l": 1} if layering else {})},
        st.lists(st.tuples(paths, json_values, st.integers(-1, 2)).map(list), max_size=3),
        st.booleans(),
    ),
    st.builds(
        lambda path, at, removed, values: {"k": "splice", "p": path, "at": at, "rm": removed, "v": values, "o": {}},
        paths,
        st.integers(0, 4),
        st.integers(0, 4),
        st.lists(json_values, max_size=2),
    ),
    st.builds(lambda gone: {"k": "delete", "p": gone, "o": None}, st.lists(paths, max_size=2)),
    st.builds(
        lambda locked, by: {"k": "lock", "p": locked, "by": by},
        st.lists(paths, max_size=2),
        st.sampled_from(["x", None]),
    ),
    st.builds(lambda path, value: {"k": "refuse", "p": path, "v": value, "by": "x"}, paths, json_values),
    st.builds(lambda path: {"k": "lossy", "p": [[path, "why"]]}, paths),
    st.sampled_from([{"k": "settle"}, {"k": "finish"}, {"k": "of tomorrow", "x": 1}, {}, {"k": "exit", "code": 3}]),
    st.builds(lambda value: {"k": "log", "m": {"loss": value}, "step": 1}, json_values),
    st.builds(lambda name: {"k": "summary", "m": {name: 1}, "x": ["loss"]}, st.sampled_from(["loss", "acc"])),
)
journals = st.lists(events, max_size=12).map(lambda found: [{**event, "n": n} for n, event in enumerate(found)])


def told(state: RunState) -> str:
    return json.dumps(
        [
            lift(state.config),
            [[list(path), str(place)] for path, place in state.origins.items()],
            [[list(path), [repr(change) for change in changes]] for path, changes in state.history.items()],
            state.settled is not None and lift(state.settled),
            sorted(map(str, state.locks.items())),
        ]
    )


@settings(deadline=None)
@given(journals)
def test_any_events_fold_without_an_error_and_each_one_counts(journal: list[Any]) -> None:
    state = fold(journal)
    assert state.events == len(journal)
    assert type(state.config) is Tree
    json.dumps(lift(state.config))
    for path, _ in leaves(state.config):
        KeyPath(path)


@settings(deadline=None)
@given(journals)
def test_folding_leaves_the_events_alone_and_is_the_same_twice(journal: list[Any]) -> None:
    before = copy.deepcopy(journal)
    first = told(fold(journal))
    assert journal == before
    assert told(fold(journal)) == first


@settings(deadline=None)
@given(journals, st.integers(0, 12))
def test_it_does_not_matter_where_reading_was_interrupted(journal: list[Any], at: int) -> None:
    state = RunState()
    for event in journal[:at]:
        state.apply(event)
    seen = told(state)
    assert seen == told(fold(journal[:at]))
    for event in journal[at:]:
        state.apply(event)
    assert told(state) == told(fold(journal))


@settings(deadline=None)
@given(journals)
def test_what_settled_does_not_change_afterwards(journal: list[Any]) -> None:
    state, settled = RunState(), None
    for event in journal:
        state.apply(event)
        if settled is None and state.settled is not None:
            settled = json.dumps(lift(state.settled))
    if settled is not None:
        assert json.dumps(lift(state.settled)) == settled


@given(json_values)
def test_planting_and_lifting_are_inverse(value: Any) -> None:
    assert lift(plant(value)) == normal(value)
    assert plant(lift(plant(value))) == plant(value)


def normal(value: Any) -> Any:
    """A map with string keys only is a plain section; everything else stays as it is."""
    if isinstance(value, list):
        return [normal(child) for child in value]
    if isinstance(value, dict) and value.get("~") == "map":
        pairs = [[key, normal(child)] for key, child in value["v"]]
        return {"~": "map", "v": pairs} if pairs else {}
    if isinstance(value, dict) and "~" not in value:
        return {key: normal(child) for key, child in value.items()}
    return value


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["a", "b", "c"]),
        st.recursive(
            st.integers(0, 3),
            lambda inside: (
                st.dictionaries(st.sampled_from(["a", "b"]), inside, max_size=2) | st.lists(inside, max_size=2)
            ),
            max_leaves=6,
        ),
    )
)
def test_a_config_written_leaf_by_leaf_folds_to_the_same_values_as_one_written_whole(values: dict[str, Any]) -> None:
    whole, piecewise = Config(values), Config()

    def write(section: Any, mapping: dict[str, Any]) -> None:
        for key, value in mapping.items():
            if isinstance(value, dict):
                section[key] = {}
                write(section[key], value)
            elif isinstance(value, list):
                section[key] = []
                for element in value:
                    section[key].append(element)
            else:
                section[key] = value

    write(piecewise, values)
    one, other = (fold(door_of(config).journal.events()) for config in (whole, piecewise))
    assert lift(one.config) == lift(other.config)
    assert {unit_of(path) for path, _ in leaves(one.config)} == {unit_of(path) for path, _ in leaves(other.config)}
