"""Writing an export to a file: beside it first, then in its place, so that no half a table is ever read."""

from __future__ import annotations

import os
import tempfile

from ...errors import StoreError


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Write text in UTF-8, whole or not at all.

    Raises:
        StoreError: it cannot be written.
    """
    name = os.fsdecode(path)
    folder = os.path.dirname(os.path.abspath(name))
    try:
        number, beside = tempfile.mkstemp(prefix=".givens-", dir=folder)
        try:
            with os.fdopen(number, "w", encoding="utf-8", errors="backslashreplace", newline="") as file:
                file.write(text)
            os.chmod(beside, 0o666 & ~_umask())
            os.replace(beside, name)
        except BaseException:
            os.unlink(beside)
            raise
    except OSError as error:
        raise StoreError(name, error.strerror or str(error), "choose another file") from error


def _umask() -> int:
    found = os.umask(0o077)
    os.umask(found)
    return found
