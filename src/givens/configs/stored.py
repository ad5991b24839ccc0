"""Configs that are only read: a stored run's, and a snapshot of a live one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..codec import Redaction, decode
from ..errors import ReadOnlyError
from ..records.encoded import lift
from ..records.state import RunState
from . import place as places
from .config import Config
from .door import Door
from .doors import door_of, free_door, record_held
from .free_journal import free_journal

if TYPE_CHECKING:
    from ..keys import Path


class ReadOnlyDoor(Door):
    """A door that lets nothing through."""

    what = "this config"
    instead = "copy it to change it: copy.copy(config)"

    def check_open(self, path: Path) -> None:
        """Refuse every write."""
        raise ReadOnlyError(self.what, self.instead)


def _sealed(config: Config, what: str, instead: str, redaction: Redaction | None = None) -> ReadOnlyDoor:
    door = ReadOnlyDoor(free_journal(), redaction=redaction or Redaction())
    door.root, door.what, door.instead = config, what, instead
    config._givens.door = door
    return door


def read_only_config(
    state: RunState, read_blob: Callable[[str], bytes] | None = None, what: str = "a stored run"
) -> Config:
    """The config of a stored run: reads like the live one, and cannot be written.

    Args:
        state: the folded run; its history answers ``explain`` and ``history``.
        read_blob: gives the bytes of a blob by its sha256.
        what: how errors call it.
    """
    config: Config = places.adopt({key: decode(lift(value), read_blob) for key, value in state.config.items()}, ())
    door = _sealed(config, f"the config of {what}", "copy it to work with other values: copy.copy(run.config)")
    door.folded = state
    return config


def snapshot(config: Config) -> Config:
    """A read-only copy of a config as it is now (``run.config_static``)."""
    copied: Config = places.adopt(config, ())
    door = _sealed(copied, "config_static", "write to run.config", door_of(config).redaction)
    record_held(door, copied)
    return copied


def editable_config(state: RunState, read_blob: Callable[[str], bytes] | None, redaction: Redaction) -> Config:
    """The config of a stored run to be changed: it records in memory only, and its owner compares before with after.

    Args:
        state: the folded run.
        read_blob: gives the bytes of a blob by its sha256.
        redaction: what is secret, for messages.
    """
    config: Config = places.adopt({key: decode(lift(value), read_blob) for key, value in state.config.items()}, ())
    config._givens.door = free_door(config, redaction)
    return config
