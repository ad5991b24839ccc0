"""The one door: every write to a config goes lock → guard → encode → record → apply.

The door holds what the steps need; the steps themselves are in ``writes.py``. All steps of a write happen under
one re-entrant lock per run; warnings and callbacks wait until it is released.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

from ..codec import Encoded, Redaction, dumps, encode
from ..errors import DetachedSectionWarning, FrozenError, GivensWarning, LossyValueWarning, RunFinishedError
from ..keys import Path, format_path, key_of
from ..records.change import MISSING
from ..records.events import Event
from ..records.origin import Origin
from ..records.state import RunState, unit_of
from . import place as places
from .afterwards import Afterwards
from .callsite import CallSites
from .guard import Difference, Guard, summary
from .locks import PathTable
from .mutables import Mutables
from .neighbours import veiled
from .recording import Recorded, StoreBlob, origin_text, set_members
from .refusal import Refusals
from .signals import signals_held
from .watching import Watched

if TYPE_CHECKING:
    from ..sources.earlier_run import FindRun
    from .place import Container
    from .reading import Reads
    from .schema import Schema


class Journal(Protocol):
    """What a door needs of a journal: a file's writer, or memory."""

    def append(self, kind: str, members: str) -> None: ...
    def events(self, *, results: bool = True) -> Iterator[Event]: ...


