"""Which door a container's writes go through: its run's, or one of its own."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from ..codec import Redaction, encode
from ..errors import CycleError, TooDeepError
from ..keys import Path, part_for
from ..records.origin import UNKNOWN
from . import place as places
from .door import Door
from .neighbours import veiled
from .recording import Recorded

if TYPE_CHECKING:
    from .config import Config
    from .place import Container


def door_of(container: Container) -> Door:
    """The door through which writes to a container go. One that stands in no tree gets a door of its own."""
    root = places.root_of(container)
    door = root._givens.door
    if door is None:
        with _making:
            made = free_door(root)
            door = root._givens.door  # a signal handler may have asked in between
            if door is None:
                door = root._givens.door = made
    return door


_making = threading.RLock()


class at_door:  # reads as a statement: with at_door(section) as door
    """Holds the door of a container: the one it has *now*, under its lock.

    While a thread waited for the lock, another may have replaced the section: it then belongs to no run any more,
    and writing to the path it once had would write into what stands there now.
    """

    __slots__ = ("_container", "_door")

    def __init__(self, container: Container) -> None:
        self._container = container

    def __enter__(self) -> Door:
        while True:
            door = self._door = door_of(self._container)
            door.__enter__()
            if door_of(self._container) is door:
                return door
            door.__exit__()

    def __exit__(self, *exc: object) -> None:
        self._door.__exit__()


def free_door(root: Container, redaction: Redaction | None = None) -> Door:
    """A door that records in memory: for a Config without a run, and for sections taken out of theirs.

    Args:
        root: the container at the top. What is in it already is the beginning of its record.
        redaction: what is secret; None for the rules that everyone has.
    """
    from .free_journal import free_journal

    door = Door(free_journal(), redaction=redaction or Redaction())
    door.root = root
    if root and not isinstance(root, list):
        record_held(door, root)
    return door


def record_held(door: Door, root: Config) -> None:
    """Begin a record with what a config holds already."""
    held: list[Recorded] = []
    for key, value in list(dict.items(root)):
        path: Path = (part_for(key),)
        try:
            shown = veiled(root, value, path, door.redaction)
            held.append(Recorded(path, encode(shown, path, door.redaction).json, UNKNOWN))
        except (CycleError, TooDeepError):  # changed in place since it was taken in; it has no origin to tell anyway
            continue
    door.record_set(held, layering=True)
