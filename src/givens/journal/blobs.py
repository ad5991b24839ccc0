"""Large values: one file each, named by the SHA-256 of its content."""

from __future__ import annotations

import os

from ..errors import DamagedValueError
from .layout import Store, write_whole
from .regular_files import open_regular


def write_blob(store: Store, sha256: str, content: bytes) -> None:
    """Store a blob; one that is there already is left alone.

    Raises:
        OSError: it cannot be written. Nothing half-written is left under the blob's name.
    """
    path = store.blob_file(sha256)
    if not os.path.exists(path):
        write_whole(path, content)


def read_blob(store: Store, sha256: str) -> bytes:
    """The content of a blob, checked against its name.

    Raises:
        DamagedValueError: it is missing, unreadable, or not what its name says.
        StoreError: the name is none.
    """
    import hashlib

    path = store.blob_file(sha256)
    try:
        with open_regular(path) as file:
            content = file.read()
    except OSError as error:
        raise DamagedValueError(f"{path}: {error.strerror or error}") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DamagedValueError(f"{path}: the content is not what its name says")
    return content
