"""Resume: a run that goes on in another session, with a journal of its own."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from ..capture import entry, liveness, scheduler
from ..codec import decode, dumps
from ..errors import MissingValueWarning, ResumeError, RunRemovedError, UsageError, warn
from ..journal import reader
from ..journal.blobs import read_blob
from ..journal.heads import Head
from ..journal.layout import Store
from ..journal.refs import exists, named
from ..keys import format_path, part_for
from ..records.change import MISSING
from ..records.durations import duration_text
from ..records.encoded import copied, lift
from ..records.origin import Origin
from ..records.sessions import earlier_s, number_in
from ..records.state import RunState
from ..sources import find_defaults
from ..sources.earlier_run import without_secrets
from .current import current, redaction_for
from .interrupted import Command, command_in, find_interrupted
from .place import working_directory
from .start_event import relative_to

if TYPE_CHECKING:
    from ..codec import Redaction
    from ..configs.config import Config
    from ..configs.door import Door
    from ..keys import Path
    from ..records.layer import Layer
    from ..settings import Settings
    from .arguments import Wanted
    from .ordering import Order
    from .run import Run

#: how long a session that is just being made by another process is waited for
_WAIT_S = 1.0


class Earlier(NamedTuple):
    """What the sessions of a run before this one came to.

    Args:
        run_id: the run.
        store: where it lies.
        state: the sessions folded, edits laid over them.
        writer: the id that this session's journal gets.
        values: the configuration, decoded, without secrets.
        secrets: paths of the values that no run keeps.
        unseen: what to say of a process that may be writing still, elsewhere; None when it is gone.
        edited_at: when the run was edited last, in UTC; this session comes after that. Empty when it was not.
    """

    run_id: str
    store: Store
    state: RunState
    writer: str
    values: dict[Any, Any]
    secrets: list[Path]
    unseen: str | None
    edited_at: str

    @property
    def session(self) -> int:
        """The number of the session that begins."""
        return number_in(self.state.start or {}) + 1

    @property
    def head(self) -> Head:
        """The session before, to tell what differs from it."""
        return Head(self.run_id, f"session {self.session - 1}", lift(self.state.config))

    def _head_without(self, paths: list[Path]) -> Head:
        """The same without some values: what was said of them already is no difference to tell."""
        state = RunState()
        state.config = copied(self.state.config)
        state.apply({"k": "delete", "p": paths})
        return self.head._replace(config=lift(state.config))

    def wanted(self, asked: Wanted) -> Wanted:
        """The arguments of ``init``, with the run's own identity where they are silent."""
        start, meta = self.state.start or {}, self.state.meta
        name = meta.get("name", start.get("name")) or self.run_id
        tags, notes = meta.get("tags", start.get("tags")) or (), meta.get("notes", start.get("notes"))
        return asked._replace(
            id=self.run_id,
            name=asked.name if asked.name and "{" not in asked.name else str(name),
            project=start.get("project"),
            group=asked.group or start.get("group"),
            job_type=asked.job_type or start.get("job_type"),
            tags=asked.tags or tuple(map(str, tags)),
            notes=asked.notes or notes,
        )

    def members(self) -> dict[str, Any]:
        """What the session's start line says of it."""
        return {"role": "session", "session": self.session, "parent": (self.state.start or {}).get("writer")}

    def without_defaults(self, below: list[Layer], root: str) -> list[Layer]:
        """The lowest layers, without what a defaults file says of keys that the run was given by something stronger.

        A default is what holds where nothing else was given; and something was, in an earlier session.
        """
        defaults = find_defaults(entry.script(), working_directory())
        if defaults is None:
            return below
        for layer in below:
            layer.entries = [
                each
                for each in layer.entries
                if not _is_in(each.origin.file, defaults, root) or self._is_from(each.path[:1], each.origin.file)
            ]
        return below

    def _is_from(self, top: Path, file: str | None) -> bool:
        """Whether everything below a top-level key came out of a file, or nothing is there."""
        places = [origin for path, origin in self.state.origins.items() if path[:1] == top]
        return all(origin.kind == "file" and origin.file == file for origin in places)

    def fill(self, config: Config, door: Door) -> None:
        """Put the stored values into an empty config: recorded they are already."""
        from ..codec import encode
        from ..configs.place import adopt

        for key, value in self.values.items():
            path = (part_for(key),)
            door.apply(path, adopt(value, path))
            encoded = encode(config[key], path, door.redaction)
            door.mutables.remember(door, path, encoded, inside=False)
            door.lossy.update(encoded.lossy)
        door.earlier = self.folded_again

    def folded_again(self) -> RunState:
        """The earlier sessions' state anew, for whoever folds this session's events on top of it."""
        return reader.read_run(self.store, self.run_id, without=self.writer).state

    def _not_given(self, door: Door) -> list[Path]:
        """The secrets that were not given again."""
        return [path for path in self.secrets if door.at(path) is MISSING]

    def withdrawn(self, door: Door) -> list[tuple[str, str]]:
        """The event by which secrets that were not given again leave the record's present config: they left the live one."""
        gone = self._not_given(door)
        origin = Origin("session", name=str(self.session), note="a secret, which no run keeps, was not given again")
        return [("delete", f',"p":{dumps(gone)},"o":{dumps(origin.to_json())}')] if gone else []

    def hand_over(self, run: Run) -> str:
        """Let results and the count of steps go on; what the start line says of it."""
        run.session = self.session
        run.earlier = self.head
        for name, found in self.state.results.items():
            if found.last is not MISSING:
                value = decode(found.last, lambda sha256: read_blob(self.store, sha256))
                run.summary.take_over(name, value)
        if self.state.step is not None:
            run.go_on_from(self.state.step + 1)
        gone = self._not_given(run.door)
        if gone:
            run.earlier = self._head_without(gone)
            listed = ", ".join(f"config.{format_path(path)}" for path in gone)
            have = "has" if len(gone) == 1 else "have"
            warn(MissingValueWarning(f"no run keeps secrets: {listed} {have} to be given again"))
        return self._said()

    def _said(self) -> str:
        bits = [f"session {self.session}"]
        if self.state.step is not None:
            bits.append(f"from step {self.state.step + 1}")
        bits.append(f"{duration_text(earlier_s(self.state.sessions) + float(self.state.last_s or 0))} so far")
        return ", ".join([*bits, self.unseen] if self.unseen else bits)


