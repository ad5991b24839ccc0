"""Which runs an edit is for: named by references, found by a filter, or both; with what has to be known of them."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from ...capture import entry, liveness
from ...errors import EditError, EditRequestError, FilterAsRunError, RunNotFoundError
from ...index import Index, open_index
from ...index.refreshing import Progress
from ...index.texts import unescape
from ...journal.layout import Store
from ...keys import Path
from ...query.known import UnknownKey, unknown_among
from ...query.nodes import EVERYTHING, Key, Node, Operand, operands
from ...query.parser import parse
from ...query.table import RunQuery
from ..asking import Asking, redaction_of
from ..references import resolve_many
from .edit_requests import Needed, Wanted

_AT_ONCE = 500
_FILTER_SIGNS = "=<>~("  #: one of them is in most filters, and in few names of runs


class Target(NamedTuple):
    """A run that an edit is for.

    Args:
        id: its id.
        name: its name.
        tags: its tags.
        notes: its notes.
        state: ``running``, ``finished``, ``failed`` or ``lost``.
        results: how many results it has.
        config: its configuration, encoded; empty where it was not asked for.
    """

    id: str
    name: str
    tags: tuple[str, ...]
    notes: str | None
    state: str
    results: int
    config: dict[str, Any]


class Chosen(NamedTuple):
    """How runs were asked for.

    Args:
        refs: references to runs, ranges among them.
        filter: a filter as text or as a tree; None for none.
        project: only runs of this project.
        empty: only runs without results.
    """

    refs: tuple[str, ...] = ()
    filter: str | Node | None = None
    project: str | None = None
    empty: bool = False


@contextmanager
def fresh_index(store: Store, progress: Progress | None = None) -> Iterator[Index]:
    """The store's index, with everything in it.

    Raises:
        EditError: another process is folding, so that the answer would not be complete: an edit must not miss runs.
    """
    with open_index(store) as index:
        fresh = index.refresh(progress, wait_s=60.0, copying=progress)
        if not fresh.complete:
            raise EditError(f"the index is being made ({fresh.percent} %): some runs would be missed", "try again")
        yield index


def targets(index: Index, store: Store, chosen: Chosen, *, configs: bool = False) -> list[Target]:
    """The runs that are meant; those that references name first, in their order.

    Raises:
        EditError: nothing says which runs are meant.
        RunNotFoundError, AmbiguousRunError: a reference.
        FilterSyntaxError: the filter does not read.
    """
    if not chosen.refs and chosen.filter is None and chosen.project is None and not chosen.empty:
        raise EditRequestError("no runs are named", "name them with runs=, or say which with filter=")
    ids = _named(store, chosen.refs)
    if chosen.filter is not None or chosen.project is not None or not chosen.refs:
        node = EVERYTHING if chosen.filter is None else chosen.filter
        found = RunQuery(index, node, project=chosen.project).ids()
        passing = set(found)
        ids = [run_id for run_id in ids if run_id in passing] if ids else found
    known = _facts(index, ids)
    documents = index.document(ids) if configs else {}
    made = [known[run_id]._replace(config=documents.get(run_id, {})) for run_id in ids if run_id in known]
    return [target for target in made if not chosen.empty or target.results == 0]


def unknown_in(index: Index, store: Store, chosen: Chosen, wanted: Wanted | None = None) -> tuple[UnknownKey, ...]:
    """The keys that a choice of runs, or an edit of them, names and that no run has; without secrets.

    Args:
        index: where to look.
        store: whose it is.
        chosen: the runs.
        wanted: the edit; keys that it makes itself are not unknown to what it does after.
    """
    node = parse(chosen.filter) if isinstance(chosen.filter, str) else chosen.filter or EVERYTHING
    found = unknown_among(operands(node), index, chosen.project)
    if wanted is not None:
        found += _unknown_needed(index, chosen.project, wanted.needed())
    hide = redaction_of(store).text
    return tuple(each._replace(written=hide(each.written), nearest=hide(each.nearest)) for each in dict.fromkeys(found))


def _unknown_needed(index: Index, project: str | None, needed: list[Needed]) -> list[UnknownKey]:
    """Of the keys of an edit, those that no run has, neither as they are named nor where they stand before the edit."""
    asked = [Key("config", path) for each in needed for path in (each.path, each.before)]
    unknown = {each.operand: each for each in unknown_among(asked, index, project)}
    found = []
    for each in needed:
        one, before = (unknown.get(Key("config", path)) for path in (each.path, each.before))
        if one is None or before is None:
            continue
        if each.is_set:
            found.append(one._replace(comes="keys are renamed first, then retyped, then set"))
        elif each.path == each.before or not _is_said(each.before, needed, unknown):
            found.append(one)
    return found


def _is_said(path: Path, needed: list[Needed], unknown: Container[Operand]) -> bool:
    """Whether the section that a path lies in is named and unknown itself: it is renamed, and not there."""
    above = [each.before for each in needed if each.path == each.before and path[: len(each.path)] == each.path]
    return any(Key("config", each) in unknown for each in above)


def _named(store: Store, refs: tuple[str, ...]) -> list[str]:
    asking = Asking(store)
    try:
        return list(dict.fromkeys(run_id for ref in refs for run_id in resolve_many(asking, ref)))
    except RunNotFoundError as error:
        words = " ".join(refs)
        if any(sign in words for sign in _FILTER_SIGNS):
            raise FilterAsRunError(words, error.store) from None
        raise


def _facts(index: Index, ids: list[str]) -> dict[str, Target]:
    index.mark_states()
    found: dict[str, Target] = {}
    for at in range(0, len(ids), _AT_ONCE):
        portion = ids[at : at + _AT_ONCE]
        rows = index.connection.execute(
            "SELECT id, name, tags, notes, coalesce(finish, (SELECT state FROM now WHERE now.run = run.run)), results "
            f"FROM run WHERE id IN ({', '.join('?' * len(portion))})",
            portion,
        )
        for run_id, name, tags, notes, state, results in rows:
            found[run_id] = Target(
                run_id,
                unescape(name or run_id),
                tuple(json.loads(unescape(tags))) if tags else (),
                None if notes is None else unescape(notes),
                state or "lost",
                results,
                {},
            )
    return found


def start_of(store: Store, note: str | None = None) -> dict[str, Any]:
    """What the start line of a command that edits says: who, where, when; and why, where that was said, without secrets.

    The command line stays out of it: it may hold a value that is a secret only where it was put.
    """
    here = liveness.identity()
    why = None if note is None else redaction_of(store).text(note)
    return {"user": entry.user(), "host": here.host, "pid": here.pid, "note": why}


def grouped(steps: Iterable[tuple[str, tuple[list[Any], ...]]]) -> list[list[Any]]:
    """The member ``e`` of an edit: runs with the same steps stand together."""
    from ...codec import dumps

    together: dict[str, tuple[list[str], tuple[list[Any], ...]]] = {}
    for run_id, own in steps:
        together.setdefault(dumps(own), ([], own))[0].append(run_id)
    return [[ids, list(own)] for ids, own in together.values()]
