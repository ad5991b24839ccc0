"""Groups by vectors: what the look-up of each run gives; where vectors cannot say, nothing."""

from __future__ import annotations

from typing import Any

import pytest

from givens.index import Index
from givens.query.finding import Question
from givens.query.grouping import group_by
from givens.query.nodes import Key, Metric, RunField
from givens.query.vectors import grouped_by_vector


def test_groups_have_runs_mean_spread_and_the_best(sweep: Index) -> None:
    rows = grouped_by_vector(Question(sweep), [Key("config", ("model", "name"))], Key("summary", ("val_acc",)), "max")
    assert rows is not None
    (vit,) = (row for row in rows if row[2] == "vit")
    assert vit[3:5] == (6, 6) and vit[7] == 0.921
    groups = group_by(Question(sweep), ["config.model.name", "config.seed"], "val_acc").groups
    assert [(group.values, group.runs, round(group.mean or 0, 4), round(group.sd or 0, 4)) for group in groups] == [
        (("vit", 1), 3, 0.911, 0.01),
        (("vit", 0), 3, 0.91, 0.01),
        (("resnet", 1), 3, 0.711, 0.01),
        (("resnet", 0), 3, 0.71, 0.01),
    ]
    assert groups[0].best_id == "run08"


def test_missing_null_text_and_numbers_are_groups_of_their_own(runs: Any) -> None:
    for name, config in {"a": {"x": 1}, "b": {"x": 1.0}, "c": {"x": "1"}, "d": {"x": None}, "e": {}}.items():
        runs.run(name, config, {"acc": 1.0})
    runs.run("f", {"x": 1})
    rows = grouped_by_vector(Question(runs.refresh()), [Key("config", ("x",))], Metric("max", "acc"), "max")
    assert rows is not None
    assert sorted(row[3:5] for row in rows) == [(1, 1), (1, 1), (1, 1), (3, 2)]


@pytest.mark.parametrize(
    ("config", "key"),
    [
        ({"x": 2**60}, Key("config", ("x",))),  # the index of numbers does not have all its digits
        ({"x": [1]}, Key("config", ("x", 0))),  # may stand in the document only
        ({"x": 1}, RunField("user")),
    ],
)
def test_what_the_indices_do_not_have_side_by_side_is_looked_up(runs: Any, config: Any, key: Any) -> None:
    runs.run("a", config)
    index = runs.refresh()
    assert grouped_by_vector(Question(index), [key], None, "max") is None
    assert [group.runs for group in group_by(Question(index), [key]).groups] == [1]


def test_numbers_whose_sum_is_beyond_the_largest_float(runs: Any) -> None:
    for name in "ab":
        runs.run(name, {"x": 1}, {"acc": 1.7e308})
    (group,) = group_by(Question(runs.refresh()), ["config.x"], "acc").groups
    assert (group.runs, group.best) == (2, 1.7e308)


def test_a_spread_beyond_what_floats_square_is_infinite(runs: Any) -> None:
    runs.run("a", {"x": 1}, {"loss": 1e200})
    runs.run("b", {"x": 1}, {"loss": -1e200})
    rows = grouped_by_vector(Question(runs.refresh()), [Key("config", ("x",))], Key("summary", ("loss",)), "max")
    assert rows is not None
    assert rows[0][6] == float("inf")
