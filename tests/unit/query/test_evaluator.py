"""What filters mean, on questions people asked of other tools. SQL and Python are compared in ``property/``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

import pytest

Found = Callable[[str], list[str]]


@pytest.fixture
def values(runs: Any, found: Found) -> Callable[[str], list[str]]:
    """Runs named after the value that they have at ``x``."""
    for name, value in {
        "one": 1,
        "one-float": 1.0,
        "true": True,
        "text": "1",
        "none": None,
        "nan": float("nan"),
        "inf": float("inf"),
        "huge": 2**53 + 1,
        "list": [1, "a", None],
        "tuple": (1, "a", None),
        "nested": [[1], {"dim": 2}],
        "empty-list": [],
        "empty-section": {},
        "section": {"dim": 2},
        "path": PurePosixPath("a"),
        "set": {1},
    }.items():
        runs.run(name, {"x": value})
    runs.run("without", {"y": 1})
    return found


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("config.x == 1", "one one-float"),
        ("config.x == True", "true"),
        ("config.x == '1'", "text"),
        ("config.x is None", "none"),
        ("config.x is nan", "nan"),
        ("config.x > 1e300", "inf"),
        ("config.x == 9007199254740993", "huge"),
        ("config.x == 9007199254740992", ""),
        ("9007199254740992 < config.x < inf", "huge"),
        ("config.x < '2'", "text"),
        ("config.x == [1, 'a', None]", "list tuple"),
        ("config.x == []", "empty-list"),
        ("config.x in [True, '1', [1, 'a', None]]", "true text list tuple"),
        ("1 in config.x", "list tuple"),
        ("[1] in config.x", "nested"),
        ("None in config.x", "list tuple"),
        ("'1' in config.x", "text"),
        ("config.x[1].dim == 2", "nested"),
        ("config.x[0] == [1]", "nested"),
        ("config.x[0] == 1", "list tuple"),
        ("config.x.dim == 2", "section"),
        ("missing(config.x)", "without"),
        ("exists(config.x.dim)", "section"),
        ("exists(config.x[2])", "list tuple"),
        ("config.x < 5 and not config.x == 1", ""),
        ("config.y != 2", "without"),
        ("config.y not in [2]", "without"),
    ],
)
def test_typed_values(values: Found, text: str, ids: str) -> None:
    assert values(text) == ids.split()


def test_unequal_is_said_of_what_is_there_and_not_of_what_is_missing(values: Found) -> None:
    assert "without" not in values("config.x != 1")
    assert "without" in values("not config.x == 1")
    assert {"none", "text", "section", "nan", "empty-section"} <= set(values("config.x != 1"))
    assert "none" not in values("config.x is not None")
    assert "without" not in values("config.x is not None")


def test_a_key_with_a_dot_is_told_from_a_section(runs: Any, found: Found) -> None:
    runs.run("dotted", {"a.b": 1})
    runs.run("nested", {"a": {"b": 1}})
    assert found('config."a.b" == 1') == ["dotted"]
    assert found("config.a.b == 1") == ["nested"]


def test_a_bare_name_is_the_configs_and_else_the_summarys(runs: Any, found: Found) -> None:
    runs.run("given", {"acc": 1}, {"acc": 5})
    runs.run("reached", {}, {"acc": 5})
    assert found("acc == 5") == ["reached"]
    assert found("acc == 1") == ["given"]
    assert found("exists(acc)") == ["given", "reached"]
    assert found("acc != 1") == ["reached"]
    assert found("summary.acc == 5") == ["given", "reached"]


def test_names_in_the_summary_are_flat(runs: Any, found: Found) -> None:
    runs.run("flat", {}, {"val.acc": 1, "eval/loss": 2})
    runs.run("inside", {}, {"val": {"acc": 1}})
    assert found("summary.val.acc == 1") == ["flat", "inside"]
    assert found("eval/loss == 2") == ["flat"]
    assert found("max(val.acc) == 1") == ["flat"]


def test_metrics_have_extremes_over_what_was_logged(runs: Any, found: Found) -> None:
    log = [("log", {"m": {"loss": value}, "step": step}) for step, value in enumerate([3.0, 1.0, 2.0])]
    runs.run("logged", {}, None, *log)
    runs.run("words", {}, {"loss": "low"})
    assert found("max(loss) == 3 and min(loss) == 1 and last(loss) == 2") == ["logged"]
    assert found("missing(max(loss))") == ["words"]


def test_changes_of_mind_and_origins(runs: Any, found: Found) -> None:
    later = ("set", {"s": [[["lr"], 2, 0], [["new"], 1, 0], [["none"], 3, 0]], "o": [{"kind": "file"}]})
    runs.run("changed", {"lr": 1, "none": None}, None, later, origins={"lr": "argparse"})
    runs.run("kept", {"lr": 1}, origins={"lr": "argparse"})
    assert found("changed(lr)") == ["changed"]
    assert found("changed(new) or changed(none)") == []
    assert found("origin(lr) == 'argparse'") == ["kept"]
    assert found("matches(origin(lr), 'f*')") == ["changed"]


def test_long_texts_are_searched_whole_in_the_config_and_in_their_beginning_in_the_summary(
    runs: Any, found: Found
) -> None:
    text = "x" * 300 + "needle"
    runs.run("long", {"note": text}, {"said": text})
    assert found("'needle' in config.note") == ["long"]
    assert found("matches(config.note, '*needle')") == ["long"]
    assert found("'needle' in summary.said") == []
    assert found(f"summary.said == '{text}'") == ["long"]


def test_more_elements_than_the_index_has_are_found(runs: Any, found: Found) -> None:
    runs.run("many", {"x": list(range(100))})
    assert found("99 in config.x") == found("config.x[99] == 99") == ["many"]
    assert found("100 in config.x") == []


def test_fields_of_the_run(runs: Any, found: Found) -> None:
    runs.run("a", group="g", tags=["base", "wide"], user="ada")
    runs.run("b", user="bob")
    assert found("'base' in tags") == ["a"]
    assert found("'base' not in tags") == ["b"]
    assert found("run.group is None") == found("missing(run.group)") == ["b"]
    assert found("run.group != 'g'") == ["b"]
    assert found("run.user in ['ada', 'eve']") == ["a"]
    assert found("matches(run.command, 'python*')") == ["a", "b"]
    assert found("run.created < '2026-03-01T10:02Z'") == ["a"]
    assert found("run.created in '2026' and run.state == 'finished'") == ["a", "b"]
    assert found("run.state in ['running', 'lost']") == []


def test_what_is_asked_is_never_part_of_the_sql(runs: Any, found: Found) -> None:
    evil = "'); DROP TABLE run; --"
    runs.run("a", {"x": evil})
    assert found(f'config.x == "{evil}"') == ["a"]
    assert found(f'"{evil}" in config.x or exists(config."{evil}")') == ["a"]
