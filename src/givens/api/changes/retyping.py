"""Another type for a stored value: what ``retype`` does to one encoded value, or why it cannot."""

from __future__ import annotations

from typing import Any, NamedTuple

from ...errors import EditRequestError, MalformedSourceError, suggestion
from ...records.encoded import TAG

#: type -> what becomes of a value
TYPES: dict[str, str] = {
    "int": "a whole number; a float that is one, a text that says one, True and False as 1 and 0",
    "float": "a float; an int, a text that says a number, nan and inf included",
    "bool": "True or False; 1 and 0, and the texts true, false, yes, no, on, off, 1, 0 in any case",
    "str": "the text that Python prints for it",
    "parsed": "a text as YAML 1.2 reads it: 1e-3 is a float, [1, 2] a list; what is no text stays",
}

_WORDS = {
    **dict.fromkeys(("true", "yes", "on", "1"), True),
    **dict.fromkeys(("false", "no", "off", "0"), False),
}
_EXACT = 2**53  # beyond, a float does not hold every int


class Misfit(NamedTuple):
    """Why a value has no such form."""

    reason: str


def check_type(name: str) -> str:
    """The name of a type.

    Raises:
        EditError: there is no such type; it lists them.
    """
    if name not in TYPES:
        guess = suggestion(name, TYPES)
        raise EditRequestError(f"no type {name!r}{guess}", f"retype takes {', '.join(TYPES)}")
    return name


def retyped(value: Any, name: str) -> Any:
    """The encoded value in another type.

    Args:
        value: encoded, as a journal holds it.
        name: one of ``TYPES``.

    Returns:
        The encoded value, or a ``Misfit`` when it has no such form.
    """
    plain = _number_of(value)
    if isinstance(plain, dict) and name != "parsed":
        return Misfit("it is no plain value")
    if plain is None and name != "parsed":
        return Misfit("it is None")
    return _CONVERSIONS[name](plain)


def _number_of(value: Any) -> Any:
    """The plain value of a tagged number; a list or section counts as tagged, and None is None."""
    if type(value) is list:
        return {}
    if type(value) is dict and value.get(TAG) == "float":
        return float(str(value.get("v")))
    return value


def _as_int(value: Any) -> Any:
    if type(value) in (int, bool):
        return int(value)
    if type(value) is float:
        if value != value or value in (float("inf"), float("-inf")) or value != int(value):
            return Misfit("it is no whole number")
        return int(value)
    try:
        return int(str(value).strip())
    except ValueError:
        return Misfit("its text is no whole number")


def _as_float(value: Any) -> Any:
    if type(value) in (int, bool) and abs(value) > _EXACT:
        return Misfit("a float does not hold it exactly")
    try:
        found = float(value.strip() if type(value) is str else value)
    except ValueError:
        return Misfit("its text is no number")
    if found != found or found in (float("inf"), float("-inf")):
        return {TAG: "float", "v": repr(found)}
    return found


def _as_bool(value: Any) -> Any:
    if type(value) is bool:
        return value
    if type(value) in (int, float) and value in (0, 1):
        return bool(value)
    found = _WORDS.get(value.strip().lower()) if type(value) is str else None
    if found is None:
        return Misfit("it is neither true nor false")
    return found


def _as_str(value: Any) -> Any:
    return value if type(value) is str else str(value)


def _as_parsed(value: Any) -> Any:
    if type(value) is not str:
        return Misfit("it is no text")
    from ...codec import Redaction, encode
    from ...sources.environment import typed

    try:
        return encode(typed("the stored text", value), (), Redaction()).json
    except MalformedSourceError as error:
        return Misfit(error.problem)


_CONVERSIONS = {"int": _as_int, "float": _as_float, "bool": _as_bool, "str": _as_str, "parsed": _as_parsed}
