"""Where a run can be looked at, if a page of its store is being served on this machine. Nothing is connected to."""

from __future__ import annotations

from ..capture.liveness import identity, identity_of, is_gone
from ..journal.layout import Store
from ..journal.page_note import read_notes


def page_url(store: Store) -> str | None:
    """The address of a page of the store whose process lives; None when there is none here."""
    here = None
    for note in read_notes(store):
        here = here or identity()
        if is_gone(identity_of(note), here) is False:
            return str(note["url"])
    return None


def run_url(store: Store, run_id: str) -> str | None:
    """The address of a run on that page."""
    page = page_url(store)
    return None if page is None else f"{page}run/{run_id}"
