"""The column file gives the answers that the index gives by itself, also while runs are added, changed and removed."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from givens.index import Index
from givens.index.columns import ColumnFile
from givens.query.finding import Question
from givens.query.grouping import Grouped, group_by
from givens.query.nodes import Key, Metric, Node, RunField
from givens.query.words import sentence

pytestmark = pytest.mark.skipif(importlib.util.find_spec("duckdb") is None, reason="duckdb is not installed")


def _load(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None and spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


filters = _load("test_filters")

GROUPED = [Key("config", ("lr",)), Key("either", ("x",)), Key("summary", ("loss",)), RunField("group")]
GROUPED += [RunField("exit_code"), Key("config", ("nowhere",)), Key("config", ("layers", 0)), RunField("project")]
SCORED = [None, Metric("max", "loss"), Metric("min", "x"), Key("summary", ("loss",)), Key("config", ("lr",))]
SCORED += [Metric("max", "nowhere"), RunField("created")]
groupings = st.tuples(
    st.lists(st.sampled_from(GROUPED), max_size=2, unique=True),
    st.sampled_from(SCORED),
    st.sampled_from(["min", "max"]),
)


@contextmanager
def by_column(index: Index, *, large: int) -> Iterator[None]:
    """The index with a column file from so many runs on."""
    before = index.columns
    index.columns = ColumnFile(index.folder, large)
    try:
        yield
    finally:
        index.columns.close()
        index.columns = before


def _comparable(grouped: Grouped) -> list[tuple[Any, ...]]:
    rows = []
    for group in grouped.groups:
        values = tuple(repr(float(v) if type(v) is int and abs(v) < 2**53 else v) for v in group.values)
        mean, sd = (None if each is None else float(f"{each:.9g}") for each in (group.mean, group.sd))
        near = None if mean is None else round(mean, 6)
        rows.append((values, group.runs, group.scored, near, sd is None, group.best))
    return sorted(rows, key=repr)


def _same(index: Index, nodes: list[Node], groups: list[Any]) -> None:
    for node in nodes:
        plain = Question(index, node, now_s=filters.NOW_S, few=0)
        expected = len(plain.passing([row[0] for row in index.connection.execute("SELECT run FROM run")]))
        groups_expected = [_comparable(group_by(plain, keys, score, goal=goal)) for keys, score, goal in groups]
        with by_column(index, large=1):
            asked = Question(index, node, now_s=filters.NOW_S, few=0)
            assert asked.opened_columns() is not None
            assert asked.count() == expected, sentence(node)
            for (keys, score, goal), wanted in zip(groups, groups_expected, strict=True):
                assert _comparable(group_by(asked, keys, score, goal=goal)) == wanted, (sentence(node), keys, score)


@settings(max_examples=8)
@given(
    st.lists(filters.journals(), min_size=2, max_size=6),
    st.lists(filters.journals(), max_size=3),
    st.lists(filters.trees, min_size=4, max_size=10),
    st.lists(groupings, min_size=1, max_size=2),
    st.data(),
)
def test_both_paths_give_the_same_answer(
    runs: list[Any], later: list[Any], nodes: list[Node], groups: list[Any], data: st.DataObject
) -> None:
    with filters.indexed(runs) as (index, _):
        with by_column(index, large=1):
            assert index.columns.refresh(index.connection, index.path)
        _same(index, nodes, groups)
        changed = data.draw(st.lists(st.integers(0, len(runs) - 1), max_size=3, unique=True))
        for number in changed:
            path = index.store.run_file(f"run{number}")
            os.unlink(path)
            if data.draw(st.booleans()):
                filters._write(index.store, f"run{number}", data.draw(filters.journals()), filters.BEGAN_S)
        for number, events in enumerate(later):
            filters._write(index.store, f"later{number}", events, filters.BEGAN_S)
        assert index.refresh(verify=True).complete
        index.mark_states()
        _same(index, nodes, groups)
        with by_column(index, large=40 if data.draw(st.booleans()) else 1):
            index.columns.refresh(index.connection, index.path)
        _same(index, nodes, groups)
