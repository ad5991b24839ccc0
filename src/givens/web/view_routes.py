"""Views with a name, keys that views leave out, and what was edited."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from ..api.asking import settings_of
from ..api.changes.undoing import edits_of
from ..api.page.ignored_keys import ignored_patterns, keep_patterns
from ..api.page.saved_views import delete_view, save_view, saved_views
from ..errors import UsageError
from .answering import answering, json_answer, view_of
from .live_store import Told
from .writes import said, text_in, texts_in

_EDITS = 500


async def views_page(request: Request) -> Response:
    """The saved views."""
    room, view = answering(request), view_of(request)
    return await room.live.ask(lambda: room.page("views.html", view, here="/views", saved=saved_views(room.live.store)))


async def edits_page(request: Request) -> Response:
    """Every edit of the store, the newest first."""
    room, view = answering(request), view_of(request)
    await room.live.fresh()

    def made() -> Response:
        found = edits_of(room.live.store)[::-1]
        same = room.same.same(["undo", "--list"], "")
        more = max(0, len(found) - _EDITS)
        return room.page("edits.html", view, here="/edits", edits=found[:_EDITS], more=more, command=same.command)

    return await room.live.ask(made)


async def views(request: Request) -> Response:
    """``/api/views``."""
    room = answering(request)
    found = await room.live.ask(saved_views, room.live.store)
    return json_answer({"views": [each.to_json() for each in found]})


async def save(request: Request) -> Response:
    """``POST /api/views``."""
    room, body = answering(request), await said(request)
    name, page, query = text_in(body, "name"), text_in(body, "page"), text_in(body, "query", most=40_000)
    if name is None or page is None:
        raise UsageError("a view", 'a body with "name", "page" and "query"')
    made = await room.live.ask(save_view, room.live.store, name, page, query or "")
    room.live.tell(Told("views", {}))
    return json_answer({"view": made.to_json()})


async def delete(request: Request) -> Response:
    """``POST /api/views/delete``."""
    room, body = answering(request), await said(request)
    name = text_in(body, "name")
    if name is None:
        raise UsageError("a view", 'a body with "name"')
    await room.live.ask(delete_view, room.live.store, name)
    room.live.tell(Told("views", {}))
    return json_answer({"said": f"deleted the view {name}"})


async def ignored(request: Request) -> Response:
    """``/api/ignore``: the patterns that are kept, and those of the settings."""
    room = answering(request)
    project = request.query_params.get("project") or None
    kept = await room.live.ask(ignored_patterns, room.live.store, project)
    return json_answer({"patterns": list(kept), "settings": list(settings_of(room.live.store).ignore)})


async def keep_ignored(request: Request) -> Response:
    """``POST /api/ignore``."""
    room, body = answering(request), await said(request)
    patterns = texts_in(body, "patterns", most=1_000)
    kept = await room.live.ask(keep_patterns, room.live.store, text_in(body, "project") or None, patterns)
    room.live.tell(Told("views", {}))
    return json_answer({"patterns": list(kept)})
