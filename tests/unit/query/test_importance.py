"""Which keys explain a metric."""

from __future__ import annotations

import importlib.util
import sys
from typing import Any

import pytest

from givens.index import Index
from givens.query import importance
from givens.query.importance import BINS, eta_squared, levels_of
from givens.query.table import RunQuery


def test_eta_squared_is_the_share_of_variance_between_levels() -> None:
    assert eta_squared(["a", "a", "b", "b"], [1.0, 1.0, 3.0, 3.0]) == 1.0
    assert eta_squared(["a", "b", "a", "b"], [1.0, 1.0, 3.0, 3.0]) == 0.0
    # worked by hand: mean 3, total 10, between 2 * 1.5² + 3 * 1² = 7.5
    assert eta_squared(["a", "a", "b", "b", "b"], [1.0, 2.0, 3.0, 4.0, 5.0]) == pytest.approx(0.75)
    assert eta_squared(["a", "b"], [1.0, 1.0]) == 0.0


def test_numbers_of_many_values_are_binned() -> None:
    column = [(4, float(number), None) for number in range(100)]
    levels, binned = levels_of([*column, None, (7, None, "auto")])
    assert binned
    assert len(set(levels)) == BINS + 2
    assert levels_of(column[:BINS]) == (column[:BINS], False)


def test_the_key_that_matters_comes_first(sweep: Index) -> None:
    found = RunQuery(sweep).importance("val_acc", forest=False)
    assert (found.metric, found.runs, found.sampled) == ("summary.val_acc", 12, False)
    assert found.keys[0].path == ("model", "name")
    assert found.keys[0].eta2 > 0.98
    by_path = {key.path: key for key in found.keys}
    assert set(by_path) == {("model", "name"), ("lr",), ("seed",)}
    assert by_path["seed",].epsilon2 == 0.0  # chance explains as much


def test_a_key_that_is_another_in_every_run_is_left_out_and_that_is_said(runs: Any) -> None:
    for number in range(12):
        runs.run(f"r{number}", {"dir": f"out/{number}", "x": number % 2}, {"acc": number % 2 + number * 0.01})
    found = RunQuery(runs.refresh()).importance("acc", forest=False)
    assert [key.path for key in found.keys] == [("x",)]
    assert found.notes == ("1 keys have nearly as many values as there are runs",)


def test_too_little_to_say_anything(runs: Any) -> None:
    runs.run("a", {"x": 1}, {"acc": 1.0})
    assert RunQuery(runs.refresh()).importance("acc").notes == ("fewer than 10 runs have summary.acc",)
    for number in range(10):
        runs.run(f"r{number}", {"x": number}, {"acc": 1.0})
    assert RunQuery(runs.refresh()).importance("acc").notes == ("summary.acc is the same in all runs",)


def test_without_scikit_learn_it_is_said_that_there_is_no_forest(many: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.ensemble", None)
    found = RunQuery(many).importance("acc")
    assert found.forest is None
    assert found.keys[0].forest is None
    assert found.notes == (
        "no random forest: scikit-learn is not installed (pip install '.[analysis]' in a clone of givens)",
    )


@pytest.mark.skipif(importlib.util.find_spec("sklearn") is None, reason="scikit-learn is not installed")
@pytest.mark.filterwarnings("default")
def test_a_forest_sees_what_shows_only_in_combination(many: Index) -> None:
    found = RunQuery(many).importance("acc")
    assert found.forest is not None
    assert found.forest.r2 > 0.5
    assert (found.forest.learned_from, found.forest.held_out) == (42, 14)
    rated = {key.path: key for key in found.keys}
    assert all(rated[path].epsilon2 < 0.1 for path in (("a",), ("b",)))
    assert min(rated[path].forest or 0.0 for path in (("a",), ("b",))) > 0.5
    assert (rated["noise",].forest or 0.0) < 0.3
    assert found.notes[-1] == "a, b: little alone, more in combination with other keys; look at a pivot of two"


@pytest.fixture
def many(runs: Any) -> Index:
    """56 runs whose metric is the exclusive or of two keys."""
    for number in range(56):
        a, b, noise = bool(number & 1), ("x", "y")[number >> 1 & 1], number * 7 % 5
        runs.run(f"r{number}", {"a": a, "b": b, "noise": noise}, {"acc": float(a != (b == "x")) + noise * 0.001})
    index: Index = runs.refresh()
    return index


def test_a_sample_is_of_the_runs_that_have_the_metric(runs: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importance, "EXACT_RUNS", 5)
    for number in range(59):
        runs.run(f"r{number}", {"x": number % 2}, {"acc": float(number % 2)} if number < 12 else {"loss": 1.0})
    found = RunQuery(runs.refresh()).importance("acc", forest=False)
    assert found.sampled
    assert found.runs >= 4  # of 12 that have it every other one; one in eleven of all would leave one
