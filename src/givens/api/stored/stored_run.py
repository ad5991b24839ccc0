"""A stored run, as Python and every view see it: read-only, decoded when asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ...configs.explanation import Explanation, explain, history
from ...journal import reader
from ...journal.layout import Store
from ...keys import format_path
from ...records.change import MISSING, Change
from ...records.command_line import command_line
from ...records.edits import last_edit
from ...records.scrubs import RunScrub
from ...records.sessions import began_at, earlier_s, job_in
from ...records.times import epoch_s
from ..asking import settings_of
from .run_problems import problems_of
from .run_ranks import RankRecord, differing_ranks, ranks_of
from .run_reads import ReadRecord, reads_of
from .run_records import ChildRecord, GitFacts, MetricResult
from .run_sessions import SessionRecord, differing, sessions_of
from .status import Status

if TYPE_CHECKING:
    from datetime import datetime

    from ...configs.comparison import Row
    from ...configs.config import Config


class StoredRun:
    """One stored run. ``givens.open(ref)`` makes it; nothing of it can be written.

    Args:
        store: where it lies.
        folded: its journals, folded.
        status: how it stands.
        children: what its forked children wrote.
        now_s: when it was read, in seconds since the epoch.
    """

    __slots__ = ("_cache", "children", "folded", "now_s", "status", "store")

    def __init__(
        self, store: Store, folded: reader.StoredRun, status: Status, children: tuple[ChildRecord, ...], now_s: float
    ) -> None:
        self.store = store
        self.folded = folded
        self.status = status
        self.children = children
        self.now_s = now_s
        self._cache: dict[str, Any] = {}

    def __repr__(self) -> str:
        return f"<run {self.name!r} ({self.id}), {self.state}>"

    def _repr_html_(self) -> str:
        from ..formats.run_html import notebook_run

        return notebook_run(self)

    # --- identity -------------------------------------------------------------------------------------------------

    @property
    def id(self) -> str:
        """The run's id."""
        return self.folded.run_id

    @property
    def name(self) -> str:
        """The run's name; its id when it has none."""
        return str(self._meta("name") or self.id)

    @property
    def project(self) -> str | None:
        """The project it belongs to."""
        return self._text("project")

    @property
    def group(self) -> str | None:
        """The group it belongs to."""
        return self._text("group")

    @property
    def job_type(self) -> str | None:
        """What kind of job it was."""
        return self._text("job_type")

    @property
    def tags(self) -> tuple[str, ...]:
        """Its tags."""
        tags = self._meta("tags")
        return tuple(map(str, tags)) if isinstance(tags, list) else ()

    @property
    def notes(self) -> str | None:
        """Its notes."""
        notes = self._meta("notes")
        return None if notes is None else str(notes)

    @property
    def scrubs(self) -> tuple[RunScrub, ...]:
        """What was taken out of it since it was written, by which command (``givens scrub``)."""
        return self.folded.scrubs

    # --- life -----------------------------------------------------------------------------------------------------

    @property
    def state(self) -> str:
        """``running``, ``finished``, ``failed`` or ``lost``."""
        return self.status.state

    @property
    def created_at(self) -> datetime | None:
        """When it began, in UTC; None when the first line of its journal was lost."""
        from datetime import UTC, datetime

        began_s = epoch_s(self._start.get("t"))
        return None if began_s is None else datetime.fromtimestamp(began_s, UTC)

    @property
    def duration_s(self) -> float | None:
        """How long it took, in seconds; of a running run, until now; of a lost one, until its last event.

        Of a resumed run, its sessions together.
        """
        fold = self.folded.state
        before_s = earlier_s(fold.sessions)
        if fold.finish is not None and isinstance(fold.finish.get("dt"), float | int):
            return before_s + float(fold.finish["dt"])
        began_s = epoch_s(began_at(self._start))
        ended_s = self.now_s if self.state == "running" else epoch_s(fold.last_at)
        return None if began_s is None or ended_s is None else max(0.0, before_s + ended_s - began_s)

    @property
    def exit_code(self) -> int | None:
        """The exit code; None when nobody saw it."""
        fold = self.folded.state
        code = (fold.finish or {}).get("code")
        return code if code is not None else fold.exit_code

    @property
    def error(self) -> str | None:
        """The traceback, or what else was said, of a run that failed; without secrets."""
        error = (self.folded.state.finish or {}).get("error")
        return None if error is None else str(error)

    # --- what it was given, and what came of it -------------------------------------------------------------------

    @property
    def config(self) -> Config:
        """The configuration, as the live one read; writing to it raises ReadOnlyError."""
        if "config" not in self._cache:
            from ...configs.stored import read_only_config

            self._cache["config"] = read_only_config(self.folded.state, self._read_blob)
        config: Config = self._cache["config"]
        return config

    @property
    def summary(self) -> Mapping[str, Any]:
        """The last value of every metric, and what was written to the run's summary."""
        return MappingProxyType({name: result.last for name, result in self.results.items()})

    @property
    def results(self) -> Mapping[str, MetricResult]:
        """Every metric and summary entry with its last value, extremes and steps."""
        if "results" not in self._cache:
            from ...codec import decode

            self._cache["results"] = {
                name: MetricResult(
                    decode(found.last, self._read_blob),
                    found.last_step,
                    found.min,
                    found.min_step,
                    found.max,
                    found.max_step,
                    found.count,
                )
                for name, found in self.folded.state.results.items()
                if found.last is not MISSING
            }
        return MappingProxyType(self._cache["results"])

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the configuration as it settled; of a run that has not settled, as it stands."""
        from .fingerprints import fingerprint_of

        return fingerprint_of(self.folded.state, self.store)

    def explain(self, key: str | Iterable[Any]) -> Explanation:
        """Where a value came from, and what it replaced.

        Raises:
            MissingKeyError: the key was never given.
        """
        return explain(self.folded.state, key)

    def history(self, key: str | Iterable[Any] | None = None) -> list[Change]:
        """What happened to one key, or to all; oldest first.

        Raises:
            MissingKeyError: the key was never given.
        """
        return history(self.folded.state, key)

    @property
    def edited(self) -> tuple[str, ...]:
        """What was changed after the run, in its own words: ``config.lr``, also where it is gone; ``tags``, ``notes``, ``name``."""
        if not self.folded.edits:
            return ()
        keys = [
            f"config.{format_path(unit)}"
            for unit, changes in self.folded.state.history.items()
            if last_edit(changes) is not None
        ]
        verbs = {step[0] for edit in self.folded.edits for step in edit.steps}
        said = [name for name, verb in (("tags", "tag"), ("notes", "notes"), ("name", "name")) if verb in verbs]
        return (*keys, *said)

    def differing_children(self) -> list[tuple[ChildRecord, list[Row]]]:
        """Each forked child that wrote, with the keys in which it came to differ from the run: (run's, child's)."""
        from ...configs.comparison import EQUAL, compare

        own = self.folded.state.config
        return [
            (child, [row for row in compare([own, child.state.config]) if row.status != EQUAL])
            for child in self.children
        ]

    @property
    def ranks(self) -> tuple[RankRecord, ...]:
        """The other ranks of its job, by number: the run is rank 0. Nothing where it ran by itself."""
        if "ranks" not in self._cache:
            self._cache["ranks"] = ranks_of(self.store, self._start)
        found: tuple[RankRecord, ...] = self._cache["ranks"]
        return found

    def differing_ranks(self) -> list[tuple[RankRecord, list[Row]]]:
        """Each rank with the keys in which it differs from the run, but for those in ``[tool.givens] rank_local``."""
        local = settings_of(self.store).rank_local if self.ranks else ()
        return differing_ranks(self.ranks, self.folded.state.config, local)

    @property
    def sessions(self) -> tuple[SessionRecord, ...]:
        """Its sessions, in order; one where it was never resumed."""
        return sessions_of(self.folded.state, self.state, self.duration_s)

    @property
    def reads(self) -> ReadRecord | None:
        """Which keys its script never read; None where that was not noted (``track_reads``)."""
        return reads_of(self.folded.state.finish)

    def differing_sessions(self) -> list[tuple[SessionRecord, list[Row]]]:
        """Each session with the keys in which its end differs from that of the one before."""
        return differing(self.sessions)

    @property
    def job(self) -> str | None:
        """The Slurm job that it runs in."""
        return job_in(self._start)

    @property
    def alive(self) -> bool | None:
        """Whether its process lives; None where that cannot be told from here."""
        return self.status.alive

    @property
    def silent_s(self) -> float | None:
        """Seconds since its last event, while it runs; else None."""
        return self.status.silent_s

    @property
    def logs(self) -> tuple[str, ...]:
        """The files that its standard output and standard error go to, where they are files: a scheduler's, mostly."""
        logs = self._start.get("logs")
        return tuple(map(str, logs)) if isinstance(logs, list) else ()

    # --- where it ran ---------------------------------------------------------------------------------------------

    @property
    def argv(self) -> tuple[str, ...]:
        """The command line, interpreter first; without secrets."""
        argv = self._start.get("argv")
        return tuple(map(str, argv)) if isinstance(argv, list) else ()

    @property
    def command(self) -> str:
        """The command line as a shell would take it, an interpreter by its name; ``argv`` has its path."""
        return command_line(self.argv) or ""

    @property
    def host(self) -> str | None:
        """The machine it ran on."""
        return self._text("host")

    @property
    def cwd(self) -> str | None:
        """The working directory it began in."""
        return self._text("cwd")

    @property
    def python(self) -> str | None:
        """The version of Python."""
        return self._text("python")

    @property
    def git(self) -> GitFacts:
        """Commit and branch, and whether the working tree differed from the commit."""
        git = self._start.get("git")
        said = git if isinstance(git, dict) else {}
        dirty = self._surroundings().get("dirty")
        return GitFacts(said.get("commit"), said.get("branch"), dirty if isinstance(dirty, bool) else None)

    @property
    def snapshot(self) -> Mapping[str, object]:
        """The copy of the code that it ran in: ``id``, and ``root`` it was copied from; empty where there was none."""
        said = self._start.get("snapshot")
        return MappingProxyType(said if isinstance(said, dict) else {})

    @property
    def rerun_of(self) -> str | None:
        """The id of the run that it repeats."""
        return self._text("rerun_of")

    @property
    def surroundings(self) -> dict[str, Any]:
        """What was found out about the process: packages, machine, jobs, remote, patch, untracked; as far as known.

        The members are those of the surroundings file's events (``docs/reference/events.md``).
        """
        return dict(self._surroundings())

    @property
    def patch(self) -> str | None:
        """The tracked files' difference to the commit, as git prints it, secrets hidden; None where there is none.

        Raises:
            DamagedValueError: it was kept, and cannot be read.
        """
        said = self._surroundings().get("patch")
        name = said.get("sha256") if isinstance(said, dict) else None
        return None if name is None else self._read_blob(str(name)).decode("utf-8", "surrogateescape")

    @property
    def dir(self) -> str:
        """The folder of the run's own outputs; it exists once the run used it."""
        return self.store.output_dir(self.id)

    @property
    def files(self) -> tuple[str, ...]:
        """Its journals, the first writer's first: paths, and ``pack:name`` for those in a pack."""
        return self.folded.files

    @property
    def problems(self) -> tuple[str, ...]:
        """What could not be read of it: damaged lines, newer formats, unknown kinds of events."""
        return problems_of(self.folded)

    # --- inside ---------------------------------------------------------------------------------------------------

    @property
    def _start(self) -> dict[str, Any]:
        return self.folded.state.start or {}

    def _text(self, name: str) -> str | None:
        value = self._start.get(name)
        return None if value is None else str(value)

    def _meta(self, name: str) -> Any:
        meta = self.folded.state.meta
        return meta[name] if name in meta else self._start.get(name)

    def _surroundings(self) -> dict[str, object]:
        env = self._start.get("env")
        if "surroundings" not in self._cache:
            try:
                known = self.folded.patches
                found = reader.read_surroundings(self.store, env, None, known) if isinstance(env, str) else {}
            except OSError:  # somebody else's file: not knowing is an answer here
                found = {}
            self._cache["surroundings"] = found
        surroundings: dict[str, object] = self._cache["surroundings"]
        return surroundings

    def _read_blob(self, sha256: str) -> bytes:
        from ...journal.blobs import read_blob

        return read_blob(self.store, sha256)
