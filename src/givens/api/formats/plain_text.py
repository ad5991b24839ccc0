"""A grid for a terminal: aligned columns, notes below."""

from __future__ import annotations

import unicodedata

from ..grid import Grid

_NOTE = "note: "


def plain_text(grid: Grid, *, limit: int = 40, width: int | None = None) -> str:
    """The grid with aligned columns; a best cell has a star, an edited one a tilde behind it.

    Args:
        grid: the table.
        limit: characters of a cell at most.
        width: characters of a line at most: the last columns go first; None: as wide as it is.
    """
    right = frozenset(grid.right())
    heads = tuple(_clip(head, limit) for head in grid.heads)
    body = [
        tuple(text + mark_of(grid, row, column) for column, text in enumerate(cells))
        for row, cells in enumerate(grid.shown(limit=limit))
    ]
    widths = [max(width_of(line[at]) for line in (heads, *body)) for at in range(len(heads))]
    fitting = _fitting(widths, width)
    lines = [_line(line[:fitting], widths[:fitting], right) for line in (heads, *body)]
    said = [f"{_NOTE}{note}" for note in grid.notes]
    if fitting < len(heads):
        said.insert(0, f"{len(heads) - fitting} more columns: {', '.join(heads[fitting : fitting + 8])}")
    if grid.count_text:
        said.insert(0, grid.count_text)
    if not grid.rows:
        lines = [f"{grid.title}: nothing" if grid.title else "nothing"]
    return "\n".join([*lines, *said])


def mark_of(grid: Grid, row: int, column: int) -> str:
    """What stands behind a cell: a star for the best, a tilde for an edited one."""
    return ("*" if (row, column) in grid.best else "") + ("~" if (row, column) in grid.edited else "")


def width_of(text: str) -> int:
    """How many places a terminal gives a text: wide letters take two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )


def _fitting(widths: list[int], width: int | None) -> int:
    """How many columns there is room for; one at least."""
    taken = -2
    for at, each in enumerate(widths):
        taken += each + 2
        if width is not None and taken > width:
            return max(at, 1)
    return len(widths)


def _line(cells: tuple[str, ...], widths: list[int], right: frozenset[int]) -> str:
    padded = []
    for at, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        space = " " * (width - width_of(cell))
        padded.append(space + cell if at in right else cell + space)
    return "  ".join(padded).rstrip()


def _clip(text: str, limit: int) -> str:
    from ...configs.explanation import one_line

    said = one_line(text)
    return said if len(said) <= limit else said[: limit - 1] + "…"
