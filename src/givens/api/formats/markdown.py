"""A grid as a Markdown table, in the form that GitHub and most other tools read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...records.change import MISSING
from ..grid import NUMBER, RESULT, Column, Grid, with_headers
from .cell_text import bare_cell, fixed, number_of

_SPECIAL = frozenset("\\`*_[]<>|~#&$")


def markdown(grid: Grid, *, digits: int | None = None, headers: Mapping[str, str] | None = None) -> str:
    """The grid; best cells are bold, edited ones have a tilde, notes stand below."""
    grid = with_headers(grid, headers or {})
    right = frozenset(grid.right())
    lines = [
        _line([escaped(head) for head in grid.heads]),
        _line(["---:" if at in right else "---" for at in range(len(grid.columns))]),
    ]
    for number, row in enumerate(grid.rows):
        cells = []
        for at, (cell, column) in enumerate(zip(row, grid.columns, strict=True)):
            text = escaped(cell_with_digits(cell, column, digits))
            text = f"**{text}**" if text and (number, at) in grid.best else text
            cells.append(text + (" \\~" if (number, at) in grid.edited else ""))
        lines.append(_line(cells))
    notes = [f"\n*{escaped(note)}*" for note in (grid.count_text, *grid.notes) if note]
    return "\n".join([*lines, *notes]) + "\n"


def escaped(text: str) -> str:
    """Text in which nothing is markup."""
    return "".join(f"\\{letter}" if letter in _SPECIAL else letter for letter in text)


def cell_with_digits(cell: Any, column: Column, digits: int | None) -> str:
    """A cell for a page, its number rounded to so many decimal places."""
    number = None if cell is MISSING or column.kind not in (NUMBER, RESULT) else number_of(cell)
    if number is not None and digits is not None:
        return fixed(number, digits)
    return bare_cell(cell, column)


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
