"""Answers that are kept for a while, because the next question will want them again."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Answered = TypeVar("Answered")

_PATIENCE = 20.0  #: an answer that took a second is good for so many, even if something changed meanwhile
_LONGEST_S = 30.0


class KeptAnswers(Generic[Answered]):
    """Answers by question; those not asked for longest go first.

    An answer is as good as new while the version is the same. When it has changed, one that was dear is still used for a
    time in proportion to its price: a store in which something happens every second would else be sorted every second.

    Args:
        most: how many are kept.
        clock: seconds; for tests.
        effort: seconds that the thread has worked, which are an answer's price: a machine that is busy with other things
            makes none dearer, nor stale for longer.
    """

    def __init__(
        self,
        most: int,
        clock: Callable[[], float] = time.monotonic,
        effort: Callable[[], float] = time.thread_time,
    ) -> None:
        self._most = most
        self._clock = clock
        self._effort = effort
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, tuple[int, float, Answered]] = OrderedDict()

    def answer(self, question: Hashable, version: int, make: Callable[[], Answered]) -> Answered:
        """The answer that is kept, or a new one.

        Args:
            question: what is asked; equal questions have equal answers.
            version: the state of what is asked.
            make: makes the answer; it may be called by several threads at once.
        """
        found = self.known(question, version)
        if found is not None:
            return found
        begun_s = self._effort()
        made = make()
        until_s = self._clock() + min(_LONGEST_S, _PATIENCE * (self._effort() - begun_s))
        with self._lock:
            self._kept[question] = version, until_s, made
            self._kept.move_to_end(question)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made

    def known(self, question: Hashable, version: int) -> Answered | None:
        """The answer that is kept, as long as it is good; else None."""
        with self._lock:
            kept = self._kept.get(question)
            if kept is None or (kept[0] != version and self._clock() > kept[1]):
                return None
            self._kept.move_to_end(question)
            return kept[2]
