"""Where a section or list stands: its parent and key, up to the root that holds the door."""

from __future__ import annotations

from collections import OrderedDict
from operator import index
from typing import TYPE_CHECKING, Any

from ..errors import CycleError, KeyPathError, TooDeepError
from ..keys import Part, Path, format_path, is_section_key, key_of, part_for
from ..records.change import MISSING

if TYPE_CHECKING:
    from typing import TypeAlias

    from .config import Config
    from .door import Door
    from .tracked_list import TrackedList

Container: TypeAlias = "Config | TrackedList"

MAX_DEPTH = 128  # containers inside each other, the root among them: as deep as the codec goes


class Place:
    """The one private slot of a Config or TrackedList.

    A root has a door and no parent. ``lost`` says, for a section that was replaced or deleted, which path it
    had: its writes still work, and warn once that nothing records them.
    """

    __slots__ = ("door", "key", "lost", "parent")

    def __init__(self, door: Door | None = None, parent: Container | None = None, key: Part = "") -> None:
        self.door = door
        self.parent = parent
        self.key = key
        self.lost: str | None = None


def root_of(container: Container) -> Container:
    """The root above a container; itself when nothing is above it."""
    place = container._givens
    while place.parent is not None:
        container = place.parent
        place = container._givens
    return container


def path_of(container: Container) -> Path:
    """The path of a container below its root. Elements of lists move, so their index is looked up by identity."""
    parts: list[Part] = []
    place = container._givens
    while place.parent is not None:
        parent = place.parent
        if isinstance(parent, list):
            at = place.key
            if not (isinstance(at, int) and at < len(parent) and parent[at] is container):
                place.key = next((i for i, element in enumerate(parent) if element is container), 0)
        parts.append(place.key)
        container, place = parent, parent._givens
    parts.reverse()
    return tuple(parts)


def attach(value: Any, parent: Container, key: Part) -> None:
    """Say that a container stands at ``key`` of ``parent``. Anything else needs no place."""
    if is_container(value):
        place = value._givens
        place.parent, place.key, place.door, place.lost = parent, key, None, None
        if _classes["tracked"] is not None and type(parent) is _classes["tracked"]:
            track(value)


def track(value: Any) -> None:
    """Note the reads of a section that came into a tracked config; what is inside of a list is part of the list."""
    if isinstance(value, _classes["section"]):
        object.__setattr__(value, "__class__", _classes["tracked"])
        for child in list(dict.values(value)):
            track(child)


def detach(value: Any, path: Path | None) -> None:
    """Take a container out of its tree.

    Args:
        value: what stood there; anything but a container is left alone.
        path: where it stood, when later writes to it should warn; None when its owner took it out (``pop``).
    """
    if is_container(value):
        place = value._givens
        place.parent, place.key, place.door = None, "", None
        place.lost = None if path is None else format_path(path)


def is_container(value: Any) -> bool:
    """Whether a value is one of our sections or lists."""
    kind = type(value)
    return kind is _classes["section"] or kind is _classes["list"] or kind is _classes["tracked"]


def plain(value: Any) -> Any:
    """A value with our containers turned into builtin ones."""
    if is_container(value):
        if isinstance(value, list):
            return [plain(element) for element in list(value)]
        return {key: plain(child) for key, child in list(dict.items(value))}
    return value


def adopt(value: Any, path: Path) -> Any:
    """Take a value in: dicts and lists are copied into sections and tracked lists, anything else stays itself.

    Raises:
        CycleError: a container contains itself.
        TooDeepError: it would stand deeper than any real configuration goes, and could not be read back.
        KeyPathError: a mapping has an empty key.
    """
    return value if type(value) in _SCALARS else _adopt(value, path, ())


def _adopt(value: Any, path: Path, above: tuple[int, ...]) -> Any:
    kind = type(value)
    is_mapping = kind is dict or kind is OrderedDict or isinstance(value, _classes["section"])
    if not is_mapping and kind is not list and not isinstance(value, _classes["list"]):
        if kind is _classes["placeholder"]:
            bool(value)  # raises the error that says which key is not there
        return value
    if id(value) in above:
        raise CycleError(format_path(path))
    if len(path) >= MAX_DEPTH:
        raise TooDeepError(format_path(path[:8]))
    above = (*above, id(value))
    if not is_mapping:
        tracked: TrackedList = list.__new__(_classes["list"])
        tracked._givens = Place()
        for at, element in enumerate(list(value)):
            child = element if type(element) in _SCALARS else _adopt(element, (*path, at), above)
            list.append(tracked, child)
            attach(child, tracked, at)
        return tracked
    items = list(value.items())
    if not all(is_section_key(key) for key, _ in items):
        return value  # a mapping with other keys is one leaf, and keeps their types
    section = new_section()
    for key, element in items:
        if key == "":
            raise KeyPathError("", 0, f"an empty key in config.{format_path(path)}")
        part = part_for(key)
        child = element if type(element) in _SCALARS else _adopt(element, (*path, part), above)
        dict.__setitem__(section, key, child)
        attach(child, section, part)
    return section


