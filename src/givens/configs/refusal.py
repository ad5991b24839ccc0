"""Writes that a lock refuses: recorded, said once, and never applied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..codec import dumps, encode
from ..errors import LockedKeyError, LockedKeyWarning, locked_text
from ..keys import Path, format_path
from ..records.change import MISSING
from ..records.origin import Origin
from . import place as places
from .locks import Lock
from .neighbours import veiled
from .recording import Write, blobbed, origin_text

if TYPE_CHECKING:
    from .door import Door

RECORDED_PER_KEY = 100


class Refusals:
    """Refuses, records and counts.

    Args:
        on_locked: ``warn`` (one warning a key) or ``error`` (raise).
    """

    __slots__ = ("counts", "on_locked")

    def __init__(self, on_locked: str = "warn") -> None:
        self.on_locked = on_locked
        self.counts: dict[Path, int] = {}

    def beyond(self) -> list[tuple[Path, int]]:
        """The refused writes that were only counted: path and how many."""
        return [(path, count - RECORDED_PER_KEY) for path, count in self.counts.items() if count > RECORDED_PER_KEY]

    def sieve(self, door: Door, write: Write, old: Any, new: Any, owner: str | None) -> Any:
        """What of a write may go on: the adopted value, with locked leaves inside it kept; or MISSING."""
        covering = door.locks.covering(write.path)
        if covering is not None and covering.owner != owner:
            self._refuse(door, write.path, covering, old, write.value, write.origin)
            return MISSING
        for lock in door.locks.below(write.path):
            if lock.owner == owner:
                continue
            kept = door.at(lock.path)
            below = lock.path[len(write.path) :]
            given = places.inside(new, below, blocked=_NO_SECTION)
            if given is _NO_SECTION:
                self._refuse(door, write.path, lock, old, write.value, write.origin)
                return MISSING
            if kept is MISSING:
                continue
            if given is MISSING or _text(door, lock.path, kept) != _text(door, lock.path, given):
                shown = veiled(places.inside(new, below[:-1]), given, lock.path, door.redaction)
                self._refuse(door, lock.path, lock, kept, shown, write.origin)
                places.graft(new, below, places.adopt(kept, lock.path))
        return new

    def refuses(self, door: Door, write: Write, old: Any) -> bool:
        """Whether a lock on the path or above it refuses the write."""
        covering = door.locks.covering(write.path)
        if covering is None:
            return False
        self._refuse(door, write.path, covering, old, write.value, write.origin)
        return True

    def refuses_delete(self, door: Door, path: Path, origin: Origin) -> bool:
        """Whether a lock on the path, above or below it refuses that it goes."""
        lock = door.locks.covering(path) or next(iter(door.locks.below(path)), None)
        if lock is None:
            return False
        self._refuse(door, path, lock, door.at(path), MISSING, origin)
        return True

    def _refuse(self, door: Door, path: Path, lock: Lock, old: Any, new: Any, origin: Origin) -> None:
        new = door.veiled(path, new)
        count = self.counts[path] = self.counts.get(path, 0) + 1
        if count <= RECORDED_PER_KEY:
            members = f',"p":{dumps(path)},"by":{dumps(lock.owner)},"o":{origin_text(origin)}'
            if new is not MISSING:
                members += f',"v":{dumps(blobbed(encode(new, path, door.redaction).json, door.store_blob))}'
            door.record("refuse", members)
        shown_new = "a delete" if new is MISSING else door.shown(path, new)
        said = (format_path(path), lock.owner, door.shown(path, old), shown_new)
        if self.on_locked == "error":
            raise LockedKeyError(*said)
        if count == 1:
            door.later(LockedKeyWarning(locked_text(*said)))


_NO_SECTION = object()


def _text(door: Door, path: Path, value: Any) -> str:
    return dumps(encode(value, path, door.redaction).json)
