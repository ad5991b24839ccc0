"""Which store a process writes to and reads from."""

from __future__ import annotations

import os

from ..capture.entry import script
from ..capture.project import project_root
from ..errors import StoreError
from ..journal.layout import STORE_NAME, Store, store_above


def working_directory() -> str:
    """The working directory; where it was deleted meanwhile, the script's folder or the home directory."""
    try:
        return os.getcwd()
    except OSError:
        file = script()
        return os.path.dirname(file) if file else os.path.expanduser("~")


def project_of(directory: str) -> str:
    """The folder that files are told relative to: the project root of a folder, else of the script's, else itself."""
    return _root(directory) or directory


def _root(directory: str) -> str | None:
    file = script()
    return project_root(directory) or (project_root(os.path.dirname(file)) if file else None)


def store_for_writing(directory: str | None = None) -> Store:
    """The store that a run of this process goes into; it may not be there yet.

    The nearest ``.givens`` at or above the working directory; else in the project root (pyproject.toml or .git) of
    the working directory, else of the script's folder; else in the working directory.

    Args:
        directory: ``dir=`` or ``GIVENS_DIR``: the store is ``.givens`` in that folder.
    """
    if directory:
        folder = os.path.abspath(os.path.expanduser(directory))
        return Store(folder if os.path.basename(folder) == STORE_NAME else os.path.join(folder, STORE_NAME))
    here = working_directory()
    found = store_above(here)
    return Store(found or os.path.join(project_of(here), STORE_NAME))


def find_store(directory: str | None = None) -> Store:
    """The store that a reader in this folder means.

    Raises:
        StoreError: there is none, or one of its folders is a link.
    """
    store = store_for_writing(directory or os.environ.get("GIVENS_DIR"))
    if not os.path.isdir(store.path):
        raise StoreError(store.path, "there is no store here", "run a script that calls givens.init(), or give --dir")
    store.check()
    return store
