from __future__ import annotations

import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from givens.errors import KeyPathError
from givens.keys import KeyPath, Part, Path, as_path, covered, format_path, from_json, is_section_key, key_of, part_for

parts: st.SearchStrategy[Part] = st.one_of(
    st.text(min_size=1),
    st.integers(min_value=0, max_value=10**6),
    st.tuples(st.integers(min_value=-(10**6), max_value=10**6)),
)
paths = st.lists(parts, min_size=1, max_size=6).map(tuple)

TEXTS = [
    ("lr", ("lr",)),
    ("train.lr", ("train", "lr")),
    ("layers[0].dim", ("layers", 0, "dim")),
    ("labels{0}", ("labels", (0,))),
    ("labels{-3}", ("labels", (-3,))),
    ('"a.b".c', ("a.b", "c")),
    ("[0][12]", (0, 12)),
    ("{1}{2}", ((1,), (2,))),
    ("loss/val-1", ("loss/val-1",)),
    ('"a \\"quoted\\" key"', ('a "quoted" key',)),
    ("größe.層", ("größe", "層")),
    ("0.1", ("0", "1")),
]


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_text_is_read_to_parts_and_written_the_same(text: str, expected: tuple[Part, ...]) -> None:
    assert KeyPath.parse(text) == expected
    assert format_path(expected) == text
    assert str(KeyPath(expected)) == text


@given(paths)
def test_every_path_round_trips_through_its_text(path: tuple[Part, ...]) -> None:
    assert KeyPath.parse(format_path(path)) == path


@given(paths)
def test_every_path_round_trips_through_json(path: tuple[Part, ...]) -> None:
    assert from_json(json.loads(json.dumps(path))) == path


@given(st.text())
def test_any_text_is_either_a_path_or_a_clear_error(text: str) -> None:
    try:
        path = KeyPath.parse(text)
    except KeyPathError as error:
        assert 0 <= error.column <= len(text)
        assert str(error).startswith("bad key")
    else:
        assert KeyPath.parse(str(path)) == path


@pytest.mark.parametrize(
    ("text", "column", "problem"),
    [
        ("", 0, "cannot be empty"),
        (".lr", 0, "expected a key"),
        ("a..b", 2, "expected a key"),
        ("a.", 2, "expected a key"),
        ("a[x]", 1, "an index such as [0]"),
        ("a[-1]", 1, "an index such as [0]"),
        ("a{x}", 1, "an int key such as {0}"),
        ("a[0]b", 4, "expected '.', '[' or '{'"),
        ("a b", 1, "expected '.', '[' or '{'"),
        ('"a', 0, "double quotes"),
        ('""', 0, "cannot be empty"),
        (r'"\q"', 0, "the rules of a JSON string"),
    ],
)
def test_a_mistake_is_told_with_its_column(text: str, column: int, problem: str) -> None:
    with pytest.raises(KeyPathError) as caught:
        KeyPath.parse(text)
    assert caught.value.column == column
    assert problem in str(caught.value)


def test_an_index_an_int_key_and_a_digit_key_are_three_things() -> None:
    assert len({as_path("a[0]"), as_path("a{0}"), as_path("a.0")}) == 3


def test_a_key_path_is_the_tuple_of_its_parts() -> None:
    path = KeyPath.parse("train.lr")
    assert path == ("train", "lr")
    assert {("train", "lr"): 1}[path] == 1
    assert repr(path) == "KeyPath('train.lr')"
    assert pickle.loads(pickle.dumps(path)) == path


def test_text_that_is_no_path_is_taken_as_one_key() -> None:
    assert as_path("train.lr") == ("train", "lr")
    assert as_path("two words") == ("two words",)
    assert as_path(["a.b", 0]) == ("a.b", 0)
    with pytest.raises(KeyPathError):
        as_path("")


@pytest.mark.parametrize("key", ["lr", 0, -5])
def test_a_part_leads_back_to_its_key(key: str | int) -> None:
    assert key_of(part_for(key)) == key
    assert part_for(key) != 0


def test_only_str_and_int_keys_make_a_section() -> None:
    assert [is_section_key(key) for key in ("a", 1, True, 1.0, None, (1,), b"a")] == [True, True, *[False] * 5]


@pytest.mark.parametrize(
    ("path", "pattern", "found"),
    [
        (("a", "path"), "*.path", True),
        (("path",), "*.path", False),
        (("opt", "lr"), "opt", True),
        (("opt", "lr"), "opt.*", True),
        (("optimizer",), "opt", False),
        (("a[b",), '"a[b"', True),
        (("LR",), "lr", False),
        (("data", "path", "x"), "*.path", True),
    ],
)
def test_a_pattern_covers_a_key_or_the_section_it_lies_in(path: Path, pattern: str, found: bool) -> None:
    assert covered(path, [pattern]) is found