def inside(value: Any, below: Path, blocked: Any = MISSING) -> Any:
    """What stands at a path below a value that may be in no tree yet.

    Args:
        value: an adopted value.
        below: the path from it.
        blocked: what to give where something that is no container stands in the way.

    Returns:
        The value; MISSING where the way goes through containers and ends at no key.
    """
    for part in below:
        if not is_container(value) or isinstance(value, list) is not (type(part) is int):
            return blocked
        key: Any = key_of(part)
        if isinstance(value, list):
            value = value[key] if type(part) is int and -len(value) <= part < len(value) else MISSING
        else:  # `get`, since a lookup of a missing key in staging gives a placeholder
            value = dict.get(value, key, MISSING)
        if value is MISSING:
            return MISSING
    return value


def graft(section: Any, below: Path, value: Any) -> None:
    """Put an adopted value at a path below a section that is in no tree; sections on the way are made."""
    for part in below[:-1]:
        child = dict.get(section, key_of(part))
        if not (isinstance(child, dict) and is_container(child)):
            child = new_section()
            dict.__setitem__(section, key_of(part), child)
            attach(child, section, part)
        section = child
    dict.__setitem__(section, key_of(below[-1]), value)
    attach(value, section, below[-1])


def is_section_like(value: Any) -> bool:
    """Whether a value is a section, or a dict that becomes one when it is taken in."""
    kind = type(value)
    if kind is not dict and kind is not OrderedDict and not isinstance(value, _classes["section"]):
        return False
    return all(map(is_section_key, value))


def new_section() -> Config:
    """An empty section without a place in any tree."""
    section: Config = dict.__new__(_classes["section"])
    bind(section)
    return section


def bind(section: Config) -> None:
    """Make a section its own ``__dict__``, so that attribute reads are the dictionary's, and give it a place."""
    object.__setattr__(section, "_givens", Place())
    object.__setattr__(section, "__dict__", section)


_SCALARS = frozenset((str, int, float, bool, type(None)))

#: the two container classes, what stands for a missing one in staging, and sections whose reads are noted (only where
#: that is asked for: it is then the one class that no value has otherwise); put here by their own modules
_classes: dict[str, Any] = {"section": None, "list": None, "placeholder": None, "tracked": None}


def register(kind: str, cls: type) -> None:
    """Make a class known to ``adopt``."""
    _classes[kind] = cls


def part_at(container: Container, key: Any) -> Part:
    """The part that names a key of a section, or an index of a list, as the user wrote it.

    Raises:
        KeyPathError: the key is empty, or no str or int.
        IndexError: the list has no such index.
    """
    if isinstance(container, list):
        at = index(key)
        if not -len(container) <= at < len(container):
            raise IndexError("list assignment index out of range")
        return at % len(container)
    part = part_of_key(key)
    if type(part) is str and (part[0] == "-" or part[-1] == "-") and container._givens.parent is None:
        part = part.strip("-")  # `--lr` is `lr`, as everyone who passes a docopt dictionary expects
        if not part:
            raise KeyPathError("", 0, "a key cannot be empty")
    return part


def part_of_key(key: Any) -> Part:
    """The part that names a key of any section.

    Raises:
        KeyPathError: the key is empty, or no str or int.
    """
    kind = type(key)
    if kind is int:
        return (key,)
    if kind is not str:
        if isinstance(key, str):
            key = str.__str__(key)
        elif kind is not bool and hasattr(kind, "__index__"):
            return (index(key),)
        else:
            problem = "a section's keys are str or int; give a mapping with other keys as a value"
            raise KeyPathError(repr(key)[:80], 0, problem)
    if not key:
        raise KeyPathError("", 0, "a key cannot be empty")
    return str(key)
