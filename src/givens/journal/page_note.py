"""A note in the store that a page shows it, and where: ``pages/<host>-<pid>.json``. A hint for other processes, never needed."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from ..codec import dumps
from .layout import Store, write_whole
from .regular_files import open_regular

FOLDER = "pages"
_MOST = 64  #: notes that are read
_MOST_BYTES = 4_096


def write_note(store: Store, process: Mapping[str, Any], url: str) -> str:
    """Write the note of a process; gives its path.

    Args:
        store: the store.
        process: who serves the page, as a start line tells it: host, pid, boot_id, started, pid_namespace.
        url: the page's address, without a token.

    Raises:
        OSError: it cannot be written.
    """
    host = "".join(letter if letter.isalnum() else "-" for letter in str(process.get("host", "")))[:60]
    path = os.path.join(store.path, FOLDER, f"{host}-{process.get('pid')}.json")
    write_whole(path, dumps({"format": 1, "url": url, **process}).encode())
    return path


def remove_note(path: str) -> None:
    """Take a note away; one that is gone already is no problem."""
    with suppress(OSError):
        os.unlink(path)


def read_notes(store: Store) -> list[dict[str, Any]]:
    """The notes that there are, the newest first; those that cannot be read are left out."""
    folder = os.path.join(store.path, FOLDER)
    found: list[tuple[float, dict[str, Any]]] = []
    try:
        names = os.listdir(folder)[:_MOST]
    except OSError:
        return []
    for name in names:
        path = os.path.join(folder, name)
        with suppress(OSError, ValueError, RecursionError), open_regular(path, whole=False) as file:
            said = json.loads(file.read(_MOST_BYTES))
            if isinstance(said, dict) and str(said.get("url", "")).startswith("http://"):
                found.append((os.fstat(file.fileno()).st_mtime, said))
    return [said for _, said in sorted(found, key=lambda each: -each[0])]
