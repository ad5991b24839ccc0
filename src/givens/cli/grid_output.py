"""A grid on standard output: as a table that fits a terminal, or in the format that was asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from ..api.formats.plain_text import mark_of
from ..api.grid import TIME, Grid
from ..records.change import MISSING
from .terminal import complain, console, print_json, print_line, print_lines, text, value_width, width_of, write_exact

if TYPE_CHECKING:
    from rich.console import Console

_CELL_WIDTH = 1000  # of a terminal, which cuts by its own width
_STILL_READABLE = 20  # a column is cut to that many characters before another one is left out
_GAP = 2
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[*~]*")  # and the marks behind it
_NOTHING: Mapping[str, tuple[str, ...]] = MappingProxyType({})


def print_grid(
    grid: Grid, form: str | None, *, empty: str = "", keep: int = 1, below: Mapping[str, tuple[str, ...]] = _NOTHING
) -> None:
    """Print a grid.

    Args:
        grid: the table.
        form: one of ``options.FORMATS``; None: for a person.
        empty: what to say to a person instead of a table without rows.
        keep: columns that stay whatever the room is; of the others the last go first.
        below: note -> lines that say more of it to a person.
    """
    if form == "json":
        print_json(grid.to_json())
    elif form in _TEXTS:
        write_exact(_TEXTS[form](grid))
        if form == "csv":  # the other formats have a place for them
            for note in grid.notes:
                complain(note, below.get(note, ()))
    else:
        _print_table(grid, empty, keep, below)


_TEXTS = {"csv": Grid.to_csv, "md": Grid.to_markdown, "latex": Grid.to_latex}


def _print_table(grid: Grid, empty: str, keep: int, below: Mapping[str, tuple[str, ...]]) -> None:
    out = console()
    if not grid.rows:
        print_line(out, empty or f"{grid.title}: nothing")
    else:
        hidden = print_cells(out, _without_empty(grid, keep), keep=keep)
        if hidden:
            print_line(out, text(f"{columns_text(hidden)} not shown: no room (--csv has all)", "dim"))
        if grid.total is not None and grid.total > len(grid.rows):
            print_line(out, text(f"{len(grid.rows)} of {grid.total}", "dim"))
    for note in grid.notes:
        for line in (note, *below.get(note, ())):
            print_line(out, text(line, "dim"))


def _without_empty(grid: Grid, keep: int) -> Grid:
    """Without the columns in which nothing stands: their room is somebody else's."""
    kept = [
        at
        for at in range(len(grid.columns))
        if at < keep or any(row[at] is not MISSING and row[at] != "" for row in grid.rows)
    ]
    place = {at: new for new, at in enumerate(kept)}
    return grid._replace(
        columns=tuple(grid.columns[at] for at in kept),
        rows=tuple(tuple(row[at] for at in kept) for row in grid.rows),
        best=frozenset((row, place[at]) for row, at in grid.best if at in place),
        edited=frozenset((row, place[at]) for row, at in grid.edited if at in place),
    )


def columns_text(count: int) -> str:
    """``1 more column``, ``3 more columns``."""
    return f"{count} more column{'' if count == 1 else 's'}"


def print_cells(out: Console, grid: Grid, *, keep: int = 1, limit: int = _CELL_WIDTH, indent: int = 0) -> int:
    """Print heads and rows; gives the number of columns for which there was no room.

    Args:
        out: where to.
        grid: the table.
        keep: columns that are cut rather than left out.
        limit: characters of a cell at most.
        indent: blanks before each line.
    """
    right = frozenset(grid.right())
    shown = grid.shown(limit=value_width(out, limit))
    heads = [(head, "bold") for head in text_heads(grid)]
    rows = [
        [
            (cell + mark_of(grid, number, at), "bold green" if (number, at) in grid.best else "")
            for at, cell in enumerate(cells)
        ]
        for number, cells in enumerate(shown)
    ]
    room = out.width - indent
    lines = [heads, *rows]
    widths = _widths(lines)
    if sum(widths) + _GAP * (len(widths) - 1) > room:
        lines = _with_short_times(grid, lines)
        widths = _widths(lines)
    count = len(heads)
    while count > keep and sum(min(width, _STILL_READABLE) for width in widths[:count]) + _GAP * (count - 1) > room:
        count -= 1
    print_lines(out, [line[:count] for line in lines], [at in right for at in range(count)], indent)
    return len(heads) - count


def _widths(lines: list[list[tuple[str, str]]]) -> list[int]:
    return [max(width_of(line[at][0]) for line in lines) for at in range(len(lines[0]))]


def _with_short_times(grid: Grid, lines: list[list[tuple[str, str]]]) -> list[list[tuple[str, str]]]:
    """Times without the day where all are of one; else without year and seconds."""
    short = [list(line) for line in lines]
    for at, column in enumerate(grid.columns):
        cells = [line[at][0] for line in lines[1:] if line[at][0]]
        if column.kind == TIME and all(_MOMENT.fullmatch(cell) for cell in cells):
            part = slice(11, 19) if len({cell[:10] for cell in cells}) == 1 else slice(5, 16)
            for line in short[1:]:
                cell, style = line[at]
                line[at] = cell[part] + cell[19:], style
    return short


def text_heads(grid: Grid) -> list[str]:
    """Heads fit for a terminal."""
    from ..configs.explanation import one_line

    return [one_line(head) for head in grid.heads]
