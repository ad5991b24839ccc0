"""From what a person types to a run: id, exact name, unique prefix of an id, ``last``."""

from __future__ import annotations

import os
from typing import NamedTuple

from ..errors import AmbiguousRunError, RunNotFoundError, RunRemovedError
from ..records.events import Event
from .edits import EditBook, read_edits, removed_runs
from .journals import Journal, is_packed, journals_of, runs_in
from .layout import RUN_ID, Store
from .reader import read_events, read_start, read_whole_journal, without_scrubbed
from .regular_files import open_regular


class Heading(NamedTuple):
    """What a run is found by.

    Args:
        begun: the time of its start line; empty where that is lost.
        title: its name at the start.
        renamed: the name it was given later, if it was.
        project: its project.
    """

    begun: str
    title: str | None
    renamed: str | None
    project: str | None


def resolve(store: Store, ref: str, *, project: str | None = None) -> str:
    """The id of the run that a reference names. Order: exact id, ``last``, exact name, unique prefix of an id.

    Args:
        store: where to look.
        ref: what was typed.
        project: ``last`` is this project's newest run if it has any, else the store's.

    Raises:
        RunNotFoundError: no run fits; names the nearest. A RunRemovedError where it was removed.
        AmbiguousRunError: several fit; lists them.
    """
    removed = removed_runs(store)
    if ref in removed:
        raise RunRemovedError(ref, store.path)
    if RUN_ID.fullmatch(ref) and exists(store, ref):
        return ref
    runs = {run_id: journals for run_id, journals in runs_in(store).items() if run_id not in removed}
    if ref in runs:  # only a forked child of it left a journal
        return ref
    if ref == "last":
        return _last(store, runs, project)
    edits = read_edits(store)
    headings = {run_id: heading_of(store, run_id, own[0], edits, renames=True) for run_id, own in runs.items()}
    named = [
        run_id
        for run_id, heading in headings.items()
        if ref in (heading.title, heading.renamed, _edited_name(edits, run_id))
    ]
    fitting = named or [run_id for run_id in runs if ref and run_id.startswith(ref)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        listed = [f"{run_id} ({headings[run_id].title or '?'}, {headings[run_id].begun or '?'})" for run_id in fitting]
        raise AmbiguousRunError(ref, listed)
    names = [heading.title for heading in headings.values() if heading.title]
    raise RunNotFoundError(ref, store.path, [*names, *runs])


def named(store: Store, name: str, project: str | None) -> str | None:
    """The id of the one run that has exactly this name, at its start, by a later word, or by an edit; None: none has.

    Args:
        store: where to look.
        name: the name.
        project: of this project only; None: of any.

    Raises:
        AmbiguousRunError: several have it.
    """
    edits = read_edits(store)
    fitting: list[str] = []
    for run_id, journals in runs_in(store).items():
        if run_id in edits.removed:
            continue
        heading = heading_of(store, run_id, journals[0], edits, renames=True)
        if project is not None and heading.project != project:
            continue
        # a session may rename its run
        later = [heading_of(store, run_id, journal, edits).title for journal in journals[1:]]
        if name in (heading.title, heading.renamed, _edited_name(edits, run_id), *later):
            fitting.append(run_id)
    if len(fitting) > 1:
        raise AmbiguousRunError(name, fitting)
    return fitting[0] if fitting else None


def exists(store: Store, run_id: str) -> bool:
    """Whether the store has a run of exactly that id, loose or in a pack."""
    return os.path.exists(store.run_file(run_id)) or is_packed(store, run_id)


def heading_of(
    store: Store, run_id: str, journal: Journal, edits: EditBook | None = None, *, renames: bool = False
) -> Heading:
    """What a run is found by, from its first journal; from its new place where it moved into a pack meanwhile.

    Args:
        store: the store.
        run_id: the run.
        journal: its first journal.
        edits: the store's edits, for a caller that shows some of it: they know what was taken out since.
        renames: look for a later name as well, for which a loose journal is read whole.
    """
    if edits is not None and edits.scrubs_of(run_id):
        return _heading_without_scrubbed(journal, edits)
    if journal.loose is not None:
        start = read_start(journal.loose)
        if start is not None:
            return _heading(start, _renamed(journal.loose) if renames else None)
        if not journal.packed and not os.path.exists(journal.loose):
            journal = next(iter(journals_of(store, run_id)), journal)
    for copy in journal.packed:
        if copy.member.begun:
            return Heading(copy.member.begun, copy.member.title, copy.member.renamed, copy.member.project)
    return Heading("", None, None, None)


def _heading(start: Event, renamed: str | None) -> Heading:
    title, project = start.get("name"), start.get("project")
    return Heading(
        str(start.get("t", "")),
        None if title is None else str(title),
        renamed,
        None if project is None else str(project),
    )


def _heading_without_scrubbed(journal: Journal, edits: EditBook) -> Heading:
    try:
        events = without_scrubbed(journal, read_whole_journal(journal), edits.scrubs).events
    except OSError:
        return Heading("", None, None, None)
    start = events[0] if events and events[0].get("k") == "start" else {}
    return _heading(start, _last_name(events))


def _last(store: Store, runs: dict[str, list[Journal]], project: str | None) -> str:
    headings = [(run_id, heading_of(store, run_id, journals[0])) for run_id, journals in runs.items()]
    known = [(heading.begun, run_id, heading.project) for run_id, heading in headings if heading.begun]
    own = [entry for entry in known if project is not None and entry[2] == project]
    if not known:
        raise RunNotFoundError("last", store.path)
    return max(own or known)[1]


def _renamed(path: str) -> str | None:
    """The name given after the start, for the few runs that have one: only a journal with a meta line is read whole."""
    try:
        with open_regular(path) as file:
            if b'"k":"meta"' not in file.read():
                return None
    except OSError:
        return None
    return _last_name(read_events(path).events)


def _last_name(events: list[Event]) -> str | None:
    names = [event["name"] for event in events if event.get("k") == "meta" and "name" in event]
    return str(names[-1]) if names else None


def _edited_name(edits: EditBook, run_id: str) -> str | None:
    """The name given afterwards."""
    named = [step[1] for edit in edits.of(run_id) for step in edit.steps if step[0] == "name" and len(step) > 1]
    return str(named[-1]) if named else None
