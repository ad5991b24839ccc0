"""Python values to typed JSON: the walk over a value, and the fast way for scalars.

What the walk does not do itself is in the families of ``kinds.FAMILIES``, one file each.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any, NamedTuple

from ..errors import CycleError, GivensError, TooDeepError
from ..keys import Path, format_path
from ..records.encoded import MAP, SECRET, TAG
from .kinds import LONG_ITEMS, LONG_TEXT, MAX_DEPTH, OBJECT_VALUES, encoder_of, type_name
from .redaction import SHORTEST_SECRET, Redaction, is_marker_text

_INF = float("inf")
_SHORT_INT = 10**600  # the interpreter's limit for digits cannot be set below 640
_MOST_DIGITS = 4000


class Encoded(NamedTuple):
    """An encoded value, and what has to be known of it.

    Args:
        json: JSON-able: no NaN, no infinity, no int too long to print, no half surrogate pair in a value.
        mutable: it holds an object that can change in place behind our back; sections and lists do not count.
        lossy: (full path, reason) of what could not be kept exactly.
        secrets: full paths of what was redacted.
    """

    json: Any
    mutable: bool
    lossy: tuple[tuple[Path, str], ...]
    secrets: tuple[Path, ...]


def encode(value: Any, path: Path, redaction: Redaction) -> Encoded:
    """Encode one value.

    Args:
        value: anything.
        path: where it stands; decides about secrets, and is the beginning of the paths reported.
        redaction: what is a secret.

    Raises:
        CycleError: a container contains itself.
        TooDeepError: more than ``MAX_DEPTH`` containers inside each other.
    """
    kind = type(value)
    if kind is float:
        if -_INF < value < _INF:
            return Encoded(value, False, (), ())
    elif kind is int:
        if -_SHORT_INT < value < _SHORT_INT:
            return Encoded(value, False, (), ())
    elif kind is bool or value is None or (kind is str and len(value) < 8 and value.isascii()):
        return Encoded(value, False, (), ())
    walk = Walk(redaction)
    try:
        json = walk.value(value, path)
    except RecursionError:
        raise TooDeepError(format_path(path[:8])) from None
    return Encoded(json, walk.mutable, tuple(walk.lossy), tuple(walk.secrets))


class Walk:
    """One way through one value. The families' encoders get it, to go on with what is inside.

    Args:
        redaction: what is a secret.
        bounded: cut what is long, as inside an unknown object (for messages).
        ids: give secrets their ids; without, no hash key is needed.
    """

    __slots__ = ("active", "bounded", "ids", "leaf", "lossy", "mutable", "objects", "redaction", "room", "secrets")

    def __init__(self, redaction: Redaction, *, bounded: bool = False, ids: bool = True) -> None:
        self.redaction = redaction
        self.mutable = False
        self.lossy: list[tuple[Path, str]] = []
        self.secrets: list[Path] = []
        self.active: list[int] = []  # ids of the containers that are open, outermost first
        self.leaf = 0  # > 0: inside a leaf, where a dict or list is no section that writes are recorded of
        self.objects = 0  # unknown objects that are open
        self.bounded = bounded
        self.ids = ids
        self.room: int | None = OBJECT_VALUES if bounded else None  # values still taken; None: no bound

    def value(self, value: Any, path: Path) -> Any:
        """The encoded form of one value."""
        kind = type(value)
        if kind is str:
            return value if len(value) < 8 and value.isascii() else self.text(value, path)
        if kind is float:
            if -_INF < value < _INF:
                return value
        elif kind is int:
            if -_SHORT_INT < value < _SHORT_INT:
                return value
        elif kind is bool or value is None:
            return value
        if self.room is not None:
            self.room -= 1
            if self.room < 0:
                return self.cut(value, path)
        before = len(self.active), self.leaf, self.objects, self.room
        try:
            return _BUILTIN[kind](self, value, path) if kind in _BUILTIN else encoder_of(kind)(self, value, path)
        except (GivensError, RecursionError, MemoryError):
            raise
        except Exception as error:  # a foreign object may raise anything when it is looked at
            length, self.leaf, self.objects, self.room = before
            del self.active[length:]
            self.mutable = True
            self.lose(path, f"{type_name(kind)} could not be read: {type_name(type(error))}")
            return {TAG: "object", "type": type_name(kind), "fields": {}}

    def text(self, value: str, path: Path, *, flag: bool = False) -> Any:
        """A str: itself, a secret, with a part redacted, or escaped."""
        if len(value) >= SHORTEST_SECRET and not is_marker_text(value) and self.redaction.is_secret_path(path):
            return self.secret(value, path)
        if flag and value in self.redaction.given_away:
            return self.secret(value, path)
        shown = self.redaction.value(value, flag=flag)
        if shown is not value:
            self.secrets.append(path)
            return {TAG: "redacted", "v": self.unicode(shown), "id": self._secret_id(value)}
        if self.room is not None and len(value) > LONG_TEXT:
            return self.cut(value, path)
        return self.unicode(value)

    def unicode(self, value: str) -> Any:
        """A str that is no secret: itself, or escaped."""
        if not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError:  # half a surrogate pair: UTF-8 has no form for it
                return {TAG: "str", "v": value.encode("unicode_escape").decode("ascii")}
        return value

    def secret(self, value: str | bytes, path: Path, *, given_away: bool = False) -> dict[str, Any]:
        """What stands in a record in place of a secret. ``given_away``: by its neighbours, not by its path."""
        self.secrets.append(path)
        stored = {TAG: SECRET, "id": self._secret_id(value)}
        if isinstance(value, str):
            self.redaction.remember(value, given_away=given_away)
            if len(value) >= 20 and value[-4:].isascii() and value[-4:].isprintable():
                stored["hint"] = value[-4:]
        return stored

    def _secret_id(self, value: str | bytes) -> str:
        return self.redaction.secret_id(value) if self.ids else ""

    def lose(self, path: Path, reason: str) -> None:
        """Report that the value at ``path`` is not kept exactly."""
        self.lossy.append((path, reason))

    def cut(self, value: Any, path: Path) -> dict[str, Any]:
        """What stands for a value that is left out of an unknown object, or of a message."""
        self.lose(path, "left out: too much inside an unknown object")
        return {TAG: "cut", "type": type_name(type(value)), **_size(value)}

    def enter(self, value: Any, path: Path) -> bool:
        """Open a container. False: it is open already, inside an unknown object, and has to be cut.

        Raises:
            CycleError: it is open already.
            TooDeepError: too many are open.
        """
        if id(value) in self.active:
            if self.objects or self.bounded:
                return False
            raise CycleError(format_path(path))
        if len(self.active) >= MAX_DEPTH:
            raise TooDeepError(format_path(path[:8]))
        self.active.append(id(value))
        return True

    def leave(self) -> None:
        """Close the container opened last."""
        self.active.pop()

    def sequence_leaf(
        self, tag: str, owner: Any, values: Iterable[Any], path: Path, names: tuple[str, ...] = (), **more: Any
    ) -> dict[str, Any]:
        """A container that is one leaf (a tuple, a set …), as ``{"~": tag, **more, "v": […]}``.

        Args:
            tag: its tag.
            owner: the container, to find cycles.
            values: its items.
            path: its path; item i is at ``path`` + (i,), or + (names[i],).
            names: the items' names, for a named tuple.
            more: further members.
        """
        self.leaf += 1
        items = self._sequence(owner, list(values), path, names)
        self.leaf -= 1
        return {TAG: tag, **more, "v": items} if type(items) is list else items

    def mapping_leaf(
        self, tag: str, owner: Any, items: list[tuple[Any, Any]], path: Path, **more: Any
    ) -> dict[str, Any]:
        """A mapping that is one leaf, as ``{"~": tag, **more, "v": [[key, value], …]}``."""
        if not self.enter(owner, path):
            return self.cut(owner, path)
        self.leaf += 1
        out: list[Any] = []
        for key, child in items:
            if self.room is not None and len(out) >= LONG_ITEMS:
                out.append(["…", self.cut(owner, path)])
                break
            part: Path = (key,) if type(key) is str else ((key,),) if type(key) is int else ()
            name = self.unicode(key) if type(key) is str else self.value(key, path)
            out.append([name, self.value(child, path + part)])
        self.leaf -= 1
        self.leave()
        return {TAG: tag, **more, "v": out}

    def _sequence(self, owner: Any, values: list[Any], path: Path, names: tuple[str, ...] = ()) -> Any:
        if not self.enter(owner, path):
            return self.cut(owner, path)
        out: list[Any] = []
        secret_next = False
        for at, child in enumerate(values):
            if self.room is not None and at >= LONG_ITEMS:
                out.append(self.cut(owner, path))
                break
            inside = (*path, names[at] if names else at)
            if type(child) is str:
                # ["--api-key", "…"] and ["API_KEY=…"]: a command line, or an environment, kept as a list
                if secret_next and len(child) >= SHORTEST_SECRET and not child.startswith("--"):
                    out.append(self.secret(child, inside, given_away=True))
                else:
                    out.append(self.text(child, inside, flag=True))
                secret_next = child.startswith("-") and self.redaction.takes_secret(child)
            else:
                out.append(self.value(child, inside))
                secret_next = False
        self.leave()
        return out

    def section(self, value: dict[Any, Any], path: Path) -> Any:
        """A dict: a section, or one leaf when its keys are not all str or int."""
        if self.leaf:
            self.mutable = True
        items = list(dict.items(value))
        if self.room is not None and len(items) > LONG_ITEMS:
            return self.mapping_leaf(MAP, value, items, path)
        if not self.enter(value, path):
            return self.cut(value, path)
        pair = dict.__contains__(value, "value") and self.redaction.names_secret(value)
        given_away = self.redaction.given_away
        out: dict[str, Any] = {}
        for key, child in items:
            if type(key) is not str or key == TAG:
                self.leave()
                return self._mapping(value, items, path)
            kind = type(child)
            if (kind is float and -_INF < child < _INF) or kind is bool or child is None:
                out[key] = child
            elif kind is str and key == "value" and len(child) >= SHORTEST_SECRET and (pair or child in given_away):
                out[key] = self.secret(child, (*path, key), given_away=True)
            else:
                out[key] = self.value(child, (*path, key))
        self.leave()
        return out

    def _mapping(self, value: dict[Any, Any], items: list[tuple[Any, Any]], path: Path) -> Any:
        # keys that JSON has no form for; still a section when all are str or int
        if not all(type(key) is str or type(key) is int for key, _ in items):
            self.mutable = True
            return self.mapping_leaf(MAP, value, items, path)
        self.enter(value, path)
        out: list[Any] = []
        for key, child in items:
            name = key if type(key) is str else self.value(key, path)
            out.append([name, self.value(child, (*path, key if type(key) is str else (key,)))])
        self.leave()
        return {TAG: MAP, "v": out}

    def listed(self, value: list[Any], path: Path) -> Any:
        """A list."""
        if self.leaf:
            self.mutable = True
        return self._sequence(value, list.copy(value), path)


def _special_float(_: Walk, value: float, __: Path) -> Any:
    return {TAG: "float", "v": float.__repr__(value)}


def _long_int(_: Walk, value: int, __: Path) -> Any:
    limit = sys.get_int_max_str_digits() or _MOST_DIGITS
    if abs(value) < 10 ** min(limit, _MOST_DIGITS):
        return value
    return {TAG: "int", "v": hex(value)}


def _tuple(walk: Walk, value: tuple[Any, ...], path: Path) -> Any:
    return walk.sequence_leaf("tuple", value, value, path)


def _size(value: Any) -> dict[str, int]:
    return {"size": len(value)} if type(value) in (str, bytes, list, dict, tuple, set, frozenset) else {}


#: the types the walk itself knows; every other is looked up in kinds
_BUILTIN: dict[type, Any] = {
    dict: Walk.section,
    list: Walk.listed,
    tuple: _tuple,
    float: _special_float,
    int: _long_int,
}
