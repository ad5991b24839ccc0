"""One run: what it was given and from where, what changed, what came of it, and how to do it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ..api.changes.undoing import edits_of
from ..api.difference import type_name
from ..api.shapes import full_run_json
from ..api.stored.course import changes_grid
from ..api.stored.opening import find_id, open_by_id
from ..api.stored.run_facts import is_library_default, leaf_marks, run_facts
from ..api.stored.stored_run import StoredRun
from ..configs.explanation import Explanation, explain_section, one_line, shown_value, told_change
from ..errors import GivensError
from ..keys import KeyPath, format_path
from ..launch.forms import FORMS
from ..records.change import MISSING
from ..records.encoded import BLOB, TAG, leaves
from ..records.result import Result
from .answering import EMPTY_VIEW, Answering, answering, json_answer, view_of
from .asked_view import AskedView
from .equivalents import Same
from .run_values import editable_text
from .runs_routes import downloads

_FOLDED = 3  #: flags of libraries from which on they are folded
_VALUE_WIDTH = 2_000
_MOST_PATCH = 200_000
_MOST_TEXT = 100_000  #: characters of a form of the config

#: what the reproduce block shows: heading -> form
REPRODUCE: dict[str, str] = {
    "Command line": "argv",
    "Overrides": "overrides",
    "YAML": "yaml",
    "Python": "python",
}


class Leaf(NamedTuple):
    """One key of the run page.

    Args:
        path: as text.
        name: its last part, as text.
        depth: how deep it lies.
        value: as Python writes it.
        type: what Python calls its type.
        description: its help text.
        origin: where the value came from.
        chain: what was ever given, newest first.
        marks: what is worth a second look.
        is_edited: it was changed after the run.
        is_folded: a library's own flag at its default.
        editable: the value as one would type it; None where it cannot be edited as text.
    """

    path: str
    name: str
    depth: int
    value: str
    type: str
    description: str | None
    origin: str
    chain: tuple[Link, ...]
    marks: str
    is_edited: bool
    is_folded: bool
    editable: str | None


class Link(NamedTuple):
    """One change of a key: what it was set to, from where, when, what is to be said; and whether it stands."""

    what: str
    origin: str
    at: str
    marks: str
    has_won: bool


class Section(NamedTuple):
    """One section of the tree: its name, its own leaves, and the sections in it."""

    name: str
    path: str
    leaves: list[Leaf]
    inside: list[Section]


async def run_page(request: Request) -> Response:
    """The page of a run; a name, ``last`` or the beginning of an id leads to it."""
    room, view, ref = answering(request), view_of(request), request.path_params["ref"]
    await room.live.fresh()

    def made() -> Response:
        run_id = find_id(room.asking, ref)
        if run_id != ref:
            query = view.query_with()
            return RedirectResponse(f"/run/{run_id}" + (f"?{query}" if query else ""), 303)
        return _run_page(room, view, open_by_id(room.live.store, run_id))

    return await room.live.ask(made)


async def run(request: Request) -> Response:
    """``/api/run/ID``: the shape of ``givens show --json``."""
    room, ref = answering(request), request.path_params["ref"]
    found = await room.live.ask(lambda: full_run_json(open_by_id(room.live.store, find_id(room.asking, ref))))
    return json_answer(found)


def _run_page(room: Answering, view: AskedView, run: StoredRun) -> Response:
    same = same_run(room, run)
    leaves = leaves_of(run)
    edits = [each for each in edits_of(room.live.store) if run.id in each.runs][-50:] if run.folded.edits else []
    return room.page(
        "run.html",
        view,
        here=f"/run/{run.id}",
        run=run,
        facts=list(run_facts(run)),
        leaves=leaves,
        tree=tree_of(leaves),
        is_tree=view.one("view") != "flat",
        results=results_in(run.folded.state.results),
        changes=changes_of(run),
        reproduce=reproduced(run),
        rerun=room.same.same(["rerun", run.id], "").command,
        is_newest=find_id(room.asking, "last") == run.id,
        packages=packages_of(run),
        patch=patch_of(run),
        sessions=[(session, _rows(rows)) for session, rows in run.differing_sessions()],
        children=[(child, _rows(rows), results_in(child.results)) for child, rows in run.differing_children()],
        edits=edits,
        edit_data={
            "id": run.id,
            "name": one_line(run.name),
            "tags": list(run.tags),
            "notes": run.notes,
            "edits": [each.to_json() for each in edits],
        },
        command=same.command,
        python=same.python,
        downloads=downloads("run", EMPTY_VIEW, run=run.id),
    )


def same_run(room: Answering, run: StoredRun) -> Same:
    """The run elsewhere."""
    return room.same.same(["show", run.id], room.same.call("open", repr(run.id)))


def leaves_of(run: StoredRun) -> list[Leaf]:
    """Every key, in the order of the config."""
    inside = explain_section(run.folded.state, ()).inside
    library = [leaf for leaf in inside if is_library_default(leaf)]
    folded = {leaf.path for leaf in library} if len(library) >= _FOLDED else set()
    return [_leaf(leaf, is_folded=leaf.path in folded) for leaf in inside]


def _leaf(leaf: Explanation, *, is_folded: bool) -> Leaf:
    setter = leaf.setter
    chain = tuple(Link(*told_change(change, leaf), change is setter) for change in leaf.changes)
    return Leaf(
        path=format_path(leaf.path),
        name=format_path(leaf.path[-1:]),
        depth=len(leaf.path) - 1,
        value=shown_value(leaf.value, _VALUE_WIDTH),
        type=type_name(leaf.value),
        description=leaf.description,
        origin=one_line(leaf.origin or "unknown"),
        chain=chain,
        marks=leaf_marks(leaf),
        is_edited=leaf.edited,
        is_folded=is_folded,
        editable=editable_text(leaf.value),
    )


def tree_of(leaves: list[Leaf]) -> Section:
    """The same as a tree."""
    root = Section("", "", [], [])
    sections: dict[tuple[Any, ...], Section] = {(): root}
    for leaf in leaves:
        path = tuple(KeyPath.parse(leaf.path))
        for length in range(1, len(path)):
            if path[:length] not in sections:
                made = Section(format_path(path[length - 1 : length]), format_path(path[:length]), [], [])
                sections[path[:length]] = made
                sections[path[: length - 1]].inside.append(made)
        sections[path[:-1]].leaves.append(leaf)
    return root


def results_in(results: Mapping[str, Result]) -> list[dict[str, str]]:
    """Every result: last, least and greatest, with their steps."""
    rows = []
    for name, found in results.items():
        if found.last is MISSING and found.min is None:
            continue
        rows.append(
            {
                "name": name,
                "last": "" if found.last is MISSING else shown_value(found.last, 200),
                "min": "" if found.min is None or not found.count else shown_value(found.min),
                "min_step": "" if found.min_step is None else str(found.min_step),
                "max": "" if found.max is None or not found.count else shown_value(found.max),
                "max_step": "" if found.max_step is None else str(found.max_step),
                "count": str(found.count) if found.count else "",
            }
        )
    return rows


def changes_of(run: StoredRun) -> list[dict[str, str]]:
    """What replaced, removed or failed to replace something, oldest first."""
    grid = changes_grid(run)
    names = [column.name for column in grid.columns]
    return [dict(zip(names, cells, strict=True)) for cells in grid.shown(limit=200)]


def reproduced(run: StoredRun) -> list[tuple[str, str, str]]:
    """(heading, text, why there is none) of each form in which the run can be given again."""
    found = []
    # writing a value of a megabyte as YAML takes a second, and nobody copies it from here
    is_long = sum(map(_length, (value for _, value in leaves(run.folded.state.config)))) > _MOST_TEXT
    for heading, form in REPRODUCE.items():
        try:
            text, problem = "" if is_long and form != "argv" else FORMS[form](run), ""
            if len(text) > _MOST_TEXT or (is_long and not text):
                text, problem = "", f"Too long to show: givens command {run.id} --as {form}"
        except GivensError as error:  # its command line held a secret
            text, problem = "", str(error)
        found.append((heading, text, problem))
    return found


def _length(value: Any) -> int:
    """Characters of a text; what lies in a file of its own is long."""
    if type(value) is dict and value.get(TAG) == BLOB:
        return _MOST_TEXT + 1
    return len(value) if type(value) is str else 0


def packages_of(run: StoredRun) -> list[tuple[str, str]]:
    """The installed packages, as far as known."""
    found = run.surroundings.get("packages")
    return sorted((str(name), str(version)) for name, version in found.items()) if isinstance(found, dict) else []


def patch_of(run: StoredRun) -> str | None:
    """What the working tree had beside the commit; a very long one is cut."""
    try:
        patch = run.patch
    except GivensError as error:
        return str(error)
    if patch is not None and len(patch) > _MOST_PATCH:
        return f"{patch[:_MOST_PATCH]}\n… {len(patch) - _MOST_PATCH} more characters"
    return patch


def _rows(rows: Any) -> list[tuple[str, str, str]]:
    """Differences of a session or a forked child: key, before, after."""
    return [(format_path(row.path), shown_value(row.cells[0], 80), shown_value(row.cells[1], 80)) for row in rows]
