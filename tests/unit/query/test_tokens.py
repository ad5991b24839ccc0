"""From text to tokens."""

from __future__ import annotations

from typing import Any

import pytest

from givens.errors import FilterSyntaxError
from givens.query.tokens import tokens


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        ("-2", -2),
        ("+3", 3),
        ("010", 10),
        ("1_000", 1000),
        ("0x1F", 31),
        ("-0b11", -3),
        ("1.", 1.0),
        (".5", 0.5),
        ("-1.5e-3", -0.0015),
        ("1e5", 1e5),
        ("inf", float("inf")),
        ("-inf", float("-inf")),
        ("None", None),
        ("True", True),
        ("'a'", "a"),
        ('"it\'s"', "it's"),
        (r'"a\"b\\c\n\t"', 'a"b\\c\n\t'),
        (r"'\x41\u00fc\U0001f600'", "Aü\U0001f600"),
        (r"'C:\data'", r"C:\data"),
    ],
)
def test_literals(text: str, value: Any) -> None:
    token, end = tokens(f" {text} ")
    assert (token.kind, token.text, token.value, type(token.value)) == ("value", text, value, type(value))
    assert (token.start, token.end, end.kind) == (1, 1 + len(text), "end")


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("lr", ("lr",)),
        ("config.model.name", ("config", "model", "name")),
        ("eval/loss", ("eval/loss",)),
        ("lr-decay", ("lr-decay",)),
        ("layers[0].dim", ("layers", 0, "dim")),
        ("labels{-1}", ("labels", (-1,))),
        ('"a.b".c', ("a.b", "c")),
        ('config."a b"', ("config", "a b")),
        ("2nd", ("2nd",)),
        ("not.a", ("not", "a")),
        ("ü", ("ü",)),
    ],
)
def test_paths(text: str, path: tuple[Any, ...]) -> None:
    token = tokens(f"{text}<1")[0]
    assert (token.kind, token.text, token.value) == ("path", text, path)


def test_words_and_symbols_need_no_spaces_where_they_are_clear() -> None:
    texts = [token.text for token in tokens("(a<=1)and not b in[2,'x']")]
    assert texts == ["(", "a", "<=", "1", ")", "and", "not", "b", "in", "[", "2", ",", "'x'", "]", ""]


@pytest.mark.parametrize(
    ("text", "start", "problem"),
    [
        ("a = 1", 2, "write == to compare"),
        ("a <> 1", 2, "write !="),
        ("a == 1 && b == 2", 7, "write and"),
        ("!a", 0, "write not"),
        ("a == 'x", 5, "never closed"),
        ("a. == 1", 1, "cannot end in '.'"),
        ("a[-1] == 1", 1, "whole number from 0"),
        ("a == 1__0", 5, "is no number"),
        ("a == `x`", 5, "is not part of the language"),
        ('config."" == 1', 7, "a key cannot be empty"),
        ("a == " + "9" * 5000, 5, "too many digits"),
    ],
)
def test_a_mistake_says_where_it_is(text: str, start: int, problem: str) -> None:
    with pytest.raises(FilterSyntaxError) as caught:
        tokens(text)
    assert caught.value.start == start
    assert problem in str(caught.value)
