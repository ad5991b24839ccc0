"""``givens.runs``: narrowing, counting, indexing, asking."""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest

import givens
from givens.api import RunTable, StoredRun, runs
from givens.errors import (
    FilterSyntaxError,
    NoScoreError,
    RunNotFoundError,
    StoreError,
    UndeclaredGoalError,
    UnknownKeyWarning,
    UsageError,
)

MAX = ("metric", {"name": "val_acc", "goal": "max"})


def test_nothing_is_read_before_it_is_asked_for(sweep: Any) -> None:
    table = sweep.ask("lr < 0.05").sort("-max(val_acc)").columns("lr")[:3]
    assert not (sweep.folder / ".givens" / "index").exists()
    assert table.ids() == ["run11", "run10", "run08"]


def test_courses_are_every_point_that_was_logged_with_its_run(many: Any) -> None:
    for name in ("aaa", "bbb"):
        many.run(name, {"lr": 1}, {"loss": 0.5}, ("log", {"m": {"loss": 0.25}, "step": 7}))
    many.run("ccc", {"lr": 2}, {"acc": 1})
    grid = many.ask().sort("run.id").courses("loss")
    assert [column.name for column in grid.columns] == ["run.id", "run.name", "step", "seconds", "value"]
    assert [(row[0], row[2], row[4]) for row in grid.rows] == [
        ("aaa", 0, 0.5),
        ("aaa", 7, 0.25),
        ("bbb", 0, 0.5),
        ("bbb", 7, 0.25),
    ]
    assert many.ask()[:1].courses("loss").rows == ()  # the newest never logged it


def test_a_mistake_raises_at_the_line_that_made_it(sweep: Any, tmp_path: Path) -> None:
    for make in (
        lambda: sweep.ask("lr <"),
        lambda: sweep.ask().filter("and"),
        lambda: sweep.ask().sort("tags"),
        lambda: sweep.ask().columns("lr +"),
    ):
        with pytest.raises(FilterSyntaxError):
            make()
    with pytest.raises(StoreError):
        runs(dir=tmp_path / "nowhere")


def test_narrowing_gives_a_new_table_and_leaves_the_old(sweep: Any) -> None:
    every = sweep.ask()
    few = every.filter("seed == 1").filter('model.name == "vit"')
    assert (len(every), len(few), few.ids()) == (12, 3, ["run08", "run07", "run06"])
    assert every.sort("max(val_acc)").ids(limit=1) == ["run00"]
    assert every.ids(limit=1) == ["run11"]


def test_indices_give_runs_and_slices_give_tables(sweep: Any) -> None:
    table = sweep.ask()
    assert isinstance(table[0], StoredRun)
    assert (table[0].id, table[-1].id, table[2].config.lr) == ("run11", "run00", 0.1)
    assert isinstance(table[2:5], RunTable)
    names = [f"run{number:02d}" for number in range(11, -1, -1)]
    for part in (
        slice(2, 5),
        slice(None, 3),
        slice(9, None),
        slice(-3, None),
        slice(2, -2),
        slice(5, 2),
        slice(20, 30),
    ):
        assert table[part].ids() == names[part]
        assert len(table[part]) == len(names[part])
        assert [run.id for run in table[part]] == names[part]
    assert table[2:10][1:4].ids() == names[2:10][1:4]
    with pytest.raises(IndexError):
        table[12]
    with pytest.raises(IndexError):
        table[-13]
    with pytest.raises(UsageError):
        table[::2]


def test_what_narrows_a_slice_narrows_what_is_in_it(sweep: Any) -> None:
    best = sweep.ask().sort("-val_acc")[:4]
    assert best.filter("lr == 0.1").ids() == ["run09"]
    assert best.sort("val_acc").ids() == ["run08", "run09", "run10", "run11"]
    assert best.group("seed")[0].runs == 4
    assert best.filter("lr == 0.1").asked == "(rows 1 to 4 by -val_acc of: every run) and lr == 0.1"


def test_a_slice_of_thousands_can_be_narrowed(sweep: Any) -> None:
    from givens.query.nodes import Compare, RunField

    wanted = ("run03", *(f"x{number}" for number in range(40_000)))
    assert sweep.ask(Compare(RunField("id"), "in", wanted)).ids() == ["run03"]


def test_an_empty_table_is_false_and_says_nothing_of_its_own(sweep: Any) -> None:
    table = sweep.ask("lr > 5")
    assert (bool(table), len(table), list(table)) == (False, 0, [])
    assert repr(table) == "runs: nothing"
    assert sweep.ask()


