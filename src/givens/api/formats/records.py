"""A grid as Python values: dicts, and columns for data frames."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ...records.change import MISSING
from ...records.encoded import TAG, lift
from ..grid import LABELS, TEXT, TIME, Column, Grid


def dicts(grid: Grid) -> list[dict[str, Any]]:
    """One dict a row: column name -> value. Where a row has no cell there is no entry; None is an entry."""
    return [
        {
            column.name: python_value(cell, column)
            for column, cell in zip(grid.columns, row, strict=True)
            if cell is not MISSING
        }
        for row in grid.rows
    ]


def python_value(cell: Any, column: Column) -> Any:
    """What a cell stands for: tuples, NaN, dates … as they were given; times are aware datetimes in UTC."""
    if column.kind == TIME:
        return None if cell is None else datetime.fromtimestamp(cell, UTC)
    if column.kind == LABELS:
        return list(cell or ())
    if column.kind == TEXT or cell is None:
        return cell
    value = lift(cell)
    if type(value) is dict and value.get(TAG) == "cut":
        return ...  # more than the index keeps: `iter(runs)` has it whole
    from ...codec import decode

    return decode(value)
