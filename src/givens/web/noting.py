"""Telling other processes of this machine that the page is there, so that a run's last line can link to it."""

from __future__ import annotations

from contextlib import suppress

from ..capture.liveness import identity
from ..journal.layout import Store
from ..journal.page_note import remove_note, write_note


def leave_note(store: Store, url: str) -> str | None:
    """Leave a note in the store; None where nobody may write there."""
    with suppress(OSError):
        return write_note(store, identity()._asdict(), url)
    return None


def take_note_away(path: str | None) -> None:
    """Take the note away again."""
    if path is not None:
        remove_note(path)
