"""Where an index may lie: a folder on a local disk that this user may write to."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from contextlib import suppress
from hashlib import blake2b

from ..errors import StoreError
from ..journal.layout import Store

#: file systems on which SQLite's locks cannot be relied on, as /proc/mounts calls them
REMOTE = frozenset(
    (
        "nfs nfs4 cifs smb3 smbfs ncpfs afs coda 9p davfs ceph glusterfs lustre gpfs beegfs beegfs_nodev pvfs2 orangefs "
        "panfs wekafs ocfs2 gfs2 vboxsf virtiofs"
    ).split()
)
_TRIES = 5  # one that is gone may be there again by the next look
_OCTAL = re.compile(r"\\([0-7]{3})")


def folder_for(store: Store, mounts: str | None = None) -> str:
    """The folder for a store's index, made where it is missing: in the store, the user's cache or the temporary folder.

    Args:
        store: the store.
        mounts: the text of ``/proc/mounts``; None: as it is.

    Raises:
        StoreError: none of them is local and can be written.
    """
    text = read_mounts() if mounts is None else mounts
    tried: list[str] = []
    for folder in candidates(store):
        if not os.path.islink(folder) and is_local(folder, text) and _is_writable(folder):
            return folder
        tried.append(folder)
    raise StoreError(
        store.path,
        f"no place for its index: none of {', '.join(tried)} is on a local disk and can be written",
        "set TMPDIR to a folder that is",
    )


def candidates(store: Store) -> list[str]:
    """The folders in question, best first."""
    name = blake2b(os.fsencode(os.path.realpath(store.path)), digest_size=10).hexdigest()
    return [
        os.path.join(store.path, "index"),
        os.path.join(_cache_home(), "givens", name),
        os.path.join(tempfile.gettempdir(), f"givens-{_user_number()}", name),
    ]


def _cache_home() -> str:
    if sys.platform == "win32":
        return os.environ.get("LOCALAPPDATA") or os.path.expanduser(r"~\AppData\Local")
    if sys.platform == "darwin":
        return os.path.expanduser("~/Library/Caches")
    return os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")


def _user_number() -> int:
    return os.getuid() if hasattr(os, "getuid") else 0


def read_mounts() -> str:
    """What is mounted where; empty on systems that do not say it in this way."""
    try:
        with open("/proc/mounts", encoding="utf-8", errors="surrogateescape") as file:
            return file.read()
    except OSError:
        return ""


def is_local(folder: str, mounts: str) -> bool:
    """Whether a folder lies on a disk of this machine; without a table of mounts, every one is taken to be."""
    if sys.platform == "win32":
        return not os.path.realpath(folder).startswith("\\\\")
    kind = kind_of(folder, mounts)
    return kind not in REMOTE and not kind.startswith("fuse")


def kind_of(folder: str, mounts: str) -> str:
    """The kind of file system that a folder lies on, as the table of mounts calls it; empty where it does not say."""
    path = os.path.realpath(folder)
    best, kind = "", ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = _OCTAL.sub(lambda match: chr(int(match[1], 8)), fields[1])
        inside = path == point or path.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):  # of two on one point, the later one covers the other
            best, kind = point, fields[2]
    return kind


def _is_writable(folder: str) -> bool:
    """Whether files can be made in a folder; one outside of the store has to be this user's own."""
    try:
        if os.path.basename(folder) != "index":
            os.makedirs(folder, mode=0o700, exist_ok=True)
        else:  # not its parents: a store that was moved away is not made anew
            with suppress(FileExistsError):
                os.mkdir(folder)
        if not _is_trusted(folder):
            return False
        with tempfile.TemporaryFile(dir=folder):
            pass
        with os.scandir(folder) as entries:
            return all(_is_open_to_us(entry.path) for entry in entries)
    except OSError:
        return False


def _is_open_to_us(path: str) -> bool:
    """Whether a file can be read and written, or is gone: SQLite's own come and go while others have the index open."""
    return any(os.access(path, os.R_OK | os.W_OK) or not os.path.lexists(path) for _ in range(_TRIES))


def _is_trusted(folder: str) -> bool:
    """In a folder where everybody may write, somebody else could have put this one there."""
    parent = os.path.dirname(folder)
    if not hasattr(os, "getuid") or not os.path.basename(parent).startswith("givens-"):
        return True
    return all(os.lstat(place).st_uid == os.getuid() and not os.path.islink(place) for place in (folder, parent))
