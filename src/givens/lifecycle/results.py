"""What a script says of its results, as the record holds it: plain numbers, JSON text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..codec import dumps, encode
from ..errors import ChildResultsWarning

if TYPE_CHECKING:
    from ..configs.door import Door

PLAIN = (int, float, bool, str, type(None))  #: what cannot change in place


def encoded_result(door: Door, name: str, value: Any) -> str:
    """One result as JSON text."""
    return dumps(encode(value, (name,), door.redaction).json)


def encoded_results(door: Door, values: Mapping[str, Any]) -> str:
    """Results by name as JSON text."""
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
