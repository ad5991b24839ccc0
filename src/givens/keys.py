"""Key paths: one grammar for nested keys, everywhere (Python, filters, overrides, command line, page).

A path is a tuple of *parts*. A part is a ``str`` (a key), an ``int`` (a list index) or a one-tuple
``(int,)`` (a mapping's int key). ``json.dumps`` therefore writes a path exactly as the journal wants
it (``["layers", 0, [1]]``), and ``0`` the index never equals ``(0,)`` the key.

Text form: ``train.lr``, ``layers[0].dim``, ``labels{0}``, ``"a.b".c``. It round-trips.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from .errors import KeyPathError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

Part: TypeAlias = "str | int | tuple[int]"
Path: TypeAlias = "tuple[Part, ...]"

_BARE = re.compile(r"""[^\s."'`\[\]{}()\\,=<>!]+""")
_PLAIN = re.compile(r"[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*")  # nearly all paths; no part of it needs a second look
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_INDEX = re.compile(r"\[(\d+)\]")
_INT_KEY = re.compile(r"\{(-?\d+)\}")


class KeyPath(tuple["Part", ...]):
    """A path that prints itself in the grammar. Equal to, and hashed as, the plain tuple of its parts."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> KeyPath:
        """Read the text form.

        Raises:
            KeyPathError: the text is empty or not in the grammar; it says at which column.
        """
        return cls(_parse(text))

    def __str__(self) -> str:
        return format_path(self)

    def __repr__(self) -> str:
        return f"KeyPath({format_path(self)!r})"


def _parse(text: str) -> list[Part]:
    if not isinstance(text, str) or not text:
        raise KeyPathError(str(text), 0, "a key path cannot be empty")
    if _PLAIN.fullmatch(text):
        return [*text.split(".")]
    parts: list[Part] = []
    at = 0
    while at < len(text):
        if text[at] == "[":
            match = _INDEX.match(text, at)
            if not match:
                raise KeyPathError(text, at, "expected an index such as [0]")
            parts.append(int(match[1]))
        elif text[at] == "{":
            match = _INT_KEY.match(text, at)
            if not match:
                raise KeyPathError(text, at, "expected an int key such as {0}")
            parts.append((int(match[1]),))
        else:
            if parts:
                if text[at] != ".":
                    raise KeyPathError(text, at, "expected '.', '[' or '{'")
                at += 1
            match = _QUOTED.match(text, at) or _BARE.match(text, at)
            if not match:
                raise KeyPathError(text, at, "expected a key; put keys with special characters in double quotes")
            parts.append(_unquote(text, at, match[0]))
        at = match.end()
    return parts


def _unquote(text: str, at: int, token: str) -> str:
    if not token.startswith('"'):
        return token
    import json

    try:
        key = json.loads(token, strict=False)
    except ValueError:
        raise KeyPathError(text, at, "a quoted key follows the rules of a JSON string") from None
    if not key:
        raise KeyPathError(text, at, "a key cannot be empty")
    return str(key)


def format_path(path: Iterable[Part]) -> str:
    """The text form of a path; ``KeyPath.parse`` reads it back to the same parts."""
    out: list[str] = []
    for part in path:
        if type(part) is int:
            out.append(f"[{part}]")
        elif isinstance(part, tuple):
            out.append(f"{{{part[0]}}}")
        else:
            name = str(part)
            if not name.isidentifier() and not _BARE.fullmatch(name):  # the first is quick, and true of nearly all
                name = _quote(name)
            out.append(f".{name}" if out else name)
    return "".join(out)


def covered(path: Path, patterns: Iterable[str]) -> bool:
    """Whether a pattern covers a key path, or a section that it lies in. ``*`` also goes over dots."""
    if not patterns:
        return False
    from fnmatch import fnmatchcase

    names = [format_path(path[:length]) for length in range(1, len(path) + 1)]
    return any(name == pattern or fnmatchcase(name, pattern) for pattern in patterns for name in names)


def _quote(name: str) -> str:
    import json

    return json.dumps(name, ensure_ascii=False)


def as_path(key: str | Iterable[Part]) -> Path:
    """A path from its text form, or from parts. Text that is not in the grammar is taken as one key."""
    if isinstance(key, str):
        try:
            return tuple(_parse(key))
        except KeyPathError:
            if not key:
                raise
            return (key,)
    return tuple(key)


def from_json(parts: list[Any]) -> Path:
    """A path as the journal holds it, back to parts."""
    for part in parts:
        if type(part) is list:
            return tuple((p[0],) if type(p) is list else p for p in parts)
    return tuple(parts)


def part_for(key: str | int) -> Part:
    """The part that names a mapping's key: an int key becomes a one-tuple, so that it is no index."""
    return (key,) if type(key) is int else key


def key_of(part: Part) -> str | int:
    """The dictionary key, or list index, that a part stands for."""
    return part[0] if isinstance(part, tuple) else part


def is_section_key(key: object) -> bool:
    """Whether a mapping with this key can be a section: exactly ``str`` or ``int`` (bool is neither)."""
    return type(key) is str or type(key) is int