def _is_in(file: str | None, path: str, root: str) -> bool:
    return file is not None and os.path.abspath(os.path.join(root, file)) == os.path.abspath(path)


def look_up(
    word: str, asked: Wanted, settings: Settings, store: Store, root: str, order: Order | None, *, said: bool
) -> Earlier | None:
    """The run that ``init`` is to go on with; None when it is to begin a new one.

    Args:
        word: ``allow``, ``must`` or ``auto``.
        asked: the arguments.
        settings: the settings.
        store: where to look.
        root: the project's folder.
        order: what a launcher gives.
        said: the word is an argument; a variable holds for runs that have an id or a name.

    Raises:
        ResumeError: the run is alive, of another project, or is not there and must be.
        RunRemovedError: it was removed.
        AmbiguousRunError: several runs have the name.
        UsageError: ``must``, and nothing says which.
        StoreError: the store cannot be read.
    """
    command = own_command(asked.project, redaction_for(settings), root)
    # to wandb a name is no identity: scripts written for it give one name to many runs
    name = asked.name if asked.name and "{" not in asked.name else None
    if asked.id is not None:
        found = asked.id if exists(store, asked.id) else None
        _check_not_removed(store, asked.id)
    elif word == "auto":
        found = find_interrupted(store, command._replace(name=name), _values_of(order, settings))
    elif name is not None and not current.twins:
        found = named(store, name, asked.project)
    elif word == "must" and said:
        raise UsageError('resume="must" without an id or a name', 'say which run: id=, name=, or resume="auto"')
    else:
        return None
    if found is None:
        if word == "must":
            which = asked.id or asked.name or ""
            raise ResumeError(which, f"there is no such run in {store.path}", 'resume="allow" begins it')
        return None
    return _read(store, found, asked, command)


def _values_of(order: Order | None, settings: Settings) -> dict[Path, Any]:
    """What a launcher gives, encoded."""
    from ..codec import encode

    entries = [] if order is None else order.layer.entries
    return {each.path: encode(each.value, each.path, redaction_for(settings)).json for each in entries}


def own_command(project: str | None, redaction: Redaction, root: str) -> Command:
    """The command that runs now, as its start line will tell it."""
    start = {
        "project": project,
        "script": relative_to(entry.script(), root),
        "argv": redaction.argv(entry.argv()),
        "cwd": working_directory(),
        "jobs": scheduler.jobs(os.environ),
        "turn": current.turn + 1,
    }
    return command_in(start)


def _check_not_removed(store: Store, run_id: str) -> None:
    from ..journal.edits import removed_runs

    if run_id in removed_runs(store):
        raise RunRemovedError(run_id, store.path)


def _read(store: Store, run_id: str, asked: Wanted, command: Command) -> Earlier:
    """Read a run that goes on, and find a name for the new session's journal."""
    until_s = time.monotonic() + _WAIT_S
    attempt = 0
    while True:
        found = reader.read_run(store, run_id)
        state, edited_at = found.state, max((edit.at for edit in found.edits), default="")
        start = state.start or {}
        if asked.project is not None and start.get("project") not in (None, asked.project):
            raise ResumeError(
                run_id, f"it belongs to project {start['project']!r}, not {asked.project!r}", "give it another id"
            )
        unseen = None if command.follows(start) else _alive(state, run_id)
        writer = _writer_after(start, store, attempt)
        path = store.run_file(run_id, writer)
        if not os.path.exists(path):
            secrets: list[Path] = []
            stored = {
                key: decode(lift(value), lambda sha: read_blob(store, sha)) for key, value in state.config.items()
            }
            values = without_secrets(stored, secrets)
            return Earlier(run_id, store, state, writer, values, secrets, unseen, edited_at)
        if reader.read_start(path) is None:  # made a moment ago, or by a process that was killed as it began
            if time.monotonic() < until_s:
                time.sleep(0.01)
            else:
                attempt += 1


def _alive(state: RunState, run_id: str) -> str | None:
    """What to say of the session before, where nobody can tell whether it still goes on.

    Raises:
        ResumeError: it does.
    """
    start = state.start
    if state.finish is not None or start is None:
        return None
    whose, here = liveness.identity_of(start), liveness.identity()
    gone = liveness.is_gone(whose, here)
    if gone is False:
        raise ResumeError(
            run_id, f"it is running, as process {whose.pid} on {whose.host}", "wait for it, or begin a run of its own"
        )
    return None if gone else f"its process {whose.pid} on {whose.host} cannot be seen from here"


def _writer_after(start: dict[str, Any], store: Store, attempt: int) -> str:
    """The writer id of the session that follows another: one for all processes of this machine.

    Two that resume a run at one moment then want to make the same file, and only one can. On other machines, and in
    copies of the store, it is another, so that both sessions survive a merge.
    """
    from hashlib import blake2b

    here = liveness.identity()
    seed = (start.get("writer"), start.get("run"), here.host, here.boot_id, here.pid_namespace, store.path, attempt)
    return blake2b(repr(seed).encode(), digest_size=8).hexdigest()
