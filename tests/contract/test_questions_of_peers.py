"""Questions that people asked of other trackers, in their issues, and that those could not answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import givens
from givens.api import RunTable

Ask = Callable[..., RunTable]


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Makes one run of each config, the first named ``r0``, and gives ``givens.runs``."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIVENS_SILENT", "1")
    monkeypatch.setenv("GIVENS_SURROUNDINGS", "0")
    monkeypatch.setenv("GIVENS_DIR", str(tmp_path))

    def make(*configs: dict[str, Any]) -> Callable[[str], list[str]]:
        for number, config in enumerate(configs):
            with givens.init(config=config, name=f"r{number}", reinit="finish_previous") as run:
                run.log({"score": number / 10})
        return names

    def names(filter: str) -> list[str]:
        return [run.name for run in givens.runs(filter).sort("run.created")]

    return make


def test_a_key_with_a_dot_in_it(given: Any) -> None:
    names = given({"model.lr": 0.1}, {"model": {"lr": 0.1}}, {"model.lr": 0.2, "model": {"lr": 0.3}})
    assert names('config."model.lr" == 0.1') == ["r0"]
    assert names("config.model.lr == 0.1") == ["r1"]
    assert names('config."model.lr" > 0.1 and model.lr > 0.1') == ["r2"]
    shown = [column.name for column in givens.runs().grid().columns][3:5]
    assert [len(givens.runs(f"exists({name})")) for name in shown] == [2, 2]


def test_or_and_parentheses(given: Any) -> None:
    names = given({"a": 1, "b": 1}, {"a": 1, "b": 2}, {"a": 2, "b": 1}, {"a": 3})
    assert names("a == 2 or b == 2") == ["r1", "r2"]
    assert names("(a == 1 or a == 3) and not b == 1") == ["r1", "r3"]
    assert names("summary.score >= 0.3 or a == 2") == ["r2", "r3"]


def test_none_is_not_missing(given: Any) -> None:
    names = given({"clip": None}, {"lr": 0.1}, {"clip": 1.0})
    assert names("clip is None") == ["r0"]
    assert names("missing(clip)") == ["r1"]
    assert names("exists(clip)") == ["r0", "r2"]
    assert names("clip is not None") == ["r2"]
    assert [row.get("clip", "absent") for row in givens.runs().sort("run.created").columns("clip").to_dicts()] == [
        None,
        "absent",
        1.0,
    ]


def test_groups_by_none_and_by_float(given: Any) -> None:
    given({"clip": None}, {"clip": 0.1}, {"clip": 0.1}, {"clip": 1}, {"clip": 1.0}, {"other": 0})
    groups = givens.runs().group("clip", metric="score")
    found = {repr(group.values): (group.runs, group.mean) for group in groups}
    assert found == {
        "{'clip': None}": (1, 0.0),
        "{'clip': 0.1}": (2, pytest.approx(0.15)),
        "{'clip': 1.0}": (2, pytest.approx(0.35)),
        "{}": (1, 0.5),
    }


def test_numbers_that_some_runs_store_as_text_are_sorted_apart_and_it_is_said(given: Any) -> None:
    names = given({"n": "128"}, {"n": 64}, {"n": 256}, {"n": "9"}, {"n": None}, {})
    table = givens.runs().sort("n").columns("run.name", "n")
    assert [run.name for run in table] == ["r1", "r2", "r0", "r3", "r4", "r5"]
    (note,) = table.grid().notes
    assert note == "n is a number in 2, text in 2 runs: 128 and '128' are not the same, and stand apart"
    assert note in repr(table)
    assert [line.split()[-1] for line in repr(table).splitlines()[1:6]] == ["64", "256", "'128'", "'9'", "None"]
    assert names("n == 128") == []
    assert names('n == "128"') == ["r0"]
    assert givens.runs().sort("score").grid().notes == ()


def test_empty_dicts_and_lists_are_values(given: Any) -> None:
    names = given({"a": {}}, {"a": []}, {"a": ()}, {"a": {"b": 1}}, {})
    assert names("exists(a)") == ["r0", "r1", "r2", "r3"]
    assert names("a == []") == ["r1", "r2"]
    cells = [row.get("a", "absent") for row in givens.runs().sort("run.created").columns("a").to_dicts()]
    assert cells == [{}, [], (), {"b": 1}, "absent"]
    assert [row.status for row in givens.diff("r0", "r1").rows] == ["differs"]
    assert [row.status for row in givens.diff("r1", "r2").rows] == ["differs"]
    assert [row.status for row in givens.diff("r0", "r4").rows] == ["missing"]


def test_ten_runs_with_lists_of_dicts_are_compared_to_the_leaf(given: Any) -> None:
    layers = [{"kind": "conv", "size": 3, "act": {"name": "relu"}}, {"kind": "dense", "size": 10}]
    changed = [dict(layers[0], act={"name": "gelu"}), layers[1]]
    longer = [*layers, {"kind": "dense", "size": 1}]
    given(*[{"layers": layers, "seed": 1}] * 8, {"layers": changed, "seed": 1}, {"layers": longer, "seed": 1})
    diff = givens.diff("last~9..last")
    assert [side.label for side in diff.sides] == [f"r{number}" for number in range(10)]
    (row,) = diff.differing
    assert row.statuses == ("equal",) * 8 + ("differs", "differs")
    assert {str(givens.KeyPath(inner.path)): inner.statuses[8:] for inner in row.inside} == {
        "layers[0].act.name": ("differs", "equal"),
        "layers[2].kind": ("missing", "equal"),
        "layers[2].size": ("missing", "equal"),
    }
    assert [str(givens.KeyPath(key.path)) for key in diff.constants] == ["seed"]


def test_a_run_is_held_against_a_file_and_against_the_config_at_work(given: Any, tmp_path: Path) -> None:
    given({"lr": 0.1, "seed": 1})
    (tmp_path / "sweep.yaml").write_text("lr: 0.2\nseed: 1\n")
    givens.config["lr"] = 0.3
    givens.config["seed"] = 1
    try:
        diff = givens.diff("r0", "@sweep.yaml", givens.config)
        (row,) = diff.differing
        assert row.cells == (0.1, 0.2, 0.3)
    finally:
        givens.config.clear()


def test_a_metric_of_the_best_epoch_not_of_the_last(given: Any, tmp_path: Path) -> None:
    for number, course in enumerate(([0.1, 0.9, 0.2], [0.5, 0.6, 0.7])):
        with givens.init(config={"n": number}, name=f"c{number}", reinit="finish_previous") as run:
            run.define_metric("acc", goal="max")
            for value in course:
                run.log({"acc": value})
    assert givens.open("best:acc").name == "c0"
    assert [run.name for run in givens.runs("max(acc) > 0.8")] == ["c0"]
    assert [run.name for run in givens.runs().sort("-summary.acc")] == ["c1", "c0"]
