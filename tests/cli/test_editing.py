"""``givens edit``, ``tag``, ``note``, ``rm``, ``restore`` and ``undo``."""

from __future__ import annotations

import csv
import json
import re
from typing import Any

import pytest

FINISH = ("finish", {"state": "finished", "code": 0})


def set_to(**values: Any) -> tuple[str, dict[str, Any]]:
    return "set", {
        "s": [[[key], value, 0] for key, value in values.items()],
        "o": [{"kind": "argparse", "name": "--x"}],
    }


@pytest.fixture(autouse=True)
def runs(journals: Any) -> Any:
    journals.write(
        "old", set_to(learning_rate=0.01, batch="32"), ("log", {"m": {"loss": 1}}), FINISH, began="2026-03-01T10:00:00"
    )
    journals.write("new", set_to(lr=0.02, batch="x"), ("log", {"m": {"loss": 2}}), FINISH, began="2026-03-02T10:00:00")
    journals.write("bare", set_to(lr=9), FINISH, began="2026-03-03T10:00:00")
    return journals


def test_an_edit_is_shown_first_then_made(givens: Any) -> None:
    words = (
        "edit",
        "--where",
        "exists(config.learning_rate)",
        "--rename",
        "learning_rate=lr",
        "--set",
        "opt.name=adam",
    )
    dry = givens(*words, "--dry-run")
    assert dry.lines == [
        "old  calm-old  config.learning_rate -> config.lr (0.01)",
        "old  calm-old  config.opt.name: missing -> 'adam'",
        "1 run of 1 would change",
    ]
    assert "learning_rate" in givens("show", "old").out
    done = givens(*words)
    assert done.lines[:2] == dry.lines[:2]
    assert re.fullmatch(r"1 run of 1 changed; `givens undo \w{8}` takes it back", done.lines[2])
    assert {run["id"] for run in json.loads(givens("ls", "lr<0.1", "--all", "--json").out)["runs"]} == {"old", "new"}


def test_edited_values_are_marked(givens: Any) -> None:
    givens("edit", "old", "--set", "batch=64")
    givens("tag", "old", "best")
    shown = givens("show", "old").lines
    assert [line.split()[-1] for line in shown if line.split()[:1] in (["batch"], ["tags"])] == ["*edited", "*edited"]
    assert givens("explain", "old", "batch").lines[0] == "batch = 64  *edited"
    assert json.loads(givens("show", "old", "--json").out)["edited"] == ["config.batch", "tags"]
    assert "'32'" in givens("history", "old", "batch").out


def test_there_is_a_mark_in_the_list_of_runs(givens: Any) -> None:
    assert "edited" not in givens("ls").out
    givens("edit", "old", "--set", "batch=64")
    lines = givens("ls").lines
    assert [line.split()[0] for line in lines if "64*" in line] == ["old"]
    assert lines[-2:] == ["* edited after the run", lines[-1]] or lines[-1] == "* edited after the run"
    runs = json.loads(givens("ls", "--json").out)["runs"]
    assert {run["id"]: run["edited"] for run in runs if run["edited"]} == {"old": ["config.batch"]}


def test_values_are_typed_as_yaml(givens: Any) -> None:
    words = ["a=1e-3", "b=no", "c=[1, 2]", 'd="7"', "e=null", '"x=y".z=1']
    givens("edit", "old", *(bit for word in words for bit in ("--set", word)))
    found = json.loads(givens("show", "old", "--json").out)["config"]
    shown = {key: found[key]["shown"] for key in ("a", "b", "c", "d", "e", '"x=y".z')}
    assert shown == {"a": "0.001", "b": "'no'", "c": "[1, 2]", "d": "'7'", "e": "None", '"x=y".z': "1"}


def test_what_cannot_be_retyped_is_left_alone_and_said(givens: Any) -> None:
    answer = givens("edit", "--project", "digits", "--retype", "batch=int", "--json")
    plan = json.loads(answer.out)
    assert [run["id"] for run in plan["runs"]] == ["old"]
    assert plan["skipped"][0]["skipped"] == ["config.batch: 'x' as int: its text is no whole number"]


