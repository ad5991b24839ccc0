"""Help while one types: words that fit, whether a filter reads, which metrics there are."""

from __future__ import annotations

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..api.filter_text import read_filter
from ..api.page.key_chooser import choices
from ..errors import FilterSyntaxError
from ..query.operators import FUNCTIONS
from ..query.veiling import veiled
from ..query.words import operand_text, sentence
from .answering import answering, json_answer, view_of

_WORD = re.compile(r'[\w./"\[\]{}-]*\Z')
_MOST_TEXT = 20_000
_OFFERED = 20


async def complete(request: Request) -> Response:
    """``/api/complete?text=…&at=N``: what the word before the cursor may become."""
    room = answering(request)
    params = request.query_params
    text = params.get("text", "")[:_MOST_TEXT]
    at = int(params["at"]) if params.get("at", "").isdecimal() and len(params["at"]) < 9 else len(text)
    match = _WORD.search(text[:at])
    word = match[0] if match else ""
    bare = word.removeprefix("config.").removeprefix("summary.")

    def found() -> dict[str, Any]:
        fitting = room.asking.ask(lambda index: choices(index, params.get("project"), bare, None, (), limit=_OFFERED))
        words = [{"text": each.name, "help": each.title or each.shown} for each in fitting.first]
        words += [{"text": f"{name}(", "help": "function"} for name in FUNCTIONS if word and name.startswith(word)]
        return {"from": at - len(word), "words": words[:_OFFERED]}

    return json_answer(await room.live.ask(found))


async def check(request: Request) -> Response:
    """``/api/check?filter=…``: whether it reads, and what it means."""
    room = answering(request)
    try:
        node = read_filter(request.query_params.get("filter", ""))
    except FilterSyntaxError as error:
        said = {"error": error.problem, "at": [error.start, error.end], "advice": error.instead}
        return json_answer({"ok": False, **said})
    return json_answer({"ok": True, "said": sentence(veiled(node, room.asking.redaction))})


async def metrics(request: Request) -> Response:
    """``/api/metrics``: the results there are."""
    room, view = answering(request), view_of(request)
    found = await room.live.ask(lambda: room.pages.keys(view.wanted(room.patterns(view))))
    said = [{"name": operand_text(each.operand), "runs": each.runs, "goal": each.goal} for each in found.metrics]
    return json_answer({"metrics": said})
