from __future__ import annotations

import datetime
import enum
from pathlib import PurePosixPath
from typing import Any

import numpy as np
import pytest

from givens.codec import Redaction, Secret, canonical, encode
from givens.index.schema import (
    FALSE,
    FLOAT,
    INFINITE,
    INT,
    LIST,
    NAN,
    NULL,
    OTHER,
    SECRET,
    SECTION,
    STR,
    TRUE,
    TUPLE,
)
from givens.index.texts import int_text
from givens.index.values import bound, indexed, items_of, plain
from givens.records.encoded import plant


def columns(value: Any) -> tuple[Any, ...]:
    json = encode(value, ("k",), Redaction()).json
    assert indexed(json) == indexed(plant(json))
    return tuple(indexed(json))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, (NULL, None, None)),
        (False, (FALSE, None, None)),
        (True, (TRUE, None, None)),
        (3, (INT, 3.0, None)),
        (2**53, (INT, 2.0**53, int_text(2**53))),
        (2**53 + 1, (INT, 2.0**53, int_text(2**53 + 1))),
        (-(10**4100), (INT, -1.7976931348623157e308, int_text(-(10**4100)))),
        (0.5, (FLOAT, 0.5, None)),
        (1e300, (FLOAT, 1e300, int_text(int(1e300)))),
        (float("inf"), (INFINITE, float("inf"), None)),
        (float("-inf"), (INFINITE, float("-inf"), None)),
        (float("nan"), (NAN, None, None)),
        ("vit", (STR, None, "vit")),
        ("", (STR, None, "")),
        ("a\ud800", (STR, None, indexed("a\ud800").txt)),
        ([], (LIST, None, "[]")),
        ([1, 2.0, "a"], (LIST, None, '[1,2,"a"]')),
        ((1, 2), (TUPLE, None, "[1,2]")),
        ({}, (SECTION, None, None)),
        (np.float64(0.25), (FLOAT, 0.25, None)),
        (np.int32(7), (INT, 7.0, None)),
        (np.bool_(True), (TRUE, None, None)),
        (np.float32("nan"), (NAN, None, None)),
        (np.str_("vit"), (STR, None, "vit")),
    ],
)
def test_kind_number_and_text_of_a_value(value: Any, expected: tuple[Any, ...]) -> None:
    assert columns(value) == expected


class Shade(enum.Enum):
    RED = 1


@pytest.mark.parametrize("value", [datetime.date(2026, 3, 1), PurePosixPath("/a"), Shade.RED, {1, 2}, b"x", 1 + 2j])
def test_other_values_have_their_canonical_text(value: Any) -> None:
    assert columns(value) == (OTHER, None, canonical(encode(value, ("k",), Redaction()).json))


def test_a_number_of_numpy_that_is_no_plain_number_is_other() -> None:
    assert columns(np.datetime64("2026-03-01"))[0] == OTHER
    assert columns(np.complex128(1 + 2j))[0] == OTHER


def test_a_secret_is_told_by_its_id_only() -> None:
    kind, num, txt = columns(Secret("hunter2-hunter2"))
    assert (kind, num) == (SECRET, None)
    assert "hunter" not in txt


def test_equal_values_of_other_types_have_equal_columns_but_for_the_kind() -> None:
    assert columns(2)[1:] == columns(2.0)[1:] == columns(np.int64(2))[1:]
    assert columns(2**60)[1:] == columns(float(2**60))[1:]
    assert columns([2])[2] == columns([2.0])[2]


@pytest.mark.parametrize(
    "damaged",
    [{"~": "float", "v": "x"}, {"~": "int", "v": "zz"}, {"~": "numpy"}, {"~": "tuple"}, {"~": 7}, {"~": "blob"}],
)
def test_content_that_does_not_fit_its_tag_is_other(damaged: dict[str, Any]) -> None:
    assert indexed(damaged).kind == OTHER


@pytest.mark.parametrize("value", [0, 1, 1.0, True, False, 0.0, -0.0, None, "", "1", "ü", 2**70, 1e300, "x" * 500])
def test_a_scalar_is_the_same_however_often_it_is_met(value: Any) -> None:
    expected = (*bound(indexed(value)), canonical(value))
    assert plain(value) == expected
    assert plain(value) == expected


def test_only_plain_scalars_are_plain() -> None:
    assert plain([1]) is None
    assert plain({"~": "float", "v": "nan"}) is None


def test_lists_and_tuples_have_items() -> None:
    assert items_of([1]) == [1]
    assert items_of({"~": "tuple", "v": [1]}) == [1]
    assert items_of({"~": "set", "v": [1]}) is None
    assert items_of("ab") is None
