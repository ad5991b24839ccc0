"""Indices that hold what was taken out of their store: they are made anew, and nothing of the old files stays."""

from __future__ import annotations

from ..errors import StoreError
from ..journal.layout import Store
from .database import remove_files
from .opened import open_index
from .place import candidates


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
        problems += remove_files(folder, used)
    return problems
