"""Reading journals: one file, or one run with all its files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from ..errors import RunNotFoundError
from ..records.edits import RunEdit, apply_edits
from ..records.events import FORMAT, Event
from ..records.scrubs import NO_PATCHES, Patches, RunScrub, Scrubs, all_patched, patched, writer_of
from ..records.sessions import in_order
from ..records.state import RunState
from .blobs import read_blob
from .edits import EditBook, read_edits, read_scrubs
from .journals import Journal, journal_of, journals_of, read_journal, runs_in
from .layout import WRITER_ID, Store
from .lines import BadLine, parse
from .regular_files import open_regular


class FileContent(NamedTuple):
    """What a journal file holds.

    Args:
        events: the whole lines that check, in order.
        bad: the others, except a torn last line.
        end: offset in bytes behind the last whole line.
    """

    events: list[Event]
    bad: list[BadLine]
    end: int


class StoredRun(NamedTuple):
    """One run, folded from its journals.

    Args:
        run_id: its id.
        state: what the events of its sessions add up to.
        children: forked children: writer id -> their own state.
        bad: lines that could not be read.
        newer: formats newer than this version knows, as found in start lines.
        edits: what was changed afterwards, in order; ``state`` has it.
        files: where its journals are, its first writer's first: paths, and ``pack:name`` for those in packs.
        scrubs: what was taken out of it since it was written; ``state`` does not have it, whatever its journals hold.
        patches: what stands in place of it, in the surroundings of its processes as well, for whoever reads those next;
            None where they have to look for it.
    """

    run_id: str
    state: RunState
    children: dict[str, RunState]
    bad: list[BadLine]
    newer: list[int]
    edits: tuple[RunEdit, ...] = ()
    files: tuple[str, ...] = ()
    scrubs: tuple[RunScrub, ...] = ()
    patches: Scrubs | None = None


def read_events(path: str, offset: int = 0, until: int | None = None, without: tuple[bytes, ...] = ()) -> FileContent:
    """Read a journal. A last line without its newline is not there yet; bad lines are reported.

    Args:
        path: the file.
        offset: byte to begin at, the beginning of a line.
        until: byte to stop at; what is there when the file is opened, if left out, since a writer that is faster
            than its reader would never let it come to an end.
        without: beginnings of lines to pass over unread.

    Raises:
        OSError: the file cannot be read.
    """
    events: list[Event] = []
    bad: list[BadLine] = []
    end = offset
    with open_regular(path) as file:
        stop = os.fstat(file.fileno()).st_size if until is None else until
        file.seek(offset)
        for number, line in enumerate(file, 1):
            if not line.endswith(b"\n") or end + len(line) > stop:
                break
            end += len(line)
            if line == b"\n" or line.startswith(without):
                continue
            event = parse(line[:-1])
            if isinstance(event, str):
                bad.append(BadLine(path, number, event))
            else:
                events.append(event)
    return FileContent(events, bad, end)


def read_whole_journal(journal: Journal) -> FileContent:
    """Read a journal wherever its copies lie. What is wrong with a copy as a whole is a bad line with number 0.

    Raises:
        OSError: it cannot be read; FileNotFoundError when its copies went away, perhaps into a pack.
    """
    if journal.loose is not None and not journal.packed:
        return read_events(journal.loose)
    content, problems = read_journal(journal)
    events: list[Event] = []
    bad = [BadLine(journal.place, 0, problem) for problem in problems]
    lines = content.split(b"\n")
    torn = lines.pop()
    for number, line in enumerate(lines, 1):
        event = parse(line) if line else None
        if isinstance(event, str):
            bad.append(BadLine(journal.place, number, event))
        elif event is not None:
            events.append(event)
    return FileContent(events, bad, len(content) - len(torn))


def without_scrubbed(journal: Journal, content: FileContent, scrubs: Scrubs) -> FileContent:
    """What a journal holds without what was taken out of it since; its file may be an old copy's."""
    if not scrubs:
        return content
    return content._replace(events=all_patched(content.events, patches_for(journal, content.events, scrubs)))


def patches_for(journal: Journal, events: list[Event], scrubs: Scrubs) -> Patches:
    """What was taken out of one journal."""
    return scrubs.get(writer_of(events[0] if events else None, journal.name), NO_PATCHES)


def read_start(path: str, scrubs: Scrubs | None = None) -> Event | None:
    """The start event of a journal, without reading the rest; None when its first line is not whole.

    Args:
        path: the file.
        scrubs: what was taken out of events since they were written, for a caller that shows some of it.
    """
    try:
        with open_regular(path) as file:
            line = file.readline()
    except OSError:
        return None
    event = parse(line[:-1]) if line.endswith(b"\n") else "torn"
    if not isinstance(event, dict) or event.get("k") != "start":
        return None
    return patched(event, scrubs.get(str(event.get("writer")), NO_PATCHES)) if scrubs else event


_TRIES = 5  # a journal moves into a pack at most once while one looks for it


