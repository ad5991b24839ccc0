"""The fold, on events written by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from givens.records.change import MISSING
from givens.records.encoded import lift
from givens.records.origin import UNKNOWN, Origin
from givens.records.state import RunState, fold, same, unit_of

CODE = {"kind": "code", "file": "train.py", "line": 3}
FILE = {"kind": "file", "file": "base.yaml", "line": 1, "column": 5}


def set_event(
    *entries: tuple[list[Any], Any], n: int = 1, layering: bool = False, origin: Any = CODE
) -> dict[str, Any]:
    event = {"k": "set", "n": n, "t": f"2026-03-01T10:00:{n:02}.000000Z", "o": [origin]}
    event["s"] = [[path, value, 0] for path, value in entries]
    return {**event, "l": 1} if layering else event


def delete_event(*paths: list[Any]) -> dict[str, Any]:
    return {"k": "delete", "n": 9, "t": "2026-03-01T10:00:09.000000Z", "p": list(paths), "o": CODE}


def splice_event(path: list[Any], at: int, gone: int, come: list[Any]) -> dict[str, Any]:
    return {"k": "splice", "n": 5, "t": "", "p": path, "at": at, "rm": gone, "v": come, "o": CODE}


def config_of(state: RunState) -> Any:
    return lift(state.config)


def test_nested_values_make_the_sections_on_their_way() -> None:
    state = fold([set_event((["model", "depth"], 4)), set_event((["model", "name"], "vit"))])
    assert config_of(state) == {"model": {"depth": 4, "name": "vit"}}
    assert state.origins == {
        ("model", "depth"): Origin("code", "train.py", 3),
        ("model", "name"): Origin("code", "train.py", 3),
    }


def test_layers_keep_the_loser_in_the_history_even_when_its_value_is_the_same() -> None:
    event = {"k": "set", "l": 1, "o": [FILE, CODE], "s": [[["lr"], 0.1, 0], [["lr"], 0.1, 1]]}
    changes = fold([event]).history[("lr",)]
    assert [(change.old, change.new, change.origin.kind) for change in changes] == [
        (MISSING, 0.1, "file"),
        (0.1, 0.1, "code"),
    ]


def test_a_write_that_changes_nothing_leaves_origin_and_history_alone() -> None:
    state = fold([set_event((["lr"], 0.1), origin=FILE), set_event((["lr"], 0.1), n=2)])
    assert len(state.history[("lr",)]) == 1
    assert state.origins[("lr",)].kind == "file"


@pytest.mark.parametrize(("old", "new"), [(2, 2.0), (True, 1), (0.0, -0.0), ("1", 1)])
def test_another_type_is_a_change(old: Any, new: Any) -> None:
    assert not same(old, new)
    assert len(fold([set_event((["x"], old)), set_event((["x"], new), n=2)]).history[("x",)]) == 2


def test_a_section_given_again_deletes_the_keys_that_go() -> None:
    state = fold([set_event((["opt"], {"name": "sgd", "momentum": 0.9})), set_event((["opt"], {"name": "adam"}), n=2)])
    assert config_of(state) == {"opt": {"name": "adam"}}
    assert [change.action for change in state.history[("opt", "momentum")]] == ["set", "delete"]
    assert ("opt", "momentum") not in state.origins


def test_a_list_is_one_unit_and_tells_what_happened_inside() -> None:
    state = fold(
        [set_event((["sizes"], [1, 2])), splice_event(["sizes"], 2, 0, [3]), set_event((["sizes", 0], 9), n=6)]
    )
    assert config_of(state) == {"sizes": [9, 2, 3]}
    first, second, third = state.history[("sizes",)]
    assert (first.below, first.new) == (None, [1, 2])
    assert (second.action, second.below, second.old, second.new) == ("splice", (2,), [], [3])
    assert (third.action, third.below, third.old, third.new) == ("set", (0,), 1, 9)


def test_the_history_of_a_list_is_not_altered_by_what_comes_later() -> None:
    state = fold([set_event((["sizes"], [[1]])), set_event((["sizes", 0, 0], 7), n=2)])
    assert state.history[("sizes",)][0].new == [[1]]


def test_int_keys_and_indices_are_told_apart() -> None:
    state = fold([set_event((["labels"], {"~": "map", "v": [[0, "cat"]]})), set_event((["labels", [1]], "dog"), n=2)])
    assert config_of(state) == {"labels": {"~": "map", "v": [[0, "cat"], [1, "dog"]]}}
    assert ("labels", (0,)) in state.origins


def test_deleting_what_is_absent_does_nothing() -> None:
    state = fold([delete_event(["lr"], ["a", "b"], ["c", 0])])
    assert config_of(state) == {}
    assert state.history == {}


def test_a_refused_write_is_history_and_no_value() -> None:
    refused = {"k": "refuse", "n": 2, "t": "", "p": ["lr"], "v": 0.5, "by": "sweep", "o": CODE}
    state = fold([set_event((["lr"], 0.1)), refused])
    last = state.history[("lr",)][-1]
    assert config_of(state) == {"lr": 0.1}
    assert (last.action, last.old, last.new, last.owner) == ("refused", 0.1, 0.5, "sweep")


def test_locks_come_and_go_by_path() -> None:
    state = fold(
        [{"k": "lock", "p": [["a"], ["b"]], "by": "cli", "o": CODE}, {"k": "lock", "p": [["a"]], "by": None, "o": CODE}]
    )
    assert state.locks == {("b",): "cli"}


def test_what_comes_after_settling_is_marked_and_the_settled_config_stays() -> None:
    events = [
        set_event((["lr"], 0.1), (["sizes"], [1])),
        {"k": "settle"},
        set_event((["lr"], 0.2), n=3),
        splice_event(["sizes"], 0, 1, []),
    ]
    state = fold(events)
    assert lift(state.settled) == {"lr": 0.1, "sizes": [1]}
    assert config_of(state) == {"lr": 0.2, "sizes": []}
    assert [change.settled for change in state.history[("lr",)]] == [False, True]


def test_finishing_settles_a_run_that_never_logged() -> None:
    state = fold([set_event((["lr"], 0.1)), {"k": "finish", "state": "finished", "code": 0}])
    assert lift(state.settled) == {"lr": 0.1}


def test_results_keep_last_extremes_and_their_steps() -> None:
    logs = [
        {"k": "log", "m": {"loss": loss}, "step": step}
        for step, loss in enumerate([0.5, 0.2, {"~": "float", "v": "nan"}, 0.3])
    ]
    found = fold(logs).results["loss"]
    assert (found.last, found.last_step, found.min, found.min_step, found.max, found.max_step, found.count) == (
        0.3,
        3,
        0.2,
        1,
        0.5,
        0,
        4,
    )


def test_a_summary_is_what_came_last_and_can_be_deleted() -> None:
    events = [
        {"k": "summary", "m": {"acc": 0.9, "gone": 1}},
        {"k": "log", "m": {"acc": 0.1}},
        {"k": "summary", "m": {}, "x": ["gone"]},
    ]
    state = fold(events)
    assert (state.results["acc"].last, state.results["acc"].max) == (0.1, 0.1)
    assert state.results["acc"].min == 0.1
    assert "gone" not in state.results


def test_events_of_unknown_kinds_are_counted_and_passed_over() -> None:
    state = fold([{"k": "teleport", "n": 1}, {"n": 2}, set_event((["lr"], 0.1), n=3)])
    assert state.unknown_kinds == {"teleport", "None"}
    assert config_of(state) == {"lr": 0.1}
    assert state.events == 3


def test_an_origin_number_that_leads_nowhere_is_an_unknown_origin() -> None:
    state = fold([{"k": "set", "o": [CODE], "s": [[["lr"], 0.1, 7]]}])
    assert state.origins[("lr",)] == UNKNOWN


def test_a_write_inside_a_blob_reads_it_in() -> None:
    blob = {"~": "blob", "sha256": "f" * 64, "size": 9, "preview": "[1, 2"}
    events = [set_event((["sizes"], blob)), set_event((["sizes", 1], 5), n=2)]
    assert config_of(fold(events, lambda name: json.dumps([1, 2]).encode())) == {"sizes": [1, 5]}


def test_a_unit_ends_before_the_first_index() -> None:
    assert unit_of(("a", "b", 0, "c")) == ("a", "b")
    assert unit_of(("a", (0,), "c")) == ("a", (0,), "c")


KEYS = st.sampled_from(["a", "b", "c"])
PATHS = st.lists(KEYS, min_size=1, max_size=3)
VALUES = st.recursive(
    st.integers() | st.booleans() | st.none() | st.text(max_size=3) | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=5,
)
EVENTS = st.one_of(
    st.builds(lambda path, value: set_event((path, value)), PATHS, VALUES),
    st.builds(lambda path, at, value: set_event(([*path, at], value)), PATHS, st.integers(0, 3), VALUES),
    st.builds(delete_event, PATHS),
    st.builds(splice_event, PATHS, st.integers(0, 3), st.integers(0, 2), st.lists(VALUES, max_size=2)),
    st.builds(lambda path, value: {"k": "refuse", "p": path, "v": value, "by": "x", "o": CODE}, PATHS, VALUES),
    st.just({"k": "settle"}),
)


def everything_of(state: RunState) -> tuple[Any, ...]:
    settled = None if state.settled is None else lift(state.settled)
    return config_of(state), settled, state.origins, state.history, state.locks, state.events


@given(st.lists(EVENTS, max_size=12), st.integers(0, 12))
def test_folding_in_two_parts_is_folding_at_once(events: list[dict[str, Any]], at: int) -> None:
    in_parts = fold(events[:at])
    everything_of(in_parts)  # looking at a fold does not change it
    for event in json.loads(json.dumps(events[at:])):
        in_parts.apply(event)
    assert everything_of(in_parts) == everything_of(fold(events))


@given(st.lists(EVENTS, max_size=12))
def test_folding_leaves_the_events_as_they_were(events: list[dict[str, Any]]) -> None:
    before = json.dumps(events)
    fold(events)
    assert json.dumps(events) == before


@given(st.lists(st.tuples(PATHS, VALUES) | PATHS, max_size=10))
def test_sets_and_deletes_do_what_a_dict_does(steps: list[Any]) -> None:
    model: dict[str, Any] = {}
    events = []
    for step in steps:
        path, value = step if isinstance(step, tuple) else (step, None)
        here: Any = model
        if isinstance(step, tuple):
            for key in path[:-1]:
                if not isinstance(here.get(key), dict):
                    here[key] = {}
                here = here[key]
            here[path[-1]] = json.loads(json.dumps(value))
            events.append(set_event((path, value)))
        else:
            for key in path[:-1]:
                here = here.get(key) if isinstance(here, dict) else None
            if isinstance(here, dict):
                here.pop(path[-1], None)
            events.append(delete_event(path))
    assert config_of(fold(events)) == model
