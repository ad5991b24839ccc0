"""A store's index for somebody who stays: asked by several threads, brought up to date by one, again and again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from ...errors import GivensWarning, StoreError
from ...index import Freshness, Index
from ...journal.layout import Store
from ..asking import Asking, own_runs

Answered = TypeVar("Answered")

_NOTHING_YET = Freshness(False, 0, 0)


class LiveAsking(Asking):
    """The index as it stands at the moment of each question. Only ``refresh`` folds, and nobody waits for it.

    Args:
        store: the store.
    """

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self._freshness = _NOTHING_YET

    @property
    def freshness(self) -> Freshness:
        """How the index stood when it was last brought up to date; while that goes on, how far it has come."""
        assert self._freshness is not None
        return self._freshness

    def say_once(self, found: Callable[[], Iterable[GivensWarning]]) -> None:
        """Nothing: there is nobody at a terminal; what a warning would say is among the notes of an answer."""

    def ask(self, question: Callable[[Index], Answered]) -> Answered:
        """Put a question to the index as it stands at this moment.

        Raises:
            StoreError: the store cannot be read, or no index can be made.
        """
        self._index().follow()
        return super().ask(question)

    def refresh(self, told: Callable[[], None] | None = None) -> Freshness:
        """Fold what is new, in the thread that calls; another process that is at it is not waited for.

        Args:
            told: called after each portion, when there is much.

        Raises:
            StoreError: the store is not there, or no index can be written.
        """

        def progress(done: int, total: int) -> None:
            self._freshness = Freshness(False, min(99, 100 * done // max(1, total)), done)
            if told is not None:
                told()

        try:
            self._freshness = self._index().refresh(progress, 0.0, own_runs(self.store))
        except FileNotFoundError as error:
            raise StoreError(self.store.path, "the store is not there", "was it moved?") from error
        return self._freshness

    def close(self) -> None:
        """Let go of the index's files. Nobody may ask any more."""
        self._finalizer()
