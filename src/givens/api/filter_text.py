"""A filter as one typed line: an expression, or the command line's short words."""

from __future__ import annotations

import shlex

from ..errors import FilterSyntaxError
from ..query.nodes import EVERYTHING, Node
from ..query.parser import parse
from ..query.shorthand import parse_words

MOST_CHARACTERS = 20_000


def read_filter(text: str, *, now_s: float | None = None) -> Node:
    """Read ``lr < 0.1 and model.name == "vit"`` or ``lr=0.1 model.name=vit``.

    Args:
        text: what was typed; empty: every run.
        now_s: the present, in seconds since the epoch; None: the clock's.

    Raises:
        FilterSyntaxError: it reads as neither.
    """
    if not text.strip():
        return EVERYTHING
    if len(text) > MOST_CHARACTERS:
        raise FilterSyntaxError(text[:60], 0, 60, f"a filter of {len(text)} characters", f"{MOST_CHARACTERS} at most")
    try:
        return parse(text, now_s=now_s)
    except FilterSyntaxError as error:
        try:
            return parse_words(_words(text), now_s=now_s)
        except (FilterSyntaxError, ValueError):
            raise error from None


def _words(text: str) -> list[str]:
    """As a shell would take it apart, if everything were between quotes that holds more than a word."""
    splitter = shlex.shlex(text, posix=False, punctuation_chars="")
    splitter.whitespace_split, splitter.commenters = True, ""
    return list(splitter)
