"""Whatever is written as a filter, sort key or shorthand: it reads, or it is a FilterSyntaxError that can be shown."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from givens.errors import FilterSyntaxError
from givens.query.operators import COMPARISONS, FUNCTIONS
from givens.query.parser import parse, parse_operand
from givens.query.shorthand import parse_words
from givens.query.sorting import parse_sort
from givens.query.words import filter_text, sentence

NOW_S = 1_772_400_000.0
EXAMPLES = [each.example for each in (*COMPARISONS.values(), *FUNCTIONS.values())]
EXAMPLES += [
    '"a.b".c == [1, (2,)]',
    "not (0 < layers[0].dim <= 1 or labels{0} is nan)",
    'run.created > "2h ago"',
    "-max(x), lr",
]
PIECES = [
    *"()[]{}.,=<>!\"'\\`-+ \n\0",
    "and ",
    "or ",
    "not ",
    " in ",
    " is ",
    "config.",
    "run.",
    "summary.",
    "max(",
    "exists(",
]
PIECES += [
    "None",
    "nan",
    "1e400",
    "0x",
    "1_0",
    "\ud800",
    "\U0001f600",
    "9" * 40,
    "²",
    "matches(x, ",
    "[0]",
    "{-1}",
    "'1e99h ago'",
]
pieces = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=12).map("".join)


@st.composite
def mangled(draw: st.DrawFn) -> str:
    """A filter that was right until something was cut out of it or put into it."""
    text = draw(st.sampled_from(EXAMPLES))
    for _ in range(draw(st.integers(1, 3))):
        begin = draw(st.integers(0, len(text)))
        end = draw(st.integers(begin, min(len(text), begin + 4)))
        text = text[:begin] + draw(st.one_of(st.sampled_from(PIECES), st.sampled_from(EXAMPLES))) + text[end:]
    return text


@settings(max_examples=500)
@given(st.one_of(pieces, mangled()))
def test_only_a_filter_syntax_error_comes_out(text: str) -> None:
    for read in (parse_sort, parse_operand, lambda text: parse_words(text.split(" "), now_s=NOW_S)):
        try:
            read(text)
        except FilterSyntaxError as error:
            assert "^" in str(error)
    try:
        node = parse(text, now_s=NOW_S)
    except FilterSyntaxError as error:
        assert 0 <= error.start <= error.end <= len(text) + 1
        assert "^" in str(error)
    else:
        assert sentence(node)
        assert filter_text(parse(filter_text(node), now_s=NOW_S)) == filter_text(node)


@pytest.mark.parametrize(
    "text",
    [
        *("(" * 20_000, "not " * 20_000, "x == " + "[" * 20_000, "not (" * 20_000 + "x == 1" + ")" * 20_000),
        *('"' * 20_000, "'a" * 20_001, '"a".' * 20_000, '"' + "\\" * 20_001, "a." * 20_000, "exsts" * 20_000 + "(x)"),
        *(f"x[{'9' * 20_000}] == 1", f"x{{{'9' * 20_000}}} == 1", f"x == {'9' * 20_000}", f"x == 0x{'f' * 20_000}"),
        *("1 < x " * 20_000, f"run.created > '{'1 ' * 20_000}ago'", "lr=[" + "[" * 20_000, "x == 1" + ".1" * 20_000),
    ],
    ids=lambda text: text[:12],
)
def test_a_very_long_mistake_is_told_and_no_more(text: str) -> None:
    for read in (parse, parse_sort, lambda text: parse_words(text.split(" "))):
        with pytest.raises(FilterSyntaxError):
            read(text)


def test_a_very_long_filter_reads() -> None:
    node = parse(" or ".join(f"x == {number}" for number in range(20_000)))
    assert len(node.parts) == 20_000  # type: ignore[union-attr]
    assert len(parse_sort(",".join(f"-max(m{number})" for number in range(20_000)))) == 20_000
