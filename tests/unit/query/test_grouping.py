"""Groups and pivots."""

from __future__ import annotations

import math
import statistics
from typing import Any

import pytest

from givens.errors import FilterSyntaxError, UsageError
from givens.index import Index
from givens.query.finding import Question
from givens.query.grouping import group_by
from givens.query.table import RunQuery
from givens.records.change import MISSING


def test_a_group_has_mean_spread_and_best(sweep: Index) -> None:
    grouped = RunQuery(sweep).group(["config.model.name"], "val_acc")
    assert (grouped.keys, grouped.metric, grouped.goal) == (("config.model.name",), "summary.val_acc", "max")
    first, second = grouped.groups
    values = [0.9, 0.91, 0.92, 0.901, 0.911, 0.921]
    assert (first.values, first.runs, first.scored, first.best_id) == (("vit",), 6, 6, "run08")
    assert first.mean == pytest.approx(statistics.fmean(values))
    assert first.sd == pytest.approx(statistics.stdev(values))
    assert first.best == pytest.approx(0.921)
    assert second.values == ("resnet",)


@pytest.mark.parametrize("few", [0, 20_000])
def test_kinds_are_kept_apart_and_numbers_are_equal_by_value(runs: Any, few: int) -> None:
    given = {"a": 1, "b": 1.0, "c": 0.5, "d": "1", "e": None, "f": True, "g": float("nan"), "h": [1], "i": (1,)}
    for name, value in given.items():
        runs.run(name, {"x": value}, {"acc": 1.0})
    runs.run("without", {}, {"acc": 2.0})
    grouped = group_by(Question(runs.refresh(), "summary.acc > 0", few=few), ["config.x"], "acc")
    found = {repr(group.values[0]): group.runs for group in grouped.groups}
    assert found.pop("1", 0) + found.pop("1.0", 0) == 2
    assert found == {
        **dict.fromkeys(("0.5", "'1'", "None", "True", "{'~': 'float', 'v': 'nan'}", "[1]"), 1),
        repr({"~": "tuple", "v": [1]}): 1,
        "missing": 1,
    }
    assert grouped.groups[0].values == (MISSING,)


def test_without_digits_lost_where_values_are_large_and_near(runs: Any) -> None:
    for name, value in {"a": 1e9 + 1, "b": 1e9 + 2, "c": 1e9 + 3}.items():
        runs.run(name, {"x": 1}, {"loss": value})
    (group,) = RunQuery(runs.refresh()).group(["x"], "loss").groups
    assert (group.mean, group.sd) == (1e9 + 2, 1.0)


def test_runs_without_the_metric_count_and_are_not_scored(runs: Any) -> None:
    runs.run("a", {"x": 1}, {"acc": 1.0})
    runs.run("b", {"x": 1}, {"acc": float("nan")})
    runs.run("c", {"x": 1}, {"acc": float("inf")})
    runs.run("d", {"x": 1})
    (group,) = RunQuery(runs.refresh()).group(["x"], "acc").groups
    assert (group.runs, group.scored, group.mean, group.sd, group.best_id) == (4, 1, 1.0, None, "a")


def test_everything_except_some_keys(sweep: Index) -> None:
    grouped = RunQuery(sweep).group_except(["seed"], "max(val_acc)")
    assert grouped.keys == ("config.lr", "config.model.name")
    assert [group.runs for group in grouped.groups] == [2] * 6


def test_by_fields_of_the_run_and_without_a_metric(runs: Any) -> None:
    runs.run("a", group="g")
    runs.run("b", group="g")
    runs.run("c")
    grouped = RunQuery(runs.refresh()).group(["run.group"])
    assert [(group.values, group.runs, group.mean) for group in grouped.groups] == [
        (("g",), 2, None),
        ((MISSING,), 1, None),
    ]
    assert RunQuery(runs.index).group(["run.state"], "run.duration").groups[0].mean == 3.0
    assert [group.runs for group in RunQuery(runs.index).group([]).groups] == [3]


