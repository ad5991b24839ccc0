"""The run table, and what is made of it."""

from __future__ import annotations

from typing import Any

import pytest

from givens.errors import FilterSyntaxError
from givens.index import Index
from givens.query.cells import Stored, value_of
from givens.query.table import Row, RunQuery
from givens.records.change import MISSING


def test_a_page_has_the_columns_asked_for(sweep: Index) -> None:
    query = RunQuery(sweep).filter("config.seed == 1").sort("-max(val_acc)")
    page = query.columns("run.name", "config.lr", "max(val_acc)", "config.nowhere", "layers").table(limit=2)
    assert page.columns == ("run.name", "config.lr", "max(val_acc)", "config.nowhere", "layers")
    assert page.rows == (
        Row("run08", ("calm-run08", 0.001, pytest.approx(0.921), MISSING, [64, 64])),
        Row("run07", ("calm-run07", 0.01, pytest.approx(0.911), MISSING, [64, 64])),
    )
    assert page.total == 6


def test_without_columns_the_keys_that_vary_are_shown(sweep: Index) -> None:
    assert RunQuery(sweep).table(limit=1).columns == (
        "run.name",
        "run.state",
        "config.lr",
        "config.model.name",
        "config.seed",
    )


def test_narrowing_gives_a_new_query(sweep: Index) -> None:
    query = RunQuery(sweep, "config.seed == 1")
    narrower = query.filter("config.lr == 0.1").sort("run.name")
    assert (query.count(), narrower.count(), len(narrower.ids())) == (6, 2, 2)
    assert repr(narrower) == "<runs where config.seed is 1 and config.lr is 0.1>"
    with pytest.raises(FilterSyntaxError):
        query.filter("config.lr =")


def test_cells_are_what_the_run_was_given(runs: Any) -> None:
    config = {"t": (1, 2), "big": 2**70, "nan": float("nan"), "s": {"k": 1}, "text": "x" * 300, "none": None}
    runs.run("a", config, {"big": -(2**70), "list": [1, (2,)], "said": "y" * 300, "flag": True}, tags=["x"])
    query = RunQuery(runs.refresh()).columns(
        *("t", "big", "config.nan", "s", "text", "none", "summary.big", "summary.list", "summary.said", "flag"),
        *("run.tags", "run.git.dirty", "origin(t)", "run.duration", "run.created"),
    )
    (row,) = query.table().rows
    assert row.cells[:6] == ({"~": "tuple", "v": [1, 2]}, 2**70, {"~": "float", "v": "nan"}, {"k": 1}, "x" * 300, None)
    assert row.cells[6:8] == (-(2**70), [1, {"~": "tuple", "v": [2]}])
    assert row.cells[8] == "y" * 200 + "…"
    assert row.cells[9:13] == (True, ["x"], None, "code")
    assert row.cells[13:] == (4.0, 1_772_359_260.0)


def test_a_value_that_the_index_holds_in_part_is_a_stand_in() -> None:
    assert value_of(Stored(8, None, "[" + "1" * 300)) == {"~": "cut", "type": "list"}
    assert value_of(Stored(None, None, None)) is MISSING


def test_varying_keys(sweep: Index, runs: Any) -> None:
    varying = RunQuery(sweep).varying()
    assert [key.path for key in varying.keys] == [("lr",), ("model", "name"), ("seed",)]
    assert (varying.constant, varying.looked_at, varying.sampled) == (2, 12, False)
    runs.run("other", {"lr": "high", "layers": (64, 64), "model": {"name": "vit", "depth": 12.0}, "seed": 0})
    again = RunQuery(runs.refresh()).varying()
    assert {key.path: key.mixed for key in again.keys} == {
        ("lr",): True,
        ("layers",): True,
        ("model", "name"): False,
        ("seed",): False,
    }


def test_varying_keys_of_many_runs_are_a_sample_and_say_so(sweep: Index) -> None:
    from givens.query.varying import varying_of

    varying = varying_of(RunQuery(sweep).question(), most=5)
    assert varying.sampled
    assert 0 < varying.looked_at <= 5


def test_only_one_run_varies_in_nothing(sweep: Index) -> None:
    assert RunQuery(sweep, "run.id == 'run03'").varying().keys == ()
