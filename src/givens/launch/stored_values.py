"""Stored values as they are given again: whole, or not at all where a part of them is hidden."""

from __future__ import annotations

from functools import partial
from typing import Any

from ..codec import Redaction, dumps, loads, same_value
from ..codec.blobs import read_blob_text
from ..journal.blobs import read_blob
from ..journal.layout import Store
from ..records.encoded import BLOB, SECRET, TAG

_HIDDEN = (SECRET, "redacted")


def whole(json: Any, store: Store) -> Any:
    """An encoded value with what lies in files of its own.

    Raises:
        DamagedValueError: such a file is missing, or is not what was written.
    """
    if type(json) is list:
        return [whole(item, store) for item in json]
    if type(json) is dict:
        if json.get(TAG) == BLOB:
            return whole(loads(read_blob_text(json, partial(read_blob, store))), store)
        return {key: whole(item, store) for key, item in json.items()}
    return json


def is_secret(json: Any) -> bool:
    """Whether nothing of an encoded value is kept."""
    return type(json) is dict and json.get(TAG) == SECRET


def holds_hidden(json: Any) -> bool:
    """Whether an encoded value, or a text anywhere in it, is a secret or has a part hidden. It has to be whole."""
    if type(json) is list:
        return any(map(holds_hidden, json))
    return type(json) is dict and (json.get(TAG) in _HIDDEN or any(map(holds_hidden, json.values())))


def same_where_hidden(one: Any, other: Any, redaction: Redaction) -> bool:
    """Whether two encoded values are equal, what is hidden in either of them by the keyed hashes.

    That they are not does not say that they differ: a hash was perhaps made with another key, on another machine.
    """
    if _is_hidden(one) or _is_hidden(other):
        return _id(one, redaction) == _id(other, redaction) != ""
    if type(one) is type(other) is list and len(one) == len(other):
        return all(same_where_hidden(*pair, redaction) for pair in zip(one, other, strict=True))
    if type(one) is type(other) is dict and one.keys() == other.keys():
        return all(same_where_hidden(item, other[key], redaction) for key, item in one.items())
    return same_value(one, other)


def _is_hidden(json: Any) -> bool:
    return type(json) is dict and json.get(TAG) in _HIDDEN


def _id(json: Any, redaction: Redaction) -> str:
    """The keyed hash of a value: the stored one, or the one that a scrub would store."""
    if _is_hidden(json):
        return str(json.get("id", ""))
    return redaction.secret_id(json if type(json) is str else dumps(json))
