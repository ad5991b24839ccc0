"""A page of runs as the browser takes it: a cell is (as Python writes it, what sorts it, what it is, marks)."""

from __future__ import annotations

from typing import Any

from ..api.formats.cell_text import bare_cell, json_number, number_of
from ..api.grid import DURATION, LABELS, NUMBER, TEXT, TIME, Column
from ..api.page.cells import is_clipped
from ..api.page.row_pages import PageColumn, RowPage
from ..configs.explanation import one_line
from ..records.change import MISSING

CELL_WIDTH = 80
_SORT_WIDTH = 200


def cell_json(cell: Any, column: Column, *, best: bool = False, edited: bool = False) -> list[Any] | None:
    """``[shown, sort, kind]`` or ``[shown, sort, kind, marks]``; None where there is none.

    Kinds: ``n`` number, ``s`` text, ``b`` bool, ``z`` None, ``t`` time, ``d`` duration, ``l`` labels, ``o`` other.
    Marks: ``b`` best, ``e`` edited, ``c`` clipped.
    """
    if cell is MISSING:
        return None
    shown = bare_cell(cell, column, CELL_WIDTH)
    kind, sort = _sorted_as(cell, column)
    clipped = is_clipped(cell) or (len(shown) == CELL_WIDTH and shown.endswith("…"))
    marks = ("b" if best else "") + ("e" if edited else "") + ("c" if clipped else "")
    return [shown, sort, kind, marks] if marks else [shown, sort, kind]


def _sorted_as(cell: Any, column: Column) -> tuple[str, float | int | str | None]:
    if cell is None:
        return "z", None
    if column.kind in (TIME, DURATION):
        return ("t" if column.kind == TIME else "d"), json_number(cell)
    if column.kind == LABELS:
        return "l", None
    if column.kind == TEXT:
        return "s", str(cell)[:_SORT_WIDTH]
    if type(cell) is bool:
        return "b", int(cell)
    number = number_of(cell)
    if number is not None:
        return "n", json_number(number)
    if type(cell) is str:
        return "s", cell[:_SORT_WIDTH]
    return ("n", None) if column.kind == NUMBER else ("o", None)


def column_json(each: PageColumn, sort: tuple[str, ...], titles: dict[str, str]) -> dict[str, Any]:
    """``{"name", "head", "kind", "scope", "goal", "sort", "title"}``."""
    name = each.column.name
    first = sort[0] if sort else ""
    turned = "desc" if first == f"-{name}" else "asc" if first.lstrip("+") == name else None
    return {
        "name": name,
        "head": each.column.head,
        "kind": each.column.kind,
        "scope": each.scope,
        "goal": each.goal,
        "sort": turned,
        "title": titles.get(name, ""),
    }


def rows_json(page: RowPage) -> list[dict[str, Any]]:
    """``[{"id", "name", "state", "url", "cells"}]``."""
    rows = []
    for at, run_id in enumerate(page.ids):
        cells = [
            cell_json(cell, each.column, best=(at, number) in page.best, edited=(at, number) in page.edited)
            for number, (cell, each) in enumerate(zip(page.rows[at], page.columns, strict=True))
        ]
        rows.append(
            {
                "id": run_id,
                "name": one_line(page.names[at]),
                "state": page.states[at],
                "url": f"/run/{run_id}",
                "cells": cells,
            }
        )
    return rows
