"""Cells as the browser takes them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from givens.api.grid import LABELS, NUMBER, RESULT, TEXT, TIME, VALUE, Column
from givens.records.change import MISSING
from givens.web.rows_json import CELL_WIDTH, cell_json


@pytest.mark.parametrize(
    ("cell", "kind", "said"),
    [
        (1e-06, VALUE, ["1e-06", 1e-06, "n"]),
        (0.0, VALUE, ["0.0", 0.0, "n"]),
        (2.0, VALUE, ["2.0", 2.0, "n"]),
        (2, VALUE, ["2", 2, "n"]),
        ("128", VALUE, ["'128'", "128", "s"]),
        (True, VALUE, ["True", 1, "b"]),
        (None, VALUE, ["None", None, "z"]),
        ([1, 2], VALUE, ["[1, 2]", None, "o"]),
        ({"~": "float", "v": "nan"}, VALUE, ["nan", None, "n"]),
        ({"~": "float", "v": "-inf"}, RESULT, ["-inf", None, "n"]),
        (2**70, VALUE, [str(2**70), float(2**70), "n"]),
        (10**400, VALUE, None),
        (0.1 + 0.2, RESULT, ["0.3", 0.1 + 0.2, "n"]),
        (3, NUMBER, ["3", 3, "n"]),
        ("name", TEXT, ["name", "name", "s"]),
        (["a", "b"], LABELS, ["a, b", None, "l"]),
    ],
)
def test_a_cell_is_what_python_writes_what_sorts_and_what_it_is(cell: Any, kind: str, said: Any) -> None:
    found = cell_json(cell, Column("x", kind))
    json.dumps(found, allow_nan=False)
    assert found == said if said is not None else found is not None and found[1:3] == [None, "n"]


def test_a_missing_cell_is_none_and_a_time_is_sorted_by_seconds() -> None:
    assert cell_json(MISSING, Column("x", VALUE)) is None
    found = cell_json(0.5, Column("run.created", TIME))
    assert found is not None and found[1:] == [0.5, "t"]


def test_marks_say_best_edited_and_clipped() -> None:
    found = cell_json("y" * 500, Column("x", VALUE), best=True, edited=True)
    assert found is not None and (len(found[0]), found[3]) == (CELL_WIDTH, "bec")
