"""Patterns of keys that a project's views leave out: kept in the store, a plain text file a project, a pattern a line."""

from __future__ import annotations

import os
from collections.abc import Iterable
from zlib import crc32

from ...errors import PageError
from ...journal.layout import Store, write_whole
from ...journal.regular_files import open_regular
from ..asking import settings_of

FOLDER = "views"
_MOST = 200
_MOST_CHARACTERS = 300


def ignored_patterns(store: Store, project: str | None) -> tuple[str, ...]:
    """What views of a project leave out; None: views of all projects. Not those of the settings."""
    try:
        with open_regular(_path(store, project), whole=False) as file:
            lines = file.read(_MOST * (_MOST_CHARACTERS + 1) * 4).decode("utf-8", "replace").splitlines()[:_MOST]
    except OSError:
        return ()
    return tuple(dict.fromkeys(line.strip() for line in lines if line.strip() and not line.startswith("#")))


def all_patterns(store: Store, project: str | None) -> tuple[str, ...]:
    """The same, and what ``[tool.givens] ignore`` names."""
    return tuple(dict.fromkeys((*settings_of(store).ignore, *ignored_patterns(store, project))))


def keep_patterns(store: Store, project: str | None, patterns: Iterable[str]) -> tuple[str, ...]:
    """Put other patterns in the place of those that are kept.

    Raises:
        PageError: there are too many, one is none, or the file cannot be written.
    """
    wanted = tuple(dict.fromkeys(pattern.strip() for pattern in patterns if pattern.strip()))
    if len(wanted) > _MOST:
        raise PageError("ignored keys", f"{len(wanted)} patterns", f"{_MOST} at most")
    for pattern in wanted:
        if len(pattern) > _MOST_CHARACTERS or not pattern.isprintable() or pattern.startswith("#"):
            raise PageError("ignored keys", f"{pattern[:40]!r} is no pattern", "as in *.path, data or seed")
    path = _path(store, project)
    try:
        write_whole(path, "".join(f"{pattern}\n" for pattern in wanted).encode())
    except OSError as error:
        raise PageError(path, error.strerror or str(error)) from error
    return wanted


def _path(store: Store, project: str | None) -> str:
    name = project or ""
    kept = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name)[:40]
    mark = f"-{crc32(name.encode(errors='surrogatepass')):08x}" if name else ""
    return os.path.join(store.path, FOLDER, f"ignored-keys{'-' if kept else ''}{kept}{mark}.txt")
