"""Changing stored runs from the page: the same audited edits as ``givens edit``, tag, note and undo."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..api.changes.edit_plans import EditPlan
from ..api.changes.edit_requests import wanted_of
from ..api.changes.edit_targets import Chosen
from ..api.changes.editing import edit_in
from ..api.changes.undoing import undo
from ..errors import UsageError
from ..sources.environment import typed
from .answering import Answering, answering, json_answer
from .writes import said, text_in, texts_in

_LINES = 50


async def edit(request: Request) -> Response:
    """``POST /api/edit``."""
    room, body = answering(request), await said(request)
    plan = await room.live.ask(_edited, room, body)
    await room.live.fresh()
    *lines, tally = plan.lines(_LINES)
    return json_answer({"said": tally, "lines": lines, **plan.to_json()})


def _edited(room: Answering, body: dict[str, Any]) -> EditPlan:
    runs = texts_in(body, "runs")
    if not runs:
        raise UsageError("no runs", "name the runs to change")
    wanted = wanted_of(
        set={key: _value(key, value) for key, value in _pairs(body, "set").items()},
        delete=texts_in(body, "delete"),
        tag=texts_in(body, "tag"),
        untag=texts_in(body, "untag"),
        notes=text_in(body, "notes"),
        name=text_in(body, "name", most=500),
    )
    is_trial = body.get("dry_run") is True
    return edit_in(room.live.store, Chosen(runs), wanted, dry_run=is_trial, note=text_in(body, "note"))


def _pairs(body: dict[str, Any], name: str) -> dict[str, Any]:
    found = body.get(name) or {}
    if not isinstance(found, dict):
        raise UsageError(f"{name!r}", "an object: key path -> text")
    return found


def _value(key: str, value: Any) -> Any:
    """A value as it was typed, by the rules of YAML 1.2; ``{"text": …}`` is the text as it stands."""
    if isinstance(value, dict) and set(value) == {"text"} and isinstance(value["text"], str):
        return value["text"]
    if not isinstance(value, str):
        raise UsageError(f"the value of {key[:60]}", 'text as it would be typed, or {"text": "…"}')
    return typed(key, value)


async def undone(request: Request) -> Response:
    """``POST /api/undo``."""
    room, body = answering(request), await said(request)
    edit_id = text_in(body, "edit", most=64)
    done = await room.live.ask(undo, room.live.store, edit_id)
    await room.live.fresh()
    where = f"{len(done.runs)} run{'' if len(done.runs) == 1 else 's'}"
    content = {
        "said": f"undone: {done.edit.what} ({where})",
        "edit": done.edit.id,
        "id": done.id,
        "runs": list(done.runs),
        "problems": list(done.problems),
    }
    return json_answer(content)
