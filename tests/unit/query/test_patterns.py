"""Patterns."""

from __future__ import annotations

import pytest

from givens.query.patterns import after, is_simple, literal_start, matcher


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("calm-*", "calm-otter", True),
        ("calm-*", "Calm-otter", False),
        ("*", "a\nb", True),
        ("?", "ü", True),
        ("[a-c]x", "bx", True),
        ("[!a-c]x", "bx", False),
        ("[", "[", True),
        ("a.b", "axb", False),
    ],
)
def test_patterns(pattern: str, text: str, fits: bool) -> None:
    assert matcher(pattern)(text) is fits


def test_the_start_of_a_pattern_narrows_the_search() -> None:
    assert (literal_start("calm-*"), literal_start("a[bc]"), literal_start("?x")) == ("calm-", "a", "")
    assert (after("calm-"), after("a\U0010ffff"), after("\U0010ffff")) == ("calm.", "b", None)
    assert after("\ud7ff") is None or after("\ud7ff") > "\ud7ff"
    assert (is_simple("a*b"), is_simple("a?"), is_simple("[a]")) == (True, False, False)
