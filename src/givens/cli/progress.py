"""A progress bar for what takes long: on stderr, only on a terminal, and only once it has taken a while."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_PATIENCE_S = 0.4  # what is done sooner needs no bar
_EVERY_S = 0.05
UP_TO_DATE = "bringing the index up to date"  #: it reads new runs, and of very many makes a copy by column

Told = Callable[[int, int], None]


@contextmanager
def progress(what: str) -> Iterator[Told]:
    """Tell how far something has come.

    Args:
        what: what is being done, in a few words: ``UP_TO_DATE``.

    Yields:
        A function to be called with (done, to do). Where it is told less than before, a second part has begun.
    """
    bar = _Bar(what)
    try:
        yield bar
    finally:
        bar.close()


class _Bar:
    def __init__(self, what: str) -> None:
        self._what = what
        self._began_s = self._shown_s = time.monotonic()
        self._wanted = sys.stderr.isatty()
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._done = 0

    def __call__(self, done: int, total: int) -> None:
        now_s = time.monotonic()
        if not self._wanted or now_s - self._began_s < _PATIENCE_S:
            return
        if self._bar is None:
            self._begin()
        elif done < self._done and self._task is not None:
            self._bar.reset(self._task)  # how long the first part took says nothing of the second
        self._done = done
        if (now_s - self._shown_s >= _EVERY_S or done == total) and self._bar is not None and self._task is not None:
            self._shown_s = now_s
            self._bar.update(self._task, completed=done, total=total, refresh=True)

    def _begin(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False)
        self._task = self._bar.add_task(self._what, total=None)
        self._bar.start()

    def close(self) -> None:
        """Take the bar away: what was printed stays as if it had never been there."""
        if self._bar is not None:
            self._bar.stop()
