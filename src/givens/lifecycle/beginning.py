"""How a run begins: its journal, its start line in it, and the layers it was given."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from ..capture import entry
from ..configs.callsite import CallSites
from ..configs.config import Config
from ..configs.door import Door
from ..configs.guard import Guard
from ..configs.layering import lay
from ..errors import ResumeError, RunExistsError, StoreWarning, warn
from ..journal.blobs import read_blob, write_blob
from ..journal.layout import Store, random_id
from ..journal.lines import Stamper, clock_after
from ..journal.writer import JournalWriter
from ..records.events import Event
from . import lines, since_last
from .cells import keep_cells
from .current import redaction_for
from .earlier import finder
from .naming import from_template, readable_name
from .run import Identity, Run
from .start_event import Command, members_of, start_members

if TYPE_CHECKING:
    from ..journal.writer import MemoryJournal
    from ..records.layer import Layer
    from ..settings import Settings
    from .arguments import Wanted
    from .ordering import Order
    from .ranks import Joined
    from .resuming import Earlier


class Held:
    """Events of a run whose journal is not open yet: nothing is written until all its layers are known to be good."""

    __slots__ = ("events_held",)

    def __init__(self) -> None:
        self.events_held: list[tuple[str, str]] = []

    def append(self, kind: str, members: str) -> None:
        """Hold one event."""
        self.events_held.append((kind, members))

    def events(self, *, results: bool = True) -> Iterator[Event]:
        """Nothing yet."""
        return iter(())


def begin(
    wanted: Wanted,
    layers: list[Layer],
    store: Store,
    settings: Settings,
    root: str,
    *,
    make_room: Callable[[], None],
    order: Order | None = None,
    command: Command | None = None,
    stamper: Stamper | None = None,
    earlier: Earlier | None = None,
    joined: Joined | None = None,
) -> Run:
    """Make a run: lay its layers, then write start line and config.

    Args:
        wanted: arguments and settings.
        layers: what the config is laid from, lowest first.
        store: where its journal goes.
        settings: the rest of the settings.
        root: the project's folder.
        make_room: called once nothing in the layers can fail any more: finishes the run before.
        order: what a launcher asked for; of it the run that is repeated goes into the start line.
        command: what runs, when it is not this program.
        stamper: the journal's clock; None: one that begins now.
        earlier: the sessions of the run that this one goes on with; None: it is a new run.
        joined: what it shares with other ranks of its job; None: it runs by itself.

    Raises:
        CycleError, KeyPathError: a value cannot be taken; no run was made.
        StoreError, RunExistsError: a folder of the store is a link; the id is taken.
        ResumeError: another process resumes the run at this moment.
    """
    disabled = wanted.mode == "disabled"
    new_store = not disabled and _make(store)
    held = Held()
    door = _door(held, wanted, store, settings, root)
    config = _config_of(door, earlier)
    lay(config, layers, deep=wanted.merge == "deep")
    if wanted.schema is not None:
        wanted.schema.check(door, [((), config)])
        door.schema = wanted.schema
    identity = _identity(wanted, settings, door, earlier)
    make_room()
    looks = settings.surroundings and not disabled
    start = start_members(identity, door.redaction, store, root, looks=looks, command=command)
    start |= {**_links(order, earlier, joined), "cells": keep_cells(door)}
    if earlier is not None:
        held.events_held += earlier.withdrawn(door)
    path = _path(store, identity, earlier, joined)
    if stamper is None:  # edits hold until a later session says something else: this one is later
        stamper = Stamper() if earlier is None else Stamper(clock_after(earlier.edited_at))
    journal = _journal(identity.id, path, wanted, store, settings, stamper, disabled=disabled)
    journal.begin([("start", members_of(start)), *held.events_held, *_goals(settings)])
    door.journal = journal
    run = Run(
        identity,
        config=config,
        door=door,
        journal=journal,
        store=store,
        settings=settings,
        mode=wanted.mode,
        start=start,
    )
    run.joined = joined
    resumed = None if earlier is None else earlier.hand_over(run)
    _say_start(run, layers, new_store=new_store, resumed=resumed)
    return run


def _links(order: Order | None, earlier: Earlier | None, joined: Joined | None) -> dict[str, Any]:
    """What the start line says of other runs, sessions and ranks."""
    links: dict[str, Any] = {"rerun_of": order.rerun_of} if order is not None and order.rerun_of else {}
    return links | (earlier.members() if earlier is not None else {}) | (joined.members() if joined is not None else {})


def _path(store: Store, identity: Identity, earlier: Earlier | None, joined: Joined | None) -> str:
    if joined is not None and joined.follows:
        return joined.file(identity.writer)
    return store.run_file(identity.id, None if earlier is None else identity.writer)


def _config_of(door: Door, earlier: Earlier | None) -> Config:
    """The config behind a door: empty, or with what earlier sessions left."""
    config = Config()
    door.root = config
    config._givens.door = door
    if earlier is not None:
        earlier.fill(config, door)
    return config


def _say_start(run: Run, layers: list[Layer], *, new_store: bool, resumed: str | None) -> None:
    difference = since_last.say_at_start(run)
    files = _files_read(layers)
    line = lines.start_line(run, files=files, new_store=new_store, difference=difference, resumed=resumed)
    lines.say(line, silent=run.settings.silent)


def _goals(settings: Settings) -> list[tuple[str, str]]:
    """What the project's settings say of its metrics, for whoever reads the run elsewhere."""
    if not settings.metrics:
        return []
    from ..codec import dumps

    return [("metric", f',"name":{dumps(name)},"goal":{dumps(goal)}') for name, goal in settings.metrics]


