"""What a stored run is told in: small frozen records."""

from __future__ import annotations

from typing import Any, NamedTuple

from ...records.change import MISSING
from ...records.result import Result
from ...records.state import RunState


class GitFacts(NamedTuple):
    """What was checked out. ``dirty``: tracked files differed from the commit; None when nobody found out."""

    commit: str | None
    branch: str | None
    dirty: bool | None


class MetricResult(NamedTuple):
    """What a run said of one name, decoded. ``times``: how often it was logged."""

    last: Any
    last_step: Any
    min: Any
    min_step: Any
    max: Any
    max_step: Any
    times: int


class ChildRecord(NamedTuple):
    """What a forked child of the run wrote; it does not alter the run.

    Args:
        writer: id of its journal.
        pid: its process id.
        alive: whether it lives; None where that cannot be told.
        state: its own fold, which began with its parent's configuration.
    """

    writer: str
    pid: int | None
    alive: bool | None
    state: RunState

    @property
    def results(self) -> dict[str, Result]:
        """What it logged itself, encoded: none of it is the run's."""
        return {name: found for name, found in self.state.results.items() if found.last is not MISSING}
