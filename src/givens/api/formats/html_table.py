"""A grid for a notebook. Everything that comes from a run is escaped; there is no script and no style from outside."""

from __future__ import annotations

from html import escape

from ...configs.comparison import DIFFERS, EQUAL, LACKING, TYPE_DIFFERS
from ...configs.explanation import one_line
from ...configs.html_style import framed
from ...records.change import MISSING
from ..grid import RESULT, VALUE, Grid

_CLASSES = {EQUAL: "equal", DIFFERS: "differs", TYPE_DIFFERS: "retyped", LACKING: "missing"}


def html_table(grid: Grid, *, limit: int = 120) -> str:
    """The grid as a table: best cells marked, edited ones with a word in their title, compared ones by their status."""
    right = frozenset() if grid.statuses else frozenset(grid.right())
    heads = "".join(
        f"<th{class_of('n' if at in right else '')}>{safe(head)}</th>" for at, head in enumerate(grid.heads)
    )
    lines = []
    for number, cells in enumerate(grid.shown(limit=limit)):
        lines.append("".join(html_cell(grid, number, at, text, right=at in right) for at, text in enumerate(cells)))
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    title = f'<div class="title">{safe(grid.title)}</div>' if grid.title else ""
    said = (grid.count_text, *grid.notes)
    notes = "".join(f"<p>{safe(note)}</p>" for note in said if note)
    made = f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>" if lines else "<p>nothing</p>"
    return framed(title, f'<div class="wide">{made}</div>', notes)


def html_cell(grid: Grid, row: int, at: int, text: str, *, right: bool, link: str = "", more: str = "") -> str:
    """One cell of a grid.

    Args:
        grid: the grid.
        row: number of its row.
        at: number of its column.
        text: what it shows.
        right: whether it stands at the right edge.
        link: where it leads.
        more: further attributes, already safe.
    """
    column, place = grid.columns[at], (row, at)
    classes = ["n"] if right else []
    if column.kind in (VALUE, RESULT):
        classes.append("v")
    if column.name == "run.state":
        classes += ["state", text]
    status = (grid.statuses or {}).get(place)
    if status is not None:
        classes.append(_CLASSES[status])
        text = "missing" if grid.rows[row][at] is MISSING else text
    if place in grid.best:
        classes.append("best")
    title = ""
    if place in grid.edited:
        classes.append("edited")
        title = ' title="changed after the run"'
    inner = f'<a href="{safe(link)}">{safe(text)}</a>' if link else safe(text)
    return f"<td{class_of(*classes)}{title}{more}>{inner}</td>"


def class_of(*names: str) -> str:
    """The attribute for these classes; empty for none."""
    said = safe(" ".join(name for name in names if name))
    return f' class="{said}"' if said else ""


def safe(text: object) -> str:
    """A text in one line, with nothing in it that HTML would obey."""
    return escape(one_line(text))
