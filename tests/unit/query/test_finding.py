"""How runs are found: with the indices, in pages, in order."""

from __future__ import annotations

from typing import Any

import pytest

from givens.errors import FilterSyntaxError
from givens.index import Index
from givens.query.finding import Question, ids_of
from givens.query.found import count, find_ids
from givens.query.sorting import parse_sort


def plan(index: Index, text: str, **more: Any) -> str:
    return "\n".join(Question(index, text).explained(**more))


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("config.lr < 1e-3", "USING COVERING INDEX param_num"),
        ("config.lr == 0.1", "USING COVERING INDEX param_num"),
        ("config.lr in [0.1, 0.2]", "USING COVERING INDEX param_num"),
        ("config.model.name == 'vit'", "USING COVERING INDEX param_txt"),
        ("matches(config.model.name, 'v*')", "USING COVERING INDEX param_txt"),
        ("config.lr is None", "USING COVERING INDEX param_txt"),
        ("max(val_acc) > 0.9", "USING COVERING INDEX summary_high"),
        ("summary.val_acc > 0.9", "USING COVERING INDEX summary_num"),
        ("run.created > '2026-03'", "run_created"),
        ("run.name == 'calm-run01'", "run_name"),
        ("'a' in tags", "tag_tag"),
        ("changed(config.lr)", "change_key"),
    ],
)
def test_a_selective_filter_uses_its_index(sweep: Index, text: str, used: str) -> None:
    assert used in plan(sweep, text)


def test_other_tests_are_checked_on_the_candidates_by_primary_key(sweep: Index) -> None:
    assert "SEARCH p USING PRIMARY KEY (run=? AND key=?)" in plan(sweep, "config.seed == 1 and not config.lr == 0.1")


def test_order_and_pages(sweep: Index) -> None:
    newest = find_ids(sweep)
    assert newest == [f"run{number:02d}" for number in reversed(range(12))]
    assert find_ids(sweep, limit=5, offset=10) == newest[10:]
    assert find_ids(sweep, sort="-max(val_acc)", limit=3) == ["run08", "run02", "run07"]
    assert find_ids(sweep, "config.model.name == 'resnet'", "config.lr, -summary.val_acc", limit=2) == [
        "run11",
        "run05",
    ]


def test_a_page_of_a_broad_filter_walks_the_sort_index_and_goes_on_with_runs_without_a_number(runs: Any) -> None:
    for number in range(4):
        runs.run(f"with{number}", {"x": 1}, {"acc": number})
    runs.run("text", {"x": 1}, {"acc": "high"})
    runs.run("none", {"x": 1})
    question = Question(runs.refresh(), "config.x == 1", few=0)
    walked = [run for at in range(0, 8, 2) for run in question.runs("-summary.acc", limit=2, offset=at)]
    expected = ["with3", "with2", "with1", "with0", "text", "none"]
    assert ids_of(runs.index, walked) == find_ids(runs.index, "config.x == 1", "-summary.acc") == expected


def test_order_is_typed(runs: Any) -> None:
    values = {"text": "a", "none": None, "two": 2, "true": True, "list": [1], "ten": 10.0, "false": False, "b": "b"}
    for name, value in values.items():
        runs.run(name, {"x": value})
    runs.run("missing", {})
    index = runs.refresh()
    assert find_ids(index, sort="x") == ["two", "ten", "text", "b", "false", "true", "list", "none", "missing"]
    assert find_ids(index, sort="-x") == ["ten", "two", "b", "text", "true", "false", "list", "none", "missing"]


def test_counting(sweep: Index) -> None:
    assert count(sweep) == 12
    assert count(sweep, "config.seed == 1") == 6
    assert count(sweep, "not exists(config.seed)") == 0
    assert count(sweep, "missing(config.nowhere)") == 12
    assert count(sweep, "config.lr < 0.05 and config.model.name == 'vit'") == 4


def test_projects_are_kept_apart_and_asked_together(runs: Any) -> None:
    runs.run("a", {"lr": 1})
    runs.run("b", {"lr": 1}, project="words")
    runs.run("c", {"lr": "1"}, project=None)
    index = runs.refresh()
    assert find_ids(index, "lr == 1", "run.created") == ["a", "b"]
    assert find_ids(index, "lr == 1", project="words") == ["b"]
    assert find_ids(index, "run.project is None") == ["c"]
    assert find_ids(index, "exists(lr)", "lr") == ["a", "b", "c"]


def test_sort_keys_are_read_or_explained() -> None:
    keys = parse_sort('-max(val_acc), +config.lr,"a, b".c')
    assert [key.descending for key in keys] == [True, False, False]
    assert parse_sort(["-lr", "x"]) == parse_sort("-lr,x")
    with pytest.raises(FilterSyntaxError, match=r"run\.tags has no order"):
        parse_sort("lr, run.tags")
    with pytest.raises(FilterSyntaxError) as caught:
        parse_sort("lr, -mx(x)")
    assert str(caught.value).endswith("\n  lr, -mx(x)\n       ^^")


@pytest.mark.parametrize("many", [600, 2_500])
def test_a_filter_that_a_script_made_of_very_many_conditions(runs: Any, many: int) -> None:
    runs.run("a", {"seed": 7})
    runs.run("b", {"seed": many + 1})
    index = runs.refresh()
    text = " or ".join(f"config.seed == {number}" for number in range(many))
    assert find_ids(index, text) == ["a"]
    assert find_ids(index, f"not ({text})") == ["b"]
    assert count(index, " and ".join(f"config.seed != {number + 8}" for number in range(many))) == 1
