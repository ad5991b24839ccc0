"""Plain objects whose public attributes are the configuration: ``class HParams`` of a script, or an instance of it."""

from __future__ import annotations

import sys
from abc import ABCMeta
from collections.abc import Iterator
from types import FunctionType, MemberDescriptorType
from typing import Any

from ..errors import CycleError
from ..keys import Path, format_path
from ..records.change import MISSING
from ..records.layer import Entry, Layer
from ..records.origin import Origin
from .fields import adapter_of, class_name
from .mappings import plain

KIND = "object"

#: what stands in a class and is no value of it
_MACHINERY = (FunctionType, staticmethod, classmethod, property)
#: whose classes have a meaning of their own (numbers, threads, parsers …), and so has what is derived from them
_NOT_OWN = (sys.stdlib_module_names | {"givens"}) - {"abc", "typing"}
#: methods of what is no configuration: functions and networks, iterators, files, arrays and tables
_TELLING = ("__call__", "__next__", "read", "write", "__array__")


def attributes_layer(obj: Any, *, code: Origin) -> Layer | None:
    """A layer of an object's public attributes, those that only its class has among them; None when it is no such object.

    Args:
        obj: anything. What stands in it and is of the same class, or a class inside its class, is a section.
        code: the caller's line.

    Raises:
        CycleError: an object contains itself.
    """
    if not _is_plain(obj):
        return None
    values = _values(obj, (), ())
    if not values:
        return None
    cls = obj if isinstance(obj, type) else type(obj)
    own = () if cls is obj else getattr(obj, "__dict__", ())
    entries = [
        Entry(
            (name,), value, Origin(KIND, code.file, code.line, name=f"{class_name(cls)}.{name}", note=_note(name, own))
        )
        for name, value in values.items()
    ]
    return Layer(class_name(cls), entries, watched=obj, reread=_reread)


def _note(name: str, own: Any) -> str | None:
    return None if name in own else "of the class"


def _reread(watched: Any) -> dict[Path, Any]:
    try:
        return {(name,): value for name, value in _values(watched, (), ()).items()}
    except CycleError:  # made since: there is nothing to compare with
        return {}


def _is_plain(obj: Any) -> bool:
    """Whether an object is of a class that somebody wrote down for its attributes, or is that class."""
    cls = obj if isinstance(obj, type) else type(obj)
    return (
        type(cls) in (type, ABCMeta)
        and not any(above.__module__.partition(".")[0] in _NOT_OWN for above in cls.__mro__[:-1])
        and adapter_of(cls) is None
        and not any(name in vars(above) for above in cls.__mro__[:-1] for name in _TELLING)
    )


def _values(obj: Any, path: Path, around: tuple[int, ...]) -> dict[str, Any]:
    if id(obj) in around:
        raise CycleError(format_path(path))
    cls = obj if isinstance(obj, type) else type(obj)
    around = (*around, id(obj))
    return {name: _value(cls, value, (*path, name), around) for name, value in _public(obj, cls)}


def _value(cls: type, value: Any, path: Path, around: tuple[int, ...]) -> Any:
    """A value; one of the same class, and a class that is written inside it, as a dict."""
    inside = isinstance(value, type) and value.__qualname__.startswith(f"{cls.__qualname__}.")
    if inside or type(value) is cls:
        return _values(value, path, around)
    return plain(value, path)


def _public(obj: Any, cls: type) -> Iterator[tuple[str, Any]]:
    """What an object has, the attributes of its classes first, as a ``getattr`` would find it; no property is called."""
    found: dict[str, Any] = {}
    for above in reversed(cls.__mro__[:-1]):
        for name, value in vars(above).items():
            if isinstance(value, MemberDescriptorType):  # a slot
                value = MISSING if cls is obj else getattr(obj, name, MISSING)
            if value is not MISSING and not isinstance(value, _MACHINERY):
                found[name] = value
    if cls is not obj:
        found.update(getattr(obj, "__dict__", {}))
    yield from ((name, value) for name, value in found.items() if not name.startswith("_"))
