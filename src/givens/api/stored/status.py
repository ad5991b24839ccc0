"""Whether a run is running, finished, failed or lost: decided here and nowhere else."""

from __future__ import annotations

from typing import NamedTuple

from ...capture.liveness import Identity, identity_of, is_gone
from ...records.events import Event
from ...records.state import RunState
from ...records.times import epoch_s

#: state -> what it means
STATES: dict[str, str] = {
    "running": "begun and, as far as can be seen from here, still going",
    "finished": "ended by finish() or by the end of the script",
    "failed": "ended by an exception or with an exit code other than 0",
    "lost": "its process is gone and never said how it ended",
}


class Status(NamedTuple):
    """How a run stands.

    Args:
        state: one of ``STATES``.
        alive: whether its process lives; None where that cannot be told from here. False once it has ended.
        silent_s: seconds since its last event, while it runs; else None.
    """

    state: str
    alive: bool | None
    silent_s: float | None


def status_of(state: RunState, last_at: str | None, here: Identity, now_s: float) -> Status:
    """The status of a run.

    Args:
        state: what the run's own process wrote. A forked child says nothing of how its parent ended.
        last_at: time of the newest event of any of the run's processes.
        here: the process that asks.
        now_s: the present time, in seconds since the epoch.
    """
    if state.finish is not None:
        said = state.finish.get("state")
        return Status(said if said in ("finished", "failed") else "finished", False, None)
    # Without its first line nobody knows whose run it was: nobody can be asked whether it goes on.
    gone = is_gone(identity_of(state.start), here) if state.start is not None else True
    if gone:
        return Status("lost", False, None)
    spoken_s = epoch_s(last_at)
    return Status("running", None if gone is None else True, None if spoken_s is None else max(0.0, now_s - spoken_s))


def is_alive(start: Event | None, here: Identity) -> bool | None:
    """Whether the process that a start event names lives; None where that cannot be told."""
    gone = is_gone(identity_of(start), here) if start is not None else None
    return None if gone is None else not gone
