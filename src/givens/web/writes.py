"""Reading what a write says; a body that says something else is refused in words."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request

from ..errors import UsageError


async def said(request: Request) -> dict[str, Any]:
    """The body.

    Raises:
        UsageError: it is no JSON object.
    """
    body = await request.body()
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise UsageError("the body", "a JSON object") from None
    if not isinstance(found, dict):
        raise UsageError("the body", "a JSON object")
    return found


def text_in(body: dict[str, Any], name: str, *, most: int = 20_000) -> str | None:
    """A text; None where it is not there, or null.

    Raises:
        UsageError: it is none, or too long.
    """
    found = body.get(name)
    if found is None:
        return None
    if not isinstance(found, str) or len(found) > most:
        raise UsageError(f"{name!r}", f"a text of at most {most} characters")
    return found


def texts_in(body: dict[str, Any], name: str, *, most: int = 10_000) -> tuple[str, ...]:
    """A list of texts; empty where it is not there.

    Raises:
        UsageError: it is none, or too long.
    """
    found = body.get(name)
    if found is None:
        return ()
    if not isinstance(found, list) or len(found) > most or not all(isinstance(each, str) for each in found):
        raise UsageError(f"{name!r}", f"a list of at most {most} texts")
    return tuple(found)
