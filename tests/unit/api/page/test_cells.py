"""The best of a column among all runs that pass."""

from __future__ import annotations

import math
from typing import Any

import pytest

from givens.api.page.cells import best_value
from givens.codec import Redaction, encode
from givens.index import open_index
from givens.query.parser import parse_operand
from givens.query.table import RunQuery


def best(journals: Any, values: list[float], goal: str) -> float | None:
    for number, value in enumerate(values):
        encoded = encode(value, ("x",), Redaction()).json
        journals.write(f"r{number:03}", ("log", {"m": {"loss": encoded}, "step": 0}), ("finish", {"state": "finished"}))
    with open_index(journals.store) as index:
        index.refresh()
        return best_value(RunQuery(index).question(), parse_operand("summary.loss"), goal)


@pytest.mark.parametrize(
    ("values", "goal", "found"),
    [
        ([1.0, 2.0, 3.0], "max", 3.0),
        ([2.0, 2.0], "max", None),
        ([2.0], "max", 2.0),
        ([5.0] * 70, "min", None),
        ([5.0] * 70 + [4.0], "max", 5.0),
        ([math.inf] * 62 + [5.0] * 2 + [4.0] * 16, "max", 5.0),
        ([math.nan, math.inf], "max", None),
    ],
)
def test_the_best_is_the_best_of_all_and_none_where_all_are_equal(
    journals: Any, values: list[float], goal: str, found: float | None
) -> None:
    assert best(journals, values, goal) == found
