"""Any view to take away: JSON, CSV, Markdown, LaTeX, or one HTML file that opens without a server."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ..api.export_page import MOST_ROWS, export_page, table_page
from ..api.grid import TEXT, VALUE, Column, Grid
from ..api.grid_page import grid_page
from ..api.shapes import diff_json, full_run_json
from ..api.stored.opening import find_id, open_by_id
from ..configs.explanation import explain_section
from ..errors import UsageError
from ..keys import format_path
from ..query.nodes import EVERYTHING
from ..query.veiling import veiled
from ..query.words import sentence
from .answering import NO_STORE, Answering, answering, view_of
from .asked_view import AskedView
from .compare_routes import of_view
from .pictures import curves_picture, parallel_picture, scatter_picture
from .plot_routes import curves_grid, curves_of, plotted_in
from .table_routes import QUESTIONS, catalogued

#: ending -> media type
ENDINGS: dict[str, str] = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "tex": "application/x-tex; charset=utf-8",
    "html": "text/html; charset=utf-8",
}


class _Made(NamedTuple):
    """A file: its text, and how many rows of how many it has where these are not all."""

    text: str
    count_text: str = ""


async def download(request: Request) -> Response:
    """``/download/NAME.EXT``; a file of some of the rows says so in its name, since CSV has no other place for it."""
    room, view = answering(request), view_of(request)
    name, ending = request.path_params["name"], request.path_params["ending"]
    if name not in GRIDS or ending not in ENDINGS:
        raise HTTPException(404, "no such download")
    await room.live.fresh()
    made = await room.live.ask(_made, room, view, name, ending)
    called = "-".join((name, *made.count_text.split()))
    headers = {**NO_STORE, "Content-Disposition": f'attachment; filename="{called}.{ending}"'}
    return Response(made.text.encode("utf-8", "backslashreplace"), headers=headers, media_type=ENDINGS[ending])


def _made(room: Answering, view: AskedView, name: str, ending: str) -> _Made:
    if name == "compare" and ending == "json":
        return _Made(_json(diff_json(of_view(room, view).diff)))
    if name == "run" and ending in ("json", "html"):
        run = open_by_id(room.live.store, find_id(room.asking, view.one("run") or ""))
        if ending == "json":
            return _Made(_json(full_run_json(run)))
        facts = Grid("run", (Column("run.name", TEXT, "name"), Column("run.id", TEXT, "id")), ((run.name, run.id),))
        return _Made(export_page(facts._replace(ids=(run.id,)), [run], title=run.name, words=""))
    words = sentence(veiled(view.node, room.asking.redaction)) if view.node != EVERYTHING else ""
    if name == "runs" and ending == "html":
        table = room.table(view).sort(*_sort(room, view)).columns(*_columns(room, view))
        return _Made(table_page(table, title=f"Runs of {view.project}" if view.project else "Runs", words=words))
    grid = GRIDS[name](room, view)
    if ending != "html":
        return _Made(_TEXTS[ending](grid), grid.count_text)
    picture, notes = _picture(room, view, name)
    said = [f"Runs where {words}." if words else "", *(f"The picture: {note}." for note in notes)]
    page = grid_page(grid, title=grid.title or name, said=" ".join(filter(None, said)), picture=picture)
    return _Made(page, grid.count_text)


def _picture(room: Answering, view: AskedView, name: str) -> tuple[str, tuple[str, ...]]:
    """What a plot shows, beside its numbers, and what has to be known of it."""
    if name == "curves":
        data = curves_of(room, view)
        return curves_picture(data["metric"], data["runs"]), ()
    if name != "plot":
        return "", ()
    found = plotted_in(room, view)
    if view.one("kind") != "scatter":
        return parallel_picture(found), found.notes
    named = (view.one(each) for each in ("x", "y", "color", "facet"))
    return scatter_picture(found, *named), found.notes


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=True, allow_nan=False, indent=1) + "\n"


def _sort(room: Answering, view: AskedView) -> tuple[str, ...]:
    """The order of the page: named, or the one that it has by itself."""
    page = room.pages.page(view.wanted(room.patterns(view)), offset=0, limit=1)
    return tuple(key for key in page.sort if key != "newest")


def _columns(room: Answering, view: AskedView) -> tuple[str, ...]:
    page = room.pages.page(view.wanted(room.patterns(view)), offset=0, limit=1)
    return tuple(each.column.name for each in page.columns)


def _runs(room: Answering, view: AskedView) -> Grid:
    table = room.table(view).sort(*_sort(room, view)).columns("run.id", *_columns(room, view))
    return table.grid(limit=MOST_ROWS)


def _compared(room: Answering, view: AskedView) -> Grid:
    return of_view(room, view).diff.grid()


def _answer(name: str) -> Callable[[Answering, AskedView], Grid]:
    def answer(room: Answering, view: AskedView) -> Grid:
        every = view._replace(limit=MOST_ROWS)
        found = catalogued(room, every, brief=False) if name == "keys" else QUESTIONS[name](room, every)
        if found.grid is None:
            raise UsageError(f"/{name}", "choose the keys and the metric first")
        return found.grid

    return answer


def _plotted(room: Answering, view: AskedView) -> Grid:
    found = plotted_in(room, view)
    names = tuple(each.about.column.name for each in found.columns)
    return room.table(view).columns("run.id", "run.name", *names).grid(limit=MOST_ROWS)


def _run(room: Answering, view: AskedView) -> Grid:
    run = open_by_id(room.live.store, find_id(room.asking, view.one("run") or ""))
    columns = (Column("key"), Column("value", VALUE), Column("origin"), Column("description"))
    rows = tuple(
        (format_path(leaf.path), leaf.value, str(leaf.origin or "unknown"), leaf.description or "")
        for leaf in explain_section(run.folded.state, ()).inside
    )
    return Grid(run.name, columns, rows)


#: ending -> what writes a table so
_TEXTS: dict[str, Callable[[Grid], str]] = {
    "json": lambda grid: _json(grid.to_json()),
    "csv": Grid.to_csv,
    "md": Grid.to_markdown,
    "tex": Grid.to_latex,
}

#: name of a download -> what makes its table
GRIDS: dict[str, Callable[[Answering, AskedView], Grid]] = {
    "runs": _runs,
    "compare": _compared,
    "plot": _plotted,
    "curves": curves_grid,
    "run": _run,
    **{name: _answer(name) for name in QUESTIONS},
}
