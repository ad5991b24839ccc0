"""Before ``init``: a config that collects what is given, until a run takes it up as a layer."""

from __future__ import annotations

from typing import Any

from ..codec import Redaction
from ..errors import DetachedSectionWarning, MissingKeyError, TooDeepError
from ..keys import Path, format_path
from ..records.change import MISSING
from ..records.layer import Entry, Layer
from ..records.origin import UNKNOWN
from ..records.state import fold, unit_of
from . import place as places
from .callsite import CallSites
from .config import Config
from .door import Door
from .doors import door_of, free_door
from .recording import Write
from .shadowing import say_shadowed
from .writes import put_all


def staging_config(redaction: Redaction, root: str = "") -> Config:
    """A config whose missing sections may be written into: ``config["train"]["epochs"] = 4``."""
    from ..journal.lines import Stamper
    from ..journal.writer import MemoryJournal

    config = Config()
    door = free_door(config, redaction)
    door.journal = MemoryJournal(Stamper())  # nothing summed up: `take_up` asks each write where it went
    door.sites = CallSites(root)
    door.staging = True
    config._givens.door = door
    return config


def take_up(staged: Config) -> Layer:
    """What was staged, as a layer: each value at the path it was written to, with the line that wrote it.

    A section that was assigned whole replaces; a nested item merges where it was put.
    """
    door = door_of(staged)
    with door:
        events = list(door.journal.events())
        state = fold(events)
        written: dict[Path, None] = {}
        for event in events:
            for path in _paths_of(event):
                written.pop(path, None)  # the last write decides the order
                written[path] = None
        entries: list[Entry] = []
        for path in written:
            value = door.at(path)
            if value is not MISSING:
                entries.append(Entry(path, value, _origin_at(state.origins, path)))
        return Layer("staged", entries, origins=dict(state.origins), descriptions=dict(state.descriptions))


def retire(staged: Config) -> None:
    """Once a run has taken a staged config up: whoever still writes to it, or to a section of it, is told."""
    old = door_of(staged)
    door = _TakenUpDoor(old.journal, redaction=old.redaction, sites=old.sites)
    door.root = staged
    staged._givens.door = door


class _TakenUpDoor(Door):
    """The door of a config that was given before ``init``, after it."""

    said = False

    def check_open(self, path: Path) -> None:
        """Let the write through, and warn once that it changes no run."""
        if not self.said:
            self.said = True
            text = (
                f"config.{format_path(path)} was written to what a run took up when it began: the run does not see it"
            )
            self.later(DetachedSectionWarning(f"{text}; get sections from givens.config again after init()"))


def _paths_of(event: dict[str, Any]) -> list[Path]:
    from ..keys import from_json

    if event["k"] == "set":
        return [unit_of(from_json(row[0])) for row in event["s"]]
    if event["k"] == "splice":
        return [unit_of(from_json(event["p"]))]
    return []


def _origin_at(origins: dict[Path, Any], path: Path) -> Any:
    if path in origins:
        return origins[path]
    return next((origin for leaf, origin in origins.items() if leaf[: len(path)] == path), UNKNOWN)


class Placeholder:
    """A section that is not there yet: only further items and assignment work on it."""

    __slots__ = ("_config", "_path")

    def __init__(self, config: Config, path: Path) -> None:
        object.__setattr__(self, "_config", config)
        object.__setattr__(self, "_path", path)

    def __getitem__(self, key: Any) -> Any:
        config: Config = object.__getattribute__(self, "_config")
        path = _path_below(self, key)
        found = door_of(config).at(path)
        return Placeholder(config, path) if found is MISSING else found

    def __setitem__(self, key: Any, value: Any) -> None:
        config: Config = object.__getattribute__(self, "_config")
        path = _path_below(self, key)
        with door_of(config) as door:
            put_all(door, [Write(path, value, door.sites.here())])
            say_shadowed(door, [path])

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def __repr__(self) -> str:
        return f"<no key {format_path(object.__getattribute__(self, '_path'))!r} yet>"

    def __getattribute__(self, name: str) -> Any:
        if name == "__class__":
            return Placeholder
        raise _missing(self)


def _path_below(placeholder: Placeholder, key: Any) -> Path:
    path: Path = object.__getattribute__(placeholder, "_path")
    part = places.part_of_key(key)
    if len(path) >= places.MAX_DEPTH:
        raise TooDeepError(format_path(path[:8]))
    return (*path, part)


def _missing(placeholder: Placeholder) -> MissingKeyError:
    path: Path = object.__getattribute__(placeholder, "_path")
    config: Config = object.__getattribute__(placeholder, "_config")
    return MissingKeyError(
        path[0] if len(path) == 1 else format_path(path), "", config.keys(), "it was not set, and no run has begun"
    )


def _refuse(self: Placeholder, *_args: Any, **_kwargs: Any) -> Any:
    raise _missing(self)


_REFUSED = """
    bool eq ne lt le gt ge hash iter len contains int float index str format call delitem delattr add radd sub rsub
    mul rmul truediv rtruediv floordiv rfloordiv mod rmod divmod rdivmod pow rpow matmul rmatmul and rand or ror xor
    rxor lshift rlshift rshift rrshift neg pos abs invert enter exit next reversed complex round trunc floor ceil
    iadd isub imul itruediv ifloordiv imod ipow imatmul iand ior ixor ilshift irshift bytes fspath length_hint
"""
for _name in _REFUSED.split():
    setattr(Placeholder, f"__{_name}__", _refuse)

places.register("placeholder", Placeholder)
