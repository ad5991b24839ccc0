"""Heads after a removal: none names a run that is gone, so that the next run is held against one that is there."""

from __future__ import annotations

import json
import os
from collections.abc import Collection

from ...errors import StoreError
from ...index import Index, open_index
from ...index.facts import documents_of
from ...index.texts import unescape
from ...journal.heads import MOST_BYTES, Head, head_file, write_head
from ...journal.layout import Store
from ...journal.regular_files import read_small


def renew_heads(store: Store, gone: Collection[str]) -> None:
    """Let the heads that name removed runs name the newest run that their project still has on that host.

    A head is a hint: one that cannot be read or written is left as it is.

    Args:
        store: the store.
        gone: ids of the removed runs.
    """
    stale = {path for path in _heads(store) if _named_in(path) in gone}
    if not stale:
        return
    try:
        with open_index(store) as index:
            index.refresh()
            stale -= _renewed(store, index, stale, gone)
    except StoreError:
        pass  # the removal is done and stands: without an index there is only no newer hint
    for path in stale:  # its project has no run there any more
        _unlink(path)


def _heads(store: Store) -> list[str]:
    try:
        return [entry.path for entry in os.scandir(os.path.join(store.path, "heads"))]
    except OSError:
        return []


def _named_in(path: str) -> str | None:
    try:
        return str(json.loads(read_small(path, MOST_BYTES))["run"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _renewed(store: Store, index: Index, stale: Collection[str], gone: Collection[str]) -> set[str]:
    """Write those heads anew for which there is a run."""
    done: set[str] = set()
    for project, host in index.connection.execute("SELECT DISTINCT project, host FROM run").fetchall():
        path = head_file(store, _text(project), _text(host) or "")
        if path not in stale:
            continue
        rows = index.connection.execute(
            "SELECT id, name FROM run WHERE project IS ? AND host IS ? ORDER BY created_s DESC", (project, host)
        )
        newest = next(((key, name) for key, name in rows if unescape(key) not in gone), None)
        if newest is None:
            continue
        run_id = unescape(newest[0])
        config = documents_of(index.connection, [newest[0]]).get(newest[0], {})
        try:
            write_head(store, _text(project), _text(host) or "", Head(run_id, _text(newest[1]) or run_id, config))
        except OSError:
            continue
        done.add(path)
    return done


def _unlink(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return  # somebody else's: it hints at a run that is not there, and is replaced by the next one


def _text(text: str | None) -> str | None:
    return None if text is None else unescape(text)
