"""The table of runs: the landing page, its rows, the keys one may choose from."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..api.loosening import Loosened, loosened
from ..api.page.facts import descriptions_of, run_count
from ..api.page.key_chooser import choices
from ..index import Index
from ..query.nodes import EVERYTHING
from ..query.veiling import veiled
from ..query.words import filter_text, sentence
from .answering import Answering, answering, json_answer, view_of
from .asked_view import AskedView
from .rows_json import column_json, rows_json

FIRST_LINES = (
    "import givens",
    'run = givens.init(config={"lr": 0.001, "epochs": 4})',
    'run.log({"loss": 0.3})',
)
_DOWNLOADS = ("csv", "json", "md", "tex", "html")


async def landing(request: Request) -> Response:
    """The page."""
    room, view = answering(request), view_of(request)
    await room.live.fresh()
    return await room.live.ask(_landing, room, view)


def _landing(room: Answering, view: AskedView) -> Response:
    rows = runs_answer(room, view)
    return room.page(
        "runs.html",
        view,
        here="/",
        rows=rows,
        command=rows["command"],
        python=rows["python"],
        downloads=downloads("runs", view),
        first_lines="\n".join(FIRST_LINES),
    )


async def rows(request: Request) -> Response:
    """``/api/rows``."""
    room, view = answering(request), view_of(request)
    if await request.is_disconnected():  # scrolled past before its turn came
        return json_answer(None)
    return json_answer(await room.live.ask(runs_answer, room, view))


async def keys(request: Request) -> Response:
    """``/api/keys``: what a column may show, by the text in its name."""
    room, view = answering(request), view_of(request)
    scope, text = view.one("scope"), view.one("text") or ""
    wanted = view.wanted(room.patterns(view))

    def found() -> dict[str, Any]:
        varying = {key.path for key in room.pages.keys(wanted).varying}
        fitting = room.asking.ask(lambda index: choices(index, view.project, text, scope, varying, limit=view.limit))
        return {"total": fitting.total, "keys": [each._asdict() for each in fitting.first]}

    return json_answer(await room.live.ask(found))


def runs_answer(room: Answering, view: AskedView) -> dict[str, Any]:
    """The answer of ``/api/rows``; its shape is part of the page's contract with its scripts."""
    patterns = room.patterns(view)
    wanted = view.wanted(patterns)
    page = room.pages.page(wanted, offset=view.offset, limit=view.limit)
    names = [each.column.name for each in page.columns]
    same = room.same.runs(view, page.sort, view.columns)
    titles = room.asking.ask(
        lambda index: descriptions_of(index, [(each.column.name, each.operand) for each in page.columns])
    )
    node = veiled(view.node, room.asking.redaction)
    shown = {name for name, each in zip(names, page.columns, strict=True) if each.scope == "config"}
    return {
        "total": page.total,
        "all": room.asking.ask(lambda index: run_count(index, view.project)),
        "offset": view.offset,
        "limit": view.limit,
        "asked": "" if node == EVERYTHING else filter_text(node),
        "said": sentence(node),
        "sort": list(page.sort),
        "version": room.live.version,
        "columns": [column_json(each, page.sort, titles) for each in page.columns],
        "rows": rows_json(page),
        "hidden": {
            "constant": page.keys.constant,
            "constants": [list(pair) for pair in page.constants],
            "varying": max(0, len(page.keys.varying) - len(shown)),
            "ignored": [] if view.is_unignored else list(patterns),
            "ignored_keys": page.keys.ignored,
        },
        "notes": [*room.live.notes, *page.notes],
        "command": same.command,
        "python": same.python,
        "empty": None if page.total else room.asking.ask(lambda index: _empty(index, room, view)),
    }


def _empty(index: Index, room: Answering, view: AskedView) -> dict[str, Any]:
    """What to say where there is no row, and what to do about it."""
    found = loosened(index, view.node, room.asking.redaction, project=view.project, now_s=view.now_s)
    if not run_count(index):
        said = "There are no runs here yet. These three lines make one:"
        return {"kind": "no-runs", "said": said, "lines": list(FIRST_LINES), "loosen": []}
    if not found.total:
        everything = [{"text": "runs of every project", "count": run_count(index), "query": ""}]
        return {"kind": "no-project", "said": f"No runs of project {view.project}.", "lines": [], "loosen": everything}
    return {
        "kind": "no-match",
        "said": f"No run where {found.said}.",
        "lines": [f"{sentence[0].upper()}{sentence[1:]}." for sentence in found.unknown if sentence],
        "loosen": _ways_out(found, view),
    }


def _ways_out(found: Loosened, view: AskedView) -> list[dict[str, Any]]:
    ways = [
        {"text": f"without “{way.said}”", "count": way.runs, "query": view.query_with(filter=way.filter, offset=None)}
        for way in found.ways
    ]
    ways.append({"text": "every run", "count": found.total, "query": view.query_with(filter=None, offset=None)})
    return ways


def downloads(name: str, view: AskedView, **changes: str) -> tuple[tuple[str, str], ...]:
    """What a view can be taken away as: (what it is called, address)."""
    query = view.query_with(offset=None, limit=None, **changes)
    return tuple((ending, f"/download/{name}.{ending}" + (f"?{query}" if query else "")) for ending in _DOWNLOADS)
