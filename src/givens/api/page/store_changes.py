"""Which runs changed in an index since one last looked: read off what the fold keeps of files, edits and states."""

from __future__ import annotations

import json
from typing import NamedTuple

from ...index import Index
from ...index.texts import unescape

MOST_IDS = 200  #: of more runs only their number matters


class Changed(NamedTuple):
    """What changed.

    Args:
        ids: the runs, at most ``MOST_IDS``.
        more: there are others, or nobody can say which.
        total: how many runs there are now.
    """

    ids: tuple[str, ...]
    more: bool
    total: int

    def __bool__(self) -> bool:
        return bool(self.ids) or self.more


class _Seen(NamedTuple):
    version: tuple[str, int]
    total: int
    last_run: int
    last_source: int
    growing: dict[int, int]
    edits: dict[str, int]
    states: dict[int, str]
    surroundings: int


class StoreChanges:
    """Looks at an index again and again, always by the same connection."""

    def __init__(self) -> None:
        self._seen: _Seen | None = None

    def look(self, index: Index, *, folded: bool) -> Changed:
        """What changed since the last look; the first sees nothing.

        Args:
            index: where to look; brought up to date by the caller.
            folded: whether the caller's refresh wrote to it.
        """
        before = self._seen
        (written,) = index.connection.execute("PRAGMA data_version").fetchone()
        version = index.path, int(written)
        if before is not None and before.version == version and not folded:
            states = _states(index)
            turned = {run for run, state in states.items() if before.states.get(run) != state}
            self._seen = before._replace(states=states)
            return Changed(_ids(index, turned), False, before.total)
        now = self._seen = _seen(index, version)
        if before is None:
            return Changed((), False, now.total)
        if before.version[0] != version[0]:  # another file: its numbers are others
            return Changed((), True, now.total)
        runs = _touched(index, before, now)
        sql = "SELECT count(*) FROM run WHERE run > ?"
        (came,) = index.connection.execute(sql, (before.last_run,)).fetchone()
        gone = now.total < before.total + came
        surroundings = now.surroundings != before.surroundings
        return Changed(_ids(index, runs), gone or surroundings or len(runs) > MOST_IDS, now.total)


def _seen(index: Index, version: tuple[str, int]) -> _Seen:
    ask = index.connection.execute
    total, last_run = ask("SELECT count(*), coalesce(max(run), 0) FROM run").fetchone()
    (last_source,) = ask("SELECT coalesce(max(source), 0) FROM source").fetchone()
    growing = dict(ask("SELECT source, size FROM source WHERE done = 0 AND loose = 1").fetchall())
    edits = dict(ask("SELECT writer, size FROM edit_file").fetchall())
    (waiting,) = ask("SELECT count(*) FROM env WHERE dirty IS NULL").fetchone()
    return _Seen(version, total, last_run, last_source, growing, edits, _states(index), waiting)


def _states(index: Index) -> dict[int, str]:
    """Of every run that has not ended: running or lost."""
    index.mark_states()
    return dict(index.connection.execute("SELECT run, state FROM now").fetchall())


def _touched(index: Index, before: _Seen, now: _Seen) -> set[int]:
    ask = index.connection.execute
    limit = MOST_IDS + 1
    runs = {run for (run,) in ask("SELECT run FROM run WHERE run > ? LIMIT ?", (before.last_run, limit))}
    runs |= {run for (run,) in ask("SELECT run FROM source WHERE source > ? LIMIT ?", (before.last_source, limit))}
    grown = [source for source, size in before.growing.items() if now.growing.get(source) != size]
    found = ask("SELECT s.run FROM json_each(?) b JOIN source s ON s.source = b.value", (json.dumps(grown[:limit]),))
    runs |= {run for (run,) in found}
    for writer in [writer for writer, size in now.edits.items() if before.edits.get(writer) != size]:
        sql = (
            "SELECT r.run FROM edit_run e JOIN run r ON r.id = e.id WHERE e.writer = ? OR e.writer IN "
            "(SELECT of_writer FROM edit_undo WHERE writer = ?) LIMIT ?"
        )
        runs |= {run for (run,) in ask(sql, (writer, writer, limit))}
    runs |= {run for run, state in now.states.items() if before.states.get(run) != state}
    return runs


def _ids(index: Index, runs: set[int]) -> tuple[str, ...]:
    wanted = json.dumps(sorted(runs, reverse=True)[:MOST_IDS])
    rows = index.connection.execute("SELECT run.id FROM json_each(?) b JOIN run ON run.run = b.value", (wanted,))
    return tuple(unescape(run_id) for (run_id,) in rows)