def read_run(
    store: Store,
    run_id: str,
    edits: EditBook | None = None,
    journals: list[Journal] | None = None,
    *,
    without: str | None = None,
) -> StoredRun:
    """Fold one run from its journals, session by session, and lay over it what was changed afterwards.

    Args:
        store: the store.
        run_id: the run.
        edits: the store's edits, where the caller reads many runs; None: those of this run are read.
        journals: its journals, where the caller listed the store; None: they are looked for.
        without: the writer of a journal to leave out: of the session that asks what came before it.

    Raises:
        RunNotFoundError: the store has no journal of that id, or only empty ones.
        OSError: a journal cannot be read.
    """
    listed = journals_of(store, run_id) if journals is None else journals
    for tries in range(_TRIES):
        if not listed:
            raise RunNotFoundError(run_id, store.path)
        try:
            contents = [read_whole_journal(journal) for journal in listed]
            break
        except FileNotFoundError:
            if tries == _TRIES - 1:
                raise
            listed = journals_of(store, run_id)
    found = [
        (journal, content)
        for journal, content in zip(listed, contents, strict=True)
        if (content.end or content.bad or not _is_empty(journal)) and (without is None or journal.writer != without)
    ]
    if not found:
        raise RunNotFoundError(run_id, store.path)
    named = _surroundings_of(found)
    book = read_edits(store, run_id, named) if edits is None else edits
    found = [(journal, without_scrubbed(journal, content, book.scrubs)) for journal, content in found]
    made = book.of(run_id)
    main, children = _folded(store, found, made)
    bad = [line for _, content in found for line in content.bad] + (book.bad if edits is None else [])
    formats = [(state.start or {}).get("format", FORMAT) for state in (main, *children.values())]
    newer = [number for number in formats if isinstance(number, int) and number > FORMAT]
    files = tuple(journal.place for journal in listed)
    # a scrub made by hand may name other surroundings, whose scrubs nobody looked for
    patches = book.scrubs if edits is not None or _surroundings_of(found) == named else None
    return StoredRun(run_id, main, children, bad, newer, made, files, book.scrubs_of(run_id), patches)


def _surroundings_of(found: list[tuple[Journal, FileContent]]) -> list[str]:
    """The writers of the surroundings that a run's start lines name."""
    starts = [content.events[0] for _, content in found if content.events]
    return [start["env"] for start in starts if type(start.get("env")) is str]


def _folded(
    store: Store, found: list[tuple[Journal, FileContent]], edits: tuple[RunEdit, ...]
) -> tuple[RunState, dict[str, RunState]]:
    """What the run's own sessions add up to, in their order, with its edits; and the forked children, each by itself.

    An edit holds until a later session says something else: it is laid over what stood when it was made.
    """
    main, children = RunState(partial(read_blob, store)), {}
    sessions: list[list[Event]] = []
    for journal, content in found:
        if journal.writer is None:
            _apply(main, content.events)
        elif is_session(content.events):
            sessions.append(content.events)
        else:
            children[journal.writer] = RunState(partial(read_blob, store))
            _apply(children[journal.writer], content.events)
    left = list(edits)
    for at in in_order([events[0] for events in sessions]):
        began = str(sessions[at][0].get("t", ""))
        apply_edits(main, [edit for edit in left if edit.at < began])
        left = [edit for edit in left if edit.at >= began]
        _apply(main, sessions[at])
    apply_edits(main, left)
    return main, children


def _apply(state: RunState, events: list[Event]) -> None:
    for event in events:
        state.apply(event)


def is_session(events: list[Event]) -> bool:
    """Whether a journal is a later session's of its run; a forked child's otherwise."""
    return bool(events) and events[0].get("k") == "start" and events[0].get("role") == "session"


def _is_empty(journal: Journal) -> bool:
    """Whether nothing was ever written to a journal: its process was killed, or its disk full, as the run began.

    A run's first lines come in one piece, so that there is nothing to tell of it; it is passed over, and found again
    once a line is there.
    """
    try:
        return journal.loose is not None and not journal.packed and os.stat(journal.loose).st_size == 0
    except FileNotFoundError:
        return False


def read_all(store: Store) -> Iterator[StoredRun]:
    """Every run of a store that is not removed, oldest file name first; one whose files vanish meanwhile is passed over."""
    edits = read_edits(store)
    for run_id, journals in runs_in(store).items():
        if run_id in edits.removed:
            continue
        try:
            yield read_run(store, run_id, edits, journals)
        except (RunNotFoundError, FileNotFoundError):
            continue


def read_surroundings(
    store: Store, writer: str, journal: Journal | None = None, scrubs: Scrubs | None = None
) -> dict[str, object]:
    """What a process's detached capture found out so far: the members of its events, laid over each other.

    Args:
        store: the store.
        writer: the id that start lines name.
        journal: its journal, where the caller knows its place; None: it is looked for.
        scrubs: what was taken out of events since, where the caller knows it; None: it is looked for.
    """
    found: dict[str, object] = {}
    if journal is None and WRITER_ID.fullmatch(writer):
        journal = journal_of(store, f"env/{writer}.jsonl")
    if journal is not None:
        content = read_whole_journal(journal)
        taken = read_scrubs(store, [writer]) if scrubs is None else scrubs
        for event in all_patched(content.events, taken.get(writer, NO_PATCHES)):
            found.update({key: value for key, value in event.items() if key not in ("k", "n", "t", "dt", "c", "start")})
    return found
