"""Indices that hold what was taken out of their store: they are made anew, and nothing of the old files stays."""

from __future__ import annotations

import os
import re

from ..errors import StoreError
from ..journal.layout import Store
from .opened import open_index
from .place import candidates

#: files of an index of any version, and of what lies beside it
_FILE = re.compile(r"v\d+-\d{6}\.(sqlite|columns-\d+\.duckdb)(\.part|-wal|-shm|\.wal|\.csv)*")


def discard_indexes(store: Store) -> list[str]:
    """Put an empty index in the place of the one in use, and remove every other file of one.

    An index on another machine, or in another user's cache, is made anew by whoever uses it next.

    Returns:
        What could not be removed, each as ``path: why``.
    """
    problems: list[str] = []
    used = ""
    try:
        with open_index(store) as index:
            index.renew()  # a new number: whoever has the old file open goes over to this one
            used = index.path
    except StoreError as error:
        problems.append(str(error))
    for folder in candidates(store):
        try:
            entries = list(os.scandir(folder))
        except OSError:
            continue
        for entry in entries:
            if not _FILE.fullmatch(entry.name) or (used and entry.path.startswith(used)):
                continue
            try:
                os.unlink(entry.path)
            except FileNotFoundError:
                continue
            except OSError as error:
                problems.append(f"{entry.path}: {error.strerror or error}")
    return problems
