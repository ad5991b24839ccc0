"""The only mutable globals of the package: the current run, the runs that are alive, and the staging config."""

from __future__ import annotations

import atexit
import os
import threading
from typing import TYPE_CHECKING, Any

from ..settings import Settings
from . import lines
from .place import project_of, working_directory

if TYPE_CHECKING:
    from ..codec import Redaction
    from ..configs.config import Config
    from ..journal.heads import Head
    from .run import Run
    from .summary import Summary
    from .surroundings import Capture


class Current:
    """What this process is doing at the moment.

    Attributes:
        run: the run that handles and functions without a run mean; None before the first and after its finish.
        last: the run that was current most recently.
        staging: what was written to ``givens.config`` while no run was there; None when nothing was.
        staging_pid: the process that began the staging; a forked child does not report its parent's.
        alive: every run that has not finished, also those made with ``reinit="create_new"``.
        first_id: the id that the first run of this process began with.
        turn: which run of this process is the one that began last, from 1; a loop over parameters takes turns.
        surroundings: the detached capture of this process; None before it was started.
        hooked: exit, exception and fork hooks are in place.
        left: exit code of the ``sys.exit`` that is under way; None when there was none, or somebody caught it.
        passenger: by which that is seen (``exits.py``).
        excepthook: our exception hook.
        exception: what nobody caught.
        redactions: by the patterns they go by.
        twins: wandb's own variables count as well: ``givens.wandb`` was imported.
        heads_before: by store and project, the last run before this process; None when there was none.
        heads_written_at_s: by store and project, when this process last wrote the head (monotonic clock).
        heads_waiting: by store and project, the run whose head is written when the program ends.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.run: Run | None = None
        self.last: Run | None = None
        self.staging: Config | None = None
        self.staging_pid = 0
        self.alive: list[Run] = []
        self.first_id: str | None = None
        self.turn = 0
        self.surroundings: Capture | None = None
        self.hooked = False
        self.left: int | None = None
        self.passenger: object = None
        self.excepthook: object = None
        self.exception: BaseException | None = None
        self.redactions: dict[tuple[str, ...], Redaction] = {}
        self.twins = False
        self.heads_before: dict[tuple[str, str | None], Head | None] = {}
        self.heads_written_at_s: dict[tuple[str, str | None], float] = {}
        self.heads_waiting: dict[tuple[str, str | None], Run] = {}


current = Current()


def redaction_for(settings: Settings) -> Redaction:
    """The redaction of these settings' patterns, one to a process: what it has learned of keys and secrets holds on."""
    found = current.redactions.get(settings.redact)
    if found is None:
        from ..codec import Redaction

        found = current.redactions[settings.redact] = Redaction(settings.redact)
    return found


def config_for_reading() -> Config:
    """The current run's config, what is staged, the last run's config, or an empty staging config."""
    if current.run is not None:
        return current.run.config
    if current.staging is not None:
        return current.staging
    if current.last is not None:
        return current.last.config
    return config_for_writing()


def config_for_writing() -> Config:
    """The current run's config, or the staging config, begun if need be."""
    if current.run is not None:
        return current.run.config
    if current.staging is None:
        from ..configs.staging import staging_config

        if not current.staging_pid:
            atexit.register(_report_staging)
        current.staging_pid = os.getpid()
        # The settings' own patterns are not known before init; the default rules hide what staging may show
        current.staging = staging_config(redaction_for(Settings()), project_of(working_directory()))
        point_handles()
    return current.staging


def _report_staging() -> None:
    """Say what was staged and never taken up: nothing given goes silently."""
    staged = current.staging
    if staged is None or not len(staged) or current.staging_pid != os.getpid():
        return
    keys = ", ".join(str(key) for key in list(staged)[:5]) + (", …" if len(staged) > 5 else "")
    count = f"{len(staged)} values" if len(staged) > 1 else "1 value"
    lines.say(f"{count} given to givens.config ({keys}) went into no run: no init() came after it")


def summary_for_reading() -> Summary | None:
    """The summary of the current run, else of the last one; None before the first."""
    run = current.run or current.last
    return None if run is None else run.summary


def summary_for_writing() -> Summary:
    """The same, for writing.

    Raises:
        NoRunError: there was no run.
    """
    from ..errors import NoRunError

    summary = summary_for_reading()
    if summary is None:
        raise NoRunError("givens.summary")
    return summary


_handles: list[Any] = []


def register_handle(handle: Any) -> None:
    """Keep a handle pointed at the current config."""
    _handles.append(handle)
    handle.point_at(config_for_reading())


def point_handles() -> None:
    """Point every handle at the config it now stands for."""
    for handle in _handles:
        handle.point_at(config_for_reading())


def make_current(run: Run | None) -> None:
    """Let a run be the current one; None when it has finished."""
    if run is None:
        current.last = current.run or current.last
    elif current.staging is not None:
        from ..configs.staging import retire  # loaded already: it made the staging

        # a section kept from before (`train = givens.config["train"]`) says that no run sees what is written to it
        retire(current.staging)
        current.staging = None
    current.run = run
    point_handles()
