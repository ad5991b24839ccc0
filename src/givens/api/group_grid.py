"""Groups of runs as people read them."""

from __future__ import annotations

from .grid import VALUE, Grid, with_headers

_FEW_KEYS = 4


def readable_groups(grid: Grid, keys: int | None = None) -> Grid:
    """For a person: heads without ``config.``; of very many keys some will not fit, and what was found stands before them.

    Args:
        grid: groups.
        keys: how many of its columns are keys; None: those that hold values of a config.
    """
    count = keys or sum(column.kind == VALUE for column in grid.columns)
    grid = with_headers(grid, {column.name: column.name.removeprefix("config.") for column in grid.columns[:count]})
    if count <= _FEW_KEYS:
        return grid
    order = [*range(count, len(grid.columns)), *range(count)]
    place = {at: new for new, at in enumerate(order)}
    return grid._replace(
        columns=tuple(grid.columns[at] for at in order),
        rows=tuple(tuple(row[at] for at in order) for row in grid.rows),
        best=frozenset((row, place[at]) for row, at in grid.best),
    )
