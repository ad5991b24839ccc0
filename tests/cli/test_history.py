"""``givens history``."""

from __future__ import annotations

import json
from typing import Any

import pytest

CODE = {"kind": "code", "file": "train.py", "line": 7}
FINISHED = ("finish", {"state": "finished", "code": 0})


@pytest.fixture
def run(journals: Any) -> Any:
    journals.write(
        "abc",
        ("set", {"s": [[["lr"], 0.1, 0], [["model", "depth"], 4, 0]], "o": [CODE]}),
        *(("log", {"m": {"loss": 1 / (step + 1)}, "step": step}) for step in range(50)),
        ("settle", {}),
        ("set", {"s": [[["lr"], 0.05, 0]], "o": [CODE]}),
        FINISHED,
    )
    return journals


@pytest.mark.usefixtures("run")
def test_without_a_key_it_is_what_replaced_something(givens: Any) -> None:
    lines = givens("history", "abc").lines
    assert lines[0].split() == ["time", "key", "what", "before", "after", "from", "note"]
    assert lines[1].split()[2:] == ["lr", "set", "0.1", "0.05", "train.py:7", "after", "the", "first", "log"]
    assert len(lines) == 2


@pytest.mark.usefixtures("run")
def test_with_a_key_it_is_every_value_that_it_had(givens: Any) -> None:
    shape = json.loads(givens("history", "abc", "lr", "--json").out)
    values = [row["cells"]["new"]["value"] for row in shape["rows"]]
    assert values == [0.1, 0.05]
    assert "old" not in shape["rows"][0]["cells"]


@pytest.mark.usefixtures("run")
def test_a_section_is_all_its_keys(givens: Any) -> None:
    assert [line.split()[2] for line in givens("history", "abc", "model").lines[1:]] == ["model.depth"]


@pytest.mark.usefixtures("run")
def test_a_metric_is_its_course_thinned_for_a_person_and_whole_for_a_program(givens: Any) -> None:
    lines = givens("history", "abc", "loss", "-n", "5").lines
    assert lines[0] == "calm-abc: loss, 50 points, 0.02 to 1, last 0.02"
    assert lines[1].startswith("█") and len(lines[1]) == 50
    assert [line.split()[0] for line in lines[3:-1]] == ["0", "12", "24", "37", "49"]
    assert lines[-1] == "5 of 50"
    csv = givens("history", "abc", "loss", "--csv").lines
    assert csv[0] == "step,seconds,loss"
    assert (len(csv), csv[-1].split(",")[::2]) == (51, ["49", "0.02"])
    assert len(givens("history", "abc", "loss", "--all").lines) == 3 + 50


@pytest.mark.usefixtures("run")
def test_a_name_that_is_neither_key_nor_metric_suggests_both_kinds(givens: Any) -> None:
    answer = givens("history", "abc", "los")
    assert (answer.code, answer.err) == (1, "givens: config has no key 'los'; did you mean 'loss'?\n")


def test_a_run_without_changes_says_so(givens: Any, journals: Any) -> None:
    journals.write("abc", ("set", {"s": [[["lr"], 0.1, 0]], "o": [CODE]}), FINISHED)
    assert givens("history").lines == [
        "calm-abc: no value changed after it was given; `givens explain abc` says where each came from"
    ]


def test_a_name_that_is_neither_key_nor_result_is_told_both(givens: Any, journals: Any) -> None:
    journals.write("abc", ("set", {"s": [[["lr"], 1, 0]], "o": [{"kind": "code"}]}), ("log", {"m": {"acc": 1}}))
    assert givens("history", "abc", "zzz").err == "givens: config has no key 'zzz'; it has: lr; results: acc\n"
    assert givens("history", "abc", "axc").err == "givens: config has no key 'axc'; did you mean 'acc'?\n"
