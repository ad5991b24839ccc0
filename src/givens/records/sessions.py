"""The sessions of a run that was resumed: each goes on from what the one before left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ..keys import Path
from .change import MISSING
from .encoded import SECRET, TAG, Tree, copied, leaves
from .events import Event

if TYPE_CHECKING:
    from .state import RunState

#: what a start line says of the run, and not of the process that wrote it
_OF_THE_RUN = (
    *("k", "n", "t", "dt", "c", "format", "run", "role", "project", "name", "group", "job_type", "tags", "notes"),
    *("join", "rerun_of"),
)
_OF_THE_LINE = frozenset(("k", "n", "t", "dt", "c", "role"))


class Session(NamedTuple):
    """One session of a run, over when another one began.

    Args:
        number: 1 for the run's first writer.
        start: its start event, with what the run's first says of the run.
        config: the configuration at its end, encoded.
        settled: the configuration as it settled in this session; None when it did not.
        finish: its finish event; None when it was interrupted.
        last_at: time of its last event.
        lasted_s: how long it went on, in seconds, as far as its events tell.
    """

    number: int
    start: Event
    config: Tree
    settled: Tree | None
    finish: Event | None
    last_at: str | None
    lasted_s: float


def begin_session(state: RunState, event: Event) -> None:
    """Let a run go on in another session: configuration, results and history stay, locks and the end do not.

    Args:
        state: the fold of the sessions before; changed in place.
        event: the start event of the new one.
    """
    before: Event = state.start or {}
    lasted_s = float(state.last_s) if isinstance(state.last_s, int | float) else 0.0
    number = number_in(before)
    state.sessions.append(
        Session(number, before, copied(state.config), state.settled, state.finish, state.last_at, lasted_s)
    )
    kept = {name: before[name] for name in _OF_THE_RUN if name in before}
    said = {name: member for name, member in event.items() if name not in _OF_THE_LINE}
    state.start = {**kept, **said, "resumed": event.get("t")}
    state.meta.update({name: event[name] for name in ("name", "tags", "notes") if name in event})
    state.finish = state.exit_code = state.settled = None
    state.locks.clear()


def number_in(start: Event) -> int:
    """The number of the session that a start event begins."""
    number = start.get("session")
    return number if type(number) is int else 1


def began_at(start: Event) -> str:
    """When the session of a start event began, in UTC; of one put together, the newest session's."""
    return str(start.get("resumed") or start.get("t") or "")


def job_in(start: Event) -> str | None:
    """The Slurm job that a start event's process ran in."""
    jobs = start.get("jobs")
    said = jobs.get("slurm") if isinstance(jobs, dict) else None
    job = said.get("SLURM_JOB_ID") if isinstance(said, dict) else None
    return job if isinstance(job, str) else None


def writers_of(state: RunState) -> dict[str, int]:
    """Writer -> number of its session, in order; empty for a run that was never resumed."""
    if not state.sessions:
        return {}
    starts = [*(session.start for session in state.sessions), state.start or {}]
    return {str(start.get("writer", "")): number_in(start) for start in starts}


def in_order(starts: list[Event]) -> list[int]:
    """The places of sessions' start events, in the order of the sessions."""
    return sorted(
        range(len(starts)),
        key=lambda at: (number_in(starts[at]), str(starts[at].get("t")), str(starts[at].get("writer"))),
    )


def earlier_s(sessions: list[Session]) -> float:
    """How long the earlier sessions went on together, in seconds."""
    return sum(session.lasted_s for session in sessions)


def changed_since(sessions: list[Session], config: Tree) -> list[Path]:
    """The units whose values are others than an earlier session had settled, or which are gone.

    A number that became a float or an int of the same value, and another order of keys, are no change.
    """
    settled = next((each.settled for each in reversed(sessions) if each.settled is not None), None)
    if settled is None:
        return []
    now = dict(leaves(config))
    return [
        path
        for path, value in leaves(settled)
        if path and not alike(value, now.get(path, MISSING)) and not (path not in now and _is_secret(value))
    ]


def _is_secret(value: Any) -> bool:
    """Whether a value is one that no run keeps: it goes when a session is not given it again."""
    return type(value) is dict and value.get(TAG) == SECRET


def alike(a: Any, b: Any) -> bool:
    """Whether two planted values are one for a person: 2 is 2.0, True is not 1, the order of keys does not count."""
    if type(a) in (int, float) and type(b) in (int, float):
        return bool(a == b)
    if type(a) is not type(b):
        return False
    if type(a) is Tree:
        return a.keys() == b.keys() and all(alike(value, b[key]) for key, value in a.items())
    if type(a) is list:
        return len(a) == len(b) and all(map(alike, a, b))
    return bool(a == b)
