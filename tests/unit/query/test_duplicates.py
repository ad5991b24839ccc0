"""Runs that were given the same, or nearly."""

from __future__ import annotations

from typing import Any

import pytest

from givens.errors import RunNotFoundError
from givens.query import duplicates
from givens.query.duplicates import nearest_to
from givens.query.table import RunQuery


def test_duplicates_share_a_fingerprint(runs: Any) -> None:
    runs.run("a", {"lr": 1, "x": {"y": 2}})
    runs.run("b", {"x": {"y": 2.0}, "lr": 1})
    runs.run("c", {"lr": 1, "x": {"y": 3}})
    runs.run("d", {"lr": 1, "x": {"y": 2}}, group="other")
    runs.run("empty1")
    runs.run("empty2")
    query = RunQuery(runs.refresh())
    (found,) = query.duplicates()
    assert found.ids == ("a", "b", "d")
    assert [each.ids for each in query.filter("missing(run.group)").duplicates()] == [("a", "b")]
    assert query.filter("run.id == 'a'").duplicates() == []


@pytest.fixture
def near(runs: Any) -> RunQuery:
    """Runs that differ from ``base`` in more and more keys."""
    base = {"a": 1, "b": "x", "c": None, "d": [1, 2], "e": 5.0}
    runs.run("base", base)
    runs.run("same", {**base, "a": 1.0})
    runs.run("one", {**base, "b": "y"})
    runs.run("gone", {key: value for key, value in base.items() if key != "c"})
    runs.run("two", {**base, "d": [1, 3], "new": 1})
    runs.run("all", {"z": 1})
    return RunQuery(runs.refresh())


def test_the_nearest_run_differs_in_the_fewest_keys(near: RunQuery) -> None:
    found = near.nearest("base")
    assert found.certain_to is None
    assert [each.differences for each in found.runs] == [0, 1, 1, 2, 6]
    paths = {each.id: each.paths for each in found.runs}
    assert paths.pop("all") == (("a",), ("b",), ("c",), ("d",), ("e",), ("z",))
    assert paths == {"same": (), "one": (("b",),), "gone": (("c",),), "two": (("d",), ("new",))}
    assert [each.id for each in near.nearest("base", limit=1).runs] == ["same"]


def test_among_many_runs_the_telling_keys_lead_to_the_nearest(near: RunQuery) -> None:
    found = nearest_to(near.question(), "base", few=1)
    assert [(each.id in ("one", "gone"), each.differences) for each in found.runs] == [
        *((False, 0), (True, 1), (True, 1), (False, 2)),
    ]
    assert found.certain_to == 4


def test_a_run_that_is_not_there(near: RunQuery) -> None:
    with pytest.raises(RunNotFoundError):
        near.nearest("nobody")


def test_where_every_value_is_shared_by_very_many_equal_runs_come_first_and_nothing_is_promised(
    runs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duplicates, "MANY", 3)
    for number in range(12):
        runs.run(f"r{number:02}", {"a": number % 2, "b": "x"})
    found = nearest_to(RunQuery(runs.refresh()).question(), "r00", few=1)
    assert found.certain_to == -1
    assert [each.differences for each in found.runs][:2] == [0, 0]
