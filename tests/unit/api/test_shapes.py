"""The JSON that other programs read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from givens.api.shapes import change_json, explanation_json, full_run_json, run_json, value_json
from givens.api.stored.opening import open_in
from givens.records.change import MISSING
from givens.records.encoded import plant

CODE = {"kind": "code", "file": "train.py", "line": 7}


@pytest.fixture
def run(journals: Any) -> Any:
    values = [[["lr"], 0.1, 0], [["lr"], 0.2, 1], [["m"], {"t": {"~": "tuple", "v": [1]}, "n": None}, 1]]
    given = ("set", {"s": values, "o": [{"kind": "file", "file": "a.yaml", "line": 2}, CODE], "l": 1})
    journals.write("abc", given, ("log", {"m": {"acc": 0.5}, "step": 3}), ("finish", {"state": "finished", "code": 0}))
    return open_in(journals.store, "abc")


def test_none_and_no_value_are_told_apart() -> None:
    assert value_json(MISSING) is None
    assert value_json(None) == {"value": None, "shown": "None"}


def test_values_keep_their_types() -> None:
    tagged = {"a": {"~": "tuple", "v": [1, 2.0]}}
    assert value_json(plant(tagged)) == {"value": tagged, "shown": "{'a': (1, 2.0)}"}


def test_a_listed_run_has_its_leaves_by_path(run: Any) -> None:
    shape = json.loads(json.dumps(run_json(run), allow_nan=False))
    assert shape["config"] == {
        "lr": {"value": 0.2, "shown": "0.2"},
        "m.t": {"value": {"~": "tuple", "v": [1]}, "shown": "(1,)"},
        "m.n": {"value": None, "shown": "None"},
    }
    assert shape["summary"] == {"acc": {"value": 0.5, "shown": "0.5"}}
    assert (shape["id"], shape["state"], shape["created_at"]) == ("abc", "finished", "2026-03-01T10:00:00.000000Z")
    assert shape["duration_s"] == 3.0


def test_one_run_in_full_says_everything_a_record_knows(run: Any) -> None:
    shape = json.loads(json.dumps(full_run_json(run), allow_nan=False))
    assert set(run_json(run)) < set(shape)
    assert shape["git"] == {"commit": "a" * 40, "branch": "main", "dirty": None}
    assert shape["results"]["acc"]["max_step"] == 3
    assert shape["keys"][0]["origin"] == {**CODE, "shown": "train.py:7"}
    assert (shape["exit_code"], shape["error"], shape["children"]) == (0, None, [])


def test_an_explanation_has_its_changes_newest_first(run: Any) -> None:
    shape = explanation_json(run.explain("lr"))
    assert [change["new"] for change in shape["changes"]] == [value_json(0.2), value_json(0.1)]
    assert [change["old"] for change in shape["changes"]] == [value_json(0.1), None]
    assert shape["inside"] == []
    assert [inner["path"] for inner in explanation_json(run.explain("m"))["inside"]] == ["m.t", "m.n"]


def test_a_change_inside_a_list_says_where(journals: Any) -> None:
    given = ("set", {"s": [[["l"], [1, 2], 0]], "o": [CODE]})
    journals.write("abc", given, ("splice", {"p": ["l"], "at": 1, "rm": 0, "v": [5], "o": CODE}))
    change = change_json(open_in(journals.store, "abc").history("l")[-1])
    assert (change["path"], change["below"], change["action"]) == ("l", "[1]", "splice")
    assert change["new"] == {"value": [5], "shown": "[5]"}