def test_a_misspelt_key_is_said_with_the_nearest(sweep: Any) -> None:
    with pytest.warns(UnknownKeyWarning, match=r"unknown key modle\.name; did you mean model\.name\?"):
        assert len(sweep.ask('modle.name == "vit"')) == 0
    with pytest.warns(UnknownKeyWarning, match=r"unknown key config\.debgu$") as told:
        table = sweep.ask("not exists(config.debgu)")
        assert len(table) == len(table.ids()) == len(sweep.ask())
        assert len(table[:4].filter("lr == 0.1")) == 1
        assert len(table.varying())
    assert len(told) == 1
    with pytest.warns(UnknownKeyWarning, match="unknown key lrr; did you mean lr"):
        sweep.ask("missing(lrr)").group("seed")
    with pytest.warns(UnknownKeyWarning, match="unknown key lrq; did you mean lr"):
        sweep.ask().group("lrq", metric="val_acc")
    with pytest.warns(UnknownKeyWarning, match="unknown key val_acx; did you mean val_acc"):
        sweep.ask().pivot("lr", "seed", "max(val_acx)")
    with pytest.warns(UnknownKeyWarning, match="unknown key val_acy; did you mean val_acc"):
        sweep.ask().importance("val_acy", forest=False)
    assert sweep.ask().sort("val_ac").notes == ("unknown key val_ac; did you mean val_acc?",)
    assert sweep.ask('model.name == "bert"').notes == ()


def test_a_run_of_this_process_is_in_the_answer_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIVENS_SILENT", "1")
    monkeypatch.setenv("GIVENS_SURROUNDINGS", "0")
    with givens.init(config={"lr": 0.1}, dir=tmp_path) as run:
        run.log({"loss": 0.5})
        found = runs("lr == 0.1", dir=tmp_path)
        assert [each.id for each in found] == [run.id]
        assert found.complete
        assert found[0].state == "running"


def test_default_columns_are_what_tells_runs_apart_and_results(sweep: Any) -> None:
    grid = sweep.ask().grid()
    assert [column.name for column in grid.columns] == [
        "run.name", "run.state", "run.created", "lr", "model.name", "seed", "eval/loss", "val_acc",
    ]  # fmt: skip
    assert [column.kind for column in grid.columns][3:] == ["value"] * 3 + ["result"] * 2
    assert grid.rows[0][3:] == (0.001, "resnet", 1, 0.89, 0.61)
    assert grid.heads[:3] == ("name", "state", "created")


def test_a_result_with_the_name_of_a_key_keeps_its_scope(many: Any) -> None:
    many.run("a", {"loss": 1}, {"loss": 0.5})
    many.run("b", {"loss": 2}, {"loss": 0.4})
    grid = many.ask().columns("loss", "summary.loss").grid()
    assert grid.rows == ((2, 0.4), (1, 0.5))
    assert [column.name for column in many.ask().grid().columns][3:] == ["loss", "summary.loss"]


def test_its_text_is_a_readable_table(sweep: Any) -> None:
    lines = repr(sweep.ask("seed == 1").sort("lr").columns("run.name", "lr", "val_acc")[:2]).splitlines()
    assert [line.split() for line in lines] == [
        ["name", "lr", "val_acc"],
        ["calm-run08", "0.001", "0.58"],
        ["calm-run11", "0.001", "0.61"],
    ]
    assert repr(sweep.ask()[:2]).count("\n") == 2


def test_more_runs_than_are_shown_are_counted(many: Any) -> None:
    for number in range(25):
        many.run(f"r{number:02d}", {"n": number})
    assert repr(many.ask()).splitlines()[21:] == ["20 of 25 rows"]
    assert "<p>20 of 25 rows</p>" in many.ask()._repr_html_()
    assert len(many.ask().to_dicts()) == 25


def test_groups_count_and_average(sweep: Any) -> None:
    groups = sweep.ask().group("model.name", metric="val_acc", goal="max")
    assert [group.values for group in groups] == [{"model.name": "resnet"}, {"model.name": "vit"}]
    assert [group.runs for group in groups] == [6, 6]
    assert groups[0].mean == pytest.approx(0.57)
    assert groups[0].best_id == "run11"
    assert [group.runs for group in sweep.ask().group(everything_except="seed")] == [2] * 6
    for wrong in ({}, {"everything_except": ["seed"], "metric": "val_acc"}):
        with pytest.raises(UsageError):
            sweep.ask().group(*(["lr"] if wrong else []), **wrong)


def test_a_pivot_is_a_table_of_means(sweep: Any) -> None:
    grid = sweep.ask().pivot("seed", "model.name", "val_acc").grid()
    assert [column.name for column in grid.columns] == ["seed", "model.name = 'resnet'", "model.name = 'vit'"]
    assert [row[0] for row in grid.rows] == [0, 1]
    assert grid.rows[0][1:] == (pytest.approx(0.54), pytest.approx(0.51))


