"""Values in the types that a form has: YAML and JSON a few of Python's, JSON no NaN, Python no more than it can read."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

_PLAIN = (int, float, str)


def in_their_types(value: Any) -> Any:
    """A value in YAML's and JSON's own types: what they do not have is written as Python writes it."""
    if isinstance(value, dict):
        return {str(key): in_their_types(child) for key, child in value.items()}
    if isinstance(value, list | tuple):
        return [in_their_types(child) for child in value]
    if value is None or isinstance(value, bool):
        return value
    # a subclass, such as NumPy's float64 or a text with a part hidden, is its plain value there
    for kind in _PLAIN:
        if isinstance(value, kind):
            return kind(value)
    return repr(value)


def python_text(value: Any) -> str:
    """A value as Python reads it, without an import: what cannot be written so is a text."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{python_text(key)}: {python_text(child)}" for key, child in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(python_text, value)) + "]"
    if type(value) is tuple:
        return "(" + ", ".join(map(python_text, value)) + ("," if len(value) == 1 else "") + ")"
    if type(value) in (set, frozenset) and value:
        items = "{" + ", ".join(sorted(map(python_text, value))) + "}"
        return items if type(value) is set else f"frozenset({items})"
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{float(value)}")'
    return repr(value if _is_literal(value) else in_their_types(value))


def changes_of(value: Any, form: str) -> Iterator[str]:
    """What a form makes of a value that it cannot say, each way once.

    Args:
        value: the value.
        form: one of ``forms.FORMS``.
    """
    found = dict.fromkeys(_changes(value, form))
    yield from found


def _changes(value: Any, form: str) -> Iterator[str]:
    if isinstance(value, dict | list | tuple):
        if isinstance(value, tuple) and form != "python":
            yield f"tuples, written as lists, which {form} has"
        for child in value.values() if isinstance(value, dict) else value:
            yield from _changes(child, form)
    elif form == "python" and type(value) in (set, frozenset):
        for child in value:
            yield from _changes(child, form)
    elif isinstance(value, float) and not math.isfinite(value):
        if form == "json":
            yield "no finite number: JSON has none, though Python and givens read it"
    elif not (value is None or isinstance(value, (bool, *_PLAIN)) or (form == "python" and _is_literal(value))):
        yield f"of a type that {form} does not have, written as text"


def _is_literal(value: Any) -> bool:
    return value is None or type(value) in (bool, int, float, str, bytes, complex, set, frozenset)
