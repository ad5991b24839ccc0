"""What a script says of its results, as the record holds it: flat names, plain numbers, JSON text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..codec import dumps, encode
from ..errors import ChildResultsWarning
from ..keys import format_path, is_section_key

if TYPE_CHECKING:
    from ..configs.door import Door

PLAIN = (int, float, bool, str, type(None))  #: what cannot change in place

_MAX_DEPTH = 64  # mappings inside each other that are results of their own
_FIRST_KEY = re.compile(r"\{(-?\d+)\}|\.([^.{]*)")


def flat_results(data: Mapping[Any, Any]) -> dict[str, Any]:
    """Results by name. Names are flat: what stands in a mapping is a result of its own, ``train.loss``.

    A mapping that is empty, or has other keys than str and int, is one value.
    """
    values: dict[str, Any] = {}
    for key, value in data.items():
        if type(value) in PLAIN:
            values[str(key)] = value
        elif isinstance(value, Mapping):
            values.update(_inside(str(key), value, ()))
        else:
            values[str(key)] = scalar_of(value)
    return values


def _inside(name: str, value: Any, around: tuple[int, ...]) -> Iterator[tuple[str, Any]]:
    """The results in a value. A mapping inside itself is left to the encoder, which says so."""
    if (
        not isinstance(value, Mapping)
        or not value
        or id(value) in around
        or len(around) == _MAX_DEPTH
        or not all(map(is_section_key, value))
    ):
        yield name, scalar_of(value)
        return
    for key, child in value.items():
        yield from _inside(result_below(name, key), child, (*around, id(value)))


def result_below(name: str, key: str | int) -> str:
    """The name of a result that was logged inside a mapping, as it is asked for: ``train.loss``, ``per_class{0}``."""
    return f"{name}.{key}" if isinstance(key, str) else f"{name}{format_path([(key,)])}"


def is_below(name: str, group: str) -> bool:
    """Whether a result was logged inside the mapping of that name."""
    return name.startswith(group) and name[len(group) : len(group) + 1] in (".", "{")


def group_keys(names: Iterable[str], group: str) -> list[str | int]:
    """The keys that were logged inside a mapping, from the names of all results."""
    found: dict[str | int, None] = {}
    for name in names:
        match = _FIRST_KEY.match(name, len(group)) if is_below(name, group) else None
        if match is not None:
            found[match[2] if match[1] is None else int(match[1])] = None
    return list(found)


def encoded_results(door: Door, values: Mapping[str, Any]) -> str:
    """Results as JSON text."""
    hide = door.redaction
    return dumps({hide.value(key): encode(value, (key,), hide).json for key, value in values.items()})


def scalar_of(value: Any) -> Any:
    """A result as a plain number where it is one: numpy and torch scalars have ``item()``."""
    if type(value) in PLAIN:
        return value
    item = getattr(value, "item", None)
    if callable(item) and getattr(value, "ndim", 0) == 0:
        try:
            plain = item()
        except (TypeError, ValueError, RuntimeError):  # a thing with an item() of another meaning stays what it is
            return value
        return plain if type(plain) in (int, float, bool) else value
    return value


def say_forked(door: Door) -> None:
    """Warn, once a process, that the results of a forked child are not the run's."""
    if door.forked:
        door.forked = False
        what = "results of a forked child stand beside the run's, under `givens show`, and not among them"
        door.later(ChildResultsWarning(f"{what}; log in the process that called init, or call init in this one"))
