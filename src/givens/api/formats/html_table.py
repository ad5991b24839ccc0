"""A grid for a notebook. Everything that comes from a run is escaped; there is no script and no style from outside."""

from __future__ import annotations

from html import escape

from ...configs.explanation import one_line
from ..grid import Grid


def html_table(grid: Grid, *, limit: int = 120) -> str:
    """The grid as a table; best cells are strong, edited ones underlined with a word in their title."""
    right = frozenset(grid.right())
    heads = "".join(f"<th{_align(at in right)}>{_safe(head)}</th>" for at, head in enumerate(grid.heads))
    lines = []
    for number, cells in enumerate(grid.shown(limit=limit)):
        lines.append("".join(_cell(grid, number, at, text, right=at in right) for at, text in enumerate(cells)))
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    title = f"<caption>{_safe(grid.title)}</caption>" if grid.title else ""
    said = list(grid.notes)
    if grid.total is not None and grid.total > len(grid.rows):
        said.insert(0, f"{len(grid.rows)} of {grid.total} rows")
    notes = "".join(f"<p>{_safe(note)}</p>" for note in said)
    return f'<table class="givens">{title}<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>{notes}'


def _cell(grid: Grid, row: int, at: int, text: str, *, right: bool) -> str:
    inner = _safe(text)
    if (row, at) in grid.best:
        inner = f"<strong>{inner}</strong>"
    if (row, at) in grid.edited:
        inner = f'<u title="changed after the run">{inner}</u>'
    return f"<td{_align(right)}>{inner}</td>"


def _align(right: bool) -> str:
    return f' style="text-align:{"right" if right else "left"}"'


def _safe(text: str) -> str:
    return escape(one_line(text))
