"""Names of columns as people type them: one text with commas."""

from __future__ import annotations

import re

MANY_KEYS = 40  #: columns that a person still reads
MANY_RESULTS = 12

_PIECE = re.compile(r'(?:[^,"(]|"(?:[^"\\]|\\.)*"|\([^)]*\))+')


def chosen_columns(given: tuple[str, ...]) -> tuple[str, ...]:
    """``lr,max(val_acc)``: the names. A comma in quotes or parentheses is none.

    Args:
        given: texts, each with one name or several.
    """
    return tuple(match[0].strip() for text in given for match in _PIECE.finditer(text) if match[0].strip())
