"""Tests that are broad each, put together as masks: the same answers, kept until the index changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from givens.index import Index
from givens.query import finding
from givens.query.finding import Question, ids_of
from givens.query.masks import Mask, masked

TWO = "config.lr < 0.05 and config.model.name == 'vit'"
TEXTS = [
    (TWO, 4),
    ("config.lr < 0.05 and not config.model.name == 'vit'", 4),
    ("config.lr == 0.1 or (config.seed == 1 and config.model.name == 'vit')", 6),
    ("not (config.lr == 0.1 or config.seed == 1)", 4),
    ("config.lr < 1 and run.state == 'finished'", 12),
    ("config.lr < 1 and missing(config.seed)", 0),
    ("config.lr < 1 and run.duration >= 0", 12),
]


@pytest.fixture
def all_broad(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As in a store so large that no list of runs is short, and that no page fills soon."""
    monkeypatch.setattr(finding, "FEW", 0)
    monkeypatch.setattr(finding, "WALKED", ())
    yield


def broad(index: Index, text: str) -> Question:
    return Question(index, text, few=0)


@pytest.mark.parametrize(("text", "passing"), TEXTS)
@pytest.mark.usefixtures("all_broad")
def test_masks_say_what_looking_at_each_run_says(sweep: Index, text: str, passing: int) -> None:
    every = [row[0] for row in sweep.connection.execute("SELECT run FROM run")]
    expected = broad(sweep, text).passing(every)
    assert len(expected) == passing
    assert broad(sweep, text).count() == passing
    assert sorted(broad(sweep, text).runs()) == expected
    pages = [broad(sweep, text).runs("-max(val_acc)", limit=2, offset=at) for at in range(0, 14, 2)]
    assert sorted(run for page in pages for run in page) == expected


@pytest.mark.parametrize(("text", "passing"), TEXTS)
def test_many_candidates_are_held_against_masks(
    sweep: Index, monkeypatch: pytest.MonkeyPatch, text: str, passing: int
) -> None:
    every = [row[0] for row in sweep.connection.execute("SELECT run FROM run")]
    expected = Question(sweep, text).passing(every)
    one_by_one = Question(sweep, text).runs("-max(val_acc)")
    monkeypatch.setattr(finding, "LOOKED_UP", 0)
    for _ in range(2):  # the second time the masks are kept
        assert Question(sweep, text).count() == passing
        assert sorted(Question(sweep, text).runs()) == expected
        assert Question(sweep, text).runs("-max(val_acc)") == one_by_one
        assert Question(sweep, text).runs("-max(val_acc)", limit=3, offset=1) == one_by_one[1:4]


def test_tests_that_leave_few_together_are_sorted_at_once(sweep: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "WALKED", ())
    found = broad(sweep, TWO).runs("-max(val_acc)", limit=2)
    assert ids_of(sweep, found) == ["run08", "run02"]


def test_a_mask_is_kept_until_a_run_comes(runs: Any) -> None:
    runs.run("a", {"x": 1})
    index = runs.refresh()
    tests = broad(index, "config.x == 1").tests
    assert masked(index, tests).mask == masked(index, tests).mask
    kept = index.kept()
    assert kept.get(("mask", tests[0].listing)) is not None
    runs.run("b", {"x": 1})
    runs.refresh()
    assert index.kept().get(("mask", tests[0].listing)) is None
    assert len(masked(index, tests).mask) == 2


def test_a_mask_is_kept_until_another_process_writes(runs: Any) -> None:
    from givens.index import open_index

    runs.run("a", {"x": 1})
    index = runs.refresh()
    tests = broad(index, "config.x == 1").tests
    assert len(masked(index, tests).mask) == 1
    runs.run("b", {"x": 1})
    with open_index(index.store, folder=index.folder) as other:
        other.refresh()
    assert len(masked(index, tests).mask) == 2


def test_the_runs_of_a_mask_whether_many_or_few() -> None:
    for numbers in ([1, 2, 3, 5], [700], []):
        data = bytearray(1000)
        for number in numbers:
            data[number] = 1
        mask = Mask(int.from_bytes(data, "little"), len(data))
        assert (mask.runs(), len(mask), mask.by_run) == (numbers, len(numbers), bytes(data))
