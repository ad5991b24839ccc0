"""Forked children: a lock of their own, a file of their own from their first write on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..capture import liveness
from ..codec import dumps, encode
from ..configs.doors import door_of
from ..configs.recording import Recorded, set_members
from ..journal.layout import random_id
from ..journal.lines import Stamper
from ..journal.writer import JournalWriter
from ..keys import part_for
from ..records.events import Event
from ..records.origin import UNKNOWN
from .current import current
from .start_event import members_of

if TYPE_CHECKING:
    from ..configs.door import Door
    from .run import Run


class Unopened:
    """Stands for a forked child's journal until its first write: most children write nothing."""

    def __init__(self, run: Run, parent: JournalWriter, forked_at_byte: int) -> None:
        self.run = run
        self.parent = parent
        self.stamper = Stamper()
        self.forked_at_byte = forked_at_byte  # the parent goes on writing; what came later is not this child's
        self.waited = parent.abandon()

    def append(self, kind: str, members: str) -> None:
        """Make the child's file, which starts from the parent's state and names it; then write the event."""
        journal = _child_journal(self.run, self.parent, list(self.events(results=False)))
        self.run.journal = self.run.door.journal = journal
        journal.append(kind, members)

    def events(self, *, results: bool = True) -> Iterator[Event]:
        """What the parent had written."""
        yield from self.parent.events(self.forked_at_byte, results=results)
        yield from self.waited

    def close(self) -> bool:
        """Nothing was written."""
        return True

    def abandon(self) -> None:
        """A child of the child starts from the same state."""


def _child_journal(run: Run, parent: JournalWriter, inherited: list[Event]) -> JournalWriter:
    writer = random_id(16)
    journal = parent.beside(run.store.run_file(run.id, writer))
    start = {
        **run.start,
        **liveness.identity()._asdict(),
        "writer": writer,
        "parent": run.start["writer"],
        "role": "child",
    }
    events = [("start", members_of(start))]
    run.start = start  # what a child of this child names as its parent
    state = run.door.state_after(inherited)
    config = run.config
    entries = []
    for key in list(config):
        path = (part_for(key),)
        origin = state.origins.get(path, UNKNOWN)
        value = run.door.veiled(path, config[key])
        entries.append(Recorded(path, encode(value, path, run.door.redaction).json, origin, state.origins))
    if entries:
        events.append(("set", set_members(entries, store_blob=run.door.store_blob, layering=True)))
    if run.door.guard.settled:
        events.append(("settle", ""))
    for lock in run.door.locks.items():
        events.append(("lock", f',"p":{dumps([lock.path])},"by":{dumps(lock.owner)}'))
    journal.begin(events)
    return journal


_holding: list[Door] = []
_sizes: dict[str, int] = {}  # how long each run's journal was when the fork began


def hook_forks() -> None:
    """Let forks happen only between writes, and give children locks and files of their own."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(before=_before, after_in_parent=_in_parent, after_in_child=_in_child)


def _before() -> None:
    current.lock.acquire()
    _holding[:] = [run.door for run in current.alive]
    if current.staging is not None:
        _holding.append(door_of(current.staging))
    for door in _holding:
        door.lock.acquire()
    for run in current.alive:
        if isinstance(run.journal, JournalWriter):
            _sizes[run.id] = run.journal.size_bytes


def _in_parent() -> None:
    for door in reversed(_holding):
        door.lock.release()
    _holding.clear()
    current.lock.release()


def _in_child() -> None:
    import threading

    _holding.clear()
    current.lock = threading.RLock()
    if current.staging is not None:
        door_of(current.staging).renew_after_fork()
    for run in current.alive:
        run.door.renew_after_fork()
        journal = run.journal
        if isinstance(journal, JournalWriter):
            run.door.forked = True
            run.journal = run.door.journal = Unopened(run, journal, _sizes.get(run.id, 0))  # type: ignore[assignment]
