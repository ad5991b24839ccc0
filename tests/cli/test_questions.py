"""``givens group``, ``pivot``, ``importance`` and ``duplicates``."""

from __future__ import annotations

import json
from typing import Any

import pytest

CODE = {"kind": "code", "file": "train.py", "line": 7}
FINISHED = ("finish", {"state": "finished", "code": 0})


@pytest.fixture
def twelve(journals: Any) -> Any:
    for at in range(12):
        lr, model = (0.1, 0.01)[at % 2], ("vit", "mlp")[at // 2 % 2]
        values = {"lr": lr, "model": {"name": model}, "seed": at // 4}
        acc = {"vit": 0.9, "mlp": 0.5}[model] + lr / 10 + at / 1000
        journals.write(
            f"r{at:02}",
            ("set", {"s": [[[key], value, 0] for key, value in values.items()], "o": [CODE]}),
            ("log", {"m": {"acc": acc}, "step": 0}),
            FINISHED,
            began=f"2026-03-{at + 1:02}T10:00:00",
        )
    return journals


@pytest.mark.usefixtures("twelve")
def test_groups_best_first_with_mean_spread_and_best(givens: Any) -> None:
    lines = givens("group", "model.name", "lr", "-m", "acc", "--goal", "max").lines
    assert lines[0].split() == ["model.name", "lr", "runs", "mean", "±", "sd", "best", "(max)", "best", "run"]
    assert lines[1].split()[:3] == ["'vit'", "0.1", "3"]
    assert lines[1].split()[-2:] == ["calm-r08", "(r08)"]  # for programs the id
    assert givens("group", "model.name", "lr", "-m", "acc", "--goal", "max", "--csv").lines[1].endswith(",r08")
    assert [line.split()[1] for line in lines[1:5]] == ["0.1", "0.01", "0.1", "0.01"]


@pytest.mark.usefixtures("twelve")
def test_everything_but_the_seed(givens: Any) -> None:
    shape = json.loads(givens("group", "--except", "seed", "-m", "acc", "--json").out)
    assert [row["cells"]["runs"]["value"] for row in shape["rows"]] == [3, 3, 3, 3]


@pytest.mark.usefixtures("twelve")
def test_where_narrows_and_n_limits(givens: Any) -> None:
    lines = givens("group", "model.name", "--where", "lr=0.1", "--where", "seed < 2", "-n", "1").lines
    assert lines[1].split() == ["'vit'", "2"] or lines[1].split() == ["'mlp'", "2"]
    assert "1 of 2" in lines


@pytest.mark.usefixtures("twelve")
def test_a_pivot_marks_the_best_cell_and_says_what_best_is(givens: Any) -> None:
    lines = givens("pivot", "lr", "model.name", "acc", "--goal", "max").lines
    assert lines[0].split() == ["lr", "model.name", "=", "'mlp'", "model.name", "=", "'vit'"]
    assert [line.split()[0] for line in lines[1:3]] == ["0.01", "0.1"]
    assert lines[2].endswith("*") and not lines[1].endswith("*")
    assert lines[3] == "mean of summary.acc; lr down, model.name across; best (max) is marked"
    assert lines[-1] == lines[3]  # each cell is of as many runs
    assert r"\textbf{" in givens("pivot", "lr", "model.name", "acc", "--goal", "max", "--latex").out
    lines = givens("pivot", "lr", "model.name", "acc", "--goal", "min").lines
    assert [line.count("*") for line in lines[1:3]] == [1, 0] and "best (min)" in lines[3]


@pytest.mark.usefixtures("twelve")
def test_without_a_goal_nothing_is_called_best(givens: Any) -> None:
    said = (
        "nobody said whether less or more of acc is better, so nothing is marked as best: "
        '--goal min, in Python goal="min"; once for all: run.define_metric(\'acc\', goal="min")'
    )
    for words in (("pivot", "lr", "model.name", "acc"), ("group", "lr", "-m", "acc")):
        answer = givens(*words)
        assert "*" not in answer.out and "best (" not in answer.out and answer.lines[-1] == said
        assert r"\textbf{" not in givens(*words, "--latex").out
    heads = givens("group", "lr", "-m", "acc").lines[0].split()
    assert heads == ["lr", "runs", "mean", "±", "sd", "max", "run", "with", "max"]
    assert (
        said in givens("group", "seed", "-m", "acc").out and said not in givens("group", "seed", "-m", "max(acc)").out
    )


def test_the_advice_on_goals_names_the_result_and_is_left_out_where_there_is_none(givens: Any, journals: Any) -> None:
    for run_id, loss in (("a", 0.5), ("b", 0.7)):
        keys = ("set", {"s": [[["x"], loss, 0]], "o": [CODE]})
        journals.write(run_id, keys, ("log", {"m": {"train.loss": loss}}), FINISHED)
    for metric in ('"train.loss"', "train.loss", "summary.train.loss"):
        for words in (("group", "x", "-m", metric), ("pivot", "x", "x", metric)):
            last = givens(*words).lines[-1]
            assert "more of train.loss is better" in last and "define_metric('train.loss', goal=" in last
    for words in (("group", "x", "-m", "nope"), ("pivot", "x", "x", "summary.nope")):
        assert "nobody said" not in givens(*words).out
    of_a_key = givens("group", "x", "-m", "x").out
    assert "more of x is better" in of_a_key and "define_metric" not in of_a_key


def test_a_pivot_says_what_is_missing_and_on_how_many_runs_it_rests(givens: Any, journals: Any) -> None:
    for run_id, keys, acc in (("a", {"x": 1, "y": 1}, 0.5), ("b", {"x": 1, "y": 1}, 0.7), ("c", {"y": 1}, 0.2)):
        values = [[[key], value, 0] for key, value in keys.items()]
        journals.write(run_id, ("set", {"s": values, "o": [CODE]}), ("log", {"m": {"acc": acc}}), FINISHED)
    nan = {"~": "float", "v": "nan"}
    journals.write("d", ("set", {"s": [[["x"], 1, 0]], "o": [CODE]}), ("log", {"m": {"acc": nan}}), FINISHED)
    lines = givens("pivot", "x", "y", "acc", "--goal", "max").lines
    assert lines[0].split() == ["x", "y", "=", "1"]
    assert [line.split() for line in lines[1:3]] == [["1", "0.6*"], ["missing", "0.2"]]
    assert lines[4:] == [
        "a cell is the mean of 1 to 2 runs (in JSON: counts)",
        "1 run does not have summary.acc as a finite number and is in no mean",
    ]
    assert json.loads(givens("pivot", "x", "y", "acc", "--json").out)["counts"] == [[2, 0], [1, 0]]
    assert givens("group", "x").lines[2].split() == ["missing", "1"]


@pytest.mark.usefixtures("twelve")
def test_importance_names_the_key_that_matters_with_method_and_number(givens: Any) -> None:
    answer = givens("importance", "acc")
    assert answer.lines[1].split()[0] == "model.name"
    assert any("12 runs" in line and "not cause" in line for line in answer.lines)
    assert givens("importance", "acc", "--csv").lines[0].startswith("key,")


@pytest.mark.usefixtures("twelve")
def test_nearest_names_the_keys_in_which_runs_differ(givens: Any) -> None:
    lines = givens("duplicates", "--nearest", "r00", "-n", "2").lines
    assert lines[1].split()[-2:][0] == "1"
    assert givens("duplicates").lines == ["no two runs were given the same"]


def test_duplicates_and_replicas_are_sets_of_ids(givens: Any, journals: Any, tmp_path: Any) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.givens]\nreplicate = ["seed"]\n', encoding="utf-8")
    for at, seed in enumerate((0, 0, 1)):
        values = [[["lr"], 0.1, 0], [["seed"], seed, 0]]
        journals.write(f"r{at}", ("set", {"s": values, "o": [CODE]}), FINISHED, began=f"2026-03-0{at + 1}T10:00:00")
    assert givens("duplicates", "--csv").lines[1].startswith('2,"r0, r1"')
    assert givens("duplicates", "--replicas", "--csv").lines[1].startswith('3,"r0, r1, r2"')


@pytest.mark.usefixtures("twelve")
@pytest.mark.parametrize(
    "command",
    [
        ["group", "lr", "--where", "lr=7"],
        ["pivot", "lr", "seed", "acc", "--where", "lr=7"],
        ["importance", "acc", "lr=7"],
        ["duplicates", "lr=7"],
    ],
)
def test_no_match_says_what_to_loosen(givens: Any, command: list[str]) -> None:
    answer = givens(*command)
    assert answer.lines[0] == "no run where lr is 7 (12 runs in all)"
    json.loads(givens(*command, "--json").out)


@pytest.mark.usefixtures("twelve")
def test_mistakes_are_wrong_command_lines(givens: Any) -> None:
    assert givens("group").code == 2
    assert givens("group", "lr", "--except", "seed").code == 2
    assert givens("duplicates", "--replicas", "--nearest", "last").code == 2
    assert givens("pivot", "lr", "acc").code == 2


@pytest.mark.usefixtures("twelve")
@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["group", "lrr", "-m", "acc"], ["unknown key lrr; did you mean lr?", "  lrr", "  ^^^"]),
        (["group", "state"], ["unknown key state; did you mean run.state?", "  state", "  ^^^^^"]),
        (["group", "--except", "sede", "-m", "acc"], ["unknown key sede; did you mean seed?", "  sede", "  ^^^^"]),
        (["pivot", "lr", "nam", "acc"], ["unknown key nam; did you mean model.name?", "  nam", "  ^^^"]),
        (["pivot", "lr", "seed", "max(ac)"], ["unknown key ac; did you mean acc?", "  max(ac)", "      ^^"]),
        (["importance", "acx"], ["unknown key acx; did you mean acc?", "  acx", "  ^^^"]),
    ],
)
def test_a_name_that_no_run_has_is_said_with_its_place(givens: Any, command: list[str], said: list[str]) -> None:
    assert givens(*command).lines[-3:] == said
    assert said[0] in json.loads(givens(*command, "--json").out)["notes"]
    assert givens(*command, "--csv").err.splitlines()[-3:] == [f"givens: {said[0]}", *said[1:]]


@pytest.mark.usefixtures("twelve")
def test_a_column_that_no_run_has_is_said_with_its_place(givens: Any) -> None:
    assert givens("ls", "--cols", "lr,sede").err.splitlines()[-2:] == ["  sede", "  ^^^^"]


def test_duplicates_are_named_and_replicas_want_a_setting(givens: Any, journals: Any, tmp_path: Any) -> None:
    for run_id, seed in (("aaa", 1), ("bbb", 1), ("ccc", 2)):
        journals.write(run_id, ("set", {"s": [[["seed"], seed, 0]], "o": [CODE]}), FINISHED)
    assert "calm-aaa (aaa), calm-bbb (bbb)" in givens("duplicates").out
    assert json.loads(givens("duplicates", "--json").out)["rows"][0]["cells"]["ids"]["value"] == ["aaa", "bbb"]
    note = "no key is said to tell replicas apart: `givens setup --replicate seed` says so of seed"
    assert givens("duplicates", "--replicas").lines[-1] == note
    (tmp_path / "pyproject.toml").write_text('[tool.givens]\nreplicate = ["seed"]\n', encoding="utf-8")
    assert note not in givens("duplicates", "--replicas").out