def _door(held: Held, wanted: Wanted, store: Store, settings: Settings, root: str) -> Door:
    policy = wanted.changes or settings.changes or ("record" if entry.in_notebook() else "warn")
    door = Door(
        held,
        redaction=redaction_for(settings),
        guard=Guard(policy, wanted.allow_val_change),
        sites=CallSites(root),
        on_locked=wanted.on_locked or settings.on_locked,
        say=lambda text: lines.say(text, silent=settings.silent),
    )
    if wanted.mode != "disabled":
        door.store_blob = lambda sha256, content: _stored(store, sha256, content)
        door.read_blob = lambda sha256: read_blob(store, sha256)
    door.find_run = finder(store, wanted.project)
    return door


def _files_read(layers: list[Layer]) -> list[str]:
    """The files that values came from, each once."""
    origins = (entry.origin for layer in layers for entry in layer.entries)
    return list(dict.fromkeys(place.file for place in origins if place.kind == "file" and place.file))


def _make(store: Store) -> bool:
    store.check()
    try:
        return store.make()
    except OSError:
        return False  # the journal says it, once, when it cannot be written


def _stored(store: Store, sha256: str, content: bytes) -> bool:
    try:
        write_blob(store, sha256, content)
    except OSError:
        return False  # the value stays in the line, which waits in memory if it has to
    return True


def _identity(wanted: Wanted, settings: Settings, door: Door, earlier: Earlier | None) -> Identity:
    run_id = wanted.id or random_id(10)
    name = wanted.name or readable_name(run_id)
    if "{" in name:
        name = from_template(name, door.at, door.shown)
    hidden = door.redaction.text
    project, group, job_type, notes = (
        text and hidden(text) for text in (wanted.project, wanted.group, wanted.job_type, wanted.notes)
    )
    return Identity(
        id=run_id,
        writer=random_id(16) if earlier is None else earlier.writer,
        name=hidden(name),
        project=project,
        group=group,
        job_type=job_type,
        tags=tuple(hidden(tag) for tag in wanted.tags),
        notes=notes,
    )


def _journal(
    run_id: str, path: str, wanted: Wanted, store: Store, settings: Settings, stamper: Stamper, *, disabled: bool
) -> JournalWriter | MemoryJournal:
    if disabled:
        from ..configs.free_journal import free_journal

        return free_journal()
    journal = JournalWriter(
        path,
        stamper,
        sync=(wanted.durability or settings.durability) == "power",
        strict=settings.strict if wanted.strict is None else wanted.strict,
        on_trouble=lambda text: warn(StoreWarning(text)),
    )
    try:
        journal.open()
    except FileExistsError:
        if path != store.run_file(run_id):
            raise ResumeError(run_id, "another process is resuming it", "wait for that one to end") from None
        raise RunExistsError(run_id, store.path) from None
    except OSError:
        pass  # writing tries again, and says so once or raises if it is to be strict
    return journal
