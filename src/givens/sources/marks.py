"""Where in a file each key's value stands, and the limits that every file format shares."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

from ..errors import MalformedSourceError
from ..keys import Path, is_section_key, part_for
from ..records.origin import Origin

#: Sections and lists inside each other. Far under Python's recursion limit, so that a walk over the value may recurse.
MAX_DEPTH = 200
#: Digits of one whole number. Conversion takes quadratic time; a longer one is no setting.
MAX_DIGITS = 1_000_000

_CHUNK = 4000  # Python's own reader of decimal text stops at 4,300 digits


class Mark(NamedTuple):
    """Where one key's value stands; ``inside`` are the marks of the keys in it, if it is a mapping."""

    line: int
    column: int
    inside: Marks | None = None


Marks: TypeAlias = "dict[Any, Mark]"


class Document(NamedTuple):
    """A file's content: plain Python values, and where each came from."""

    value: dict[Any, Any]
    marks: Marks


def file_origin(file: str, mark: Mark | None) -> Origin:
    """The origin of a value at ``mark``; of the file as a whole where no mark is known."""
    return Origin("file", file, mark.line, mark.column) if mark else Origin("file", file)


def leaf_origins(path: Path, value: Any, mark: Mark | None, file: str, into: dict[Path, Origin]) -> None:
    """Add to ``into`` the origin of every leaf inside the mapping ``value``, which stands at ``path``.

    A key without a mark has the origin of the mapping around it. A mapping with other keys than str and int
    is a leaf itself, and so is an empty one.
    """
    marks = (mark.inside if mark else None) or {}
    for key, child in value.items():
        at = marks.get(key, mark)
        below = (*path, part_for(key))
        if is_section(child):
            leaf_origins(below, child, at, file, into)
        else:
            into[below] = file_origin(file, at)


def is_section(value: object) -> bool:
    """Whether a value read from a file will be a section with something in it."""
    return type(value) is dict and bool(value) and all(is_section_key(key) for key in value)


def leaf_values(value: dict[Any, Any], path: Path = ()) -> dict[Path, Any]:
    """The value of every leaf inside a mapping, by path, so that one that differs can be told by itself."""
    found: dict[Path, Any] = {}
    for key, child in value.items():
        below = (*path, part_for(key))
        if is_section(child):
            found.update(leaf_values(child, below))
        else:
            found[below] = child
    return found


def too_deep(file: str, line: int | None, column: int | None) -> MalformedSourceError:
    """The error for content that nests deeper than any configuration."""
    problem = f"more than {MAX_DEPTH} levels of nesting"
    return MalformedSourceError(file, line, column, problem, "flatten it, or look for a bracket that is never closed")


def whole_number(text: str) -> int:
    """An int from decimal digits with an optional sign, also beyond the length that ``int()`` takes.

    Raises:
        ValueError: there are more than ``MAX_DIGITS``.
    """
    if len(text) <= _CHUNK:
        return int(text)
    if len(text) > MAX_DIGITS:
        raise ValueError(f"a whole number of more than {MAX_DIGITS:,} digits")
    digits = text.lstrip("+-")
    value = 0
    for at in range(0, len(digits), _CHUNK):
        piece = digits[at : at + _CHUNK]
        value = value * 10 ** len(piece) + int(piece)
    return -value if text.startswith("-") else value
