"""Putting another content in a file's place so that it lasts: what a scrub does to a file that nobody writes to any more.

The new file is written beside the old one, synced, renamed over it, and then the folder is synced. A process that is
killed at any step leaves the old file or the new one, and perhaps a draft beside it, which no reader takes for anything.
"""

from __future__ import annotations

import os
import stat
import time

from .layout import Store, random_id
from .packing import Step, no_step, sync_folder

_STALE_S = 3600.0
#: folders of a store, and of a removed run in its trash, that may hold drafts of a process that was killed
_FOLDERS = ("", "runs", "env", "edits", "ranks", "heads", "blobs", "views", "packs", "pages", "index")


def replace_file(path: str, content: bytes, step: Step = no_step) -> None:
    """Replace a file's content. Its permissions and its owner stay.

    Args:
        path: the file.
        content: what it will hold.
        step: called with ``written``, ``synced``, ``renamed`` and ``folder synced``, each with the file's name behind it.

    Raises:
        OSError: it cannot be replaced; what stood there stands.
    """
    name = os.path.basename(path)
    before = os.stat(path)
    draft = f"{path}.{random_id(8)}.part"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            step(f"written {name}")
            if hasattr(os, "fchmod"):
                if (before.st_uid, before.st_gid) != (os.getuid(), os.getgid()):
                    os.fchown(file.fileno(), before.st_uid, before.st_gid)
                os.fchmod(file.fileno(), stat.S_IMODE(before.st_mode))
            os.fsync(file.fileno())
        step(f"synced {name}")
        os.replace(draft, path)
    except BaseException:
        if os.path.exists(draft):
            os.unlink(draft)
        raise
    step(f"renamed {name}")
    sync_folder(os.path.dirname(path))
    step(f"folder synced {name}")


def remove_drafts(store: Store) -> None:
    """Remove what processes left that were killed long ago while they wrote a file: it may hold what a scrub takes out."""
    folders = [os.path.join(store.path, name) for name in _FOLDERS]
    for folder in folders:
        try:
            entries = list(os.scandir(folder))
        except OSError:
            continue
        for entry in entries:
            try:
                if entry.name.endswith(".part") and time.time() - entry.stat().st_mtime > _STALE_S:
                    os.unlink(entry.path)
            except OSError:  # gone, or somebody else's
                continue
