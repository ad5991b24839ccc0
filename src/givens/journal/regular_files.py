"""Opening the files of a store for reading: regular ones only, never through a link, none that memory cannot hold.

A store may come from a stranger. A link in it could lead to any file of whoever reads it, and a pipe would be waited for
without end.
"""

from __future__ import annotations

import errno
import os
import stat
from io import BufferedReader

_FLAGS = os.O_RDONLY
for _name in ("O_CLOEXEC", "O_BINARY", "O_NOFOLLOW", "O_NONBLOCK"):  # the last: a pipe is opened, and refused below
    _FLAGS |= getattr(os, _name, 0)
_PARTS = 4  # a file may be as long as this part of the memory: its lines are objects before they are a run
_SMALLEST_BYTES = 256 << 20
_ENDS_BYTES = 32 << 10
_most_bytes = 0


def open_regular(path: str, *, whole: bool = True) -> BufferedReader:
    """Open a file of a store.

    Args:
        path: the file.
        whole: whether all of it will be held in memory; it must not be longer than that allows.

    Raises:
        OSError: it is a link, a pipe, a device or a folder, it is too long, or it cannot be read.
    """
    return open(open_descriptor(path, whole=whole), "rb")


def open_descriptor(path: str, *, whole: bool = True) -> int:
    """The same as a descriptor, which the caller closes."""
    try:
        descriptor = os.open(path, _FLAGS)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise OSError(errno.ELOOP, "it is a link, and none in a store is followed", path) from None
        raise
    found = os.fstat(descriptor)
    problem = None
    if stat.S_ISDIR(found.st_mode):
        problem = errno.EISDIR, os.strerror(errno.EISDIR)
    elif not stat.S_ISREG(found.st_mode):
        problem = errno.EINVAL, "it is no regular file"
    elif whole and found.st_size > _SMALLEST_BYTES and found.st_size > most_bytes():
        problem = errno.EFBIG, f"it is longer ({found.st_size / (1 << 30):.1f} GiB) than memory allows to read"
    if problem is not None:
        os.close(descriptor)
        raise OSError(*problem, path)
    return descriptor


def most_bytes() -> int:
    """How long a file may be that is read whole: a part of the memory that this machine has, or this process may use."""
    global _most_bytes
    if not _most_bytes:
        _most_bytes = max(_memory_bytes() // _PARTS, _SMALLEST_BYTES)
    return _most_bytes


def _memory_bytes() -> int:
    try:
        found = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # Windows, which does not say it so
        return 8 << 30
    try:
        import resource
    except ImportError:
        return found
    allowed = resource.getrlimit(resource.RLIMIT_AS)[0]
    return found if allowed == resource.RLIM_INFINITY else min(found, allowed)


def read_whole(path: str) -> bytes:
    """A file as long as it was when it was opened: a writer that is faster than its reader would never let it end.

    Raises:
        OSError: it cannot be read.
    """
    with open_regular(path) as file:
        return file.read(os.fstat(file.fileno()).st_size)


def read_ends(path: str) -> bytes:
    """The first line of a file and the last ones, the whole last one among them; all of it where that is not long.

    Raises:
        OSError: it cannot be read.
    """
    with open_regular(path, whole=False) as file:
        size = os.fstat(file.fileno()).st_size
        if size <= _ENDS_BYTES:
            return file.read(size)
        first = file.readline(size)
        last, length = b"", _ENDS_BYTES
        while last.count(b"\n") < 2 and len(first) + len(last) < size:
            length = min(2 * length, size - len(first))
            file.seek(size - length)
            last = file.read(length)
    return first + last


def read_small(path: str, most_bytes: int) -> bytes:
    """A file that is a hint, whole.

    Raises:
        OSError: it cannot be read, or is longer than any that givens writes.
    """
    with open_regular(path, whole=False) as file:
        content = file.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise OSError(errno.EFBIG, f"it is longer than {most_bytes >> 10} KiB", path)
    return content
