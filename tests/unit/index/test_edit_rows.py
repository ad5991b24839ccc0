"""Edits in the index: folded in, undone, merged in any order, runs removed; always what an index made anew would say."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from givens.api.upkeep.packing import pack_store
from givens.index import Index
from givens.index.edit_rows import waiting
from givens.journal.edits import edit_files, write_command
from givens.journal.layout import Store
from givens.journal.reader import read_run
from givens.query.table import RunQuery
from givens.records.encoded import lift

Opened = Callable[..., Index]


def set_to(**values: Any) -> tuple[str, dict[str, Any]]:
    return "set", {"s": [[[key], value, 0] for key, value in values.items()], "o": [{"kind": "code"}]}


FINISH = ("finish", {"state": "finished", "code": 0})


def edited(store: Store, *pairs: Any) -> str:
    return write_command(store, {"user": "ada"}, [("edit", {"e": [list(pair) for pair in pairs]})])


def undo(store: Store, writer: str) -> str:
    return write_command(store, {}, [("undo", {"of": [writer, 1]})])


def counts(index: Index) -> dict[str, int]:
    return {facts.path: facts.runs for facts in index.keys()}


@pytest.fixture
def three(journals: Any) -> Store:
    for number in range(3):
        journals.write(
            f"r{number}", set_to(lr=0.1 * number, seed=number), ("log", {"m": {"loss": number}, "step": 0}), FINISH
        )
    store: Store = journals.store
    return store


def test_old_and_new_names_answer_together_after_a_rename(journals: Any, opened: Opened) -> None:
    journals.write("old", set_to(learning_rate=0.01), FINISH)
    journals.write("new", set_to(lr=0.02), FINISH)
    index = opened(journals.store)
    index.refresh()
    assert RunQuery(index, "lr < 0.1").ids() == ["new"]
    edited(journals.store, (["old"], [["rename", ["learning_rate"], ["lr"]]]))
    index.refresh()
    assert sorted(RunQuery(index, "lr < 0.1").ids()) == ["new", "old"]
    assert RunQuery(index, 'origin(config.lr) == "edit"').ids() == ["old"]
    assert counts(index) == {"lr": 2}


def test_counts_per_key_are_right_through_edits_removals_and_their_undoing(
    three: Store, opened: Opened, afresh: Any, contents: Any
) -> None:
    index = opened(three)
    index.refresh()
    commands = [
        edited(three, (["r0", "r1"], [["delete", ["seed"]], ["set", ["depth"], 4]])),
        edited(three, (["r2"], [["remove"]])),
    ]
    index.refresh()
    assert counts(index) == {"depth": 2, "lr": 2}
    assert contents(index) == afresh(three)
    for command in commands:
        undo(three, command)
    index.refresh()
    assert counts(index) == {"lr": 3, "seed": 3}
    assert contents(index) == afresh(three)


def test_a_second_refresh_has_nothing_to_do(three: Store, opened: Opened) -> None:
    index = opened(three)
    index.refresh()
    edited(three, (["r0"], [["set", ["lr"], 5]]))
    assert index.refresh().folded == 1
    assert index.refresh().folded == 0


def test_a_removal_holds_when_an_old_copy_is_merged_in(three: Store, opened: Opened, tmp_path: Path) -> None:
    shutil.copytree(three.path, tmp_path / "copy")
    index = opened(three)
    index.refresh()
    edited(three, (["r1"], [["remove"]]))
    os.unlink(three.run_file("r1"))
    index.refresh()
    assert sorted(RunQuery(index).ids()) == ["r0", "r2"]
    shutil.copytree(tmp_path / "copy", three.path, dirs_exist_ok=True)
    assert os.path.exists(three.run_file("r1"))
    index.refresh()
    assert sorted(RunQuery(index).ids()) == ["r0", "r2"]
    assert counts(index)["lr"] == 2


def test_a_restored_run_is_there_again_though_nothing_in_its_folder_changed(three: Store, opened: Opened) -> None:
    os.utime(os.path.join(three.path, "runs"), ns=(10**18, 10**18))  # long settled: its time is relied on
    index = opened(three)
    edited(three, (["r1"], [["remove"]]))
    index.refresh()
    index.refresh()
    edited(three, (["r1"], [["restore"]]))
    index.refresh()
    assert sorted(RunQuery(index).ids()) == ["r0", "r1", "r2"]


def test_edits_that_come_before_their_runs_wait_for_them(journals: Any, opened: Opened) -> None:
    edited(journals.store, (["late"], [["set", ["lr"], 7]]), (["gone"], [["remove"]]))
    index = opened(journals.store)
    index.refresh()
    journals.write("late", set_to(lr=1), FINISH)
    journals.write("gone", set_to(lr=1), FINISH)
    index.refresh()
    assert index.document(["late", "gone"]) == {"late": {"lr": 7}}


def test_an_undo_that_comes_before_its_edit_holds(three: Store, opened: Opened, tmp_path: Path) -> None:
    index = opened(three)
    writer = edited(three, (["r0"], [["set", ["lr"], 7]]))
    (path,) = edit_files(three)
    shutil.move(path, tmp_path / "later")
    undo(three, writer)
    index.refresh()
    shutil.move(tmp_path / "later", path)
    index.refresh()
    assert index.document(["r0"]) == {"r0": {"lr": 0.0, "seed": 0}}


def test_edits_hold_while_a_run_goes_on(journals: Any, opened: Opened, afresh: Any, contents: Any) -> None:
    path = journals.write("live", set_to(lr=1), ("log", {"m": {"loss": 1}, "step": 0}))
    edited(journals.store, (["live"], [["set", ["lr"], 7], ["tag", ["best"], []]]))
    index = opened(journals.store)
    index.refresh()
    whole = path.read_bytes()
    for more in (("log", {"m": {"loss": 2}, "step": 1}), set_to(lr=2, depth=3)):
        path.unlink()
        journals.write("live", set_to(lr=1), ("log", {"m": {"loss": 1}, "step": 0}), more)
        assert path.read_bytes().startswith(whole)
        index.refresh()
        assert index.document(["live"])["live"]["lr"] == 7
        assert RunQuery(index, '"best" in tags').ids() == ["live"]
        assert contents(index) == afresh(journals.store)


def test_a_file_of_edits_that_goes_takes_its_effect_along(three: Store, opened: Opened) -> None:
    index = opened(three)
    edited(three, (["r0"], [["set", ["lr"], 7]]), (["r1"], [["remove"]]))
    index.refresh()
    os.unlink(edit_files(three)[0])
    index.refresh()
    assert index.document(["r0", "r1"]) == {"r0": {"lr": 0.0, "seed": 0}, "r1": {"lr": 0.1, "seed": 1}}


def test_a_refresh_that_was_interrupted_goes_on_with_what_waits(three: Store, opened: Opened) -> None:
    index = opened(three)
    index.refresh()
    edited(three, (["r0", "r1"], [["set", ["lr"], 7]]))
    assert index._refresher._take_edits(verify=False)  # and the process dies here
    other = opened(three)
    assert sorted(waiting(other.connection)) == ["r0", "r1"]
    other.refresh()
    assert other.document(["r0"])["r0"]["lr"] == 7
    assert waiting(other.connection) == []


def test_a_half_written_file_of_edits_is_read_again_when_it_is_whole(three: Store, opened: Opened) -> None:
    edited(three, (["r0"], [["set", ["lr"], 7]]))
    path = Path(edit_files(three)[0])
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    index = opened(three)
    index.refresh()
    assert index.document(["r0"])["r0"]["lr"] == 0.0
    path.write_bytes(content)
    index.refresh()
    assert index.document(["r0"])["r0"]["lr"] == 7


def test_an_edit_is_no_change_of_mind(three: Store, opened: Opened) -> None:
    edited(three, (["r0"], [["set", ["lr"], 7]]))
    index = opened(three)
    index.refresh()
    assert RunQuery(index, "changed(config.lr)").ids() == []


def test_packed_runs_are_edited_removed_and_restored(three: Store, opened: Opened, afresh: Any, contents: Any) -> None:
    assert pack_store(three).runs == 3
    index = opened(three)
    index.refresh()
    edited(three, (["r0", "r1"], [["set", ["lr"], 7]]), (["r2"], [["remove"]]))
    index.refresh()
    assert index.document(["r0", "r1", "r2"]) == {"r0": {"lr": 7, "seed": 0}, "r1": {"lr": 7, "seed": 1}}
    assert counts(index) == {"lr": 2, "seed": 2}
    assert contents(index) == afresh(three)
    edited(three, (["r2"], [["restore"]]))
    index.refresh()
    assert counts(index) == {"lr": 3, "seed": 3}
    assert contents(index) == afresh(three)


def test_a_run_that_is_packed_after_its_edit_keeps_it(three: Store, opened: Opened) -> None:
    index = opened(three)
    edited(three, (["r0"], [["set", ["lr"], 7]]), (["r1"], [["remove"]]))
    index.refresh()
    pack_store(three)
    index.refresh()
    assert index.document(["r0", "r1"]) == {"r0": {"lr": 7, "seed": 0}}
    assert lift(read_run(three, "r0").state.config) == {"lr": 7, "seed": 0}


RUNS = st.lists(st.sampled_from(["r0", "r1", "r2", "none"]), min_size=1, max_size=3, unique=True)
STEP = st.sampled_from(
    [
        ["set", ["lr"], 9],
        ["set", ["opt", "name"], "adam"],
        ["set", ["layers"], [1, 2]],
        ["delete", ["seed"]],
        ["rename", ["lr"], ["rate"]],
        ["rename", ["opt"], ["optim"]],
        ["tag", ["x"], []],
        ["remove"],
        ["restore"],
    ]
)
ACTION = st.one_of(
    st.tuples(st.just("edit"), RUNS, st.lists(STEP, min_size=1, max_size=3)),
    st.tuples(st.just("undo"), st.integers(0, 5)),
    st.tuples(st.just("refresh")),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ACTION, min_size=1, max_size=8))
def test_whatever_is_edited_the_index_says_what_the_reader_says(
    three: Store, opened: Opened, afresh: Any, contents: Any, actions: Any
) -> None:
    for path in edit_files(three):
        os.unlink(path)
    index = opened(three)
    commands: list[str] = []
    for action, *rest in actions:
        if action == "edit":
            commands.append(edited(three, rest))
        elif action == "undo" and commands:
            commands.append(undo(three, commands[rest[0] % len(commands)]))
        elif action == "refresh":
            index.refresh()
    index.refresh()
    assert contents(index) == afresh(three)
    ids = RunQuery(index).ids()
    assert index.document(ids) == {run_id: lift(read_run(three, run_id).state.config) for run_id in ids}
