"""Types as classes declare them: taken apart, and written as people write them."""

from __future__ import annotations

import types
import typing
from collections.abc import Collection, Iterable, Mapping, MutableMapping, MutableSequence, Sequence
from typing import Any

from .fields import class_name

#: types whose values have nothing inside
SCALAR_TYPES = (bool, int, float, complex, str, bytes, type(None))
_LISTS = (list, Sequence, MutableSequence, Collection, Iterable)
#: types that a section stands for
MAPPINGS = (dict, Mapping, MutableMapping)


def is_listed(origin: Any) -> bool:
    """Whether a type is one that a list stands for."""
    return origin in _LISTS


def item_of(origin: Any, args: tuple[Any, ...], at: int) -> Any | None:
    """The type of one element of a list, which may stand for a tuple or a set; None where any fits."""
    if origin is tuple and not (len(args) == 2 and args[1] is ...):
        return args[at] if at < len(args) else None
    return args[0] if is_listed(origin) or origin in (tuple, set, frozenset) else None


def unwrapped(hint: Any) -> Any:
    """A type without what is said about it: Annotated, Final, NewType, aliases."""
    while True:
        if hasattr(hint, "__metadata__"):
            hint = hint.__origin__
        elif typing.get_origin(hint) in (typing.Final, typing.ClassVar, typing.Required, typing.NotRequired):
            hint = typing.get_args(hint)[0]
        elif hasattr(hint, "__supertype__"):
            hint = hint.__supertype__
        elif type(hint).__name__ == "TypeAliasType":
            hint = hint.__value__
        else:
            return type(None) if hint is None else hint


def choices_of(hint: Any) -> list[Any]:
    """The members of a union, unwrapped; a type that is none by itself."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return [choice for arg in typing.get_args(hint) for choice in choices_of(unwrapped(arg))]
    return [hint]


def type_text(hint: Any) -> str:
    """A type as people write it."""
    hint = unwrapped(hint)
    choices = choices_of(hint)
    if len(choices) > 1:
        return " | ".join(type_text(choice) for choice in choices)
    if hint is type(None):
        return "None"
    args = typing.get_args(hint)
    origin = typing.get_origin(hint)
    if origin is typing.Literal:
        return "one of " + ", ".join(repr(arg) for arg in args)
    if origin is not None and args:
        name = getattr(origin, "__name__", str(origin))
        return f"{name}[{', '.join('…' if arg is ... else type_text(arg) if not isinstance(arg, list) else '…' for arg in args)}]"
    return class_name(hint) if isinstance(hint, type) else str(hint).removeprefix("typing.")
