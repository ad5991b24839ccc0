"""Views that were given a name: plain files below ``views/``, one each, so that stores are merged by copying."""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from typing import Any, NamedTuple
from zlib import crc32

from ...capture import entry
from ...codec import dumps
from ...errors import PageError
from ...journal.layout import Store, write_whole
from ...journal.regular_files import open_regular

FOLDER = "views"
MOST_VIEWS = 1_000
_MOST_NAME = 120
_MOST_QUERY = 32_768

#: pages that a view can be of
PAGES = (
    *("/", "/compare", "/group", "/pivot", "/plot", "/importance"),
    *("/keys", "/duplicates", "/run", "/edits"),
)


class SavedView(NamedTuple):
    """A view with a name.

    Args:
        name: what it is called.
        page: one of ``PAGES``.
        query: the query of its address, without the question mark.
        saved_at: when, in UTC.
        by: whose.
    """

    name: str
    page: str
    query: str
    saved_at: str
    by: str | None

    @property
    def url(self) -> str:
        """Where it is."""
        return self.page + (f"?{self.query}" if self.query else "")

    def to_json(self) -> dict[str, Any]:
        """``{"name", "page", "query", "saved_at", "by", "url"}``."""
        return {**self._asdict(), "url": self.url}


def saved_views(store: Store) -> list[SavedView]:
    """The views of a store, by name; files that are none are left out."""
    folder = os.path.join(store.path, FOLDER)
    found = []
    with suppress(FileNotFoundError):
        for name in sorted(os.listdir(folder))[: 2 * MOST_VIEWS]:
            if name.endswith(".json"):
                view = _read(os.path.join(folder, name))
                found += [view] if view is not None else []
    return sorted(found, key=lambda view: view.name.casefold())


def save_view(store: Store, name: str, page: str, query: str) -> SavedView:
    """Give a view a name; the view that had it is replaced.

    Raises:
        PageError: there is no such page, the name is none, or the file cannot be written.
    """
    name = " ".join(name.split())
    if not name or len(name) > _MOST_NAME or not name.isprintable():
        raise PageError("view", f"{name[:20]!r} is no name", f"1 to {_MOST_NAME} characters")
    if page not in PAGES and not page.startswith("/run/"):
        raise PageError("view", f"there is no page {page[:60]!r}", f"one of {', '.join(PAGES)}")
    if len(query) > _MOST_QUERY or not query.isprintable() or "?" in page or "//" in page or not page.isprintable():
        raise PageError("view", "its address does not read", "save it from the page itself")
    view = SavedView(name, page, query, time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), entry.user())
    if len(saved_views(store)) >= MOST_VIEWS and not os.path.exists(view_file(store, name)):
        raise PageError("view", f"there are {MOST_VIEWS} already", "delete some")
    try:
        write_whole(view_file(store, name), dumps({"format": 1, **view._asdict()}).encode())
    except OSError as error:
        raise PageError(view_file(store, name), error.strerror or str(error)) from error
    return view


def delete_view(store: Store, name: str) -> None:
    """Take a view away.

    Raises:
        PageError: there is none of that name, or it cannot be taken away.
    """
    for file in _files_of(store, name):
        try:
            os.unlink(file)
        except OSError as error:
            raise PageError(file, error.strerror or str(error)) from error
        return
    raise PageError("view", f"there is none called {name[:60]!r}")


def _files_of(store: Store, name: str) -> list[str]:
    """The files that hold a view of that name; a merged store may call one otherwise than we would."""
    folder = os.path.join(store.path, FOLDER)
    own = view_file(store, name)
    if os.path.exists(own):
        return [own]
    try:
        names = [each for each in os.listdir(folder) if each.endswith(".json")]
    except OSError:
        return []
    found = (os.path.join(folder, each) for each in names)
    return [file for file in found if (view := _read(file)) is not None and view.name == name]


def view_file(store: Store, name: str) -> str:
    """The file of a view of that name."""
    kept = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name).strip("-")[:40]
    return os.path.join(store.path, FOLDER, f"{kept or 'view'}-{crc32(name.encode(errors='surrogatepass')):08x}.json")


def _read(path: str) -> SavedView | None:
    try:
        with open_regular(path, whole=False) as file:
            said = json.loads(file.read(4 * _MOST_QUERY))
        by = said.get("by")
        name, page, query, saved_at = (str(said[name]) for name in ("name", "page", "query", "saved_at"))
        found = SavedView(name, page, query, saved_at, None)
        is_own = found.page in PAGES or found.page.startswith("/run/")
        return found._replace(by=None if by is None else str(by)) if is_own and "//" not in found.page else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None  # somebody else's file, or half of one: views are a convenience
