"""A givens run with the names that wandb's has besides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from ..lifecycle import run as _room
from ..lifecycle.init import run_or_raise
from ..lifecycle.summary import Summary as _Summary
from .refused import REFUSED, refusal
from .sinks import SINK_FUNCTIONS, sink_function, without_sinks


class Summary(_Summary):
    """The same summary, without the images and tables that a script puts there."""

    __slots__ = ()

    def update(self, *sources: Any, **more: Any) -> None:
        """``givens.Summary.update``."""
        super().update(*(without_sinks(dict(source)) for source in sources), **without_sinks(more))


class Run(_room.Run):
    """The same run. What a script asks of a server is None; what it hands over is not kept, and counted."""

    entity = None
    sweep_id = None
    sweep_url = None
    project_url = None
    offline = True
    _began_at = 0

    def log(
        self, data: Mapping[str, Any] | None = None, step: int | None = None, commit: bool | None = None, **more: Any
    ) -> None:
        """``givens.Run.log``, without the images and tables among the values."""
        super().log(without_sinks(data), step=step, commit=commit, **more)

    @property
    def path(self) -> str:
        """``project/id``."""
        return f"{self.project or 'uncategorized'}/{self.id}"

    @property
    def start_time(self) -> float:
        """When it began, in seconds since the epoch."""
        from datetime import datetime

        for event in self.journal.events():
            return datetime.fromisoformat(str(event["t"])).timestamp()
        return 0.0

    @property
    def starting_step(self) -> int:
        """The step from which a resumed run goes on; 0 of a new one."""
        return self._began_at

    def get_url(self) -> str | None:
        """Where it can be looked at, while ``givens ui`` serves its store."""
        return self.url

    def get_project_url(self) -> None:
        """There is no page of a project on a server."""

    def get_sweep_url(self) -> None:
        """There are no sweeps."""

    def project_name(self) -> str:
        """The project."""
        return self.project or "uncategorized"

    def define_metric(self, name: str, *args: Any, goal: str | None = None, **more: Any) -> None:
        """wandb's form: ``step_metric`` and the rest have no effect; ``goal`` and ``summary`` say a direction."""
        super().define_metric(name, goal=goal, summary=more.get("summary"))

    def display(self, height: int = 420, hidden: bool = False) -> bool:
        """There is nothing to show in a notebook but the run itself."""
        return False

    def _label(self, *args: Any, **kwargs: Any) -> None:
        """What trainers tell wandb's makers of themselves goes nowhere."""

    def __getattr__(self, name: str) -> Any:
        if name in REFUSED:
            return refusal(name)
        if name in SINK_FUNCTIONS:
            return sink_function(name)
        raise AttributeError(f"a run has no {name!r}", name=name)


def define_metric(name: str, *args: Any, **more: Any) -> None:
    """``Run.define_metric`` of the current run."""
    dressed(run_or_raise("define_metric")).define_metric(name, *args, **more)


def dressed(run: _room.Run) -> Run:
    """A run that givens began, with wandb's names: the same object."""
    if type(run) is _room.Run:
        object.__setattr__(run, "__class__", Run)
        object.__setattr__(run.summary, "__class__", Summary)
        vars(run)["_began_at"] = run.step
    return cast(Run, run)
