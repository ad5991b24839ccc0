"""``givens explain``."""

from __future__ import annotations

import json
from typing import Any

import pytest

FILE = {"kind": "file", "file": "base.yaml", "line": 2, "column": 5}
FLAG = {"kind": "argparse", "name": "--lr", "note": "typed"}
CODE = {"kind": "code", "file": "train.py", "line": 7}


@pytest.fixture
def run(journals: Any) -> Any:
    values = [[["lr"], 0.01, 0], [["lr"], 0.1, 1], [["model", "depth"], 4, 2]]
    journals.write("abc", ("set", {"s": values, "o": [FILE, FLAG, CODE], "l": 1, "d": [[["lr"], "step size"]]}))
    return journals


@pytest.mark.usefixtures("run")
def test_a_value_is_explained_with_what_it_replaced(givens: Any) -> None:
    answer = givens("explain", "last", "lr")
    assert answer.lines == [
        "lr = 0.1",
        "    from --lr (typed)  2026-03-01 10:00:01",
        "    step size",
        "before, newest first:",
        "    0.01  base.yaml:2:5  2026-03-01 10:00:01",
    ]
    assert (answer.err, answer.code) == ("", 0)


@pytest.mark.usefixtures("run")
def test_a_section_is_explained_by_its_keys(givens: Any) -> None:
    assert givens("explain", "abc", "model").lines == ["model: 1 key", "    model.depth = 4  train.py:7"]


@pytest.mark.usefixtures("run")
def test_json_has_every_change(givens: Any) -> None:
    shape = json.loads(givens("explain", "abc", "lr", "--json").out)
    assert (shape["path"], shape["value"], shape["description"]) == ("lr", {"value": 0.1, "shown": "0.1"}, "step size")
    assert shape["origin"] == {**FLAG, "shown": "--lr (typed)"}
    assert [change["new"]["value"] for change in shape["changes"]] == [0.1, 0.01]


@pytest.mark.usefixtures("run")
def test_a_key_that_was_never_given_suggests_the_nearest(givens: Any) -> None:
    answer = givens("explain", "abc", "model.dept")
    assert (answer.out, answer.code) == ("", 1)
    assert answer.err == "givens: config has no key 'model.dept'; did you mean 'model.depth'?\n"


@pytest.mark.usefixtures("run")
def test_an_empty_key_is_one_line(givens: Any) -> None:
    answer = givens("explain", "abc", "")
    assert answer.err == "givens: bad key: a key path cannot be empty\n"
    assert answer.code == 1


@pytest.mark.usefixtures("run")
def test_without_a_key_every_value_is_explained(givens: Any) -> None:
    answer = givens("explain", "abc")
    assert answer.lines[0].startswith("the configuration: ")
    assert all("train.py" in line or "=" in line for line in answer.lines[1:])
    shape = json.loads(givens("explain", "last", "--json").out)
    assert len(shape["inside"]) == len(answer.lines) - 1 > 0
