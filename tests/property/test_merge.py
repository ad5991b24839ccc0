"""Merging and layering, against a few lines that say what they mean."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import givens
from givens import Config
from givens.codec import decode
from givens.configs.doors import door_of
from givens.configs.layering import lay
from givens.records.encoded import lift
from givens.records.layer import Entry, Layer
from givens.records.origin import Origin
from givens.records.state import fold

pytestmark = pytest.mark.filterwarnings("ignore::givens.GivensWarning")

keys = st.sampled_from(["a", "b", "c", 0, 1])
values: st.SearchStrategy[Any] = st.recursive(
    st.integers(0, 3) | st.floats(allow_nan=False) | st.none() | st.lists(st.integers(0, 3), max_size=2),
    lambda inside: st.dictionaries(keys, inside, max_size=3),
    max_leaves=8,
)
mappings = st.dictionaries(keys, values, max_size=3)


def merged(below: Any, above: Any) -> Any:
    """The meaning of a deep merge."""
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return above
    return {**below, **{key: merged(below[key], value) if key in below else value for key, value in above.items()}}


def recorded(config: Config) -> Any:
    return decode(lift(fold(door_of(config).journal.events()).config))


def ordered(value: Any) -> Any:
    """Unequal when the order of keys differs."""
    return [(key, ordered(child)) for key, child in value.items()] if isinstance(value, dict) else (type(value), value)


def layer(name: str, mapping: dict[Any, Any]) -> Layer:
    origin = Origin("file", name, 1)
    return Layer(name, [Entry(((key,) if type(key) is int else key,), value, origin) for key, value in mapping.items()])


@settings(deadline=None)
@given(mappings, st.lists(mappings, min_size=1, max_size=3))
def test_merge_means_what_it_says(base: dict[Any, Any], sources: list[dict[Any, Any]]) -> None:
    config = Config(base)
    expected: Any = base
    for source in sources:
        expected = merged(expected, source)
    givens.merge(config, *sources)
    assert ordered(config.as_dict()) == ordered(expected) == ordered(recorded(config))


@settings(deadline=None)
@given(mappings, mappings, mappings)
def test_merging_one_by_one_is_merging_at_once(base: Any, one: Any, two: Any) -> None:
    at_once, one_by_one = Config(base), Config(base)
    givens.merge(at_once, one, two)
    givens.merge(one_by_one, one)
    givens.merge(one_by_one, two)
    assert ordered(at_once.as_dict()) == ordered(one_by_one.as_dict())


@given(mappings)
def test_merging_a_config_with_itself_or_with_nothing_changes_nothing(base: Any) -> None:
    config = Config(base)
    lines = len(list(door_of(config).journal.events()))
    givens.merge(config, base, {}, config)
    assert config.as_dict() == base
    assert len(list(door_of(config).journal.events())) == lines


@settings(deadline=None)
@given(st.lists(mappings, max_size=4), st.booleans())
def test_layers_mean_what_they_say_and_every_loser_is_in_the_history(layers: list[Any], deep: bool) -> None:
    config = Config()
    lay(config, [layer(f"layer {number}", mapping) for number, mapping in enumerate(layers)], deep=deep)
    expected: dict[Any, Any] = {}
    for mapping in layers:
        expected = merged(expected, mapping) if deep else {**expected, **mapping}
    assert config.as_dict() == expected == recorded(config)
    state = fold(door_of(config).journal.events())
    for number, mapping in enumerate(layers):
        for key, value in mapping.items():
            if not isinstance(value, dict):
                history = state.history[((key,) if type(key) is int else key,)]
                assert f"layer {number}" in {change.origin.file for change in history}


@settings(deadline=None)
@given(mappings, mappings)
def test_merge_locked_locks_what_it_gives_and_only_that(base: Any, given: Any) -> None:
    config = Config(base)
    config.merge_locked(given, "sweep")
    assert config.as_dict() == merged(base, given)
    locked = {lock.path for lock in door_of(config).locks.items()}
    flat = givens.flatten(given)
    assert locked == {givens.KeyPath.parse(text) for text, value in flat.items() if value != {}}
    door_of(config).refusals.on_locked = "warn"
    givens.merge(config, base)
    for text, value in flat.items():
        if value != {}:
            assert door_of(config).at(givens.KeyPath.parse(text)) == value
    assert recorded(config) == config.as_dict()
