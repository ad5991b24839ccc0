"""The cells of the notebook that a run was made in."""

from __future__ import annotations

from typing import Any

from ...journal.blobs import read_blob
from .stored_run import StoredRun


def cells_of(run: StoredRun) -> str | None:
    """The cells that were run until the run's end, or its beginning where it has no end; None where there is no notebook.

    Raises:
        DamagedValueError: they were kept, and cannot be read.
    """
    said = _said(run)
    return None if said is None else read_blob(run.store, str(said.get("sha256"))).decode("utf-8", "replace")


def cells_fact(run: StoredRun) -> str:
    """How many there are, for people; empty where there is no notebook."""
    said = _said(run)
    if said is None:
        return ""
    count = said.get("count")
    return f"{count} until its {'end' if 'cells' in (run.folded.state.finish or {}) else 'beginning'}"


def _said(run: StoredRun) -> dict[str, Any] | None:
    state = run.folded.state
    for event in (state.finish, state.start):
        said = (event or {}).get("cells")
        if isinstance(said, dict):
            return said
    return None
