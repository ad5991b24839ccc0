"""The index for a command: brought up to date, with a bar where that takes long."""

from __future__ import annotations

from ..api.asking import Asking
from ..journal.layout import Store
from .progress import UP_TO_DATE, progress
from .terminal import complain


def asking(store: Store) -> Asking:
    """A store's index, with everything in it that the store holds, or as much as another process that reads has done.

    Raises:
        StoreError: no index can be made.
    """
    with progress(UP_TO_DATE) as told:
        made = Asking(store, progress=told)
        _ = made.freshness  # now, while the bar is there
    return made


def tell(asking: Asking) -> None:
    """Say on stderr what an answer lacks, for output that has no place for it."""
    for note in asking.notes:
        complain(note)
