"""Changing stored runs: one in a block, many by a filter; planned, written, marked, secret."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import givens
from givens.api.changes.editing import edit, edit_runs
from givens.api.changes.removing import remove_runs
from givens.api.changes.undoing import undo_edit
from givens.errors import (
    EditError,
    FilterSyntaxError,
    GivensError,
    LossyValueWarning,
    RunNotFoundError,
    UnknownKeyWarning,
)
from givens.journal.edits import edit_files

FINISH = ("finish", {"state": "finished", "code": 0})


def set_to(**values: Any) -> tuple[str, dict[str, Any]]:
    return "set", {
        "s": [[[key], value, 0] for key, value in values.items()],
        "o": [{"kind": "argparse", "name": "--x"}],
    }


@pytest.fixture
def store(journals: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    journals.write(
        "old", set_to(learning_rate=0.01, batch="32", model={"depth": 4}), FINISH, began="2026-03-01T10:00:00"
    )
    journals.write("new", set_to(lr=0.02, batch="x", model={"depth": 8}), FINISH, began="2026-03-02T10:00:00")
    monkeypatch.chdir(journals.folder)
    return journals.store


def config(ref: str) -> dict[str, Any]:
    found: dict[str, Any] = givens.open(ref).config.as_dict()
    return found


# --- one run ------------------------------------------------------------------------------------------------------


def test_what_a_block_changes_is_written_as_one_edit(store: Any) -> None:
    with edit("old", note="as in the paper") as run:
        run.config.learning_rate = 0.5
        run.config.model.width = 3
        del run.config["batch"]
        run.config["layers"] = (1, 2)
        run.tags.append("best")
        run.notes = "good"
        run.name = "winner"
    assert len(edit_files(store)) == 1
    found = givens.open("winner")
    assert found.config.as_dict() == {"learning_rate": 0.5, "model": {"depth": 4, "width": 3}, "layers": (1, 2)}
    assert (found.tags, found.notes) == (("best",), "good")
    assert sorted(found.edited) == sorted(
        ["config.learning_rate", "config.model.width", "config.batch", "config.layers", "tags", "notes", "name"]
    )


def test_nothing_is_written_when_the_block_raises(store: Any) -> None:
    with pytest.raises(ZeroDivisionError), edit("old") as run:
        run.config.learning_rate = 0.5
        1 / 0  # noqa: B018
    assert edit_files(store) == []
    assert config("old")["learning_rate"] == 0.01


def test_nothing_is_written_when_nothing_is_changed(store: Any) -> None:
    with edit("old") as run:
        run.config.learning_rate = 0.01
        run.config.model = {"depth": 4}
    assert run.plan is None
    assert edit_files(store) == []


def test_only_what_was_changed_is_in_the_edit(store: Any) -> None:
    with edit("old") as run:
        run.config.model.depth = 5
    assert run.plan is not None
    assert [str(change) for change in run.plan.runs[0].changes] == ["config.model.depth: 4 -> 5"]


def test_a_value_changed_in_place_is_seen(store: Any) -> None:
    with edit("old") as run:
        run.config.weights = np.zeros(2)
    with edit("old") as run:
        run.config.weights[0] = 7
    assert config("old")["weights"].tolist() == [7.0, 0.0]


def test_the_stored_run_itself_stays_read_only(store: Any) -> None:
    with edit("old") as run, pytest.raises(GivensError, match="read-only"):
        run.run.config.learning_rate = 1


def test_what_cannot_be_kept_exactly_is_said(store: Any) -> None:
    with pytest.warns(LossyValueWarning, match="config.thing"), edit("old") as run:
        run.config.thing = object()
    assert givens.open("old").explain("thing").lossy is not None


def test_a_large_value_goes_to_a_blob(store: Any) -> None:
    text = "x" * 100_000
    with edit("old") as run:
        run.config.text = text
    assert config("old")["text"] == text
    assert all(os.path.getsize(path) < 5_000 for path in edit_files(store))


# --- what is seen of it -------------------------------------------------------------------------------------------


def test_explain_marks_the_edit_and_keeps_the_original(store: Any) -> None:
    edit_runs(runs="old", set={"learning_rate": 0.5})
    explanation = givens.open("old").explain("learning_rate")
    assert explanation.edited
    first, second, _, third = str(explanation).splitlines()
    assert first == "learning_rate = 0.5  *edited"
    assert second.strip().startswith("from edit ")
    assert third.split()[0] == "0.01"
    assert [change.new for change in givens.open("old").history("learning_rate")] == [0.01, 0.5]
    assert "after the first log" not in str(explanation)


def test_a_deleted_key_is_still_explained(store: Any) -> None:
    edit_runs(runs="old", delete=["model"])
    assert str(givens.open("old").explain("model.depth")).splitlines()[0] == "model.depth: not there any more  *edited"


def test_a_diff_marks_what_was_edited(store: Any) -> None:
    edit_runs(runs="new", set={"model.depth": 9})
    lines = [line.split() for line in str(givens.diff("old", "new")).splitlines()]
    assert ["model.depth", "4", "≠", "9", "*edited"] in lines
    grid = givens.diff("old", "new").grid()
    assert [grid.rows[row][0] for row, column in grid.edited if column == 3] == ["model.depth"]


def test_a_run_table_says_which_columns_were_edited(store: Any) -> None:
    table = givens.runs().columns("run.name", "model.depth")
    assert table.grid().notes == ()
    edit_runs(runs="new", set={"model.depth": 9, "batch": "y"})
    assert givens.runs().columns("run.name", "model.depth").grid().notes == (
        "edited after the run: model.depth of 1 run",
    )


def test_every_way_out_of_a_run_table_marks_the_edited_cell(store: Any) -> None:
    table = givens.runs().columns("run.name", "model.depth", "summary.model.depth")
    assert table.grid().edited == frozenset()
    edit_runs(runs="new", set={"model.depth": 9})
    table = givens.runs().columns("run.name", "model.depth", "summary.model.depth")
    row = table.ids().index("new")
    assert table.grid().edited == {(row, 1)}
    assert "9~" in repr(table) and "9 \\~" in table.to_markdown() and r"9\textsuperscript{*}" in table.to_latex()
    assert "changed after the run" in table._repr_html_()


def test_the_fingerprint_is_that_of_the_edited_config(store: Any) -> None:
    before = givens.open("old").fingerprint
    plan = edit_runs(runs="old", set={"learning_rate": 0.5})
    assert givens.open("old").fingerprint != before
    undo_edit(plan.edit_id)
    assert givens.open("old").fingerprint == before


# --- many runs ----------------------------------------------------------------------------------------------------


def test_a_rename_over_old_runs_makes_old_and_new_answer_together(store: Any) -> None:
    assert [run.id for run in givens.runs("lr < 0.1")] == ["new"]
    edit_runs("exists(config.learning_rate)", rename={"learning_rate": "lr"})
    assert [run.id for run in givens.runs("lr < 0.1")] == ["new", "old"]


def test_a_dry_run_says_all_and_writes_nothing(store: Any) -> None:
    plan = edit_runs(project="digits", rename={"learning_rate": "lr"}, retype={"batch": "int"}, dry_run=True)
    assert edit_files(store) == []
    assert str(plan).splitlines() == [
        "old  calm-old  config.learning_rate -> config.lr (0.01)",
        "old  calm-old  config.batch: '32' -> 32",
        "new  calm-new  left alone: config.batch: 'x' as int: its text is no whole number",
        "1 run of 2 would change",
    ]
    assert [(run["id"], len(run["changes"])) for run in plan.to_json()["runs"]] == [("old", 2)]


def test_the_plan_is_what_then_happens(store: Any) -> None:
    wanted: dict[str, Any] = {"rename": {"model": "net"}, "set": {"net.width": 3, "lr": 1}, "delete": ["batch"]}
    planned = edit_runs(project="digits", dry_run=True, **wanted)
    done = edit_runs(project="digits", **wanted)
    assert done._replace(edit_id=None) == planned
    assert config("old") == {"learning_rate": 0.01, "net": {"depth": 4, "width": 3}, "lr": 1}
    assert config("new") == {"lr": 1, "net": {"depth": 8, "width": 3}}


def test_the_same_edit_again_changes_nothing(store: Any) -> None:
    edit_runs(project="digits", set={"lr": 1})
    assert edit_runs(project="digits", set={"lr": 1}).runs == ()
    assert len(edit_files(store)) == 1


def test_a_rename_does_not_take_the_place_of_a_key_unless_told_to(store: Any) -> None:
    edit_runs(runs="new", set={"learning_rate": 5})
    kept = edit_runs(runs="new", rename={"learning_rate": "lr"})
    assert kept.runs == ()
    assert kept.skipped[0].skipped == ("config.learning_rate: config.lr is there already (0.02)",)
    edit_runs(runs="new", rename={"learning_rate": "lr"}, replace=True)
    assert config("new")["lr"] == 5


def test_a_value_in_the_way_of_a_deeper_key_is_left_alone(store: Any) -> None:
    plan = edit_runs(runs="new", set={"lr.x": 1, "batch": 3})
    assert plan.skipped[0].skipped == ("config.lr.x: config.lr is 0.02, no section",)
    assert config("new")["lr"] == 0.02
    assert config("new")["batch"] == 3


def test_a_place_in_a_list(store: Any) -> None:
    edit_runs(project="digits", set={"layers": [1, 2]})
    edit_runs(project="digits", set={"layers[1]": 5, "layers[7]": 5})
    assert config("old")["layers"] == [1, 5]
    with pytest.raises(EditError, match="place in a list"):
        edit_runs(project="digits", delete=["layers[0]"])


def test_a_set_is_typed(store: Any) -> None:
    edit_runs(runs="old", set={"learning_rate": 1})
    edit_runs(runs="old", set={"learning_rate": 1.0})
    assert type(config("old")["learning_rate"]) is float


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        ({"project": "digits"}, EditError, "nothing to do"),
        ({"set": {"lr": 1}}, EditError, "no runs are named"),
        ({"filter": "lr <", "set": {"lr": 1}}, FilterSyntaxError, "bad filter"),
        ({"runs": "nobody", "set": {"lr": 1}}, RunNotFoundError, "no run 'nobody'"),
        ({"project": "digits", "name": "one"}, EditError, "one name for 2 runs"),
        ({"runs": ["old", "nobody"], "delete": "lr"}, RunNotFoundError, "nobody"),
    ],
)
def test_a_mistake_changes_nothing(store: Any, call: dict[str, Any], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        edit_runs(**call)
    assert edit_files(store) == []


def test_runs_and_a_filter_together_mean_both(store: Any) -> None:
    plan = edit_runs("exists(config.lr)", runs=["old", "new"], set={"x": 1})
    assert [run.id for run in plan.runs] == ["new"]


# --- secrets ------------------------------------------------------------------------------------------------------

SECRET = "hunter2-hunter2-hunter2"


def written_anywhere(folder: Path, text: str) -> list[str]:
    return [str(path) for path in folder.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]


def test_secrets_that_are_edited_in_are_nowhere(store: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with edit("old", note=f"--api-key={SECRET}") as run:
        run.config.api_key = SECRET
        run.config.headers = [{"name": "token", "value": "none"}]
        run.notes = f"called with --api-key={SECRET}"
    with edit("old") as run:
        run.config.headers[0].value = SECRET
    plan = edit_runs(
        project="digits", set={"password": SECRET, "headers[0].value": SECRET, "args": ["--api-key", SECRET]}
    )
    givens.undo_edit(givens.edit_runs(runs="old", set={"x": 1}).edit_id, note=f"token={SECRET}")
    print(plan, plan.to_json())
    givens.runs("exists(config.password)").ids()
    assert written_anywhere(tmp_path, SECRET) == []
    assert SECRET not in capsys.readouterr().out
    assert SECRET not in str(givens.open("old").config)


def test_keys_that_no_run_has_are_warned_of(store: Any) -> None:
    with pytest.warns(UnknownKeyWarning, match="unknown key lrr"):
        edit_runs("lrr == 1", set={"lr": 1}, dir=os.path.dirname(store.path))
    with pytest.warns(UnknownKeyWarning, match=r"unknown key config\.zzz"):
        edit_runs(runs="last", delete="zzz", dir=os.path.dirname(store.path))
    with pytest.warns(UnknownKeyWarning, match="unknown key lrr"):
        remove_runs("lrr == 1", dir=os.path.dirname(store.path))


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (
            {"set": {"new": 1}, "rename": {"new": "newer"}},
            ["config.new is not there yet: keys are renamed first, then retyped, then set"],
        ),
        (
            {"set": {"new.a": 1}, "retype": {"new.a": "str"}},
            ["config.new.a is not there yet: keys are renamed first, then retyped, then set"],
        ),
        ({"set": {"new.a": 1}, "delete": "new"}, []),
        ({"set": {"new": {"a": 1}}, "delete": "new.a"}, []),
        ({"set": {"new": {"a": 1}}, "delete": "new.b"}, ["unknown key config.new.b"]),
        ({"rename": {"m": "mm"}, "retype": {"mm.nope": "str"}}, ["unknown key config.mm.nope"]),
        ({"rename": {"m": "mm", "mm": "mmm"}, "retype": {"mmm.depth": "str"}}, []),
        ({"rename": {"zzz": "mm"}, "delete": "mm.x"}, ["unknown key config.zzz"]),
        ({"delete": ("zzz", "zzz.y")}, ["unknown key config.zzz", "unknown key config.zzz.y"]),
    ],
)
def test_what_is_said_of_keys_that_the_same_edit_sets_or_moves(
    journals: Any, wanted: dict[str, Any], said: list[str]
) -> None:
    journals.write("run1", ("set", {"s": [[["m", "depth"], 1, 0]], "o": [{"kind": "code"}]}), FINISH)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plan = edit_runs(runs="run1", dir=str(journals.folder), dry_run=True, **wanted)
    assert [note.partition(";")[0] for note in plan.notes] == said
