"""What a shell can complete: runs, keys, projects. Answers at once, from the index as it stands; nothing is folded.

What was begun since the index was last brought up to date is looked up by its file's first line, the newest few only.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import NamedTuple

from ..index import Index, open_index
from ..index.schema import CONFIG, SUMMARY
from ..index.texts import escape, unescape
from ..journal import reader
from ..journal.edits import read_edits
from ..journal.layout import Store

_MOST = 200  # a person reads no longer list
_FRESH = 50


class Completion(NamedTuple):
    """One way to go on: the text, and what it is."""

    text: str
    help: str


def complete_run(store: Store, begun: str) -> list[Completion]:
    """Names and ids of runs that begin with what was typed, the newest first.

    Args:
        store: the store.
        begun: what was typed so far.
    """
    found: dict[str, str] = {}
    with open_index(store) as index:
        for run_id, name, created in [*_fresh(index, store), *_known(index, begun)]:
            day = created[:10]
            if name and name.startswith(begun):
                found.setdefault(name, f"{run_id}, {day}")
            # an id is offered to whoever began to type one: else every run would be there twice
            elif begun and run_id.startswith(begun):
                found.setdefault(run_id, f"{name or 'no name'}, {day}")
    return [Completion(text, help) for text, help in list(found.items())[:_MOST]]


def _known(index: Index, begun: str) -> Iterator[tuple[str, str | None, str]]:
    low, high = escape(begun), escape(begun) + "\U0010ffff"
    sql = (
        "SELECT id, name, created FROM run WHERE (name >= ? AND name < ?) OR (id >= ? AND id < ?) "
        "ORDER BY created_s DESC LIMIT ?"
    )
    for run_id, name, created in index.connection.execute(sql, (low, high, low, high, _MOST)):
        yield unescape(run_id), None if name is None else unescape(name), created or ""


def _fresh(index: Index, store: Store) -> Iterator[tuple[str, str | None, str]]:
    """Runs whose journals the index has not met."""
    known = {run_id for (run_id,) in index.connection.execute("SELECT id FROM run")}
    new = [(paths[0], run_id) for run_id, paths in store.run_files().items() if run_id not in known]
    scrubs = read_edits(store).scrubs if new else None
    for path, run_id in sorted(new, key=lambda each: -_written_s(each[0]))[:_FRESH]:
        start = reader.read_start(path, scrubs) or {}
        yield run_id, str(start["name"]) if start.get("name") else None, str(start.get("t", ""))


def _written_s(path: str) -> float:
    try:
        return os.stat(path).st_mtime
    except OSError:
        return 0.0


def complete_key(store: Store, begun: str, *, metrics: bool = False) -> list[Completion]:
    """Keys of the store's runs that begin with what was typed.

    Args:
        store: the store.
        begun: what was typed so far.
        metrics: names of results instead of keys of configs.
    """
    space = SUMMARY if metrics else CONFIG
    sql = (
        "SELECT path, max(description) FROM key WHERE space = ? AND path >= ? AND path < ? AND list IS NULL "
        "GROUP BY path ORDER BY path LIMIT ?"
    )
    low = escape(begun)
    with open_index(store) as index:
        rows = index.connection.execute(sql, (space, low, low + "\U0010ffff", _MOST)).fetchall()
    return [Completion(unescape(path), unescape(help or "")) for path, help in rows]


def complete_project(store: Store, begun: str) -> list[Completion]:
    """Projects that begin with what was typed."""
    sql = "SELECT project, count(*) FROM run WHERE project IS NOT NULL GROUP BY project ORDER BY project"
    with open_index(store) as index:
        rows = [(unescape(name), count) for name, count in index.connection.execute(sql)]
    return [Completion(name, f"{count} runs") for name, count in rows if name.startswith(begun)][:_MOST]
