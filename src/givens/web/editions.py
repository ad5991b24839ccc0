"""Addresses of the page's own files that may be kept for ever: they name what is in the files; and which modules a page needs.

A page has some thirty modules. Under an address that changes with their content a browser asks for each of them once, not at
every page; and since the page names them all, it need not find them one import after the other.
"""

from __future__ import annotations

import hashlib
import os
import re
from functools import lru_cache

from .served_files import served_files

#: data-page -> the islands on it, as files below ``js/islands``
ISLANDS: dict[str, tuple[str, ...]] = {
    "runs": ("runs_table",),
    "run": ("edit", "curves"),
    "plot": ("plot",),
    "importance": ("importance",),
}
_EVERYWHERE = ("live", "views")
_IMPORT = re.compile(r"""\bfrom\s*["'](\.[^"']+)["']""")


def edition() -> str:
    """What stands for the files as they are now."""
    stamps = []
    for name, path in sorted(served_files().items()):
        facts = os.stat(path)
        stamps.append(f"{name}:{facts.st_size}:{facts.st_mtime_ns}")
    return _edition("\n".join(stamps))


@lru_cache(maxsize=4)
def _edition(stamps: str) -> str:
    """The hash of the files' content; ``stamps`` only says whether it has to be made anew."""
    digest = hashlib.blake2b(digest_size=8)
    for name, path in sorted(served_files().items()):
        with open(path, "rb") as file:
            digest.update(name.encode() + b"\0" + file.read())
    return f"e-{digest.hexdigest()}"


def address_of_file(name: str) -> str:
    """Where a file is, under an address that is kept."""
    return f"/static/{edition()}/{name}"


def modules_for(page: str) -> list[str]:
    """The addresses of the modules that a page will import, in the order it comes upon them."""
    root = f"/static/{edition()}"
    return [f"{root}/{name}" for name in _modules(page, root)]


@lru_cache(maxsize=64)
def _modules(page: str, root: str) -> tuple[str, ...]:
    waiting = ["js/main.js", *(f"js/islands/{name}.js" for name in (*_EVERYWHERE, *ISLANDS.get(page, ())))]
    found: list[str] = []
    for name in waiting:
        path = served_files().get(name)
        if path is None or name in found:
            continue
        found.append(name)
        with open(path, encoding="utf-8") as file:
            imports = _IMPORT.findall(file.read())
        waiting += [
            os.path.normpath(os.path.join(os.path.dirname(name), each)).replace(os.sep, "/") for each in imports
        ]
    return tuple(found)
