"""Any number of runs beside each other: keys as rows, runs as columns, one of them the baseline."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from ..api.difference import type_name
from ..api.formats.cell_text import number_of
from ..api.page.comparing import Compared, compared
from ..api.shapes import diff_json
from ..configs.comparison import DIFFERS, EQUAL, LACKING, TYPE_DIFFERS, Row
from ..configs.explanation import one_line, shown_value
from ..keys import format_path
from ..records.change import MISSING
from .answering import Answering, answering, json_answer, view_of
from .asked_view import AskedView
from .equivalents import Same
from .runs_routes import downloads

_CELL_WIDTH = 300
_FEW = 2

#: status -> (class, what a reader who sees no colour is told)
STATES: dict[str, tuple[str, str]] = {
    EQUAL: ("equal", ""),
    DIFFERS: ("differs", "differs"),
    LACKING: ("missing", "missing"),
    TYPE_DIFFERS: ("retyped", "type differs"),
}


class Cell(NamedTuple):
    """One cell: its text, its class, what it is in words, and what it is against the baseline."""

    shown: str
    kind: str
    said: str
    delta: str
    is_edited: bool


class Line(NamedTuple):
    """One key: its name, a cell for each run, and what differs inside a list."""

    path: str
    cells: tuple[Cell, ...]
    inside: tuple[Line, ...]


async def compare_page(request: Request) -> Response:
    """The page."""
    room, view = answering(request), view_of(request)
    await room.live.fresh()
    return await room.live.ask(_compare_page, room, view)


async def compare(request: Request) -> Response:
    """``/api/compare``: the shape of ``givens diff --json``, with the baseline, what is ignored and what is left out."""
    room, view = answering(request), view_of(request)

    def made() -> dict[str, Any]:
        found = of_view(room, view)
        extra = {
            "baseline": found.baseline,
            "ignored": list(found.patterns),
            "ignored_keys": found.ignored,
            "notes": list(found.notes),
        }
        return {**diff_json(found.diff), **extra}

    return json_answer(await room.live.ask(made))


def of_view(room: Answering, view: AskedView) -> Compared:
    """The comparison that a view asks for.

    Raises:
        UsageError: fewer than two runs.
        RunNotFoundError, AmbiguousRunError: a reference.
    """
    return compared(
        room.asking, view.runs, baseline=view.baseline, patterns=room.patterns(view), show_all=view.flag("all")
    )


def same_comparison(room: Answering, view: AskedView, found: Compared) -> Same:
    """The comparison elsewhere."""
    ids = [side.run.id if side.run is not None else found.ids[at] for at, side in enumerate(found.diff.sides)]
    words = ["diff", *ids, *(word for pattern in found.patterns for word in ("--ignore", pattern))]
    words += ["--all"] if view.flag("all") else []
    said = [*map(repr, ids), *([f"ignore={list(found.patterns)!r}"] if found.patterns else [])]
    return room.same.same(words, room.same.call("diff", *said))


def _compare_page(room: Answering, view: AskedView) -> Response:
    if len(view.runs) < _FEW and not any(".." in ref for ref in view.runs):
        return room.page("compare_empty.html", view, here="/compare", one=view.runs)
    found = of_view(room, view)
    same = same_comparison(room, view, found)
    how = view.one("numbers") or "delta"
    rows = found.diff.rows if view.flag("all") else found.diff.differing
    sides = [
        {
            "id": found.ids[at],
            "name": one_line(side.label),
            "state": side.run.state if side.run is not None else "",
            "is_baseline": at == 0,
            "without": view.query_with(runs=",".join(each for each in found.ids if each != found.ids[at]), run=None),
            "as_baseline": view.query_with(baseline=found.ids[at]),
        }
        for at, side in enumerate(found.diff.sides)
    ]
    return room.page(
        "compare.html",
        view,
        here="/compare",
        sides=sides,
        lines=[_line(row, how, partial(_edited, found, row)) for row in rows],
        facts=[fact for fact in found.diff.facts if fact.differs or view.flag("all")],
        same_count=len(found.diff.constants),
        differing=len(found.diff.differing),
        shows_all=view.flag("all"),
        how=how,
        results=found.results,
        patterns=found.patterns,
        ignored_keys=found.ignored,
        notes=found.notes,
        downloads=downloads("compare", view),
        command=same.command,
        python=same.python,
    )


def _edited(found: Compared, row: Row) -> tuple[int, ...]:
    return found.diff.edited_sides(row)


def _line(row: Row, how: str, edited: Any = tuple) -> Line:
    base = row.cells[0]
    marked = edited()
    statuses = _against(row)
    typed = TYPE_DIFFERS in statuses
    cells = []
    for at, (value, status) in enumerate(zip(row.cells, statuses, strict=True)):
        kind, said = STATES[status]
        shown = "" if value is MISSING else shown_value(value, _CELL_WIDTH)
        shown += f" ({type_name(value)})" if typed and value is not MISSING else ""
        cells.append(Cell(shown, kind, said, _delta(base, value, how) if at else "", at in marked))
    return Line(format_path(row.path), tuple(cells), tuple(_line(inner, how) for inner in row.inside))


def _against(row: Row) -> tuple[str, ...]:
    """The status of each cell held against the baseline; where that lacks the key, all that have it differ."""
    if row.cells[0] is MISSING:
        return tuple(LACKING if cell is MISSING else DIFFERS for cell in row.cells)
    return tuple(
        TYPE_DIFFERS if status == DIFFERS and _reads_as(row.cells[0], cell) else status
        for status, cell in zip(row.statuses, row.cells, strict=True)
    )


def _reads_as(base: Any, value: Any) -> bool:
    """Whether one is a text that reads as the other is written: ``'128'`` and ``128``."""
    if (type(base) is str) == (type(value) is str):
        return False
    text, other = (base, value) if type(base) is str else (value, base)
    return bool(text == shown_value(other))


def _delta(base: Any, value: Any, how: str) -> str:
    """What a number is against the baseline's: ``+0.09``, or how many times as great."""
    if how == "values" or base is MISSING or value is MISSING:
        return ""
    first, second = number_of(base), number_of(value)
    if first is None or second is None or first == second:
        return ""
    try:
        if how == "ratio":
            return f"\N{MULTIPLICATION SIGN}{second / first:.4g}" if first else ""
        return f"{second - first:+.4g}"
    except (OverflowError, ValueError):
        return ""
