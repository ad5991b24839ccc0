"""Where a project begins: the nearest folder upward that is marked as one."""

from __future__ import annotations

import os
from collections.abc import Iterator

MARKERS = ("pyproject.toml", ".git")


def upward(start: str) -> Iterator[str]:
    """``start`` and every folder above it, nearest first, as absolute paths."""
    folder = os.path.abspath(start)
    while True:
        yield folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return
        folder = parent


def project_root(start: str) -> str | None:
    """The nearest folder, from ``start`` upward, with a pyproject.toml or a ``.git``; None when there is none."""
    for folder in upward(start):
        for marker in MARKERS:
            if os.path.exists(os.path.join(folder, marker)):
                return folder
    return None


def is_below(path: str, folder: str) -> bool:
    """Whether an absolute path is that of a folder, or of something in it. Links are not followed."""
    return f"{os.path.normpath(path)}{os.sep}".startswith(f"{os.path.normpath(folder).rstrip(os.sep)}{os.sep}")


def counterpart(path: str, folder: str, other: str) -> str | None:
    """Where a path below ``folder`` would lie below ``other``; None when it does not lie there."""
    return os.path.normpath(os.path.join(other, os.path.relpath(path, folder))) if is_below(path, folder) else None
