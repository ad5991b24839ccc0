"""The one JSON writer and reader."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ..errors import DamagedValueError, TooDeepError

# Encoded values hold no cycle: encode() looked.
_WRITER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":"))
_ASCII_WRITER = json.JSONEncoder(ensure_ascii=True, allow_nan=False, check_circular=False, separators=(",", ":"))


def dumps(json: Any) -> str:
    """One line of JSON, compact, always encodable as UTF-8.

    Text that holds half a surrogate pair (only a *key* can; values are tagged) is written with escapes throughout.

    Args:
        json: an encoded value, or a dict or list of them.

    Raises:
        TooDeepError: nested deeper than the interpreter's stack allows.
        ValueError: a NaN or infinity that was not encoded.
    """
    try:
        text = _write(json)
    except RecursionError:
        raise TooDeepError("") from None
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return _ASCII_WRITER.encode(json)
    return text


def one_shot(writer: json.JSONEncoder) -> Callable[[Any], str]:
    """``writer.encode``, without making a C encoder anew for every call where CPython has one.

    Args:
        writer: one that does not indent, sort, skip keys, look for cycles or take NaN.
    """
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        return writer.encode
    text = json.encoder.encode_basestring_ascii if writer.ensure_ascii else json.encoder.encode_basestring
    chunks = make(None, writer.default, text, None, writer.key_separator, writer.item_separator, False, False, False)

    def write(value: Any) -> str:
        return "".join(chunks(value, 0))

    return write


_write = one_shot(_WRITER)


def loads(text: str | bytes) -> Any:
    """Read JSON text.

    Raises:
        DamagedValueError: the text is not JSON, not UTF-8, or nested too deeply.
    """
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8")
        try:
            return _READER.decode(text)
        except json.JSONDecodeError:
            raise
        except ValueError:  # an int beyond the interpreter's limit for digits, which can be set as low as 640
            return _LONG_READER.decode(text)
    except RecursionError:
        raise DamagedValueError("it is nested too deeply") from None
    except ValueError as error:
        raise DamagedValueError(str(error)) from None


def _no_constant(name: str) -> Any:
    raise json.JSONDecodeError(f"{name} is not JSON", name, 0)


def parse_int(digits: str) -> int:
    """An int from decimal digits of any number, by halves, so that no piece meets the interpreter's limit."""
    if len(digits) <= 600:
        return int(digits)
    if digits[0] == "-":
        return -parse_int(digits[1:])
    low = len(digits) // 2
    high: int = parse_int(digits[:-low]) * 10**low
    return high + parse_int(digits[-low:])


_READER = json.JSONDecoder(parse_constant=_no_constant)
_LONG_READER = json.JSONDecoder(parse_constant=_no_constant, parse_int=parse_int)