def test_undo_and_its_list(givens: Any) -> None:
    givens("edit", "old", "--set", "batch=64", "--note", "typo")
    undone = givens("undo")
    assert undone.out.startswith("undone: set config.batch (1 run, ")
    again = re.search(r"givens undo (\w{8})", undone.out)
    assert again is not None
    assert json.loads(givens("show", "old", "--json").out)["config"]["batch"]["shown"] == "'32'"
    givens("undo", again[1])
    assert json.loads(givens("show", "old", "--json").out)["config"]["batch"]["shown"] == "64"
    listed = givens("undo", "--list").lines
    assert "typo" in listed[1]
    assert "undone" in listed[2]
    edits = json.loads(givens("undo", "--list", "--json").out)
    assert [edit["in_effect"] for edit in edits] == [True, False, True]
    head, *rows = csv.reader(givens("undo", "--list", "--csv").lines)
    assert head == ["edit", "when", "by", "runs", "what", "state", "why"]
    assert [row[0] for row in rows] == [edit["id"] for edit in edits]  # whole, unlike for a person
    assert rows[0][3:] == ["1", "set config.batch", "", "typo"]
    assert [row[5] for row in rows] == ["", "undone", ""]
    assert givens("undo", "--list", "--md").lines[0] == "| edit | when | by | runs | what | state | why |"
    assert r"\toprule" in givens("undo", "--list", "--latex").out
    refused = givens("undo", "--csv")
    assert (refused.code, "`givens undo --list` prints one" in refused.err) == (2, True)


def test_tags_and_notes(givens: Any) -> None:
    givens("tag", "old", "best", "table-2")
    givens("tag", "--where", "lr > 1", "wild")
    givens("tag", "old", "best", "--remove")
    givens("note", "old", "see page 3")
    found = {run["id"]: (run["tags"], run["notes"]) for run in json.loads(givens("ls", "--all", "--json").out)["runs"]}
    assert found == {"old": (["table-2"], "see page 3"), "new": ([], None), "bare": (["wild"], None)}
    givens("note", "old", "")
    assert json.loads(givens("show", "old", "--json").out)["notes"] is None


def test_removing_several_asks_first(givens: Any) -> None:
    asked = givens("rm", "--project", "digits")
    assert (asked.code, asked.err.count("--yes")) == (2, 1)
    assert givens("rm", "--project", "digits", "--dry-run").lines[-1] == "3 runs of 3 would change"
    assert givens("rm", "old").code == 0
    assert givens("rm", "--project", "digits", "--yes").code == 0
    assert "no runs" in givens("ls").out
    listed = givens("restore").lines
    assert [line.split()[:2] for line in listed] == [
        ["id", "name"],
        ["old", "calm-old"],
        *sorted([["bare", "calm-bare"], ["new", "calm-new"]]),
    ]
    head, *rows = csv.reader(givens("restore", "--csv").lines)
    removed = json.loads(givens("restore", "--json").out)
    assert head == ["id", "name", "removed", "by", "edit"]
    assert [(row[0], row[1], row[4]) for row in rows] == [(run["id"], run["name"], run["edit_id"]) for run in removed]
    assert givens("restore", "--md").out.count("calm-") == 3
    assert r"\toprule" in givens("restore", "--latex").out
    assert givens("restore", "old", "--csv").code == 2
    givens("restore", "old", "ba")
    assert {run["id"] for run in json.loads(givens("ls", "--all", "--json").out)["runs"]} == {"old", "bare"}


def test_runs_without_results_are_removed_and_brought_back(givens: Any) -> None:
    assert givens("rm", "--empty").lines[0] == "bare  calm-bare  remove"
    assert "was removed" in givens("show", "bare").err
    assert givens("undo").code == 0
    assert givens("show", "bare").code == 0