class Door:
    """What all writes to one config tree go through.

    Args:
        journal: takes the events.
        redaction: what is secret.
        guard: judges changes.
        sites: finds call sites.
        store_blob: takes large values; None keeps them in the line.
        read_blob: gives them back.
        on_locked: ``warn`` or ``error``.
        say: takes one line about values that an ``update`` changed; None for silence.

    Attributes:
        root: the container at the top; set by whoever makes the tree.
        closed: name of the run once it has finished.
        staging: missing sections may be written into.
        forked: of a run in a forked child, until it has said that its results are not the run's.
        folded: for a stored run: its state, instead of a journal.
        secrets: paths of values that were redacted.
        lossy: path -> why its value is not kept exactly.
        library_defaults: path -> value of flags that libraries define themselves, as they were given.
        find_run: finds an earlier run for ``run:…``; None where there is no store.
        schema: what every write has to fit; None for anything.
        reads: what was read, where that is asked for.
        earlier: of a resumed run: gives what its sessions before came to, anew each time.
        records: how many events were written through this door. A write that finds more than its own was
            interrupted by one in the same thread (a signal handler, a ``__del__``).
    """

    def __init__(
        self,
        journal: Journal,
        *,
        redaction: Redaction,
        guard: Guard | None = None,
        sites: CallSites | None = None,
        store_blob: StoreBlob | None = None,
        read_blob: Callable[[str], bytes] | None = None,
        on_locked: str = "warn",
        say: Callable[[str], None] | None = None,
    ) -> None:
        self.journal = journal
        self.redaction = redaction
        self.guard = guard or Guard()
        self.sites = sites or CallSites()
        self.store_blob = store_blob
        self.read_blob = read_blob
        self.say = say
        self.lock = threading.RLock()
        self.locks = PathTable()
        self.refusals = Refusals(on_locked)
        self.frozen = PathTable()
        self.mutables = Mutables()
        self.afterwards = Afterwards(redaction)
        self.root: Container | None = None
        self.closed: str | None = None
        self.staging = False
        self.forked = False
        self.folded: RunState | None = None
        self.secrets: set[Path] = set()
        self.lossy: dict[Path, str] = {}
        self.library_defaults: dict[Path, Any] = {}
        self.shadowed: set[str] = set()
        self.watched: list[Watched] = []
        self.records = 0
        self.find_run: FindRun | None = None
        self.schema: Schema | None = None
        self.earlier: Callable[[], RunState] | None = None
        self.reads: Reads | None = None
        self._depth = 0

    def __enter__(self) -> Door:
        self.lock.acquire()
        self._depth += 1
        return self

    def __exit__(self, *exc: object) -> None:
        self._depth -= 1
        batch = self.afterwards.taken() if self._depth == 0 and self.afterwards else None
        self.lock.release()
        if batch is not None:
            self.afterwards.carry_out(batch)

    @property
    def is_held(self) -> bool:
        """Whether somebody is inside: a write, or givens itself looking at the config."""
        return self._depth > 0

    def later(self, warning: GivensWarning) -> None:
        """Issue a warning once the lock is released."""
        self.afterwards.warn(warning)

    def renew_after_fork(self) -> None:
        """In a forked child: a lock of its own, since a thread that is not here may have held the parent's."""
        self.lock = threading.RLock()
        self._depth = 0
        self.afterwards.taken()

    # --- reading --------------------------------------------------------------------------------------------------

    def at(self, path: Path) -> Any:
        """The live value at a path; MISSING when there is none."""
        return places.inside(self.root, path) if path else self.root

    def shown(self, path: Path, value: Any) -> str:
        """A value as messages may show it."""
        from ..codec import shown  # only messages need it

        return "nothing" if value is MISSING else shown(path, self.veiled(path, value), self.redaction)

    def veiled(self, path: Path, value: Any) -> Any:
        """A value as it may be recorded or shown by itself, where its neighbours may give it away as a secret."""
        if type(value) is not str or not path:
            return value
        return veiled(self.at(path[:-1]), value, path, self.redaction)

    def state_after(self, events: Iterable[Event]) -> RunState:
        """What events of this door's journal add up to, on top of the sessions before."""
        state = RunState(self.read_blob) if self.earlier is None else self.earlier()
        for event in events:
            state.apply(event)
        return state

    # --- the steps of a write -------------------------------------------------------------------------------------

    def check_open(self, path: Path) -> None:
        """Raise when nothing can be written at a path.

        Raises:
            RunFinishedError: the run is over.
            FrozenError: the path, or something above or below it, is frozen.
        """
        if self.closed is not None:
            raise RunFinishedError(self.closed, f"config.{format_path(path)}")
        if self.frozen:
            mark = self.frozen.covering(path) or next(iter(self.frozen.below(path)), None)
            if mark is not None:
                raise FrozenError(format_path(mark.path), mark.owner)
        place = self.root._givens if self.root is not None else None
        if place is not None and place.lost is not None:
            text = f"config.{place.lost} was replaced or deleted: a write to the old object is kept in memory only"
            self.later(DetachedSectionWarning(text))
            place.lost = None

    def judge(self, differences: list[Difference], allow: bool | None, *, batch: bool = False) -> None:
        """Let the guard decide about values that a write would change.

        Raises:
            ValueChangedError: they may not.
        """
        if not differences:
            return
        warning = self.guard.check(differences, allow, self.shown)
        if warning is not None:
            self.later(warning)
        elif batch and not self.guard.settled and allow is None and self.say is not None:
            self.say(summary(differences, self.shown))

    def record(self, kind: str, members: str) -> None:
        """Write one event; it is durable when this returns."""
        self.records += 1
        self.journal.append(kind, members)

    def record_set(
        self, entries: list[Recorded], *, layering: bool = False, descriptions: Iterable[tuple[Path, str]] = ()
    ) -> None:
        """Write one set event."""
        members = set_members(entries, store_blob=self.store_blob, layering=layering, descriptions=descriptions)
        self.record("set", members)

    def restate(self, paths: list[Path], origin: Origin) -> None:
        """Record how things stand at paths, after a write that was interrupted by another of the same thread.

        The other's line may stand before or after the interrupted write's own, while the interrupted write is the
        one that was applied last: without this, memory and journal would disagree for good.
        """
        for unit in dict.fromkeys(unit_of(path) for path in paths):
            numbered = self.records
            self._restate_one(unit, origin)
            if self.records > numbered + 1:  # interrupted here as well
                with signals_held():
                    self._restate_one(unit, origin)

    def _restate_one(self, unit: Path, origin: Origin) -> None:
        value = self.at(unit)
        if value is MISSING:
            self.record("delete", f',"p":{dumps([unit])},"o":{origin_text(origin)}')
        else:
            json = encode(self.veiled(unit, value), unit, self.redaction).json
            self.record_set([Recorded(unit, json, origin)])

    def apply(self, path: Path, new: Any) -> None:
        """Put an adopted value in its place; sections on the way are made where they are missing."""
        holder: Any = self.root
        for part, below in pairwise(path):
            child_key = key_of(part)
            child = holder[child_key] if type(part) is int else dict.get(holder, child_key)
            # a list in the way of a key gives way to a section, as it does in the fold
            if not places.is_container(child) or (isinstance(child, list) and type(below) is not int):
                child = places.new_section()
                places.attach(child, holder, part)
                dict.__setitem__(holder, child_key, child)
            holder = child
        key: Any = key_of(path[-1])
        old = holder[key] if isinstance(holder, list) else dict.get(holder, key, MISSING)
        if old is new:
            return
        # a place first: a signal handler that finds the new section in the tree has to find its door as well
        places.attach(new, holder, path[-1])
        if isinstance(holder, list):
            list.__setitem__(holder, key, new)
        else:
            dict.__setitem__(holder, key, new)
        places.detach(old, path)

    def catch_up(self, path: Path) -> None:
        """Record what changed in place inside the list that a write goes into, or its drift would be taken as known."""
        unit = unit_of(path)
        if len(unit) < len(path) and unit in self.mutables:
            self._record_drifted(unit)

    def tell(self, path: Path, value: Any, *, batch: bool = False) -> None:
        """Tell the callbacks of a value, once the lock is released."""
        if self.afterwards.callbacks:
            self.afterwards.tell(format_path(path), value, several=batch)

    def remember(self, path: Path, encoded: Encoded, *, inside: bool = False) -> None:
        """Keep what later steps need of a write: what can change in place, what was secret or lossy."""
        self.mutables.remember(self, path, encoded, inside=inside)
        if encoded.secrets:
            self.secrets.update(encoded.secrets)
        if encoded.lossy:
            self.record("lossy", f',"p":{dumps(encoded.lossy)}')
            fresh = [(leaf, reason) for leaf, reason in encoded.lossy if leaf not in self.lossy]
            if fresh:
                self.lossy.update(fresh)
                listed = "; ".join(f"config.{format_path(leaf)}: {reason}" for leaf, reason in fresh[:5])
                self.later(LossyValueWarning(f"not kept exactly: {listed}{'; …' if len(fresh) > 5 else ''}"))

    # --- the life of a config -------------------------------------------------------------------------------------

    def settle(self) -> bool:
        """From here on changes are changes of mind; False when it had settled before."""
        with self:
            if self.guard.settled:
                return False
            self.record("settle", "")
            self.guard.settled = True
            if self.schema is not None and (warning := self.schema.warning(self)) is not None:
                self.later(warning)
            return True

    def record_drift(self) -> list[Path]:
        """Look at every mutable object again and record those that changed in place; returns their paths."""
        with self:
            return self._record_drifted(None)

    def _record_drifted(self, only: Path | None) -> list[Path]:
        numbered = self.records
        drifted = self.mutables.drifted(self, only=only)
        if (
            drifted and self.records != numbered
        ):  # looking at an object ran its code, which wrote: what was seen is stale
            self.mutables.doubt([entry.path for entry in drifted])
            return []
        if drifted:
            self.record_set(drifted)
        return [entry.path for entry in drifted]

    def lock_paths(self, paths: list[Path], owner: str) -> None:
        """Lock paths for an owner; those that somebody else holds stay theirs."""
        owner = self.redaction.value(owner)
        with self:
            free = [path for path in paths if (held := self.locks.covering(path)) is None or held.owner == owner]
            if free:
                origin = self.sites.here()
                self.record("lock", f',"p":{dumps(free)},"by":{dumps(owner)},"o":{origin_text(origin)}')
                for path in free:
                    self.locks.put(path, owner)
