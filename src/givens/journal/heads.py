"""The last run of a project on this host: a hint for "what changed since", replaced atomically, never needed."""

from __future__ import annotations

import json
import os
from typing import Any, NamedTuple
from zlib import crc32

from ..codec import dumps
from .layout import Store, write_whole
from .regular_files import read_small

#: a head longer than this is not one that givens wrote
MOST_BYTES = 64 << 20


class Head(NamedTuple):
    """A project's last run on this host.

    Args:
        run: its id.
        name: its name.
        config: its settled values, encoded.
    """

    run: str
    name: str
    config: dict[str, Any]


def head_file(store: Store, project: str | None, host: str) -> str:
    """Where the head of a project lies; characters that a file name cannot have are written as %XX."""
    return os.path.join(store.path, "heads", f"{safe_name(project or '')}.{safe_name(host)}.json")


def read_head(store: Store, project: str | None, host: str) -> Head | None:
    """The head of a project; None when there is none, or it is damaged."""
    try:
        content = json.loads(read_small(head_file(store, project, host), MOST_BYTES))
        return Head(str(content["run"]), str(content["name"]), dict(content["config"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None  # a hint that cannot be read hints at nothing


def write_head(store: Store, project: str | None, host: str, head: Head) -> None:
    """Replace the head of a project.

    Raises:
        OSError: it cannot be written; the old one stands.
    """
    write_whole(head_file(store, project, host), dumps({"format": 1, **head._asdict()}).encode())


def project_in_name(path: str) -> str:
    """The project in the name of a head's file, as far as the name has it."""
    from urllib.parse import unquote

    return unquote(os.path.basename(path).removesuffix(".json").rpartition(".")[0])


def safe_name(name: str) -> str:
    """A name as a part of a file's name."""
    kept = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else f"%{ord(c):02X}" for c in name)
    return f"{kept[:80]}-{crc32(name.encode(errors='surrogatepass')):08x}" if len(kept) > 80 else kept or "%"