@pytest.mark.parametrize(
    ("words", "code", "problem"),
    [
        (("edit", "old"), 2, "there is nothing to do"),
        (("edit", "lr == 2", "--set", "lr=1"), 1, "a filter is given with --where 'lr == 2'"),
        (("edit", "lr", "<", "2", "--set", "lr=1"), 1, "a filter is given with --where 'lr < 2'"),
        (("edit", "lr=1", "--where", "lr == 2"), 2, "a key is set by --set lr=1"),
        (("edit", "--set", "lr=1"), 2, "no runs are named: name them, or say which with --where FILTER ("),
        (("edit", "old", "--set", "lr"), 2, "--set lr: expected KEY=…"),
        (("edit", "old", "--set", "a=[1"), 2, "--set a"),
        (("edit", "old", "--retype", "lr=flot"), 2, "did you mean 'float'"),
        (("edit", "--where", "lr <", "--set", "lr=1"), 2, "bad filter"),
        (("edit", "nobody", "--set", "lr=1"), 1, "no run 'nobody'"),
        (("tag", "old"), 2, "expected a run and the tags"),
        (("note", "old"), 2, "expected a run and one text"),
        (("undo",), 1, "nothing was edited"),
        (("undo", "zzz"), 1, "no edit 'zzz'"),
        (("restore", "old"), 1, "no run 'old'"),
        (("rm",), 2, "no runs are named"),
    ],
)
def test_a_mistake_is_one_line_and_changes_nothing(givens: Any, runs: Any, words: Any, code: int, problem: str) -> None:
    answer = givens(*words)
    assert problem in answer.err
    assert answer.code == code and "in Python" not in answer.err
    assert not (runs.folder / ".givens" / "edits").exists()


def test_every_command_has_examples(givens: Any) -> None:
    for name in ("edit", "tag", "note", "rm", "restore", "undo"):
        assert f"givens {name}" in givens(name, "--help").out.split("Examples:")[1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["edit", "--where", "lrr=1", "--set", "lr=2"], ["unknown key lrr; did you mean lr?", "  lrr=1", "  ^^^"]),
        (
            ["edit", "last", "--delete", "bach"],
            ["unknown key config.bach; did you mean config.batch?", "  bach", "  ^^^^"],
        ),
        (["edit", "last", "--rename", "Lr=x"], ["unknown key config.Lr; did you mean config.lr?", "  Lr=x", "  ^^"]),
        (
            ["edit", "last", "--retype", "batc=int"],
            ["unknown key config.batc; did you mean config.batch?", "  batc=int", "  ^^^^"],
        ),
        (["tag", "--where", "los < 1", "good"], ["unknown key los; did you mean loss?", "  los < 1", "  ^^^"]),
        (["note", "--where", "los < 1", "good"], ["unknown key los; did you mean loss?", "  los < 1", "  ^^^"]),
        (["rm", "--where", "lrr=1"], ["unknown key lrr; did you mean lr?", "  lrr=1", "  ^^^"]),
        (["scrub", "--where", "lrr=1", "--dry-run"], ["unknown key lrr; did you mean lr?", "  lrr=1", "  ^^^"]),
    ],
)
def test_a_key_that_no_run_has_is_said_with_its_place(givens: Any, words: list[str], said: list[str]) -> None:
    assert givens(*words).err.splitlines() == [f"givens: {said[0]}", *said[1:]]


def test_a_key_that_the_same_edit_makes_is_known_to_what_comes_after(givens: Any) -> None:
    words = (
        "edit",
        "last",
        "--rename",
        "lr=rate",
        "--retype",
        "rate=str",
        "--set",
        "x=1",
        "--delete",
        "rate",
        "--dry-run",
    )
    answer = givens(*words)
    assert (answer.err, answer.code) == ("", 0)


def test_an_unknown_key_is_said_before_many_runs_are_removed(givens: Any) -> None:
    answer = givens("rm", "--where", "not exists(debgu)")  # nobody can be asked here
    assert (answer.err.splitlines()[0], answer.code) == ("givens: unknown key debgu", 2)


def test_a_removed_run_comes_back_by_its_name(givens: Any) -> None:
    givens("rm", "old")
    assert givens("restore").lines[1].split()[:2] == ["old", "calm-old"]
    assert givens("restore", "calm-old").lines[0] == "old  calm-old  restore"
    assert givens("show", "old").code == 0
    givens("rm", "old")
    assert "did you mean 'calm-old'" in givens("restore", "calm-odl").err


def test_the_list_of_edits_calls_a_retype_so(givens: Any) -> None:
    givens("edit", "old", "--retype", "batch=int")
    assert "retype config.batch as int" in givens("undo", "--list").lines[1]


def test_what_looks_like_several_conditions_in_one_text_is_said(givens: Any) -> None:
    said = givens("tag", "--where", "lr=9 and batch=x", "good").err
    assert said.startswith("givens: 'lr=9 and batch=x' asks for lr that is the text '9 and batch=x'; an expression")
