"""Literals of a filter, and values of a run, in the form in which they are held against each other."""

from __future__ import annotations

from typing import Any

from ..codec import canonical
from ..index.schema import FLOAT, INFINITE, INT, MAX_TEXT, NAN, STR
from ..index.texts import index_text, unescape
from ..index.values import indexed, items_of
from ..records.encoded import TAG, lift
from .nodes import Sequence

NUMBERS = (INT, FLOAT, INFINITE)


def encoded_literal(value: Any) -> Any:
    """A literal as a journal would hold it; a sequence as a list."""
    if isinstance(value, Sequence):
        return [encoded_literal(item) for item in value.items]
    if type(value) is float and value - value != 0:  # not finite
        return {TAG: "float", "v": str(value)}
    if type(value) is str and any("\ud800" <= letter <= "\udfff" for letter in value):
        return {TAG: "str", "v": value.encode("unicode_escape").decode("ascii")}
    return value


def sameness(value: Any) -> tuple[str, str]:
    """What equal values have in common. A list and a tuple of the same items are equal to a filter.

    Args:
        value: an encoded value, planted or not.
    """
    items = items_of(value)
    if items is not None:
        return "sequence", canonical(lift(items))
    kind = indexed(value).kind
    if kind == STR:
        return "text", text_of(value) or ""
    return ("nan", "") if kind == NAN else ("value", canonical(lift(value)))


def number_of(value: Any) -> int | float | None:
    """The number that an encoded value is, numpy's included; None for everything else, bool and nan too."""
    if indexed(value).kind not in NUMBERS:
        return None
    while type(value) is dict:
        stored = value["v"]
        if value[TAG] == "int":
            return int(stored, 16)
        if value[TAG] == "float":
            return float(stored)
        value = stored
    number: int | float = value
    return number


def text_of(value: Any) -> str | None:
    """The text that an encoded value is; None for everything else."""
    if indexed(value).kind != STR:
        return None
    while type(value) is dict:
        if value[TAG] == "str":
            return str(value["v"].encode("ascii").decode("unicode_escape"))
        value = value["v"]
    return str(value)


def ordering_text(text: str) -> str:
    """What texts are ordered by: themselves, as far as the index keeps them."""
    return index_text(text)


def searchable_text(text: str) -> str:
    """As much of a text as the index keeps: what is searched where nothing keeps the whole."""
    return unescape(index_text(text)[:MAX_TEXT])
