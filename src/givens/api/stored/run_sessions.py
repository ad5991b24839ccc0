"""The sessions of a stored run: one for each time that it was begun or resumed."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

from ...configs.comparison import EQUAL, TYPE_DIFFERS, Row, compare
from ...records.command_line import command_line
from ...records.encoded import Tree
from ...records.events import Event
from ...records.sessions import began_at, number_in
from ...records.state import RunState


class SessionRecord(NamedTuple):
    """One session.

    Args:
        number: from 1.
        writer: id of its journal.
        began_at: in UTC, as in the journal.
        lasted_s: how long it went on, in seconds; None when nobody knows.
        ended: ``finished``, ``failed``, ``lost``, ``interrupted`` (another followed, and it had not ended) or ``running``.
        host: the machine it ran on.
        pid: its process.
        command: its command line.
        commit: the commit of its code.
        config: the configuration at its end, encoded.
    """

    number: int
    writer: str
    began_at: str
    lasted_s: float | None
    ended: str
    host: str | None
    pid: int | None
    command: str | None
    commit: str | None
    config: Tree


def sessions_of(state: RunState, stands: str, lasted_s: float | None) -> tuple[SessionRecord, ...]:
    """The sessions of a run, in order.

    Args:
        state: the run's fold.
        stands: how the newest one stands: the run's state.
        lasted_s: how long all of them went on together.
    """
    before = [_record(each.start, each.lasted_s, _ended(each.finish), each.config) for each in state.sessions]
    earlier_s = sum(each.lasted_s for each in state.sessions)
    rest_s = None if lasted_s is None else max(0.0, lasted_s - earlier_s)
    return (*before, _record(state.start or {}, rest_s, stands, state.config))


def differing(sessions: tuple[SessionRecord, ...]) -> list[tuple[SessionRecord, list[Row]]]:
    """Each session with the keys whose values at its end are others than at the end of the one before; 2 is no other than 2.0."""
    rows: list[list[Row]] = [[]]
    for one, other in pairwise(sessions):
        rows.append([row for row in compare([one.config, other.config]) if row.status not in (EQUAL, TYPE_DIFFERS)])
    return list(zip(sessions, rows, strict=True))


def _ended(finish: Event | None) -> str:
    if finish is None:
        return "interrupted"
    return "failed" if finish.get("state") == "failed" else "finished"


def _record(start: Event, lasted_s: float | None, ended: str, config: Tree) -> SessionRecord:
    git: Any = start.get("git")
    pid, host = start.get("pid"), start.get("host")
    return SessionRecord(
        number_in(start),
        str(start.get("writer", "")),
        began_at(start),
        lasted_s,
        ended,
        None if host is None else str(host),
        pid if type(pid) is int else None,
        command_line(start.get("argv")),
        str(git["commit"]) if isinstance(git, dict) and git.get("commit") else None,
        config,
    )
