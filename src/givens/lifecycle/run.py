"""Run: one execution of a script with one configuration."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NoReturn

from ..codec import dumps
from ..configs.config import Config
from ..configs.watching import compare_watched
from ..errors import RunFinishedError, StoreError, UsageError
from . import exits, since_last
from .current import current
from .ending import finish_run
from .results import encoded_results, say_forked, scalar_of
from .summary import Summary

if TYPE_CHECKING:
    from types import TracebackType

    from ..configs.door import Door
    from ..configs.explanation import Explanation
    from ..configs.reading import ReadReport
    from ..journal.heads import Head
    from ..journal.layout import Store
    from ..journal.writer import JournalWriter, MemoryJournal
    from ..keys import Path
    from ..records.change import Change
    from ..settings import Settings
    from .ranks import Joined


class Identity:
    """What a run is called and where it belongs. Names, tags and notes may change; the rest does not."""

    __slots__ = ("group", "id", "job_type", "name", "notes", "project", "tags", "writer")

    def __init__(
        self,
        *,
        id: str,
        writer: str,
        name: str,
        project: str | None,
        group: str | None,
        job_type: str | None,
        tags: tuple[str, ...],
        notes: str | None,
    ) -> None:
        self.id, self.writer, self.name = id, writer, name
        self.project, self.group, self.job_type = project, group, job_type
        self.tags, self.notes = tags, notes


class Run:
    """A run that is under way. Made by ``givens.init``; everything given to it is on disk when the call returns.

    Attributes:
        config: the configuration, a dictionary with attribute access.
        summary: the results.
        mode: ``local``, or ``disabled`` (nothing is written).
        store: the folder its journal lies in.
        project, group, job_type, id: as given to ``init``.
        session: 1, or which session of a resumed run this is.
        earlier: of a resumed run, the values of the session before.
        read_report: with ``track_reads``, once the run has finished: which keys were never read.
    """

    def __init__(
        self,
        identity: Identity,
        *,
        config: Config,
        door: Door,
        journal: JournalWriter | MemoryJournal,
        store: Store,
        settings: Settings,
        mode: str,
        start: Mapping[str, Any],
    ) -> None:
        self._identity = identity
        self.config = config
        self.door = door
        self.journal = journal
        self.store = store
        self.settings = settings
        self.mode = mode
        self.start = start
        self.summary = Summary(door)
        self.finished = False
        self.pid = os.getpid()
        self.joined: Joined | None = None
        self.compared = False
        self.differences_said: dict[Path, Any] = {}
        self.session = 1
        self.earlier: Head | None = None
        self.read_report: ReadReport | None = None
        self._step = 0
        self._folder: str | None = None

    # --- what it is -----------------------------------------------------------------------------------------------

    @property
    def id(self) -> str:
        """Its id, unique in the store."""
        return self._identity.id

    @property
    def rank(self) -> int | None:
        """Its place among the ranks of a job, from 0; None where it runs by itself."""
        return None if self.joined is None else self.joined.rank.number

    @property
    def project(self) -> str | None:
        """The project it belongs to."""
        return self._identity.project

    @property
    def url(self) -> str | None:
        """Where it can be looked at, while `givens ui` serves its store on this machine; else None."""
        if self.mode == "disabled" or not os.path.isdir(os.path.join(self.store.path, "pages")):
            return None
        from .page_link import run_url

        return run_url(self.store, self.id)

    @property
    def group(self) -> str | None:
        """The group it belongs to."""
        return self._identity.group

    @property
    def job_type(self) -> str | None:
        """What kind of job it is."""
        return self._identity.job_type

    @property
    def name(self) -> str:
        """Its readable name; assigning one is recorded."""
        return self._identity.name

    @name.setter
    def name(self, name: str) -> None:
        self._meta("name", str(name))

    @property
    def tags(self) -> tuple[str, ...]:
        """Its tags; assigning them is recorded."""
        return self._identity.tags

    @tags.setter
    def tags(self, tags: Iterable[str]) -> None:
        if isinstance(tags, str):
            raise UsageError("tags is a list of words, not one string", f"write tags=[{tags!r}]")
        self._meta("tags", tuple(str(tag) for tag in tags))

    @property
    def notes(self) -> str | None:
        """What its author has to say; assigning it is recorded."""
        return self._identity.notes

    @notes.setter
    def notes(self, notes: str | None) -> None:
        self._meta("notes", None if notes is None else str(notes))

    def _meta(self, field: str, value: Any) -> None:
        with self.door as door:
            self._check_open(field)
            text = self.door.redaction.text
            hidden = tuple(text(tag) for tag in value) if isinstance(value, tuple) else value and text(value)
            door.record("meta", f",{dumps(field)}:{dumps(hidden)}")
            setattr(self._identity, field, hidden)

    @property
    def dir(self) -> str:
        """A folder for the run's outputs, made on first use; a temporary one where nothing is written.

        Raises:
            StoreError: it cannot be made.
        """
        if self._folder is None:
            self._folder = self._made_folder()
        return self._folder

    def _made_folder(self) -> str:
        if self.disabled:
            import tempfile

            return tempfile.mkdtemp(prefix="givens-")
        folder = self.store.output_dir(self.id)
        try:
            os.makedirs(folder, exist_ok=True)
        except OSError as error:
            raise StoreError(folder, f"cannot be made: {error.strerror}", "give init another dir=") from error
        return folder

    @property
    def disabled(self) -> bool:
        """Whether nothing is written."""
        return self.mode == "disabled"

    @property
    def resumed(self) -> bool:
        """Whether this goes on with a run that began in an earlier session."""
        return self.session > 1

    @property
    def step(self) -> int:
        """The step that the next ``log`` counts as."""
        return self._step

    def go_on_from(self, step: int) -> None:
        """Count steps from here on: for a run that is resumed."""
        self._step = step

    @property
    def config_static(self) -> Config:
        """A read-only copy of the config as it is now."""
        from ..configs.stored import snapshot

        return snapshot(self.config)

    def __repr__(self) -> str:
        state = "finished" if self.finished else "running"
        return f"<givens.Run {self.name} ({self.id}), {state}>"

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "config" and "config" in self.__dict__:
            if value is not self.config:  # `run.config |= …` gives back the config itself
                self.config.update(value)
        elif name == "summary" and "summary" in self.__dict__:
            raise UsageError("run.summary cannot be replaced", "write run.summary.update(…)")
        else:
            super().__setattr__(name, value)

    def __copy__(self) -> Run:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Run:
        return self  # of a trainer that holds it: both record into the one run

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Run does not pickle: give the child run.config, or run.id and open it with givens.open(id)")

    # --- what it is told ------------------------------------------------------------------------------------------

    def log(
        self,
        data: Mapping[str, Any] | None = None,
        step: int | None = None,
        commit: bool | None = None,
        **more: Any,
    ) -> None:
        """Record results. The first call settles the config: later changes are changes of mind.

        Args:
            data: values by name. Numbers get their least and greatest kept as well.
            step: where in the run they belong; counted up from 0 where it is left out, and from the greatest given.
            commit: False: the next call belongs to the same step.
            more: ``sync`` of older scripts, without effect.

        Raises:
            RunFinishedError: the run has finished.
            UsageError: ``data`` is no mapping.
        """
        if not isinstance(data, Mapping):
            raise UsageError(f"log takes a mapping of names to values, not {type(data).__name__}", 'log({"loss": 0.3})')
        values = {str(name): scalar_of(value) for name, value in data.items()}
        with self.door as door:
            self._check_open("log")
            if not door.guard.settled:
                for warning in compare_watched(door):
                    door.later(warning)
                door.settle()
                since_last.settled(self)
            at = self._step if step is None else _whole(step)
            door.record("log", f',"m":{encoded_results(door, values)},"step":{at}')
            self._step = max(self._step, at + (commit is not False))  # a curve gets no step twice
            self.summary.logged(values)
            say_forked(door)
        if current.surroundings is not None:
            current.surroundings.reap()

    def define_metric(
        self, name: str, step_metric: object = None, *given: object, goal: str | None = None, **more: Any
    ) -> None:
        """Say whether less or more of a metric is better: ``goal="min"`` or ``"max"``. Its entry in the summary stays the last value.

        Args:
            name: the metric, or a pattern of names: ``val/*``.
            goal: ``min``, ``max``, or the words ``minimize`` and ``maximize``.
            step_metric: what other trackers take here, without effect; but ``define_metric("loss", "min")`` is a goal.
            given: the same, without effect.
            more: ``summary="min"`` or ``"max"``, which is a goal as well; the rest (``hidden`` …) is without effect.
        """
        words = {"min": "min", "max": "max", "minimize": "min", "maximize": "max"}
        if goal is None and isinstance(step_metric, str) and step_metric in words:
            goal = step_metric
        if goal is None and more.get("summary") in ("min", "max"):
            goal = more["summary"]
        if goal is not None and goal not in words:
            raise UsageError(f"goal={goal!r}", 'it is "min" or "max"')
        with self.door as door:
            self._check_open("define_metric")
            if goal is not None:
                door.record("metric", f',"name":{dumps(name)},"goal":{dumps(words[goal])}')

    def explain(self, key: str | Path) -> Explanation:
        """Where a value came from: every layer and change that ever set it, newest first."""
        from ..configs.functions import explain  # for readers; beginning a run does without

        return explain(self.config, key)

    def history(self, key: str | Path | None = None) -> list[Change]:
        """Every change of one key, or of all, oldest first."""
        from ..configs.functions import history

        return history(self.config, key)

    def _check_open(self, what: str) -> None:
        if self.finished:
            raise RunFinishedError(self.name, what)

    # --- how it ends ----------------------------------------------------------------------------------------------

    def finish(self, exit_code: int | None = None, quiet: bool | None = None) -> None:
        """End the run. Calling it again does nothing.

        Args:
            exit_code: 0 or None: the run finished; anything else: it failed.
            quiet: no finish line.
        """
        finish_run(self, exit_code=exit_code, silent=bool(quiet))

    def __enter__(self) -> Run:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        finish_run(self, exit_code=exits.code_of(error), error=error)

    def __getattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a givens.Run has no {name!r}{_instead(name)}", name=name)


def _whole(step: Any) -> int:
    try:
        return int(step)
    except (TypeError, ValueError, OverflowError):
        raise UsageError(f"step is a whole number, not {type(step).__name__}", "leave it out to count up") from None


def _instead(name: str) -> str:
    """What to say about a name that wandb's Run has and this one does not."""
    if name in _KEPT_ELSEWHERE:
        return f": it keeps configurations and light results, no artifacts, media or models. {_SHIM}"
    if name in _OF_WANDB:
        return f". {_SHIM}"
    return "; it has config, summary, log(), finish(), name, id, dir, tags, notes"


_SHIM = "A script that needs the name: import givens.wandb as wandb"
_KEPT_ELSEWHERE = frozenset(
    (
        "log_artifact use_artifact watch unwatch save restore alert log_code link_artifact link_model log_model "
        "finish_artifact plot_table upsert_artifact use_model write_logs"
    ).split()
)
#: what wandb's run says of itself
_OF_WANDB = frozenset(
    (
        "display entity get_project_url get_sweep_url get_url join mark_preempting offline path pin_config_keys "
        "project_name project_url settings start_time starting_step status sweep_id sweep_url to_html"
    ).split()
)
