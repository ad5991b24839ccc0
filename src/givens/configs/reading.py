"""Which keys a script reads, for ``track_reads``: a class of its own, so that nobody else's reads cost anything.

A tracked config and its sections are of this class instead of ``Config``; every read of theirs is noted. What goes on
as a whole (``**config.model``, ``dict(config)``, ``config.items()``, a copy) counts as reading all of it; printing does
not count.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from ..codec import dumps
from ..keys import Path, format_path, key_of, part_for
from ..records.change import MISSING
from ..records.state import unit_of
from . import place as places
from .config import Config
from .doors import door_of
from .shield import shield

#: so many keys of each kind are recorded
MOST = 200
_LIKENESS = 0.7  # of two names, by difflib's measure: from here on one may be meant by the other


class Reads:
    """What was read of one config so far.

    Attributes:
        read: paths of leaves, lists and sections that were asked for by their own name.
        whole: sections that were handed on as a whole.
        asked: path of a key that was not there -> how it was asked for: ``attribute``, ``item``, ``get`` or ``in``.
        paused: reads are not noted at the moment: it is printed.
    """

    __slots__ = ("asked", "paused", "read", "whole")

    def __init__(self) -> None:
        self.read: set[Path] = set()
        self.whole: set[Path] = set()
        self.asked: dict[Path, str] = {}
        self.paused = False


class ReadReport(NamedTuple):
    """What is to be said of the reads of a config.

    Args:
        unread: keys that were given and never read, in the config's order.
        asked: keys that were asked for and never given, each with how.
        meant: pairs of both kinds whose names are much alike: (given, asked for).
        any_read: whether any key was read at all.
    """

    unread: tuple[Path, ...]
    asked: tuple[tuple[Path, str], ...]
    meant: tuple[tuple[Path, Path], ...]
    any_read: bool

    def members(self) -> str:
        """Members of the finish event."""
        asked = [list(pair) for pair in self.asked[:MOST]]
        return (
            f',"unread":{dumps(list(self.unread[:MOST]))},"unread_total":{len(self.unread)}'
            f',"asked":{dumps(asked)},"meant":{dumps([list(pair) for pair in self.meant])}'
        )

    def sentences(self) -> list[str]:
        """For the finish line; none when every key was read."""
        if not self.any_read and self.unread:
            return ["no key was read through the config: the script may read its arguments instead"]
        said = [
            f"{format_path(given)} was given and never read, {format_path(asked)} read and never given"
            for given, asked in self.meant[:3]
        ]
        if self.unread:
            listed = ", ".join(map(format_path, self.unread[:5])) + (", …" if len(self.unread) > 5 else "")
            said.append(f"{len(self.unread)} key{'' if len(self.unread) == 1 else 's'} never read: {listed}")
        return said


class TrackedConfig(Config):
    """A Config, or a section of one, whose reads are noted."""

    __slots__ = ()
    __givens_tracked__ = True

    def __getattribute__(self, name: str) -> Any:
        if name not in _NAMES and name[0] != "_":
            if dict.__contains__(self, name):
                _note(self, name)
            else:
                _note_missing(self, name, "attribute")
        return Config.__getattribute__(self, name)

    def __getitem__(self, key: Any) -> Any:
        if dict.__contains__(self, key):
            _note(self, key)
        else:
            _note_missing(self, key, "item")
        return dict.__getitem__(self, key)

    def __contains__(self, key: Any) -> bool:
        there = dict.__contains__(self, key)
        if not there:
            _note_missing(self, key, "in")
        return there

    def __iter__(self) -> Iterator[Any]:  # a dict with an __iter__ of its own is also copied key by key
        return dict.__iter__(self)

    def get(self, key: Any, default: Any = None) -> Any:
        """As of ``dict``."""
        if dict.__contains__(self, key):
            _note(self, key)
        else:
            _note_missing(self, key, "get")
        return dict.get(self, key, default)

    def items(self) -> Any:
        """As of ``dict``."""
        _note_whole(self)
        return dict.items(self)

    def values(self) -> Any:
        """As of ``dict``."""
        _note_whole(self)
        return dict.values(self)

    def as_dict(self) -> dict[Any, Any]:
        """The values as exact builtin dicts and lists."""
        _note_whole(self)
        return Config.as_dict(self)

    def copy(self) -> Config:
        """A Config of its own, whose reads nobody notes."""
        _note_whole(self)
        return Config.copy(self)

    def setdefault(self, key: Any, default: Any = None) -> Any:
        """The value at a key, after setting it to ``default`` if it was missing."""
        value = Config.setdefault(self, key, default)
        _note(self, key)
        return value

    def pop(self, key: Any, *default: Any) -> Any:
        """Take a key out and give back its value."""
        if dict.__contains__(self, key):
            _note(self, key)
        else:
            _note_missing(self, key, "item")
        return Config.pop(self, key, *default)

    def __repr__(self) -> str:
        with _paused(self):
            return Config.__repr__(self)

    def __str__(self) -> str:
        with _paused(self):
            return Config.__str__(self)

    def _repr_html_(self) -> str:
        with _paused(self):
            return Config._repr_html_(self)


_NAMES = frozenset(dir(Config))
shield(TrackedConfig)


def track(config: Config) -> Reads:
    """Note the reads of a config from now on, and those of sections that come into it."""
    reads = door_of(config).reads = Reads()
    places.register("tracked", TrackedConfig)
    places.track(config)
    return reads


def report(config: Config, reads: Reads) -> ReadReport:
    """What was never read, and what was asked for and never given.

    Args:
        config: the run's root, as it stands at the end.
        reads: what was noted.
    """
    there = list(_leaves(config, ()))
    unread = [path for path in there if not _was_read(path, reads)]
    asked = [(path, how) for path, how in reads.asked.items() if places.inside(config, path) is MISSING]
    meant = _meant(unread, [path for path, _ in asked])
    return ReadReport(tuple(unread), tuple(asked), tuple(meant), bool(reads.read or reads.whole))


def _meant(unread: list[Path], asked: list[Path]) -> list[tuple[Path, Path]]:
    """Which key that was given may be meant by one that was asked for: in the same section first."""
    if not unread or not asked:
        return []
    from difflib import get_close_matches

    pairs = []
    free = list(unread)
    for path in asked:
        beside = [other for other in free if other[:-1] == path[:-1]]
        for among in (beside, free):
            names = {str(key_of(other[-1])): other for other in among}
            found = get_close_matches(str(key_of(path[-1])), names, n=1, cutoff=_LIKENESS)
            if found:
                pairs.append((names[found[0]], path))
                free.remove(names[found[0]])
                break
    return pairs


def _was_read(path: Path, reads: Reads) -> bool:
    if path in reads.read:
        return True
    return any(path[:length] in reads.whole for length in range(len(path)))


def _leaves(section: Config, path: Path) -> Iterator[Path]:
    for key, value in list(dict.items(section)):
        below = (*path, part_for(key))
        if isinstance(value, Config):
            yield from _leaves(value, below)
        else:
            yield below


def _reads_of(section: Config) -> Reads | None:
    """What notes the reads of a section; None while givens itself reads it."""
    door = places.root_of(section)._givens.door
    if door is None or door.reads is None or door.reads.paused or door.is_held:
        return None
    return door.reads


def _note(section: Config, key: Any) -> None:
    reads = _reads_of(section)
    if reads is not None and isinstance(key, str | int):
        reads.read.add(unit_of((*places.path_of(section), part_for(key))))


def _note_missing(section: Config, key: Any, how: str) -> None:
    if not isinstance(key, str | int) or key == "":
        return
    reads = _reads_of(section)
    if reads is not None:
        reads.asked.setdefault((*places.path_of(section), part_for(key)), how)


def _note_whole(section: Config) -> None:
    reads = _reads_of(section)
    if reads is not None:
        reads.whole.add(places.path_of(section))


class _paused:  # reads as a statement: with _paused(config)
    """Reads are not noted inside."""

    __slots__ = ("_reads",)

    def __init__(self, section: Config) -> None:
        door = places.root_of(section)._givens.door
        self._reads = None if door is None else door.reads

    def __enter__(self) -> None:
        if self._reads is not None:
            self._reads.paused = True

    def __exit__(self, *exc: object) -> None:
        if self._reads is not None:
            self._reads.paused = False