def test_the_goal_that_runs_declared_counts(runs: Any) -> None:
    runs.run("a", {"x": 1}, {"loss": 3.0}, ("metric", {"name": "loss", "goal": "min"}))
    runs.run("b", {"x": 1}, {"loss": 1.0})
    query = RunQuery(runs.refresh())
    assert query.group(["x"], "loss").groups[0].best_id == "b"
    assert query.group(["x"], "loss", goal="max").groups[0].best_id == "a"
    assert query.group(["x"], "min(loss)").goal == "min"
    with pytest.raises(UsageError):
        query.group(["x"], "loss", goal="least")


def test_a_long_list_as_a_key_is_shown_whole(runs: Any) -> None:
    long = list(range(200))
    runs.run("a", {"x": long})
    runs.run("b", {"x": [*long, 1]})
    groups = RunQuery(runs.refresh()).group(["x"]).groups
    assert sorted(len(group.values[0]) for group in groups) == [200, 201]


def test_a_pivot_is_a_grid_in_the_order_of_values(sweep: Index) -> None:
    pivot = RunQuery(sweep, "config.seed == 0").pivot("config.lr", "config.model.name", "val_acc")
    assert (pivot.rows, pivot.columns) == ((0.001, 0.01, 0.1), ("resnet", "vit"))
    means = [[None if cell is None else cell.mean for cell in row] for row in pivot.cells]
    assert means == [[pytest.approx(a), pytest.approx(b)] for a, b in ((0.72, 0.92), (0.71, 0.91), (0.7, 0.9))]
    hole = RunQuery(sweep, "not (config.lr == 0.1 and config.model.name == 'vit')").pivot("lr", "model.name", "val_acc")
    assert hole.cells[2][1] is None


def test_a_goal_of_another_project_does_not_count(runs: Any) -> None:
    runs.run("a", {"x": 1}, {"loss": 3.0}, ("metric", {"name": "loss", "goal": "min"}), project="other")
    runs.run("b", {"x": 1}, {"loss": 1.0}, project="mine")
    runs.run("c", {"x": 1}, {"loss": 2.0}, project="mine")
    query = RunQuery(runs.refresh(), project="mine")
    assert query.group(["x"], "loss").groups[0].best_id == "c"


def test_a_pivot_takes_for_equal_what_groups_take_for_equal(runs: Any) -> None:
    runs.run("a", {"lr": 1, "opt": "adam"}, {"acc": 0.5})
    runs.run("b", {"lr": 1.0, "opt": "sgd"}, {"acc": 0.7})
    runs.run("c", {"lr": True, "opt": "sgd"}, {"acc": 0.9})
    runs.run("d", {"opt": "sgd"}, {"acc": 0.1})
    pivot = RunQuery(runs.refresh()).pivot("lr", "opt", "acc")
    assert [[cell and cell.mean for cell in row] for row in pivot.cells] == [[0.5, 0.7], [None, 0.9], [None, 0.1]]


@pytest.mark.parametrize("few", [0, 20_000])
def test_a_spread_beyond_what_floats_square_is_infinite(runs: Any, few: int) -> None:
    runs.run("a", {"x": 1}, {"loss": 1e200})
    runs.run("b", {"x": 1}, {"loss": -1e200})
    (group,) = group_by(Question(runs.refresh(), few=few), ["x"], "loss").groups
    assert (group.scored, group.sd) == (2, math.inf)


def test_what_cannot_be_grouped_or_summed_up_is_told(sweep: Index) -> None:
    with pytest.raises(FilterSyntaxError, match=r"runs cannot be grouped by run\.tags"):
        RunQuery(sweep).group(["tags"])
    with pytest.raises(FilterSyntaxError, match=r"run\.name is no number"):
        RunQuery(sweep).group(["lr"], "run.name")
