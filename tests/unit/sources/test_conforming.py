"""Whether values fit types."""

from __future__ import annotations

import collections.abc as abc
import datetime
import enum
import pathlib
import typing
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NewType, TypedDict, Union

import numpy as np
import pytest

from givens.sources.conforming import Conforming
from givens.sources.hints import type_text


class Mode(enum.Enum):
    FAST = 1
    SLOW = "s"


class Box(TypedDict, total=False):
    a: typing.Required[int]
    b: str


Rate = NewType("Rate", float)


@dataclass
class Model:
    depth: int = 1


class Comparable(typing.Protocol):
    def __lt__(self, other: Any) -> bool: ...


def fitted(value: Any, hint: Any) -> Any:
    conforming = Conforming()
    made = conforming.value(value, hint, ("x",))
    assert not conforming.found, conforming.found
    return made


@pytest.mark.parametrize(
    ("value", "hint", "made"),
    [
        (1, int, 1),
        (2.0, int, 2),
        (np.int64(3), int, np.int64(3)),
        (1, float, 1.0),
        (float("inf"), float, float("inf")),
        (np.float32(0.5), float, np.float32(0.5)),
        (1, complex, 1),
        (True, bool, True),
        ("x", str, "x"),
        (None, None, None),
        (None, Union[int, None], None),  # noqa: UP007
        (3, int | None, 3),
        (3, Annotated[int, "of them"], 3),
        (3, Rate, 3.0),
        ("a", Literal["a", 1], "a"),
        (1, bool | int, 1),
        (3, int | float, 3),
        ([1, 2], list[int], [1, 2]),
        ((1, 2), list[int], [1, 2]),
        ([1], abc.Sequence[float], [1.0]),
        ([1, 2], tuple[int, ...], (1, 2)),
        ([1, "a"], tuple[int, str], (1, "a")),
        ([], tuple[()], ()),
        ([1, 1], set[int], {1}),
        ([1], frozenset, frozenset({1})),
        ({"a": 1}, dict[str, float], {"a": 1.0}),
        ({"a": {"depth": 2}}, abc.Mapping[str, Model], {"a": Model(2)}),
        ([{"depth": 2}, Model(3)], list[Model], [Model(2), Model(3)]),
        ({"depth": 2}, Model | None, Model(2)),
        ("FAST", Mode, Mode.FAST),
        (1, Mode, Mode.FAST),
        ("s", Mode, Mode.SLOW),
        ("a/b", pathlib.Path, pathlib.Path("a/b")),
        ("a", pathlib.Path | None, pathlib.Path("a")),
        ({"a": 1, "b": "x"}, Box, {"a": 1, "b": "x"}),
        (len, abc.Callable[..., int], len),
        (int, type[int], int),
        (datetime.date(2026, 1, 1), datetime.date, datetime.date(2026, 1, 1)),
        (object, Any, object),
        (3, Comparable, 3),
    ],
)
def test_values_that_fit(value: Any, hint: Any, made: Any) -> None:
    got = fitted(value, hint)
    assert got == made
    assert type(got) is type(made)


@pytest.mark.parametrize(
    ("value", "hint", "says"),
    [
        ("1", int, "int"),
        (True, int, "int"),
        (1.5, int, "int"),
        (True, float, "float"),
        (True, complex, "complex"),
        (1, bool, "bool"),
        (1, str, "str"),
        (None, int, "int"),
        ("x", int | None, "int | None"),
        (True, Literal[1], "one of 1"),
        ("x", list[int], "list[int]"),
        ([1, 2], tuple[int, str, int], "tuple[int, str, int]"),
        (1, dict, "dict"),
        ("none", Mode, "Mode"),
        (1, pathlib.Path, "Path"),
        (3, Model, "Model"),
        ("2026", datetime.date, "date"),
        (3, abc.Callable[[int], int], "Callable[…, int]"),
    ],
)
def test_values_that_do_not_fit_say_what_was_expected(value: Any, hint: Any, says: str) -> None:
    conforming = Conforming()
    assert conforming.value(value, hint, ("x",)) is value or isinstance(value, float)
    (found,) = conforming.found
    assert found == (("x",), f"expected {says}", value, False)
    assert type_text(hint) == says


def test_mismatches_inside_containers_have_paths_of_their_own() -> None:
    conforming = Conforming()
    conforming.value({"a": [1, "b"], 3: ["c"]}, dict[Any, list[int]], ())
    assert [one.path for one in conforming.found] == [("a", 1), ((3,), 0)]


def test_a_required_key_of_a_typed_dict_may_be_missing_in_a_partial_check_only() -> None:
    whole, partial = Conforming(), Conforming(partial=True)
    whole.value({"b": "x"}, Box, ())
    partial.value({"b": "x"}, Box, ())
    assert [one.path for one in whole.found if one.missing] == [("a",)]
    assert not partial.found


@pytest.mark.parametrize(
    ("path", "value", "fits"),
    [
        (("depth",), 2, True),
        (("depth",), "x", False),
        (("dept",), 2, False),
        (("depth", "more"), 2, False),
    ],
)
def test_a_value_is_checked_against_the_type_at_its_path(path: Any, value: Any, fits: bool) -> None:
    conforming = Conforming(partial=True)
    conforming.below(value, Model, path)
    assert (not conforming.found) is fits


@pytest.mark.parametrize(
    ("hint", "path", "value", "fits"),
    [
        (list[int], (0,), 1, True),
        (list[int], (0,), "x", False),
        (tuple[int, str], (1,), 1, False),
        (tuple[int, ...], (5,), "x", False),
        (set[int], (0,), "x", False),
        (dict[str, list[float]], ("a", 0), "x", False),
        (dict[str, list[float]], ("a", 0), 1, True),
        (dict, ("a", "b"), object, True),
        (Any, ("a", 0, "b"), object, True),
        (int | dict[str, int], ("a",), "x", False),
        (Model | None, ("depth",), "x", False),
    ],
)
def test_inside_containers_the_type_of_their_elements_counts(hint: Any, path: Any, value: Any, fits: bool) -> None:
    conforming = Conforming(partial=True)
    conforming.below(value, hint, path)
    assert (not conforming.found) is fits
