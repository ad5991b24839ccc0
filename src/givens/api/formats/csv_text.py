"""A grid as comma-separated values (RFC 4180, with line feeds). CSV has no types: ``--json`` and pandas keep them."""

from __future__ import annotations

import csv
import io

from ...records.change import MISSING
from ..grid import Grid
from .cell_text import exact_cell


def csv_text(grid: Grid) -> str:
    """Heads, then rows; whole and exact. A run's id stands first where rows are runs and no column shows it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    lead = bool(grid.ids) and all(column.name != "run.id" for column in grid.columns)
    writer.writerow([*(["run.id"] if lead else []), *grid.heads])
    for at, row in enumerate(grid.rows):
        cells = [
            "" if cell is MISSING else _storable(exact_cell(cell, column))
            for cell, column in zip(row, grid.columns, strict=True)
        ]
        writer.writerow([*([grid.ids[at]] if lead else []), *cells])
    return out.getvalue()


def _storable(text: str) -> str:
    """Text that UTF-8 can hold: a lone surrogate is written as its escape."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
