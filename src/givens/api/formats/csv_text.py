"""A grid as comma-separated values (RFC 4180, with line feeds). CSV has no types: ``--json`` and pandas keep them."""

from __future__ import annotations

import csv
import io
from itertools import compress, repeat
from operator import is_not

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
        cells = [""] * len(grid.columns)
        # of thousands of columns most are empty in most rows: only what is there is looked at
        for place in compress(range(len(row)), map(is_not, row, repeat(MISSING))):
            cells[place] = _storable(exact_cell(row[place], grid.columns[place]))
        writer.writerow([*([grid.ids[at]] if lead else []), *cells])
    return out.getvalue()


def _storable(text: str) -> str:
    """Text that UTF-8 can hold: a lone surrogate is written as its escape."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
