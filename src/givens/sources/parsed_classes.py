"""Flags behind the objects that tyro, simple-parsing, draccus and transformers' HfArgumentParser return.

They return plain instances and keep nothing of the command line. A value counts as typed when one of them is
loaded and the command line has a flag for its field with a text that means this value.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import PurePath
from typing import Any

from ..keys import Path
from ..records.origin import Origin

#: module -> the kind of origin
_PARSERS = {
    "tyro": "tyro",
    "simple_parsing": "simple-parsing",
    "draccus": "draccus",
    "transformers.hf_argparser": "transformers",
}


def typed_flags() -> list[Callable[[Path, Any], Origin | None]]:
    """A function from path and value to the flag that was typed, if a parser of classes is loaded."""
    kind = next((kind for module, kind in _PARSERS.items() if module in sys.modules), None)
    if kind is None:
        return []
    typed = _typed(sys.argv[1:])

    def look(path: Path, value: Any) -> Origin | None:
        names = [str(part).replace("-", "_") for part in path if type(part) is str]
        if len(names) != len(path) or type(value) is dict or hasattr(type(value), "__dataclass_fields__"):
            return None
        # simple-parsing leaves out the sections where the name alone is clear
        for start in range(len(names)):
            for flag, text in typed.get(".".join(names[start:]), ()):
                if says(text, value):
                    return Origin(kind, name=flag, note="typed")
        negated = typed.get(".".join([*names[:-1], f"no_{names[-1]}"]))
        return Origin(kind, name=negated[-1][0], note="typed") if value is False and negated else None

    return [look]


def _typed(argv: list[str]) -> dict[str, list[tuple[str, str | None]]]:
    """The long flags of a command line: dotted name with underscores -> (as typed, its text)."""
    found: dict[str, list[tuple[str, str | None]]] = {}
    for at, token in enumerate(argv):
        if token == "--":
            break
        if token.startswith("--") and len(token) > 2:
            flag, equals, text = token.partition("=")
            after = argv[at + 1] if at + 1 < len(argv) else None
            value = text if equals else after
            found.setdefault(flag[2:].replace("-", "_"), []).append((flag, value))
    return found


def says(text: str | None, value: Any) -> bool:
    """Whether a text that was typed, or stood in the environment, means a value."""
    if value is True and (text is None or text.startswith("--")):
        return True  # a flag without a value
    if text is None:
        return False
    if isinstance(value, list | tuple | set | frozenset):
        return True  # several texts, or one in a form of the library's own
    if text in (str(value), getattr(value, "name", None)):
        return True
    if isinstance(value, PurePath):
        return PurePath(text) == value
    if isinstance(value, bool):
        return text.lower() in (
            ("true", "1", "yes", "on", "t", "y") if value else ("false", "0", "no", "off", "f", "n")
        )
    if value is None:
        return text.lower() in ("none", "null", "")
    if isinstance(value, int | float):
        try:
            return float(text.replace("_", "")) == value
        except ValueError:
            return False
    return str(getattr(value, "value", None)) == text
