"""What the index remembers of a journal file, and what is read of one that is folded."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, NamedTuple

from ..journal.layout import RUN_ID, WRITER_ID
from ..records.events import FORMAT, Event
from .journal_file import Lines, events_of
from .run_fold import RunFold
from .run_row import text_of, whole_of

FOLDER = "runs"


class Source(NamedTuple):
    """A row of ``source``, without its number.

    Args:
        file: its path below the store.
        run: number of its run.
        main: whether it is the run's first writer's, or a later session's.
        size: bytes folded.
        head: what tells its first line.
        events: how many were applied.
        bad: how many lines could not be read or applied.
        last_at: time of the last event.
        format: of its start line, where that is newer than this version.
        done: whether it has its finish line.
        carried: what a growing file's results are carried on from.
        loose: whether it has a file of its own; a packed journal has not, or not for long.
    """

    file: str
    run: int
    main: int
    size: int
    head: str
    events: int
    bad: int
    last_at: str | None
    format: int | None
    done: int
    carried: str | None
    loose: int = 1


#: takes out of a journal's events (events, lines, file) what scrubs took out
Scrubbed = Callable[[list[Event], list[bytes], str], list[Event]]

SOURCE_COLUMNS = ", ".join(Source._fields)


class Named(NamedTuple):
    """What a journal's name says: whose run it is, and whether its first writer's."""

    run_id: str
    main: bool


def named(name: str) -> Named | None:
    """Read a file's name; None when it is no journal's."""
    stem, _, ending = name.rpartition(".")
    if ending != "jsonl":
        return None
    run_id, _, writer = stem.partition(".")
    if not RUN_ID.fullmatch(run_id) or (writer and not WRITER_ID.fullmatch(writer)):
        return None
    return Named(run_id, not writer)


def file_of(name: str) -> str:
    """A journal's path below the store."""
    return f"{FOLDER}/{name}"


def path_of(store_path: str, file: str) -> str:
    """A journal's path on disk."""
    return os.path.join(store_path, *file.split("/"))


def fold_whole(content: Lines, file: str, run: int, fold: RunFold, scrubbed: Scrubbed) -> Source:
    """Fold a first writer's journal, or a later session's on top of it, from its start; its row, but for ``carried``."""
    fold.failed = 0
    events, bad = events_of(content.lines)
    events = scrubbed(events, content.lines, file)
    for event in events:
        fold.take(event)
    empty = Source(file, run, 1, 0, content.head, 0, 0, None, None, 0, None, int(content.loose))
    return main_row(empty, fold, len(events), bad + content.bad, content.end)


def main_row(row: Source, fold: RunFold, events: int, bad: int, size: int) -> Source:
    """A first writer's row after more of its events were folded."""
    return Source(
        *(row.file, row.run, 1, size, row.head, row.events + events - fold.failed, row.bad + bad + fold.failed),
        *(text_of(fold.last_at) or row.last_at, newer_format(fold.start) or row.format),
        int(fold.finish is not None),
        None,
        row.loose,
    )


def child_row(content: Lines, file: str, run: int) -> Source:
    """A forked child's row: it says when it last spoke, and nothing of its run's configuration."""
    events, bad = events_of(content.lines)
    empty = Source(file, run, 0, content.end, content.head, 0, 0, None, None, 0, None, int(content.loose))
    return grown_child(empty, events, bad + content.bad, content.end)


def grown_child(row: Source, events: list[Event], bad: int, size: int) -> Source:
    """A child's row after more of its events."""
    last_at, newer, done = row.last_at, row.format, row.done
    for event in events:
        last_at = text_of(event.get("t")) or last_at
        if event.get("k") == "start":
            newer = newer_format(event) or newer
        elif event.get("k") == "finish":
            done = 1
    return row._replace(
        size=size, events=row.events + len(events), bad=row.bad + bad, last_at=last_at, format=newer, done=done
    )


def newer_format(start: Event | None) -> int | None:
    """The format a start line names, where it is one this version does not know."""
    found: Any = whole_of((start or {}).get("format"))
    return found if found is not None and found > FORMAT else None
