"""A comparison as a grid: a row a key, a column a side."""

from __future__ import annotations

from ..keys import format_path
from ..records.change import MISSING
from ..records.encoded import lift
from .difference import Diff
from .grid import VALUE, Column, Grid


def diff_grid(diff: Diff) -> Grid:
    """The keys that differ (with ``show_all`` every key), then code, command and Python where they do."""
    columns = [Column("key"), Column("status")]
    taken: dict[str, int] = {}
    for side in diff.sides:
        taken[side.label] = taken.get(side.label, 0) + 1
        name = side.label if taken[side.label] == 1 else f"{side.label} ({taken[side.label]})"
        columns.append(Column(name, VALUE))
    kept = diff.rows if diff.show_all else diff.differing
    rows = [
        (format_path(row.path), row.status, *(MISSING if cell is MISSING else lift(cell) for cell in row.cells))
        for row in kept
    ]
    rows += [
        (
            f"({fact.name})",
            "differs" if fact.differs else "equal",
            *(MISSING if cell is None else cell for cell in fact.cells),
        )
        for fact in diff.facts
        if fact.differs or diff.show_all
    ]
    edited = frozenset((at, number + 2) for at, row in enumerate(kept) for number in diff.edited_sides(row))
    statuses = {(at, number): status for at, row in enumerate(kept) for number, status in enumerate(row.statuses, 2)}
    notes = (diff.tally(),)
    return Grid("differences", tuple(columns), tuple(rows), notes, edited=edited, statuses=statuses)
