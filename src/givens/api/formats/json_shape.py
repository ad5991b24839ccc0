"""A grid as JSON, for ``--json`` and the page.

``{"title", "asked", "total", "columns": [{"name", "kind", "head"}], "rows": [{"id", "cells": {name: cell}, "best": [name],
"edited": [name]}], "notes": [text]}``. A cell is left out where the row has none; else it is
``{"value": encoded, "shown": text}``, where ``value`` is the typed form that a journal holds. ``id`` is there where rows are
runs; times are UTC.
"""

from __future__ import annotations

from typing import Any

from ...records.change import MISSING
from ...records.encoded import lift
from ..grid import TEXT, TIME, Column, Grid
from .cell_text import shown_cell, utc_moment


def grid_json(grid: Grid) -> dict[str, Any]:
    """The grid as plain dicts and lists."""
    return {
        "title": grid.title,
        "asked": grid.asked,
        "total": len(grid.rows) if grid.total is None else grid.total,
        "columns": [{"name": column.name, "kind": column.kind, "head": column.head} for column in grid.columns],
        "rows": [_row(grid, at) for at in range(len(grid.rows))],
        "notes": list(grid.notes),
    }


def _row(grid: Grid, number: int) -> dict[str, Any]:
    row: dict[str, Any] = {"id": grid.ids[number]} if grid.ids else {}
    pairs = list(zip(grid.columns, grid.rows[number], strict=True))
    row["cells"] = {column.name: cell_json(cell, column) for column, cell in pairs if cell is not MISSING}
    for name, marked in (("best", grid.best), ("edited", grid.edited)):
        names = [column.name for at, column in enumerate(grid.columns) if (number, at) in marked] if marked else []
        if names:
            row[name] = names
    return row


def cell_json(cell: Any, column: Column) -> dict[str, Any]:
    """``{"value", "shown"}``."""
    if type(cell) is str and column.kind == TEXT:  # as nearly every cell of a list of keys is
        return {"value": cell, "shown": shown_cell(cell, column, 80)}
    value = utc_moment(cell) if column.kind == TIME and cell is not None else lift(cell)
    return {"value": value, "shown": shown_cell(cell, column, 80)}
