"""What happens in the store, as a stream that a page listens to."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from .answering import NO_STORE, answering
from .live_store import LiveStore


async def events(request: Request) -> Response:
    """``/api/events``: ``hello``, then ``change`` and ``views``; a comment now and then."""
    live = answering(request).live
    return StreamingResponse(_written(live), headers=NO_STORE, media_type="text/event-stream")


async def _written(live: LiveStore) -> AsyncIterator[str]:
    yield "retry: 1000\n\n"
    async for told in live.listen():
        if told is None:
            yield ": still here\n\n"
        else:
            yield f"event: {told.event}\ndata: {json.dumps(told.content)}\n\n"
