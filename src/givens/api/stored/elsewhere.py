"""Runs whose process cannot be seen from here: what a scheduler says of them, and what it wrote."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

#: from here on a run that is silent is asked for: a shorter silence is how a training loop breathes
SILENT_S = 60.0
_MOST_BYTES = 1 << 20


class Unseen(Protocol):
    """What is asked of a run."""

    @property
    def state(self) -> str: ...
    @property
    def alive(self) -> bool | None: ...
    @property
    def silent_s(self) -> float | None: ...
    @property
    def job(self) -> str | None: ...


def is_silent(run: Unseen) -> bool:
    """Whether a run is running as far as anybody knows, and has said nothing for a while."""
    return run.state == "running" and run.alive is None and run.silent_s is not None and run.silent_s >= SILENT_S


def queue_of(runs: Iterable[Unseen]) -> dict[str, str]:
    """Job -> what Slurm's queue says of it, for the silent ones among some runs; empty where nobody can be asked."""
    jobs = {run.job for run in runs if run.job is not None and is_silent(run)}
    if not jobs:
        return {}
    from ...capture.queue import job_states

    return job_states(jobs) or {}


class Log(NamedTuple):
    """The end of a file that a run's output goes to.

    Args:
        path: the file.
        lines: its last lines.
        problem: why it cannot be read; None when it can.
    """

    path: str
    lines: tuple[str, ...]
    problem: str | None = None


def ends_of_logs(paths: Sequence[str], count: int) -> list[Log]:
    """The last lines of files; of what was printed over itself (a progress bar), the last state.

    Args:
        paths: the files.
        count: at most so many lines of each.
    """
    return [_end_of(path, count) for path in paths]


def _end_of(path: str, count: int) -> Log:
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # a stranger's run may name a pipe, or a device
            return Log(path, (), "it is no regular file")
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            file.seek(max(0, size - _MOST_BYTES))
            content = file.read(_MOST_BYTES)
    except OSError as error:
        return Log(path, (), error.strerror or str(error))
    except ValueError as error:  # no name that a file can have
        return Log(path, (), str(error))
    lines = content.decode("utf-8", "replace").split("\n")
    if size > _MOST_BYTES:
        lines = lines[1:]  # the first is cut
    if lines and not lines[-1]:
        lines.pop()
    return Log(path, tuple(line.rstrip("\r").rpartition("\r")[2] for line in lines[-count:]))
