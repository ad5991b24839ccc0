"""Groups, varying keys, duplicates and nearest runs are what a plain computation over the folds of the journals gives."""

from __future__ import annotations

import importlib.util
import math
import statistics
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from givens.codec import canonical
from givens.index.values import indexed
from givens.keys import Path as KeyPathParts
from givens.query.evaluator import Subject, passes, values_of
from givens.query.finding import Question
from givens.query.grouping import Group, group_by, pivot_by
from givens.query.nodes import Key, Metric, Node, Operand, RunField
from givens.query.table import RunQuery
from givens.records.change import MISSING
from givens.records.encoded import Tree, leaves, lift


def _load(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None and spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


filters = _load("test_filters")
Plain = tuple[Any, ...]
_NOTHING: Plain = ("missing",)


def _plain(value: Any) -> Plain:
    """What tells values apart in a group: numbers by value, everything else by kind and text."""
    if value is MISSING or value is None:
        return _NOTHING if value is MISSING else ("null",)
    kind, num, txt = indexed(value)
    return ("number", num, txt) if num is not None else (kind, txt)


def _cell(operand: Operand, subject: Subject) -> Plain:
    value = (values_of(operand, subject) or [MISSING])[0]
    if isinstance(operand, RunField):
        return _NOTHING if value is None else _plain(value)
    return _NOTHING if type(value) is Tree and value else _plain(value)


def _score(operand: Operand, subject: Subject) -> float | None:
    value = _cell(operand, subject)
    return float(value[1]) if value[0] == "number" and math.isfinite(value[1]) else None


KEYS: list[Operand] = [Key("config", (name,)) for name in ("lr", "x", "layers", "nowhere")]
KEYS += [Key("config", ("model", "depth")), Key("config", ("layers", 0)), Key("summary", ("loss",)), RunField("group")]
METRICS: list[Operand] = [Metric("max", "loss"), Metric("min", "x"), Key("summary", ("loss",)), Key("config", ("lr",))]
keys = st.lists(st.sampled_from(KEYS), max_size=2, unique=True)


def _close(one: float | None, two: float | None) -> bool:
    return one is two if one is None or two is None else math.isclose(one, two, rel_tol=1e-6, abs_tol=1e-9)


def _agrees(group: Group, subjects: dict[str, Subject], members: list[str], metric: Operand, goal: str) -> None:
    scores = {run: score for run in members if (score := _score(metric, subjects[run])) is not None}
    assert (group.runs, group.scored) == (len(members), len(scores))
    values = list(scores.values())
    assert _close(group.mean, statistics.fmean(values) if values else None)
    if max(map(abs, values), default=0) < 1e15:  # of larger ones the squares have no digits left
        assert _close(group.sd, statistics.stdev(values) if len(values) > 1 else None)
    assert group.best == (None if not values else min(values) if goal == "min" else max(values))
    assert group.best_id in ([run for run, score in scores.items() if score == group.best] if values else [None])


@settings(max_examples=40)
@given(
    st.lists(filters.journals(), min_size=1, max_size=8),
    filters.tests,
    st.lists(st.tuples(keys, st.sampled_from(METRICS), st.sampled_from(["min", "max"])), min_size=3, max_size=6),
    st.sampled_from([0, 20_000]),
)
def test_groups(runs: list[Any], node: Node, asked: list[Any], few: int) -> None:
    with filters.indexed(runs) as (index, subjects):
        passing = [run for run, subject in subjects.items() if passes(node, subject)]
        for by, metric, goal in asked:
            members: dict[Plain, list[str]] = {}
            for run in passing:
                members.setdefault(tuple(_cell(key, subjects[run]) for key in by), []).append(run)
            question = Question(index, node, now_s=filters.NOW_S, few=few)
            found = group_by(question, by, metric, goal=goal).groups
            by_value = {tuple(map(_plain, group.values)): group for group in found}
            assert by_value.keys() == members.keys(), by
            assert len(found) == len(by_value)
            for values, group in by_value.items():
                _agrees(group, subjects, members[values], metric, goal)


@settings(max_examples=30)
@given(st.lists(filters.journals(), min_size=1, max_size=8), st.sampled_from(KEYS), st.sampled_from(KEYS))
def test_a_pivot_has_each_group_in_its_cell(runs: list[Any], down: Operand, across: Operand) -> None:
    with filters.indexed(runs) as (index, subjects):
        pivot = pivot_by(Question(index, now_s=filters.NOW_S), down, across, Metric("max", "loss"))
        counts: dict[tuple[Plain, Plain], int] = {}
        for subject in subjects.values():
            place = _cell(down, subject), _cell(across, subject)
            counts[place] = counts.get(place, 0) + 1
        found = {
            (_plain(row), _plain(column)): cell.runs
            for row, cells in zip(pivot.rows, pivot.cells, strict=True)
            for column, cell in zip(pivot.columns, cells, strict=True)
            if cell is not None
        }
        assert found == counts


def _leaves(subject: Subject) -> dict[KeyPathParts, Plain]:
    return {path: _plain(value) for path, value in leaves(subject.state.config) if path}


def _differing(configs: Iterable[dict[KeyPathParts, Plain]]) -> set[KeyPathParts]:
    made = list(configs)
    return {path for path in set().union(*made) if len({config.get(path, _NOTHING) for config in made}) > 1}


def _one_project(runs: list[Any]) -> list[Any]:
    for events in runs:
        events[0][1]["project"] = "digits"
    return runs


@settings(max_examples=40)
@given(st.lists(filters.journals(), min_size=1, max_size=6).map(_one_project))
def test_varying_keys_duplicates_and_nearest_runs(runs: list[Any]) -> None:
    with filters.indexed(runs) as (index, subjects):
        query = RunQuery(index, now_s=filters.NOW_S)
        configs = {run: _leaves(subject) for run, subject in subjects.items()}
        varying = query.varying()
        assert {key.path for key in varying.keys} == _differing(configs.values())
        assert varying.constant + len(varying.keys) == len(set().union(*configs.values()))

        alike: dict[str, set[str]] = {}
        for run, subject in subjects.items():
            if configs[run]:
                alike.setdefault(canonical(lift(subject.state.config)), set()).add(run)
        expected = sorted(sorted(ids) for ids in alike.values() if len(ids) > 1)
        assert sorted(sorted(each.ids) for each in query.duplicates()) == expected

        for run, config in configs.items():
            apart = {other: _differing((config, theirs)) for other, theirs in configs.items() if other != run}
            near = query.nearest(run, limit=len(runs))
            assert [each.differences for each in near.runs] == sorted(map(len, apart.values()))
            assert {each.id: set(each.paths) for each in near.runs} == apart
