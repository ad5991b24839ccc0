"""Keys with the name of a dictionary's method: kept, and it is said once that the attribute is not theirs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ..errors import ShadowedKeyWarning
from ..keys import Path, format_path, key_of, part_for
from ..records.change import MISSING

if TYPE_CHECKING:
    from .door import Door

_OURS = ("setdefaults", "update_locked", "merge_locked", "persist", "as_dict")
METHODS = frozenset((*_OURS, *(name for name in dir(dict) if name[0] != "_")))


def say_shadowed(door: Door, paths: Iterable[Path]) -> None:
    """Warn, once a key, of those written at and below some paths that a method hides; of several, in one warning."""
    with door:
        found: dict[str, Path] = {}
        for path in paths:
            value = door.at(path)
            if value is MISSING:
                continue
            if path[-1] in METHODS:
                found[format_path(path)] = path
            for inside in _below(path, value):
                found[format_path(inside)] = inside
        new = {name: path for name, path in found.items() if name not in door.shadowed}
        if new:
            door.shadowed.update(new)
            door.later(ShadowedKeyWarning(_text(new)))


def _below(path: Path, value: Any) -> Iterator[Path]:
    if not isinstance(value, dict) or getattr(type(value), "__givens_section__", False) is not True:
        return
    if not METHODS.isdisjoint(value):
        yield from ((*path, key) for key in list(value) if key in METHODS)
    for key, child in list(dict.items(value)):
        if isinstance(child, dict):
            yield from _below((*path, part_for(key)), child)


def _text(hidden: dict[str, Path]) -> str:
    names = ", ".join(f"config.{name}" for name in hidden)
    items = ", ".join("config" + "".join(f"[{key_of(part)!r}]" for part in path) for path in hidden.values())
    if len(hidden) == 1:
        return f"{names} is the method of that name; read the value by item: {items}"
    return f"{names} are the methods of those names; read the values by item: {items}"
