"""The application: which address is answered by what, and what becomes of a mistake."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from ..errors import FilterSyntaxError, GivensError, PageError, RunNotFoundError
from . import (
    compare_routes,
    download_routes,
    live_routes,
    plot_routes,
    run_routes,
    runs_routes,
    table_routes,
    view_routes,
    write_routes,
)
from .answering import EMPTY_VIEW, VIEWS, Answering, answering, json_answer
from .guarding import Guard
from .live_store import LiveStore
from .served_files import static

Route_ = Callable[[Request], Awaitable[Response]]

#: pages: complete without scripts
PAGES: dict[str, Route_] = {
    "/": runs_routes.landing,
    "/run/{ref:path}": run_routes.run_page,
    "/compare": compare_routes.compare_page,
    "/group": table_routes.group_page,
    "/pivot": table_routes.pivot_page,
    "/plot": plot_routes.plot_page,
    "/importance": table_routes.importance_page,
    "/keys": table_routes.keys_page,
    "/duplicates": table_routes.duplicates_page,
    "/edits": view_routes.edits_page,
    "/views": view_routes.views_page,
    "/download/{name}.{ending}": download_routes.download,
    "/static/{name:path}": static,
}

#: what the scripts ask
API: dict[str, Route_] = {
    "/api/rows": runs_routes.rows,
    "/api/keys": runs_routes.keys,
    "/api/columns": plot_routes.columns,
    "/api/curves": plot_routes.curves,
    "/api/importance": table_routes.importance,
    "/api/group": table_routes.group,
    "/api/pivot": table_routes.pivot,
    "/api/duplicates": table_routes.duplicates,
    "/api/key-table": table_routes.key_table,
    "/api/compare": compare_routes.compare,
    "/api/run/{ref:path}": run_routes.run,
    "/api/views": view_routes.views,
    "/api/ignore": view_routes.ignored,
    "/api/events": live_routes.events,
}

#: what changes something
WRITES: dict[str, Route_] = {
    "/api/edit": write_routes.edit,
    "/api/undo": write_routes.undone,
    "/api/views": view_routes.save,
    "/api/views/delete": view_routes.delete,
    "/api/ignore": view_routes.keep_ignored,
}


def make_app(live: LiveStore, *, hosts: Iterable[str], token: str | None = None, folder: str | None = None) -> ASGIApp:
    """The application.

    Args:
        live: the store; opened when the application starts, closed when it ends.
        hosts: names by which the server may be called.
        token: what everybody has to show; None: nobody has to.
        folder: what ``--dir`` named, for the command lines that are shown.
    """

    @asynccontextmanager
    async def life(app: Starlette) -> AsyncIterator[None]:
        await live.open()
        try:
            yield
        finally:
            await live.close()

    routes = [Route(path, route, methods=["GET"]) for path, route in {**PAGES, **API}.items()]
    routes += [Route(path, route, methods=["POST"]) for path, route in WRITES.items()]
    app = Starlette(
        routes=routes,
        lifespan=life,
        exception_handlers={
            GivensError: mistaken,
            RecursionError: too_deep,
            HTTPException: not_there,
            Exception: broken,
        },
    )
    app.state.answering = Answering(live, folder)
    return Guard(app, hosts, token)


async def mistaken(request: Request, error: Exception) -> Response:
    """A filter that does not read, a run that is not there: said as the command line says it."""
    status = 404 if isinstance(error, RunNotFoundError) else 400
    if request.url.path.startswith("/api/"):
        return json_answer(error_json(error), status)
    room = answering(request)
    is_filter = isinstance(error, FilterSyntaxError)
    path = request.url.path if request.url.path in VIEWS else "/"
    view = EMPTY_VIEW._replace(query=tuple(request.query_params.multi_items()))
    view = view._replace(filter=view.one("filter") or "", project=view.one("project"))
    return await room.live.ask(
        room.page,
        "problem.html",
        view,
        status=status,
        here=path,
        heading="That filter does not read" if is_filter else "That cannot be shown",
        text=str(error),
        caret=is_filter,
        form_action=path if is_filter else "",
    )


async def too_deep(request: Request, error: Exception) -> Response:
    """A value that a stranger nested deeper than a page can be built from."""
    return await mistaken(request, PageError("run", "it is nested too deeply for a page", "`givens show` prints it"))


def error_json(error: Exception) -> dict[str, object]:
    """``{"error", "kind"}``, of a filter also ``"at"`` and ``"advice"``."""
    said: dict[str, object] = {"error": str(error), "kind": type(error).__name__}
    if isinstance(error, FilterSyntaxError):
        said |= {"at": [error.start, error.end], "advice": error.instead, "problem": error.problem}
    return said


async def not_there(request: Request, error: Exception) -> Response:
    """An address that nothing answers."""
    assert isinstance(error, HTTPException)
    if request.url.path.startswith(("/api/", "/static/", "/download/")):
        return json_answer({"error": error.detail, "kind": "HTTPException"}, error.status_code)
    room = answering(request)
    content = {"heading": error.detail, "text": "There is nothing at this address.", "caret": False, "form_action": ""}
    return await room.live.ask(
        room.page, "problem.html", EMPTY_VIEW, status=error.status_code, here=request.url.path, **content
    )


async def broken(request: Request, error: Exception) -> Response:
    """A fault of the page's own: said without its insides; the terminal has the traceback."""
    return json_answer({"error": f"the page failed: {type(error).__name__}", "kind": "fault"}, 500)
