"""Edits laid over a fold, and undos among them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from givens.records.change import MISSING
from givens.records.edits import RunEdit, apply_edits, is_removed, last_edit, run_steps, undo_target, undone
from givens.records.encoded import lift
from givens.records.events import KINDS
from givens.records.state import RunState, fold

A, B, C = ("a" * 16, 1), ("b" * 16, 1), ("c" * 16, 1)


def edit(*steps: list[Any], writer: str = "a" * 16, n: int = 1, at: str = "2026-04-01T10:00:00Z") -> RunEdit:
    return RunEdit(writer, n, at, "ada", steps)


def run_with(*more: dict[str, Any], **values: Any) -> RunState:
    start = {"k": "start", "n": 0, "t": "2026-03-01T10:00:00Z", "writer": "w" * 16, "tags": ["base"], "name": "calm"}
    given_ = {
        "k": "set",
        "n": 1,
        "s": [[[key], value, 0] for key, value in values.items()],
        "o": [{"kind": "argparse"}],
    }
    return fold([start, given_, *more])


def test_a_set_shows_its_origin_and_keeps_the_original_in_the_history() -> None:
    state = run_with(lr=0.1)
    apply_edits(state, [edit(["set", ["lr"], 0.2])])
    assert lift(state.config) == {"lr": 0.2}
    assert str(state.origins["lr",]) == "edit aaaaaaaa (by ada)"
    first, second = state.history["lr",]
    assert (first.new, first.origin.kind) == (0.1, "argparse")
    assert (second.old, second.new, second.origin.kind, second.settled) == (0.1, 0.2, "edit", False)


def test_what_an_edit_changes_after_the_config_settled_is_no_change_of_mind() -> None:
    state = run_with({"k": "settle", "n": 2}, {"k": "finish", "n": 3}, lr=0.1)
    apply_edits(state, [edit(["set", ["lr"], 0.2])])
    assert [change.settled for change in state.history["lr",]] == [False, False]
    assert state.settled is not None
    assert lift(state.settled) == {"lr": 0.2}  # the fingerprint is made of this


def test_a_rename_moves_a_section_with_its_descriptions() -> None:
    state = run_with({"k": "set", "n": 2, "s": [], "d": [[["opt", "lr"], "the rate"]]}, opt={"lr": 0.1, "name": "adam"})
    apply_edits(state, [edit(["rename", ["opt"], ["optimizer"]])])
    assert lift(state.config) == {"optimizer": {"lr": 0.1, "name": "adam"}}
    assert state.descriptions["optimizer", "lr"] == "the rate"
    gone = last_edit(state.history["opt", "lr"])
    assert gone is not None
    assert (gone.action, gone.old, gone.origin.note) == ("delete", 0.1, "renamed to optimizer, by ada")


def test_edits_come_in_the_order_of_time_then_writer_then_number() -> None:
    early, late = "2026-04-01T10:00:00Z", "2026-04-01T11:00:00Z"
    edits = [
        edit(["set", ["lr"], 4], writer="b" * 16, n=2, at=late),
        edit(["set", ["lr"], 3], writer="b" * 16, n=1, at=late),
        edit(["set", ["lr"], 1], writer="z" * 16, at=early),
        edit(["set", ["lr"], 2], writer="a" * 16, at=late),
    ]
    state = run_with(lr=0)
    apply_edits(state, edits)
    assert [change.new for change in state.history["lr",]] == [0, 1, 2, 3, 4]


def test_a_place_in_a_list_can_be_set_and_not_renamed() -> None:
    state = run_with(layers=[32, 64])
    apply_edits(state, [edit(["set", ["layers", 1], 128], ["rename", ["layers", 0], ["first"]])])
    assert lift(state.config) == {"layers": [32, 128]}


def test_names_notes_and_tags_are_laid_over_the_start_line() -> None:
    state = run_with()
    apply_edits(
        state,
        [edit(["name", "new"], ["notes", "why"], ["tag", ["best", "base"], []]), edit(["tag", [], ["base"]], n=2)],
    )
    assert state.meta == {"name": "new", "notes": "why", "tags": ["best"]}


def test_deleting_takes_the_lossy_mark_along() -> None:
    state = run_with({"k": "lossy", "n": 2, "p": [[["fn"], "a function"]]}, fn="f")
    apply_edits(state, [edit(["delete", ["fn"]])])
    assert state.lossy == {}
    assert state.history["fn",][-1].new is MISSING


def test_the_last_word_says_whether_a_run_is_removed() -> None:
    assert is_removed([edit(["remove"])])
    assert not is_removed([edit(["remove"]), edit(["restore"], n=2)])
    assert not is_removed([])


@pytest.mark.parametrize(
    ("undos", "gone"),
    [
        ({}, set()),
        ({B: A}, {A}),
        ({B: A, C: B}, {B}),  # an undo of an undo: the edit has an effect again
        ({B: A, C: A}, {A}),  # undone twice is undone
        ({B: C, C: B}, set()),  # a circle, as nobody writes it
        ({A: A}, set()),
    ],
)
def test_which_events_are_undone(undos: Any, gone: Any) -> None:
    assert undone(undos) == gone


@given(st.integers(1, 3000))
def test_a_chain_of_undos_ends_as_its_length_says(length: int) -> None:
    chain = {("w", n + 1): ("w", n) for n in range(length)}
    assert (("w", 0) in undone(chain)) == (length % 2 == 1)


STRANGE = st.recursive(
    st.none()
    | st.integers(-3, 3)
    | st.text(max_size=3)
    | st.sampled_from(["set", "rename", "delete", "tag", "name", "lossy", "lr"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["e", "of"]), STRANGE), STRANGE)
def test_lines_that_nobody_wrote_break_nothing(event: Any, odd: Any) -> None:
    undo_target(event)
    for steps in [
        *run_steps(event).values(),
        *run_steps({"e": [[["r"], odd]]}).values(),
        *run_steps({"e": [[["r"], [odd]]]}).values(),
    ]:
        state = run_with(lr=0.1, layers=[1, {"a": 2}])
        apply_edits(state, [edit(*steps)])
        assert state.start is not None


def test_both_kinds_of_event_are_in_the_table() -> None:
    assert {"edit", "undo"} <= KINDS.keys()
