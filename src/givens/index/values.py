"""What the index says of one encoded value: its kind, its number, its text (``schema.py`` has the table)."""

from __future__ import annotations

from collections.abc import Callable
from json.encoder import encode_basestring
from typing import Any, NamedTuple

from ..codec import canonical
from ..errors import DamagedValueError
from ..records.encoded import BLOB as BLOB_TAG
from ..records.encoded import SECRET as SECRET_TAG
from ..records.encoded import TAG, Tree, lift
from .schema import (
    BLOB,
    FALSE,
    FLOAT,
    INFINITE,
    INT,
    LIST,
    MAX_TEXT,
    NAN,
    NULL,
    OTHER,
    SECRET,
    SECTION,
    STR,
    TRUE,
    TUPLE,
)
from .texts import EXACT_BELOW, index_text, int_text, nearest

_INF = float("inf")


class Indexed(NamedTuple):
    """The columns ``kind``, ``num`` and ``txt`` of one value."""

    kind: int
    num: float | None
    txt: str | None


_NULL, _FALSE, _TRUE = Indexed(NULL, None, None), Indexed(FALSE, None, None), Indexed(TRUE, None, None)
_SECTION = Indexed(SECTION, None, None)
_FLOATS = {
    "nan": Indexed(NAN, None, None),
    "inf": Indexed(INFINITE, _INF, None),
    "-inf": Indexed(INFINITE, -_INF, None),
}


def indexed(value: Any) -> Indexed:
    """The columns of an encoded value, planted or not.

    Args:
        value: as a journal holds it. A section that is not empty is no value; taken for one, it is OTHER.
    """
    kind = type(value)
    if kind is float:
        return Indexed(FLOAT, value, None if -EXACT_BELOW < value < EXACT_BELOW else int_text(int(value)))
    if kind is str:
        return Indexed(STR, None, index_text(value))
    if kind is int:
        if -EXACT_BELOW < value < EXACT_BELOW:
            return Indexed(INT, float(value), None)
        return Indexed(INT, nearest(value), int_text(value))
    if kind is bool:
        return _TRUE if value else _FALSE
    if value is None:
        return _NULL
    if kind is list:
        return Indexed(LIST, None, index_text(canonical(lift(value))))
    if kind is Tree:
        return Indexed(OTHER, None, index_text(canonical(lift(value)))) if value else _SECTION
    return _tagged(value)


#: bound in place of NULL, which ``rows`` makes of it again: the module sqlite3 takes ten times as long over a None
NO_NUM, NO_TXT = "", 0
Bound = tuple[int, "float | str", "str | int"]
Plain = tuple[int, "float | str", "str | int", str]


def bound(columns: Indexed) -> Bound:
    """The columns as they are bound to a statement."""
    kind, num, txt = columns
    return kind, NO_NUM if num is None else num, NO_TXT if txt is None else txt


def plain(value: Any) -> Plain | None:
    """The columns of a scalar that JSON has, to be bound, and its canonical text; None for every other value."""
    seen = SEEN.get(type(value))
    if seen is None:
        return None
    return seen.get(value) or remember(seen, value)


def remember(seen: dict[Any, Plain], value: Any) -> Plain:
    """Work out what ``plain`` gives for a scalar, and keep it for the next one like it."""
    columns = indexed(value)
    found = (*bound(columns), encode_basestring(value) if columns.kind == STR and value.isascii() else canonical(value))
    if len(seen) >= _MANY_SCALARS:
        seen.clear()
    if columns.kind != STR or len(value) <= MAX_TEXT:
        seen[value] = found
    return found


#: the runs of a sweep share most of their values; types apart, since 1, 1.0 and True are one key to a dict
SEEN: dict[type, dict[Any, Plain]] = {float: {}, str: {}, int: {}, bool: {}, type(None): {}}
_MANY_SCALARS = 16_384


def _tagged(value: dict[str, Any]) -> Indexed:
    tag = value.get(TAG)
    if not value:
        return _SECTION
    reader = _TAGS.get(tag) if isinstance(tag, str) else None
    try:
        found = reader(value) if reader is not None else None
    except (ValueError, TypeError, KeyError, AttributeError, DamagedValueError):  # content that does not fit its tag
        found = None
    return found or Indexed(OTHER, None, index_text(canonical(value)))


def _numpy(value: dict[str, Any]) -> Indexed | None:
    """A numpy number or bool is what Python would call it; other scalars of numpy stay what they are."""
    stored, name = value["v"], value["dtype"]
    if "text" in value or not isinstance(name, str) or name in ("bytes", "str"):
        return indexed(stored) if name == "str" and "text" not in value else None
    if type(stored) in (int, float, bool) or (type(stored) is dict and stored.get(TAG) in ("float", "int")):
        return indexed(stored)
    return None


def _str(value: dict[str, Any]) -> Indexed:
    return Indexed(STR, None, index_text(value["v"].encode("ascii").decode("unicode_escape")))


def _tuple(value: dict[str, Any]) -> Indexed:
    return Indexed(TUPLE, None, index_text(canonical(value["v"]))) if type(value["v"]) is list else _other(value)


def _other(value: dict[str, Any]) -> Indexed:
    return Indexed(OTHER, None, index_text(canonical(value)))


def _secret(value: dict[str, Any]) -> Indexed:
    return Indexed(SECRET, None, index_text(canonical(value)))


_TAGS: dict[str, Callable[[dict[str, Any]], Indexed | None]] = {
    "float": lambda value: _FLOATS[value["v"]],
    "int": lambda value: indexed(int(value["v"], 16)),
    "str": _str,
    "numpy": _numpy,
    "tuple": _tuple,
    SECRET_TAG: _secret,
    "redacted": _secret,
    BLOB_TAG: lambda value: Indexed(BLOB, None, str(value["sha256"])),
}


def items_of(value: Any) -> list[Any] | None:
    """The items of a list or tuple, whose scalars are indexed too; None for every other value."""
    if type(value) is list:
        return value
    if type(value) is dict and value.get(TAG) == "tuple":
        items = value.get("v")
        return items if type(items) is list else None
    return None


def is_scalar(kind: int) -> bool:
    """Whether a kind is indexed inside a list as well."""
    return kind <= STR