def test_best_goes_by_what_was_declared(sweep: Any) -> None:
    table = sweep.ask()
    with pytest.raises(UndeclaredGoalError):
        table.best("val_acc")
    with pytest.raises(NoScoreError, match="no run has 'val_ac' as a number .*did you mean 'val_acc'"):
        table.best("val_ac")
    assert (table.best("val_acc", "max").id, table.best("eval/loss", "min").id) == ("run11", "run11")
    assert (table.best("max:val_acc").id, table.best("min:eval/loss").id) == ("run11", "run11")
    sweep.run("late", {"lr": 0.5}, {"val_acc": 0.1}, MAX)
    assert sweep.ask().best("val_acc").id == "run11"
    assert sweep.ask("seed == 0").best("val_acc").id == "run05"
    assert sweep.ask().sort("best:val_acc").ids(limit=2) == ["run11", "run10"]
    with pytest.raises(NoScoreError, match="did you mean 'val_acc'"):
        sweep.ask().best("val_ac", "max")
    with pytest.raises(NoScoreError, match="did you mean 'val_acc'"):
        sweep.ask().sort("best:val_ac").ids()


def test_best_counts_a_summary_that_was_never_logged_and_no_infinity(many: Any) -> None:
    many.run("a", {}, {"acc": 0.5})
    many.run("b", {}, None, ("summary", {"m": {"acc": 0.9}}))
    many.run("c", {}, {"acc": float("inf")})
    many.run("d", {}, {"acc": float("nan")})
    many.run("e", {}, {"acc": "high"})
    assert many.ask().best("acc", "max").id == "b"
    assert many.ask().best("acc", "min").id == "a"


def test_settings_say_what_best_means(sweep: Any) -> None:
    (sweep.folder / "pyproject.toml").write_text('[tool.givens]\nmetrics = {val_acc = "max", "eval/*" = "min"}\n')
    assert sweep.ask().best("val_acc").id == "run11"
    assert sweep.ask().best("eval/loss").id == "run11"
    grid = sweep.ask().grid()
    assert grid.best == {(0, 6), (0, 7)}


def test_a_damaged_index_is_made_anew_in_the_middle_of_asking(sweep: Any) -> None:
    table = sweep.ask()
    assert len(table) == 12
    (path,) = (sweep.folder / ".givens" / "index").glob("*.sqlite")
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE param")
    connection.close()
    assert len(table.filter("lr == 0.1")) == 4
    assert table.complete


def test_threads_may_ask_one_table(sweep: Any) -> None:
    table = sweep.ask()
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(len(table.filter("seed == 1")))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [6] * 4


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_asks_on_a_connection_of_its_own(sweep: Any) -> None:
    table = sweep.ask()
    assert len(table) == 12
    pid = os.fork()
    if not pid:
        os._exit(0 if len(table.filter("seed == 1")) == 6 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert len(table) == 12


def test_varying_duplicates_importance_and_nearest_are_tables_too(sweep: Any) -> None:
    table = sweep.ask()
    assert [key.path for key in table.varying()] == [("lr",), ("model", "name"), ("seed",)]
    assert table.varying().notes == ("1 further keys are the same in all runs",)
    found = table.importance("val_acc", forest=False)
    assert found[0].path == ("seed",)
    assert found.notes[0].startswith("of 12 runs: η²")
    near = table.nearest("run03", limit=2)
    assert [each.differences for each in near] == [1, 1]
    assert near.to_dicts()[0]["run.name"].startswith("calm-")
    sweep.run("twin", {"lr": 0.1, "model": {"name": "vit", "depth": 12}, "seed": 0})
    assert [each.ids for each in sweep.ask().duplicates()] == [("run00", "twin")]
    assert sweep.ask("lr == 0.01").duplicates().records == ()
    with pytest.raises(RunNotFoundError):
        table.nearest("nobody")


def test_the_package_has_the_questions(sweep: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(sweep.folder)
    assert len(givens.runs("lr == 0.1")) == 4
    assert givens.importance("val_acc", "seed == 0").found.runs == 6
    assert len(givens.duplicates()) == 0
    assert len(givens.nearest("last", limit=3)) == 3
    assert len(givens.runs(project="other")) == 0


@pytest.mark.parametrize("name", ["nan", "None", "not", "1e3", "a.b", "in"])
def test_a_key_named_like_a_word_of_the_language_is_a_column_like_others(
    journals: Any, tmp_path: Path, name: str
) -> None:
    for run, value in (("one", 1), ("two", 2)):
        journals.write(run, ("set", {"s": [[[name], value, 0]], "o": [{"kind": "code"}]}))
    table = runs(dir=tmp_path)
    assert len(table.to_csv().splitlines()) == 3
    column = table.grid().columns[-1].name
    assert column.startswith("config.")
    assert len(runs(f"{column} == 2", dir=tmp_path)) == 1
