"""Comparing configurations key by key."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from givens.configs.comparison import Row, compare, type_same
from givens.keys import format_path
from givens.records.change import MISSING
from givens.records.encoded import Tree, plant

NAN = {"~": "float", "v": "nan"}


def rows_of(*configs: dict[str, Any], ignore: tuple[str, ...] = ()) -> list[Row]:
    return compare([plant(config) for config in configs], ignore)


def statuses(*configs: dict[str, Any]) -> dict[str, str]:
    return {format_path(row.path): row.status for row in rows_of(*configs)}


@pytest.mark.parametrize(
    ("a", "b", "status"),
    [
        (1, 1, "equal"),
        (1, 2, "differs"),
        (2, 2.0, "type differs"),
        (True, 1, "differs"),
        (NAN, NAN, "equal"),
        (None, None, "equal"),
        (None, 0, "differs"),
        ("128", 128, "differs"),
        ([1, 2], [1, 2], "equal"),
        ([1, 2], [1, 2.0], "type differs"),
        ([1, 2], {"~": "tuple", "v": [1, 2]}, "differs"),
        ({"~": "tuple", "v": [1]}, {"~": "tuple", "v": [1.0]}, "type differs"),
        (2.0, {"~": "numpy", "dtype": "float32", "v": 2.0}, "type differs"),
        ({"~": "set", "v": [1]}, {"~": "frozenset", "v": [1]}, "type differs"),
        ([{"x": 1, "y": 2}], [{"y": 2, "x": 1}], "equal"),
        (0.0, -0.0, "equal"),
        ({}, {}, "equal"),
        ({"~": "secret", "id": "a"}, {"~": "secret", "id": "a"}, "equal"),
        ({"~": "secret", "id": "a"}, {"~": "secret", "id": "b"}, "differs"),
    ],
)
def test_values_are_compared_as_values_and_then_by_type(a: Any, b: Any, status: str) -> None:
    assert statuses({"x": a}, {"x": b}) == {"x": status}


def test_none_and_missing_are_different_things() -> None:
    (row,) = rows_of({"x": None}, {})
    assert (row.status, row.cells, row.statuses) == ("missing", (None, MISSING), ("equal", "missing"))


def test_the_order_of_keys_is_no_difference() -> None:
    assert set(statuses({"a": 1, "b": {"c": 2, "d": 3}}, {"b": {"d": 3, "c": 2}, "a": 1}).values()) == {"equal"}


def test_rows_come_in_the_order_in_which_keys_are_first_given() -> None:
    assert list(statuses({"z": 1, "m": {"b": 1}}, {"a": 1, "m": {"a": 1}, "z": 1})) == ["z", "m.b", "m.a", "a"]


def test_nested_keys_are_rows_of_their_own() -> None:
    assert statuses({"m": {"depth": 4, "name": "vit"}}, {"m": {"depth": 6, "name": "vit"}}) == {
        "m.depth": "differs",
        "m.name": "equal",
    }


def test_a_section_against_a_value_is_one_row_with_both_as_a_whole() -> None:
    (row,) = rows_of({"m": {"depth": 4}}, {"m": 3})
    assert (row.path, row.cells, row.status) == (("m",), ({"depth": 4}, 3), "differs")


def test_an_empty_section_against_a_full_one_lacks_its_keys() -> None:
    assert statuses({"m": {}}, {"m": {"depth": 4}}) == {"m.depth": "missing"}


def test_an_empty_section_against_none_at_all_is_missing() -> None:
    assert statuses({"m": {}}, {}) == {"m": "missing"}


def test_int_keys_are_keys_of_their_own() -> None:
    labels = {"~": "map", "v": [[0, "cat"]]}
    assert statuses({"l": labels}, {"l": {"0": "cat"}}) == {"l{0}": "missing", "l.0": "missing"}


def test_differing_values_outweigh_a_missing_one_and_that_a_type() -> None:
    assert statuses({"x": 1}, {"x": 2}, {}) == {"x": "differs"}
    assert statuses({"x": 2}, {"x": 2.0}, {}) == {"x": "missing"}


def test_cells_are_held_against_the_first_that_is_there() -> None:
    (row,) = rows_of({}, {"x": 2}, {"x": 3}, {"x": 2.0}, {"x": 2})
    assert row.statuses == ("missing", "equal", "differs", "type differs", "equal")


def test_a_list_is_one_row_that_says_where_it_differs() -> None:
    (row,) = rows_of({"l": [1, {"k": 2, "m": 0}, 3]}, {"l": [1, {"k": 5, "m": 0}]})
    assert row.path == ("l",)
    assert [(format_path(inner.path), inner.cells, inner.status) for inner in row.inside] == [
        ("l[1].k", (2, 5), "differs"),
        ("l[2]", (3, MISSING), "missing"),
    ]


def test_ignored_keys_are_left_out() -> None:
    configs = (
        {"seed": 1, "out": {"dir": "a", "x": 1}, "data": {"path": "b"}},
        {"seed": 2, "out": {}, "data": {"path": "c"}},
    )
    rows = rows_of(*configs, ignore=("seed", "*.path", "out"))
    assert rows == []


def test_nothing_against_nothing_has_no_rows() -> None:
    assert compare([Tree(), Tree()]) == []


def test_equal_decimals_written_otherwise_are_of_one_type() -> None:
    assert type_same({"~": "Decimal", "v": "1.0"}, {"~": "Decimal", "v": "1.00"})


TREES = st.recursive(
    st.integers(-2, 2) | st.booleans() | st.none() | st.sampled_from([0.5, 1.0, 2.0, "1"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)
CONFIGS = st.dictionaries(st.sampled_from("abc"), TREES, max_size=3)


@given(CONFIGS)
def test_a_configuration_equals_itself(config: dict[str, Any]) -> None:
    assert all(row.status == "equal" for row in rows_of(config, config, config))


@given(CONFIGS, CONFIGS)
def test_two_sides_agree_on_the_keys_that_differ(a: dict[str, Any], b: dict[str, Any]) -> None:
    there, back = ({row.path: row.status for row in rows_of(*pair)} for pair in ((a, b), (b, a)))
    assert there == back


@given(CONFIGS, CONFIGS)
def test_only_equal_configurations_have_only_equal_rows(a: dict[str, Any], b: dict[str, Any]) -> None:
    from givens.codec import canonical

    same = all(row.status in ("equal", "type differs") for row in rows_of(a, b))
    assert same == (canonical(a) == canonical(b))
