"""References: what a person may type for a run, and in which order it is read."""

from __future__ import annotations

from typing import Any

import pytest

from givens.api import diff, open_run
from givens.errors import AmbiguousRunError, NoScoreError, RunNotFoundError, UndeclaredGoalError, UsageError


def opened(many: Any, ref: str) -> str:
    return open_run(ref, dir=many.folder).id


def test_the_order_is_id_keyword_name_prefix(many: Any) -> None:
    many.run("zed", name="ordinary")
    many.run("last", name="zed")  # an id like a keyword
    many.run("abc", name="last")  # a name like a keyword
    many.run("zedx", name="ze")
    assert opened(many, "zed") == "zed"  # the id, though a run has that name
    assert opened(many, "last") == "last"  # the id, before the keyword
    assert opened(many, "ze") == "zedx"  # the name, though it is a prefix of two ids
    assert opened(many, "ab") == "abc"


def test_last_counts_back(sweep: Any) -> None:
    assert [opened(sweep, ref) for ref in ("last", "last~0", "last~2", "last~11")] == [
        "run11",
        "run11",
        "run09",
        "run00",
    ]
    with pytest.raises(RunNotFoundError, match="last~12"):
        opened(sweep, "last~12")


def test_a_range_names_several_in_the_order_written(sweep: Any) -> None:
    labels = [side.run.id for side in diff("last~2..last", dir=sweep.folder).sides if side.run]
    assert labels == ["run09", "run10", "run11"]
    labels = [side.run.id for side in diff("last..last~1", "run00", dir=sweep.folder).sides if side.run]
    assert labels == ["run11", "run10", "run00"]
    with pytest.raises(UsageError, match="several"):
        opened(sweep, "last~2..last")
    with pytest.raises(RunNotFoundError):
        diff("last~99..last", dir=sweep.folder)


def test_max_min_and_best_find_runs_by_their_results(sweep: Any) -> None:
    assert (opened(sweep, "max:val_acc"), opened(sweep, "min:val_acc"), opened(sweep, "min:eval/loss")) == (
        "run11",
        "run00",
        "run11",
    )
    with pytest.raises(UndeclaredGoalError, match="min:val_acc or max:val_acc"):
        opened(sweep, "best:val_acc")
    sweep.run("late", {}, {"val_acc": 0.0}, ("metric", {"name": "val_acc", "goal": "max"}))
    assert opened(sweep, "best:val_acc") == "run11"
    for word in ("max", "best"):
        with pytest.raises(NoScoreError, match="did you mean 'val_acc'"):
            opened(sweep, f"{word}:val_ac")


def test_a_goal_may_be_declared_for_a_pattern(sweep: Any) -> None:
    sweep.run("late", {}, {"x": 0.0}, ("metric", {"name": "eval/*", "goal": "min"}))
    assert opened(sweep, "best:eval/loss") == "run11"


def test_keywords_mean_the_project_one_is_in(many: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    many.run("a", {}, {"acc": 0.1}, project="letters")
    many.run("b", {}, {"acc": 0.9}, project="digits")
    assert (opened(many, "last"), opened(many, "max:acc")) == ("b", "b")
    monkeypatch.setenv("GIVENS_PROJECT", "letters")
    assert (opened(many, "last"), opened(many, "max:acc")) == ("a", "a")
    monkeypatch.setenv("GIVENS_PROJECT", "none of them")
    assert (opened(many, "last"), opened(many, "max:acc")) == ("b", "b")


def test_a_name_that_several_have_is_an_error_that_lists_them(many: Any) -> None:
    many.run("a1", name="same")
    many.run("b1", name="same")
    with pytest.raises(AmbiguousRunError) as caught:
        opened(many, "same")
    assert "b1 (same, 2026-03-01T10:02" in str(caught.value)
    assert "a1 (same, 2026-03-01T10:01" in str(caught.value)


def test_a_file_is_no_run(sweep: Any) -> None:
    with pytest.raises(UsageError, match="diff only"):
        opened(sweep, "@sweep.yaml")


def test_a_reference_that_fits_nothing_suggests_the_nearest(sweep: Any) -> None:
    with pytest.raises(RunNotFoundError, match="did you mean 'calm-run03'"):
        opened(sweep, "calm-run3")
    with pytest.raises(RunNotFoundError):
        opened(sweep, "*?%")
