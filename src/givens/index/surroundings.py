"""What a process's detached capture found out after its runs began: so far, whether the git tree was dirty."""

from __future__ import annotations

import sqlite3
import time

from ..journal.layout import WRITER_ID
from ..journal.reader import read_surroundings
from .packed import PackRows
from .texts import unescape

#: how long a capture that has said nothing is asked again; it takes seconds, but its file may be copied later
_PATIENCE_S = 3600.0
_LEAST_S = 10.0


def until_s(created_s: float | None, now_s: float) -> float:
    """Until when the surroundings of a run are asked again. Those of old runs are not: there may be very many."""
    return max((created_s or 0.0) + _PATIENCE_S, now_s + _LEAST_S)


def dirty_of(packs: PackRows, writer: str) -> int | None:
    """Whether the tree was dirty, as 0 or 1; None while that is not known."""
    if not WRITER_ID.fullmatch(writer):
        return None
    try:
        # nothing is ever taken out of this answer: no scrubs are looked for
        said = read_surroundings(packs.store, writer, packs.journal(f"env/{writer}.jsonl"), {}).get("dirty")
    except OSError:  # somebody else's file: not knowing is an answer here
        return None
    return int(said) if isinstance(said, bool) else None


def learn(connection: sqlite3.Connection, packs: PackRows) -> list[tuple[int, int]]:
    """The surroundings that have spoken since they were met: ``(dirty, env)``, to be written."""
    waiting = connection.execute(
        "SELECT env, writer FROM env WHERE dirty IS NULL AND until_s > ?", (time.time(),)
    ).fetchall()
    found = [(dirty_of(packs, unescape(writer)), env) for env, writer in waiting]
    return [(dirty, env) for dirty, env in found if dirty is not None]
