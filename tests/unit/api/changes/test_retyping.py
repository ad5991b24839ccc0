"""Another type for a stored value."""

from __future__ import annotations

from typing import Any

import pytest

from givens.api.changes.retyping import TYPES, Misfit, check_type, retyped
from givens.errors import EditError


@pytest.mark.parametrize(
    ("value", "kind", "new"),
    [
        ("128", "int", 128),
        (" -3 ", "int", -3),
        (2.0, "int", 2),
        (True, "int", 1),
        (10**30, "int", 10**30),
        ("1e-3", "float", 0.001),
        (2, "float", 2.0),
        ("nan", "float", {"~": "float", "v": "nan"}),
        ("-inf", "float", {"~": "float", "v": "-inf"}),
        ("Yes", "bool", True),
        ("off", "bool", False),
        (0, "bool", False),
        (1.0, "bool", True),
        (2.0, "str", "2.0"),
        (True, "str", "True"),
        ({"~": "float", "v": "inf"}, "str", "inf"),
        ("[1, 2.5]", "parsed", [1, 2.5]),
        ("1e-3", "parsed", 0.001),
        ("no", "parsed", "no"),  # YAML 1.2: a text
        ("null", "parsed", None),
    ],
)
def test_a_value_in_another_type(value: Any, kind: str, new: Any) -> None:
    found = retyped(value, kind)
    assert found == new
    assert type(found) is type(new)


@pytest.mark.parametrize(
    ("value", "kind", "reason"),
    [
        ("12.5", "int", "no whole number"),
        (2.5, "int", "no whole number"),
        ({"~": "float", "v": "nan"}, "int", "no whole number"),
        ("fast", "float", "no number"),
        (2**53 + 1, "float", "does not hold it exactly"),
        (2, "bool", "neither true nor false"),
        ("maybe", "bool", "neither true nor false"),
        (None, "int", "None"),
        ([1], "str", "no plain value"),
        ({"~": "secret", "id": "x"}, "str", "no plain value"),
        ({"a": 1}, "int", "no plain value"),
        (1, "parsed", "no text"),
        ("[1, 2", "parsed", ""),
    ],
)
def test_a_value_that_has_no_such_form_is_left_with_a_reason(value: Any, kind: str, reason: str) -> None:
    found = retyped(value, kind)
    assert isinstance(found, Misfit)
    assert reason in found.reason


def test_an_unknown_type_is_named_with_the_nearest() -> None:
    with pytest.raises(EditError, match=r"no type 'flot'; did you mean 'float'\?; retype takes int, float"):
        check_type("flot")
    assert [check_type(name) for name in TYPES] == list(TYPES)
