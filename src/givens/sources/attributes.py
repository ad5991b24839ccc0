"""Plain objects whose public attributes are the configuration: ``class HParams`` of a script, or an instance of it."""

from __future__ import annotations

import os
import sys
from abc import ABCMeta
from functools import cached_property
from types import MemberDescriptorType
from typing import Any

from ..errors import CycleError, TooDeepError
from ..keys import Path, format_path
from ..records.change import MISSING
from ..records.layer import Entry, Layer
from ..records.origin import Origin
from .fields import adapter_of, class_name
from .mappings import plain

KIND = "object"

#: classes that are made by anything else have a meaning of their own: enums, tables, models
_ORDINARY = (type, ABCMeta)
#: whose classes have a meaning of their own (numbers, threads, parsers …), and so has what is derived from them
_STANDARD = sys.stdlib_module_names - {"abc", "typing"}
#: folders inside the standard library's own where what is not of it is installed
_INSTALLED = ("site-packages", "dist-packages")
#: methods of what is no configuration: functions and networks, iterators, files, arrays and tables
_TELLING = ("__call__", "__next__", "read", "write", "__array__")

#: what stands in the classes of an object, by name, with the class in which a ``getattr`` would find it
_Standing = dict[str, tuple[type, Any]]


def attributes_layer(obj: Any, *, code: Origin) -> Layer | None:
    """A layer of an object's public attributes, those that only its class has among them; None when it is no such object.

    Args:
        obj: anything. What stands in it and is of the same class, or a class inside its class, is a section.
        code: the caller's line.

    Raises:
        CycleError: an object contains itself.
        TooDeepError: objects inside each other, deeper than the interpreter's stack allows.
    """
    if not _is_plain(obj):
        return None
    values = _values(obj, (), ())
    if not values:
        return None
    cls = obj if isinstance(obj, type) else type(obj)
    own = () if cls is obj else _own(obj, _standing(cls)) or ()
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
    except (CycleError, TooDeepError):  # made since: there is nothing to compare with
        return {}


def _is_plain(obj: Any) -> bool:
    """Whether an object is of a class that somebody wrote down for its attributes, or is that class."""
    cls = obj if isinstance(obj, type) else type(obj)
    if type(cls) not in _ORDINARY or not all(_is_own(above.__module__) for above in cls.__mro__[:-1]):
        return False
    standing = _standing(cls)
    return (
        adapter_of(cls) is None
        and not any(name in standing and _is_method(standing[name][1]) for name in _TELLING)
        and (cls is obj or _own(obj, standing) is not None)
    )


def _is_own(module: object) -> bool:
    """Whether a class of that module is somebody's own. Nothing is known of one that names no module."""
    if not isinstance(module, str):
        return False
    top = module.partition(".")[0]
    return top != "givens" and (top not in _STANDARD or not _is_standard(top))


def _is_standard(name: str) -> bool:
    """Whether the module of that name is the standard library's, and not a script's ``profile.py`` or ``code.py``."""
    module = sys.modules.get(name)
    file = getattr(getattr(module, "__spec__", None), "origin", None) or getattr(module, "__file__", None)
    if not isinstance(file, str):
        return False
    if file in ("built-in", "frozen"):
        return True
    import sysconfig

    folder = _folder(os.path.dirname(file))
    library = [_folder(sysconfig.get_path(kind)) for kind in ("stdlib", "platstdlib")]
    return any(folder.startswith(path) and not folder.startswith(_INSTALLED, len(path)) for path in library)


def _folder(path: str) -> str:
    return os.path.join(os.path.realpath(path), "")


def _is_method(value: Any) -> bool:
    return callable(value) and not isinstance(value, type)  # a class inside a class is a section


def _values(obj: Any, path: Path, around: tuple[int, ...]) -> dict[str, Any]:
    if id(obj) in around:
        raise CycleError(format_path(path))
    cls = obj if isinstance(obj, type) else type(obj)
    around = (*around, id(obj))
    return {name: _value(cls, value, (*path, name), around) for name, value in _public(obj, cls).items()}


def _value(cls: type, value: Any, path: Path, around: tuple[int, ...]) -> Any:
    """A value; one of the same class, and a class that is written inside it, as a dict."""
    try:
        if isinstance(value, type):
            inside = type(value) in _ORDINARY and _is_inside(value, cls)
        else:
            inside = type(value) is cls and _own(value, _standing(cls)) is not None
        return _values(value, path, around) if inside else plain(value, path)
    except RecursionError:
        raise TooDeepError(format_path(path[:8])) from None


def _public(obj: Any, cls: type) -> dict[str, Any]:
    """What an object has, the attributes of its classes first, as a ``getattr`` would find it; no property is called."""
    standing = _standing(cls)
    found = {name: value for name, (above, value) in standing.items() if _is_value(value, above)}
    if cls is not obj:
        found.update(_own(obj, standing) or {})
    return {name: value for name, value in found.items() if not name.startswith("_")}


def _standing(cls: type) -> _Standing:
    return {name: (above, value) for above in reversed(cls.__mro__[:-1]) for name, value in vars(above).items()}


def _is_value(value: Any, above: type) -> bool:
    """Whether what stands in a class is a value of it: no method or property, no kind of value, no instance of it."""
    kind = type(value)
    if issubclass(kind, type):
        return kind in _ORDINARY or not _is_inside(value, above)
    return not hasattr(kind, "__get__") and above not in kind.__mro__


def _is_inside(value: type, cls: type) -> bool:
    return value.__qualname__.startswith(f"{cls.__qualname__}.")


def _own(obj: Any, standing: _Standing) -> dict[str, Any] | None:
    """What an instance has and not its class, in slots or not; None for an object that does not say what it has."""
    try:
        attributes = getattr(obj, "__dict__", {})
    except Exception:  # a foreign object may raise anything when it is looked at
        return None
    if not isinstance(attributes, dict):
        return None
    own = {name: _in_slot(obj, value) for name, (_, value) in standing.items() if type(value) is MemberDescriptorType}
    own.update(attributes)
    return {
        name: value
        for name, value in own.items()
        if value is not MISSING and not (name in standing and isinstance(standing[name][1], cached_property))
    }


def _in_slot(obj: Any, slot: MemberDescriptorType) -> Any:
    try:
        return slot.__get__(obj)
    except AttributeError:  # nothing was put there
        return MISSING
