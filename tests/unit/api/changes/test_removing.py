"""Removing and restoring: files, events, and what a crash in between leaves."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

import givens
from givens.api.changes.removing import remove_runs, removed_in, restore_runs
from givens.api.changes.undoing import edits_of, undo_edit
from givens.api.stored.opening import find_store
from givens.errors import EditError, RunExistsError, RunNotFoundError, RunRemovedError
from givens.journal.edits import write_command
from givens.journal.heads import Head, read_head, write_head
from givens.journal.reader import read_start
from givens.journal.trash import to_trash

FINISH = ("finish", {"state": "finished", "code": 0})


def set_to(**values: Any) -> tuple[str, dict[str, Any]]:
    return "set", {"s": [[[key], value, 0] for key, value in values.items()], "o": [{"kind": "code"}]}


@pytest.fixture
def store(journals: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    for number in range(3):
        journals.write(f"r{number}", set_to(lr=number), ("log", {"m": {"loss": number}, "step": 0}), FINISH)
    journals.write("empty", set_to(lr=9), FINISH)
    journals.write("r1", set_to(lr=5), child="c" * 16)
    monkeypatch.chdir(journals.folder)
    return journals.store


def ids() -> list[str]:
    return sorted(run.id for run in givens.runs())


def files(store: Any) -> dict[str, bytes]:
    runs = Path(store.path, "runs")
    return {path.name: path.read_bytes() for path in runs.iterdir()}


def test_a_removed_run_is_gone_from_everything_and_comes_back_as_it_was(store: Any) -> None:
    before = files(store)
    outputs = Path(store.output_dir("r1"))
    outputs.mkdir(parents=True)
    (outputs / "model.bin").write_text("weights")
    plan = remove_runs(runs="r1")
    assert plan.edit_id is not None
    assert ids() == ["empty", "r0", "r2"]
    assert not outputs.exists()
    assert sorted(files(store)) == ["empty.jsonl", "r0.jsonl", "r2.jsonl"]
    with pytest.raises(RunRemovedError, match="givens restore r1"):
        givens.open("r1")
    restore_runs("r1")
    assert files(store) == before
    assert (outputs / "model.bin").read_text() == "weights"
    assert ids() == ["empty", "r0", "r1", "r2"]
    assert not Path(store.path, "trash", "r1").exists()


def test_a_crash_between_the_event_and_the_files_leaves_the_run_removed(store: Any) -> None:
    write_command(store, {}, [("edit", {"e": [[["r1"], [["remove"]]]]})])  # and the process is killed here
    assert "r1.jsonl" in files(store)
    assert ids() == ["empty", "r0", "r2"]
    assert [removed.id for removed in removed_in(store)] == ["r1"]
    restore_runs("r1")
    assert ids() == ["empty", "r0", "r1", "r2"]


def test_a_crash_in_the_middle_of_a_restore_leaves_the_run_removed(store: Any) -> None:
    remove_runs(runs="r1")
    trash = Path(store.path, "trash", "r1", "runs")
    os.rename(trash / "r1.jsonl", store.run_file("r1"))  # and the process is killed here
    assert ids() == ["empty", "r0", "r2"]
    restore_runs("r1")
    assert ids() == ["empty", "r0", "r1", "r2"]
    assert givens.open("r1").children


def test_a_removal_holds_when_an_old_copy_is_merged_in(store: Any, tmp_path: Path) -> None:
    before = files(store)
    shutil.copytree(store.path, tmp_path / "copy")
    remove_runs("lr < 2")
    shutil.copytree(tmp_path / "copy", store.path, dirs_exist_ok=True)
    assert ids() == ["empty", "r2"]
    restore_runs(["r0", "r1"])
    assert ids() == ["empty", "r0", "r1", "r2"]
    assert files(store) == before


def test_of_two_copies_the_longer_journal_is_kept(store: Any) -> None:
    path = Path(store.run_file("r0"))
    whole = path.read_bytes()
    remove_runs(runs="r0")
    path.write_bytes(whole[: whole.index(b"\n") + 1])  # an older copy comes in
    to_trash(store, "r0")
    restore_runs("r0")
    assert path.read_bytes() == whole


def test_a_removed_run_is_found_by_the_name_that_the_lists_showed(store: Any, journals: Any) -> None:
    journals.write("own", ("meta", {"name": "by-itself"}), FINISH)
    later = {"run": "again", "role": "session", "name": "by-a-session"}
    journals.write("again", FINISH)
    journals.write("again", FINISH, child="d" * 16, start=later, began="2026-03-02T10:00:00")
    givens.edit_runs(runs="r0", name="by-an-edit")
    names = {"r0": "by-an-edit", "own": "by-itself", "again": "by-a-session", "r2": "calm-r2"}
    assert {run.id: run.name for run in remove_runs(runs=list(names)).runs} == names
    assert {removed.id: removed.name for removed in removed_in(store)} == names
    for run_id, name in names.items():
        assert [(run.id, run.name) for run in restore_runs(name).runs] == [(run_id, name)]
    remove_runs(runs="r0")
    assert [run.id for run in restore_runs("calm-r0").runs] == ["r0"]  # its first name is its own as well


def test_runs_without_results(store: Any) -> None:
    assert [run.id for run in remove_runs(empty=True, dry_run=True).runs] == ["empty"]
    assert ids() == ["empty", "r0", "r1", "r2"]
    remove_runs(empty=True)
    assert ids() == ["r0", "r1", "r2"]


def test_no_head_names_a_removed_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made = []
    for project, value in (("digits", 1), ("digits", 2), ("digits", 3), ("alone", 7)):
        with givens.init(project=project, config={"x": value, "model": {"depth": value}}) as run:
            run.log({"loss": value})
        made.append(run.id)
    store = find_store()
    host = str((read_start(os.path.join(store.path, "runs", f"{run.id}.jsonl")) or {})["host"])
    for project, run_id in (("digits", made[2]), ("alone", made[3])):
        write_head(store, project, host, Head(run_id, run_id, {"x": 0}))
    remove_runs(runs=made[2:])
    head = read_head(store, "digits", host)
    assert head is not None and head.run == made[1]
    assert head.config == {"x": 2, "model": {"depth": 2}}
    assert read_head(store, "alone", host) is None


def test_a_running_run_is_left_alone(store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIVENS_SILENT", "1")
    with givens.init(id="live", config={"lr": 100}):
        plan = remove_runs("lr >= 2")
        assert [run.id for run in plan.runs] == ["empty", "r2"] or [run.id for run in plan.runs] == ["r2", "empty"]
        assert [(run.id, "running" in run.skipped[0]) for run in plan.skipped] == [("live", True)]


def test_removing_can_be_undone_and_done_again(store: Any) -> None:
    plan = remove_runs(runs=["r0", "r1"])
    undone = undo_edit()
    assert undone.edit.id == plan.edit_id
    assert ids() == ["empty", "r0", "r1", "r2"]
    assert "r1.jsonl" in files(store)
    undo_edit(undone.id)
    assert ids() == ["empty", "r2"]
    assert sorted(files(store)) == ["empty.jsonl", "r2.jsonl"]


def test_an_undone_restore_removes_again(store: Any) -> None:
    remove_runs(runs="r0")
    restored = restore_runs("r0")
    undo_edit(restored.edit_id)
    assert "r0" not in ids()
    assert "r0.jsonl" not in files(store)


def test_the_id_of_a_removed_run_stays_taken(store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIVENS_SILENT", "1")
    remove_runs(runs="r0")
    with pytest.raises(RunExistsError):
        givens.init(id="r0")


def test_what_cannot_be_restored_is_said(store: Any) -> None:
    with pytest.raises(RunNotFoundError):
        restore_runs("r0")
    remove_runs("lr < 3")
    with pytest.raises(EditError, match="fits 3 removed runs: r0, r1, r2"):
        restore_runs("r")


def test_what_cannot_be_moved_is_said_and_the_run_is_hidden_all_the_same(store: Any) -> None:
    Path(store.path, "trash").write_text("in the way")
    plan = remove_runs(runs="r0")
    assert [problem.startswith(store.run_file("r0")) for problem in plan.problems] == [True]
    assert "r0" not in ids()


# --- undo ---------------------------------------------------------------------------------------------------------


def test_undo_takes_back_the_newest_edit_and_then_the_one_before(store: Any) -> None:
    from givens.api.changes.editing import edit_runs

    edit_runs(runs="r0", set={"lr": 10})
    edit_runs(runs="r0", set={"lr": 20}, note="twice")
    assert undo_edit(dry_run=True).id is None
    assert givens.open("r0").config.lr == 20
    undo_edit()
    assert givens.open("r0").config.lr == 10
    undo_edit()
    assert givens.open("r0").config.lr == 0
    with pytest.raises(EditError, match="nothing was edited"):
        undo_edit()
    assert [(record.what.split()[0], record.in_effect) for record in edits_of(store)] == [
        ("set", False),
        ("set", False),
        ("undo", True),
        ("undo", True),
    ]


def test_an_undo_of_an_undo_is_a_redo(store: Any) -> None:
    from givens.api.changes.editing import edit_runs

    edit_runs(runs="r0", set={"lr": 10})
    first = undo_edit()
    second = undo_edit(first.id)
    assert givens.open("r0").config.lr == 10
    undo_edit(second.id)
    assert givens.open("r0").config.lr == 0


def test_an_edit_in_the_middle_is_taken_back_and_the_later_ones_stay(store: Any) -> None:
    from givens.api.changes.editing import edit_runs

    first = edit_runs(runs="r0", set={"lr": 10})
    edit_runs(runs="r0", rename={"lr": "rate"})
    undo_edit(first.edit_id)
    assert givens.open("r0").config.as_dict() == {"rate": 0}


def test_mistakes_of_undo_are_named(store: Any) -> None:
    from givens.api.changes.editing import edit_runs

    plan = edit_runs(runs="r0", set={"lr": 10})
    assert plan.edit_id is not None
    undo_edit(plan.edit_id[:8])
    with pytest.raises(EditError, match="undone already"):
        undo_edit(plan.edit_id)
    with pytest.raises(EditError, match="no edit 'zzz'"):
        undo_edit("zzz")
