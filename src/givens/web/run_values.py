"""A value as one would type it to edit it."""

from __future__ import annotations

from typing import Any

from ..launch.forms import typed_text
from ..records.change import MISSING
from ..records.encoded import TAG

_LONGEST = 2_000


def editable_text(value: Any) -> str | None:
    """An encoded value as YAML 1.2 reads it back; None where it is not typed on a line: a secret, an array, an object.

    Args:
        value: encoded.
    """
    if value is MISSING or not _is_plain(value):
        return None
    text = typed_text(_plain(value))
    return text if len(text) <= _LONGEST and "\n" not in text else None


def _is_plain(value: Any) -> bool:
    if isinstance(value, dict):
        tag = value.get(TAG)
        return tag == "float" if tag is not None else all(map(_is_plain, value.values()))
    return all(map(_is_plain, value)) if isinstance(value, list) else True


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        if value.get(TAG) == "float":
            return float(value["v"])
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value
