"""The page's own scripts and styles. What may be asked for is a table; no path of a request ever reaches the disk."""

from __future__ import annotations

import hashlib
import os
import re
from functools import cache

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "static")

#: ending -> what it is served as; files with other endings are not served
TYPES: dict[str, str] = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}


@cache
def served_files() -> dict[str, str]:
    """Name below ``/static/`` -> path."""
    found = {}
    for folder, _, names in os.walk(FOLDER):
        for name in names:
            if os.path.splitext(name)[1] in TYPES:
                path = os.path.join(folder, name)
                found[os.path.relpath(path, FOLDER).replace(os.sep, "/")] = path
    return found


#: the part of an address that changes with the files; see ``editions``
_EDITION = re.compile(r"e-[0-9a-f]{16}/")


async def static(request: Request) -> Response:
    """One file; a browser that has it gets no second copy, and asks no second time where the address names an edition."""
    asked = request.path_params["name"]
    name = _EDITION.sub("", asked, count=1) if _EDITION.match(asked) else asked
    if name not in served_files():  # it may have come since
        served_files.cache_clear()
    path = served_files().get(name)
    if path is None:
        return PlainTextResponse("no such file\n", 404)
    with open(path, "rb") as file:
        content = file.read()
    tag = f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
    is_kept = name != asked
    headers = {"ETag": tag, "Cache-Control": "private, max-age=31536000, immutable" if is_kept else "no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=TYPES[os.path.splitext(path)[1]])
