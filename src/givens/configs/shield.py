"""Keys never hide methods: every method of a class becomes a data descriptor."""

from __future__ import annotations

from typing import Any

# Looked up on the type for every read: a property in their place would cost each read a call. A key of such a
# name is reached by item, and the interpreter never looks for these in the instance.
_READ_OFTEN_TEXT = """
    __getitem__ __contains__ __len__ __iter__ __eq__ __ne__ __lt__ __le__ __gt__ __ge__ __bool__ __hash__
    __getattribute__ __getattr__ __setattr__ __delattr__ __missing__ __reversed__
    __setitem__ __delitem__ __or__ __ror__ __ior__ __iadd__ __imul__ __add__ __mul__ __rmul__
    __new__ __init__ __init_subclass__ __subclasshook__ __class_getitem__ __class__ __dict__ __doc__
    __module__ __slots__ __weakref__ __annotations__ __repr__ __str__ __copy__
"""
_READ_OFTEN = frozenset(_READ_OFTEN_TEXT.split())


class Shielded(type):
    """The class of a class with shielded methods: asked of the class itself, they are plain methods again.

    ``Config.fromkeys(…)`` and ``Config.items(config)`` work as they do with ``dict``.
    """

    def __getattribute__(cls, name: str) -> Any:
        found = type.__getattribute__(cls, name)
        if type(found) is property and type(found.fget) is _MethodWrapper:
            method: Any = found.fget
            return method.__self__.__get__(None, cls)
        return found

    @property
    def __mro__(cls) -> tuple[type, ...]:
        # PyYAML asks this of a value's class before it looks for a representer: the one moment at which it is
        # certainly loaded, whenever that happened. Nothing else pays for it.
        from .yaml_dumping import teach

        teach(cls)
        bases: tuple[type, ...] = type.__dict__["__mro__"].__get__(cls)
        return bases


def shield(cls: type) -> None:
    """Turn every method that a class has or inherits into a property that gives the bound method.

    A section is its own ``__dict__``; without this, ``config["items"] = 3`` would make ``config.items()`` fail,
    and a key ``__deepcopy__`` would break ``copy.deepcopy``.
    """
    bases: tuple[type, ...] = type.__dict__["__mro__"].__get__(cls)
    for name in dir(cls):
        if name in _READ_OFTEN:
            continue
        found = next((base.__dict__[name] for base in bases if name in base.__dict__), None)
        if callable(found) and hasattr(found, "__get__") and not hasattr(type(found), "__set__"):
            setattr(cls, name, property(found.__get__, doc=getattr(found, "__doc__", None)))
        elif isinstance(found, classmethod):
            setattr(cls, name, property(_bound_to_class(cls, found)))


def _bound_to_class(cls: type, method: Any) -> Any:
    return lambda _instance: method.__get__(None, cls)


_MethodWrapper = type(dict.items.__get__)
