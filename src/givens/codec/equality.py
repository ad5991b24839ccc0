"""Equality of values: canonical text, and the fingerprint of a config.

Equal: 2 and 2.0 (and numpy's), nan and nan, mappings with the same pairs in any order and of any dict class,
a set and a frozenset, bytes and a bytearray. Different: True and 1, 1 and "1", a tuple and a list, null and
nothing.
"""

from __future__ import annotations

import json as _json
from collections.abc import Iterable
from typing import Any

from ..errors import DamagedValueError
from ..keys import Path
from ..records.change import MISSING
from ..records.encoded import MAP, SECRET, TAG, lift
from .jsontext import dumps

_MAPPINGS = frozenset((MAP, "OrderedDict", "Counter", "defaultdict"))
_AS = {"frozenset": "set", "bytearray": "bytes"}
_LARGEST_FLOAT_BITS = 1024


def canonical(json: Any, *, secrets: bool = True) -> str:
    """The canonical text of an encoded value: the same for equal values. It is JSON itself.

    Args:
        json: an encoded value.
        secrets: tell different secrets apart; else one is like another.
    """
    try:
        return _canonical(json, secrets)
    except RecursionError:
        raise DamagedValueError("it is nested too deeply") from None


def _canonical(json: Any, secrets: bool) -> str:
    kind = type(json)
    if kind is str:
        return _text(json)
    if kind is bool or json is None:
        return {True: "true", False: "false", None: "null"}[json]
    if kind is int:
        return _integer(json)
    if kind is float:
        return _integer(int(json)) if json.is_integer() else repr(json)
    if kind is list:
        return f"[{','.join([_canonical(item, secrets) for item in json])}]"
    if TAG not in json:
        return _members(json.items(), secrets)
    try:
        return _tagged(json, secrets)
    except (TypeError, ValueError, KeyError):  # damaged: equal to what is damaged in the same way
        return _members(json.items(), secrets)


def _tagged(json: dict[str, Any], secrets: bool) -> str:
    tag: str = json[TAG]
    stored: Any = json.get("v")
    if tag == "int":
        return _integer(int(stored, 16))
    if tag in _MAPPINGS:
        return _mapping(stored, secrets)
    if tag in ("set", "frozenset"):
        items = sorted([_canonical(item, secrets) for item in stored])
        return f'{{"~":"set","v":[{",".join(items)}]}}'
    if tag == "numpy" and "text" not in json and json.get("dtype") != "bytes" and type(stored) is not list:
        if json["dtype"] == "str" or type(stored) is not str:
            return _canonical(stored, secrets)
    elif tag == "numpy" and type(stored) is list:
        return _canonical({TAG: "complex", "v": stored}, secrets)
    elif tag == "numpy" and json.get("dtype") == "bytes":
        return _canonical({TAG: "bytes", "v": stored}, secrets)
    elif not secrets and tag in (SECRET, "redacted"):
        json = {TAG: tag, **({"v": stored} if tag == "redacted" else {})}
    return _members({**json, TAG: _AS.get(tag, tag)}.items(), secrets)


def _members(items: Iterable[Any], secrets: bool) -> str:
    return f"{{{','.join(sorted([f'{_text(key)}:{_canonical(value, secrets)}' for key, value in items]))}}}"


def _mapping(pairs: list[Any], secrets: bool) -> str:
    if all(type(key) is str and key != TAG for key, _ in pairs):
        return _members(pairs, secrets)
    items = sorted([f"[{_canonical(key, secrets)},{_canonical(value, secrets)}]" for key, value in pairs])
    return f'{{"~":"map","v":[{",".join(items)}]}}'


def _integer(value: int) -> str:
    # beyond the largest float no float is equal, and decimal digits are slow and limited
    return str(value) if value.bit_length() <= _LARGEST_FLOAT_BITS else f'{{"~":"int","v":"{value:#x}"}}'


def _text(value: str) -> str:
    text = _json.encoder.encode_basestring(value)
    return text if text.isascii() else dumps(value)


def same_value(a_json: Any, b_json: Any) -> bool:
    """Whether two encoded values are equal as values."""
    kind = type(a_json)
    if kind is type(b_json) and (kind is float or kind is str or kind is int or kind is bool or a_json is None):
        return bool(a_json == b_json)
    return canonical(a_json) == canonical(b_json)


def is_change_of_mind(action: str, old: Any, new: Any, below: Path | None) -> bool:
    """Whether what happened after a config had settled is a change, as the guard of the live run sees it.

    A key that comes is none, nor one that had stood on None, nor an equal value (2 after 2.0).

    Args:
        action: as in ``records.change``, as are the others.
        old: what stood there, planted or not.
        new: what stands there now.
        below: of a write inside a list, where.
    """
    if action == "splice":
        return bool(old or new)
    if action == "set":
        if old is MISSING:
            return below is not None
        return old is not None and not same_value(lift(old), lift(new))
    return action == "delete"


def fingerprint(leaves: Iterable[tuple[Path, Any]]) -> str:
    """The fingerprint of a config: BLAKE2b of its leaves in canonical text, by path.

    Secrets count by their presence only, so that a new password is no new configuration. The caller leaves out
    what is to be ignored.

    Args:
        leaves: (path, encoded value).

    Returns:
        32 hexadecimal digits.
    """
    import hashlib

    lines = sorted([f"{dumps(list(path))}{canonical(value, secrets=False)}" for path, value in leaves])
    return hashlib.blake2b("\n".join(lines).encode(), digest_size=16, person=b"givens.config").hexdigest()
