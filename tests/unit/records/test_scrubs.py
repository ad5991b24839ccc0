"""Patches over events: what they replace, that they settle, and that what a stranger wrote breaks nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from givens.records.events import KINDS, Event
from givens.records.scrubs import (
    all_patched,
    differences,
    effective,
    gone_blobs,
    patched,
    patches_of,
    scrubbed_runs,
    scrubs_of,
    to_json,
    writer_of,
)

EVENT = {"k": "set", "n": 3, "s": [[["a"], "secret", 0], [["b"], {"c": "secret"}, 0]], "o": [{"kind": "code"}]}
HIDDEN = {"~": "secret", "id": "1"}

plain = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["a", "b"]),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.sampled_from(["x", "y", "z"]), inside, max_size=3),
    max_leaves=12,
)


def test_patches_replace_parts_and_leave_the_event_alone() -> None:
    before = json.dumps(EVENT)
    new = patched(EVENT, {3: [[["s", 0, 1], HIDDEN], [["s", 1, 1, "c"], HIDDEN]]})
    assert new["s"] == [[["a"], HIDDEN, 0], [["b"], {"c": HIDDEN}, 0]]
    assert json.dumps(EVENT) == before
    assert patched(EVENT, {4: [[["s", 0, 1], HIDDEN]]}) is EVENT
    assert patched(new, {3: [[["s", 0, 1], HIDDEN]]}) is new


@pytest.mark.parametrize("pointer", [["x"], ["s", 9, 1], ["s", "0"], ["s", 0, 1, "deeper"], ["s", -1], ["s", True]])
def test_a_pointer_that_leads_nowhere_changes_nothing(pointer: list[Any]) -> None:
    assert patched(EVENT, {3: [[pointer, HIDDEN]]}) is EVENT


@given(plain, plain)
def test_differences_make_the_one_of_the_other_and_then_do_nothing(old: Any, new: Any) -> None:
    before, after = {"n": 1, "p": old}, {"n": 1, "p": new}
    patches = {1: differences(before, after)}
    made = patched(before, patches)
    assert json.dumps(made, sort_keys=True) == json.dumps(after, sort_keys=True)
    assert patched(made, patches) is made


def test_what_tells_an_event_cannot_be_replaced() -> None:
    said = {"k": "scrub", "p": {"w": {"0": [[["run"], "x"], [["k"], "x"], [["notes"], "***"]]}}}
    assert scrubs_of(said) == {"w": {0: [[["notes"], "***"]]}}


@pytest.mark.parametrize(
    "said", [None, [], 1, {"w": []}, {"w": {"x": []}}, {"w": {"1": 2}}, {"w": {"1": [1]}}, {"w": {"²": [[["a"], 1]]}}]
)
def test_what_is_of_another_shape_is_left_out(said: Any) -> None:
    assert not any(map(list, scrubs_of({"k": "scrub", "p": said}).get("w", {}).values()))


def test_an_event_that_a_patch_makes_senseless_says_nothing() -> None:
    broken = patched(EVENT, {3: [[["s"], "no rows"]]})
    assert broken == {"n": 3, "k": "scrubbed"}


def test_a_later_scrub_takes_something_out_of_an_earlier_one() -> None:
    first = {"k": "scrub", "n": 1, "p": {"w": {"0": [[["notes"], "see *** and that"]]}}}
    second = {
        "k": "scrub",
        "n": 1,
        "p": {
            "first": {"1": [[["p", "w", "0", 0, 1], "see *** and ***"]]},
            "w": {"0": [[["notes"], "see *** and ***"]]},
        },
    }
    found = effective([("first", first), ("second", second)])
    assert "that" not in json.dumps(to_json(found))
    assert patched({"n": 0, "notes": "see this and that"}, found["w"])["notes"] == "see *** and ***"


def test_patches_survive_their_way_through_json() -> None:
    patches = {3: [[["s", 0, 1], HIDDEN]], 12: [[["notes"], "***"]]}
    assert patches_of(json.loads(json.dumps(to_json({"w": patches})))["w"]) == patches


def test_runs_and_large_values_are_told() -> None:
    said = {"k": "scrub", "runs": {"a": ["argv", 1], "b": 2}, "gone": ["f" * 64, 3]}
    assert scrubbed_runs(said) == {"a": ["argv"]}
    assert gone_blobs(said) == ["f" * 64]
    assert scrubbed_runs({}) == {} and gone_blobs({}) == []


def test_without_patches_the_list_stays_the_same() -> None:
    events = [EVENT]
    assert all_patched(events, {}) is events
    assert "scrub" in KINDS


@pytest.mark.parametrize(
    ("first", "name", "writer"),
    [
        ({"k": "start", "writer": "w" * 16}, "runs/aaa.jsonl", "w" * 16),
        ({"k": "set", "writer": "w" * 16}, "runs/aaa.jsonl", "?runs/aaa.jsonl"),
        ({"k": "start", "writer": 7}, f"runs/aaa.{'v' * 16}.jsonl", "v" * 16),
        (None, f"ranks/{'a' * 16}.{'v' * 16}.jsonl", "v" * 16),
    ],
)
def test_who_wrote_a_journal(first: Event | None, name: str, writer: str) -> None:
    assert writer_of(first, name) == writer
