"""Texts as the index keeps them: fit for every database, in the order of code points, of bounded length.

SQLite's own functions stop at a NUL, PostgreSQL refuses one, and no UTF-8 has half a surrogate pair. So these few
characters are written as a lead and trails. Leads and trails occur in no other place, so a search for an escaped text
finds exactly what a search for the text itself would; and the order is kept.
"""

from __future__ import annotations

import re

from .schema import MAX_TEXT

#: from here on, either way, a float no longer tells neighbouring ints apart
EXACT_BELOW = 2**53
_LARGEST = 1.7976931348623157e308
_CONTROL_LEAD, _SURROGATE_LEAD = "\x01", "\ud7ff"  # the second is unassigned, and the last before the surrogates
_TRAILS = "\x02\x03"
_SPECIAL = re.compile("[\x00-\x03\ud7ff-\udfff]")
_ESCAPED = re.compile("\x01[\x02\x03]{2}|\ud7ff[\x02\x03]{12}")
_CUT = "\x03"  # after MAX_TEXT characters, before the hash; a trail that follows no lead
_TO_TRAILS = str.maketrans("01", _TRAILS)
_FROM_TRAILS = str.maketrans(_TRAILS, "01")


def escape(text: str) -> str:
    """A text as it is stored; most are stored as they are."""
    if text.isascii() and text.isprintable():
        return text
    return _SPECIAL.sub(_escaped, text) if _SPECIAL.search(text) else text


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code <= 3:
        return _CONTROL_LEAD + f"{code:02b}".translate(_TO_TRAILS)
    return _SURROGATE_LEAD + f"{code - 0xD7FF:012b}".translate(_TO_TRAILS)


def unescape(stored: str) -> str:
    """What ``escape`` was given."""
    return _ESCAPED.sub(_unescaped, stored) if "\x01" in stored or _SURROGATE_LEAD in stored else stored


def _unescaped(match: re.Match[str]) -> str:
    number = int(match[0][1:].translate(_FROM_TRAILS), 2)
    return chr(number if match[0][0] == _CONTROL_LEAD else number + 0xD7FF)


def index_text(text: str) -> str:
    """A text as ``param.txt`` holds it: escaped; a long one cut, with a hash of the whole behind it."""
    if _SPECIAL.search(text):
        text = _SPECIAL.sub(_escaped, text)
    if len(text) <= MAX_TEXT:
        return text
    import hashlib

    return f"{text[:MAX_TEXT]}{_CUT}{hashlib.blake2b(text.encode(), digest_size=16).hexdigest()}"


def nearest(number: int) -> float:
    """The nearest float to an int; of one beyond all floats, the largest (it is finite, after all)."""
    try:
        return float(number)
    except OverflowError:
        return _LARGEST if number > 0 else -_LARGEST


def int_text(number: int) -> str:
    """Text that sorts as the number does: sign, how many hexadecimal digits, the digits; complemented below zero."""
    digits = f"{abs(number):x}"
    text = f"{len(digits):08x}{digits}"
    if number >= 0:
        return index_text(f"p{text}")
    return index_text("n" + text.translate(_COMPLEMENT))


_COMPLEMENT = str.maketrans("0123456789abcdef", "fedcba9876543210")
