"""The cells of a notebook, kept with a run: at its start those until then, at its end all of them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..configs.door import Door

_MOST_CHARS = 1 << 20


def keep_cells(door: Door) -> dict[str, Any] | None:
    """Put the cells that were run so far into ``blobs/``, their secrets hidden.

    Args:
        door: of the run.

    Returns:
        What the start or finish line says of it; None outside of IPython, and where nothing is written.
    """
    if "IPython" not in sys.modules or door.store_blob is None:
        return None
    from hashlib import sha256

    from ..capture.cells import as_text, cells

    found = cells()
    if not found:
        return None
    content = door.redaction.text(as_text(found, _MOST_CHARS)).encode("utf-8", "replace")
    name = sha256(content).hexdigest()
    if not door.store_blob(name, content):
        return None
    return {"sha256": name, "bytes": len(content), "count": len(found)}
