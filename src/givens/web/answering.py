"""What every route has at hand, and the forms in which it answers."""

from __future__ import annotations

import json
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from .. import __version__
from ..api.asking import redaction_of
from ..api.page.facts import projects_of
from ..api.page.ignored_keys import all_patterns
from ..api.page.live_asking import LiveAsking
from ..api.page.row_pages import RowPages
from ..api.run_table import RunTable
from .asked_view import AskedView, asked_view
from .equivalents import Equivalents
from .live_store import LiveStore
from .templating import environment

NO_STORE = {"Cache-Control": "no-store"}

#: the views: path -> what the navigation calls it
VIEWS: dict[str, str] = {
    "/": "Runs",
    "/compare": "Compare",
    "/group": "Group",
    "/pivot": "Pivot",
    "/plot": "Plot",
    "/importance": "Importance",
    "/keys": "Keys",
    "/duplicates": "Duplicates",
    "/edits": "Edits",
}

#: parameters that one view hands on to the next
_HANDED_ON = ("filter", "project", "ignore", "ignored")


class Answering:
    """The store, the templates, and how the page was started.

    Args:
        live: the store.
        folder: what ``--dir`` named; None: it was not given.
    """

    def __init__(self, live: LiveStore, folder: str | None) -> None:
        self.live = live
        self.templates = environment()
        self.same = Equivalents(folder, redaction_of(live.store))

    @property
    def asking(self) -> LiveAsking:
        """The store's index."""
        return self.live.asking

    @property
    def pages(self) -> RowPages:
        """Pages of its runs."""
        return self.live.pages

    def table(self, view: AskedView) -> RunTable:
        """The runs of a view, in no particular order."""
        return RunTable(self.asking, view.node, project=view.project, now_s=view.now_s)

    def patterns(self, view: AskedView) -> tuple[str, ...]:
        """The keys that the view leaves out."""
        if view.is_unignored:
            return view.ignore
        return tuple(dict.fromkeys((*all_patterns(self.live.store, view.project), *view.ignore)))

    def page(self, template: str, view: AskedView, *, status: int = 200, **content: Any) -> Response:
        """A page: for a thread, since it asks the index for the projects.

        Args:
            template: its file.
            view: what was asked.
            status: of the answer.
            content: what the template needs.
        """
        store = self.live.store
        frame = {
            "view": view,
            "views": VIEWS,
            "projects": self.asking.ask(projects_of),
            "store_path": store.path,
            "givens_version": __version__,
            "version": self.live.version,
            "index_notes": self.live.notes,
            "handed": _handed_on(view),
            "command": "",
            "python": "",
            "downloads": (),
        }
        text = self.templates.get_template(template).render({**frame, **content})
        body = text.encode("utf-8", "backslashreplace")
        return Response(body, status, NO_STORE, "text/html; charset=utf-8")


def answering(request: Request) -> Answering:
    """What the application holds."""
    found = request.app.state.answering
    assert isinstance(found, Answering)
    return found


def view_of(request: Request) -> AskedView:
    """What the address asks for; the errors are those of ``asked_view``."""
    return asked_view(request.query_params)


EMPTY_VIEW = asked_view(QueryParams(""))


def json_answer(content: Any, status: int = 200) -> Response:
    """JSON that every reader takes: no NaN, nothing beyond ASCII."""
    body = json.dumps(content, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return Response(body, status, NO_STORE, "application/json")


def _handed_on(view: AskedView) -> str:
    from urllib.parse import urlencode

    return urlencode([(name, value) for name, value in view.query if name in _HANDED_ON and value])
