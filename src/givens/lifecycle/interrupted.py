"""The interrupted run that a command goes on with: ``resume="auto"``."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from ..capture import liveness
from ..codec import same_value
from ..journal import reader
from ..journal.edits import removed_runs
from ..journal.journals import Journal, runs_in
from ..journal.layout import Store
from ..keys import Path
from ..records.encoded import lift
from ..records.sessions import number_in
from ..records.state import RunState

#: so many packed runs are looked at, the newest first
_PACKED = 2_000


class Command(NamedTuple):
    """What tells one command's runs from another's.

    Args:
        project: the project; None: that of the run that is found.
        script: the script, as start lines name it.
        argv: the command line, secrets hidden.
        cwd: the working directory.
        task: the index in a job array, so that tasks with one command line do not take each other's runs.
        job: Slurm's job: one that was requeued is the same, started once more.
        restarts: how often it was requeued.
        turn: which of its process's runs it is, from 1.
        name: the run's name, where it was said.
    """

    project: str | None
    script: str | None
    argv: tuple[str, ...]
    cwd: str
    task: str | None
    job: str | None
    restarts: int
    turn: int
    name: str | None = None

    def is_of(self, start: Mapping[str, Any]) -> bool:
        """Whether a start line is one of this command's."""
        same = command_in(start)
        return (
            same._replace(project=self.project, job=self.job, restarts=self.restarts, name=self.name) == self
            and (self.project is None or same.project == self.project)
            and (self.name is None or same.name == self.name)
            and not start.get("launched")
        )

    def follows(self, start: Mapping[str, Any]) -> bool:
        """Whether this is the job of a start line, started once more: the process that wrote it is gone, wherever it was."""
        before = command_in(start)
        return self.job is not None and before.job == self.job and before.restarts < self.restarts


def command_in(start: Mapping[str, Any]) -> Command:
    """The command of a start line."""
    jobs = start.get("jobs")
    argv, turn = start.get("argv"), start.get("turn")
    return Command(
        start.get("project"),
        start.get("script"),
        tuple(map(str, argv)) if isinstance(argv, list) else (),
        str(start.get("cwd") or ""),
        *_place(jobs if isinstance(jobs, dict) else {}),
        turn=turn if isinstance(turn, int) else 1,
        name=start.get("name"),
    )


def _place(jobs: Mapping[str, Any]) -> tuple[str | None, str | None, int]:
    """Which task of a job, the job's id, and how often it was started again."""
    said = {name: str(value) for of_one in jobs.values() if isinstance(of_one, dict) for name, value in of_one.items()}
    tasks = [f"{name}={said[name]}" for name in _TASKS if name in said]
    restarts = said.get("SLURM_RESTART_COUNT", "0")
    return " ".join(tasks) or None, said.get("SLURM_JOB_ID"), int(restarts) if restarts.isdecimal() else 0


_TASKS = ("SLURM_ARRAY_TASK_ID", "SLURM_PROCID", "PBS_ARRAY_INDEX", "LSB_JOBINDEX", "SGE_TASK_ID")


def find_interrupted(store: Store, command: Command, ordered: Mapping[Path, Any] = MappingProxyType({})) -> str | None:
    """The newest run of a command, when it was interrupted: lost, failed, or of this very job before it was requeued.

    Runs that are alive are passed over; one that finished means that there is nothing to go on with.

    Args:
        store: where to look.
        command: what runs now.
        ordered: what a launcher gives it, encoded: a grid's runs have one command line and other values.

    Raises:
        StoreError: the store cannot be read.
    """
    here = liveness.identity()
    removed = removed_runs(store)
    for run_id, start in _starts(store, removed):
        if not command.is_of(start):
            continue
        state = reader.read_run(store, run_id).state
        if not _was_ordered(state, ordered):
            continue
        if state.finish is not None:
            return run_id if state.finish.get("state") == "failed" else None
        newest = state.start or start
        gone = liveness.is_gone(liveness.identity_of(newest), here)
        if gone or (gone is None and command.follows(newest)):
            return run_id
    return None


def _was_ordered(state: RunState, ordered: Mapping[Path, Any]) -> bool:
    """Whether a launcher gave a run these values, and no others."""
    before = {path for path, origin in state.origins.items() if origin.kind == "override"}
    return before == set(ordered) and all(same_value(lift(state._value(path)), json) for path, json in ordered.items())


def _starts(store: Store, removed: frozenset[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Run id and start line of the runs of a store, what spoke last first; packed ones after those with files."""
    loose: list[tuple[int, str, str]] = []
    packed: list[tuple[str, str, Journal]] = []
    for run_id, journals in runs_in(store).items():
        if run_id in removed:
            continue
        files = [journal.loose for journal in journals if journal.loose is not None]
        if files:
            loose.append((max(map(_changed_ns, files)), run_id, _newest_session(files)))
        else:
            packed.append((max(copy.member.begun for copy in journals[0].packed), run_id, journals[0]))
    for _, run_id, file in sorted(loose, reverse=True):
        start = reader.read_start(file)
        if start is not None:
            yield run_id, start
    for _, run_id, journal in sorted(packed, key=lambda each: each[:2], reverse=True)[:_PACKED]:
        try:
            events = reader.read_whole_journal(journal).events
        except OSError:
            continue  # a list of all runs names it
        if events:
            yield run_id, events[0]


def _newest_session(files: list[str]) -> str:
    """The journal of the run's newest session: a resumed run is its last session's command's."""
    if len(files) == 1:
        return files[0]
    starts = [(reader.read_start(file), file) for file in files]
    own = [(number_in(start), file) for start, file in starts if start is not None and start.get("role") != "child"]
    return max(own, default=(0, files[0]))[1]


def _changed_ns(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns
    except FileNotFoundError:
        return 0
