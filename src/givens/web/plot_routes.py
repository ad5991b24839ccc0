"""Plots: runs by column for parallel coordinates and scatter, and the courses of a metric."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from ..api.formats.cell_text import json_number, shown_cell
from ..api.grid import RESULT, Column, Grid
from ..api.page.plot_columns import PlotColumn, Plotted, plotted
from ..api.stored.course import Course, course_of, courses_grid, spread_over
from ..api.stored.opening import find_ids, open_by_id
from ..api.stored.stored_run import StoredRun
from ..configs.explanation import one_line
from ..errors import UsageError
from ..query.results import name_of_result
from .answering import Answering, answering, json_answer, view_of
from .asked_view import AskedView
from .equivalents import Same
from .runs_routes import downloads
from .table_routes import offered

KINDS: dict[str, str] = {"parallel": "Parallel coordinates", "scatter": "Scatter", "curves": "Curves"}
_POINTS = 1_000
_MOST_POINTS = 20_000
_MOST_CURVES = 100
_NEWEST = 8  #: runs whose curves are shown where none are named
_TABLE_ROWS = 200
_NO_COLUMN = "None"  #: the colour of a scatter is chosen to be none; a value, so no key is written like this


async def plot_page(request: Request) -> Response:
    """The page."""
    room, view = answering(request), view_of(request)
    kind = view.one("kind") or "parallel"
    if kind not in KINDS:
        raise UsageError(f"kind={kind[:20]}", f"one of {', '.join(KINDS)}")
    await room.live.fresh()
    return await room.live.ask(_plot_page, room, view, kind)


def _plot_page(room: Answering, view: AskedView, kind: str) -> Response:
    choice = offered(room, view)
    data = curves_of(room, view) if kind == "curves" else None
    found = None if kind == "curves" else plotted_in(room, view, limit=_TABLE_ROWS)
    names = [] if found is None else [column.about.column.name for column in found.columns]
    same = room.same.runs(view, (), names) if data is None else same_curves(room, view, data)
    return room.page(
        "plot.html",
        view,
        here="/plot",
        kind=kind,
        kinds=KINDS,
        offered=choice,
        curves=data,
        table=None if found is None else _as_rows(found),
        names=names,
        notes=() if found is None else found.notes,
        command=same.command,
        python=same.python,
        downloads=downloads("plot" if data is None else "curves", view),
    )


async def columns(request: Request) -> Response:
    """``/api/columns``."""
    room, view = answering(request), view_of(request)

    def made() -> dict[str, Any]:
        found = plotted_in(room, view)
        same = room.same.runs(view, (), [each.about.column.name for each in found.columns])
        return {
            "command": same.command,
            "python": same.python,
            "total": found.total,
            "sampled": found.is_sampled,
            "limit": len(found.ids),
            "ids": list(found.ids),
            "names": list(found.names),
            "states": list(found.states),
            "notes": [*room.live.notes, *found.notes],
            "columns": [_column_json(each) for each in found.columns],
        }

    return json_answer(await room.live.ask(made))


def plotted_in(room: Answering, view: AskedView, *, limit: int | None = None) -> Plotted:
    """The runs of a view by column; the axes are its columns, or those named as axes."""
    named = (view.one(each) for each in ("x", "y", "color", "facet"))
    axes = (*view.several("axes"), *(name for name in named if name is not None and name != _NO_COLUMN))
    asked = view._replace(columns=tuple(dict.fromkeys((*view.columns, *axes)))) if axes else view
    wanted = asked.wanted(room.patterns(view))
    metric = view.one("metric")
    return plotted(room.pages, wanted, metric) if limit is None else plotted(room.pages, wanted, metric, limit=limit)


def _column_json(each: PlotColumn) -> dict[str, Any]:
    column = each.about.column
    said: dict[str, Any] = {
        "name": column.name,
        "head": column.head,
        "kind": column.kind,
        "scope": each.about.scope,
        "goal": each.about.goal,
        "scale": each.scale,
        "numbers": None if each.numbers is None else list(each.numbers),
        "texts": None if each.texts is None else list(each.texts),
        "levels": None if each.levels is None else list(each.levels),
        "ticks": [list(tick) for tick in each.ticks],
    }
    if each.shown is not None:
        said["shown"] = list(each.shown)
    return said


def _as_rows(found: Plotted) -> list[tuple[str, str, list[str]]]:
    """The same as a table, for readers without scripts: (id, name, texts)."""
    columns = []
    for each in found.columns:
        if each.levels is not None and each.texts is not None:
            columns.append(["" if at < 0 else each.levels[at] for at in each.texts])
        else:
            columns.append([text or "" for text in each.shown or ()])
    return [
        (run_id, found.names[at], [column[at] for column in columns])
        for at, run_id in enumerate(found.ids[:_TABLE_ROWS])
    ]


# --- courses ------------------------------------------------------------------------------------------------------


async def curves(request: Request) -> Response:
    """``/api/curves``."""
    room, view = answering(request), view_of(request)

    def made() -> dict[str, Any]:
        data = curves_of(room, view)
        return {**data, **same_curves(room, view, data)._asdict()}

    return json_answer(await room.live.ask(made))


def curves_of(room: Answering, view: AskedView) -> dict[str, Any]:
    """The courses of a metric of some runs, each thinned to a thousand points; without runs named, of the newest."""
    runs, names, metric, left_out = _meant(room, view)
    notes = list(left_out) if view.runs else []  # that the newest are shown where none are named, the page says itself
    points = view.number("points", _POINTS, 2, _MOST_POINTS)
    found, missing = [], []
    for run in runs:
        course = course_of(run, metric, room.asking) if metric else None
        if course is None:
            missing.append(run.id)
        else:
            found.append({"id": run.id, "name": one_line(run.name), "state": run.state, **_curve_json(course, points)})
    return {"metric": metric, "runs": found, "metrics": names, "missing": missing, "notes": notes}


def curves_grid(room: Answering, view: AskedView) -> Grid:
    """Every point of them, under each other."""
    runs, _, metric, left_out = _meant(room, view)
    grid = courses_grid(runs, metric, room.asking)
    return grid._replace(notes=(*left_out, *grid.notes))


def same_curves(room: Answering, view: AskedView, data: dict[str, Any]) -> Same:
    """The curves elsewhere: a command for each run, one call for all."""
    metric, ids = data["metric"], [each["id"] for each in data["runs"]]
    if not ids:
        return Same("", "")
    command = "\n".join(room.same.same(["history", run_id, metric], "").command for run_id in ids)
    if view.runs:
        named = f"run.id in [{', '.join(map(repr, ids))}]"
        return Same(command, f"{room.same.call('runs', repr(named))}.courses({metric!r})")
    return Same(command, f"{room.same.table(view)}[:{_NEWEST}].courses({metric!r})")


class _Meant(NamedTuple):
    """The runs whose curves are meant, what they logged, the declared metrics first, and which of that is shown."""

    runs: list[StoredRun]
    names: list[str]
    metric: str
    left_out: tuple[str, ...]


def _meant(room: Answering, view: AskedView) -> _Meant:
    if view.runs:
        most, which = _MOST_CURVES, "first"
        ids = list(dict.fromkeys(run_id for ref in view.runs for run_id in find_ids(room.asking, ref)))
    else:
        most, which = _NEWEST, "newest"
        ids = room.table(view).ids(limit=most + 1)
    left_out = (f"there are more runs: these are the {which} {most}",) if len(ids) > most else ()
    runs = [open_by_id(room.live.store, run_id) for run_id in ids[:most]]
    counts: dict[str, int] = {}
    for run in runs:
        for name, result in run.folded.state.results.items():
            if result.count:
                counts[name] = counts.get(name, 0) + 1
    metrics = room.pages.keys(view.wanted(room.patterns(view))).metrics
    declared = [name_of_result(each.operand) for each in metrics if each.goal is not None]
    names = sorted(counts, key=lambda name: (name not in declared, -counts[name], name))
    metric = view.one("metric") or next(iter(names), "")
    for lead in ("max(", "min(", "last("):  # the name of a column, where the name of a result is meant
        if metric not in counts and metric.startswith(lead) and metric.endswith(")"):
            metric = metric[len(lead) : -1].strip('"')
    return _Meant(runs, names, metric, left_out)


def _curve_json(course: Course, most: int) -> dict[str, Any]:
    chosen = [course.points[at] for at in _telling(course, most)]
    numbers = [point.number for point in course.points if point.number is not None]
    shown = Column(course.name, RESULT)
    return {
        "steps": [json_number(point.step) for point in chosen],
        "seconds": [point.seconds for point in chosen],
        "values": [point.number for point in chosen],
        "last": shown_cell(course.points[-1].value, shown) if course.points else None,
        "min": shown_cell(min(numbers), shown) if numbers else None,
        "max": shown_cell(max(numbers), shown) if numbers else None,
        "total": len(course.points),
        "thinned": len(chosen) < len(course.points),
    }


def _telling(course: Course, most: int) -> list[int]:
    """Places of the points that are sent: of each stretch its least and its greatest, so that no peak is lost."""
    count = len(course.points)
    if count <= most:
        return list(range(count))
    ends = spread_over(count, max(2, most // 2))
    kept = {0, count - 1}
    for begin, end in pairwise(ends):
        stretch = [(number, at) for at in range(begin, end) if (number := course.points[at].number) is not None]
        if stretch:
            kept.update((min(stretch)[1], max(stretch)[1]))
        else:  # a stretch of NaN stays a gap
            kept.add(begin)
    return sorted(kept)
