"""A store's index as a question needs it: opened when first asked, up to date once, made anew where it is damaged."""

from __future__ import annotations

import os
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TypeVar

from ..capture.project import project_root
from ..codec import Redaction
from ..errors import GivensWarning, UsageError, warn
from ..index import Freshness, Index, open_index
from ..index.database import is_damage, is_too_long
from ..index.refreshing import Progress
from ..journal.layout import Store
from ..settings import Settings, load

Answered = TypeVar("Answered")


class Asking:
    """The index of a store, shared by every table that was narrowed from one.

    It is brought up to date when the first question comes, and not again: what it answers holds together. Each thread,
    and each forked child, gets a connection of its own.

    Args:
        store: the store.
        progress: called with (runs done, runs to do) while the index is brought up to date, and from the beginning
            again while the column file of a very large one is made.
        wait_s: how long to wait for another process that is at it, in seconds.
    """

    def __init__(self, store: Store, *, progress: Progress | None = None, wait_s: float = 2.0) -> None:
        self.store = store
        self._progress = progress
        self._wait_s = wait_s
        self._lock = threading.Lock()
        self._indexes: dict[tuple[int, int], Index] = {}
        self._freshness: Freshness | None = None
        self._goals: dict[str, str] | None = None
        self._said: set[str] = set()
        self._finalizer = weakref.finalize(self, _close, self._indexes, os.getpid())

    def __repr__(self) -> str:
        return f"<index of {self.store.path}>"

    @property
    def freshness(self) -> Freshness:
        """How the index stood when it was brought up to date.

        Raises:
            StoreError: the store cannot be read, or no index can be made.
        """
        self._index()
        assert self._freshness is not None
        return self._freshness

    @property
    def notes(self) -> tuple[str, ...]:
        """What of the store is not in an answer."""
        fresh = self.freshness
        said = []
        if not fresh.complete:
            said.append(f"index {fresh.percent} %: not complete, another process is reading the rest; ask again")
        if fresh.unreadable:
            first = fresh.unreadable[0]
            more = len(fresh.unreadable) - 1
            said.append(f"cannot read {first.file}: {first.problem}" + (f" (and {more} more)" if more else ""))
        return tuple(said)

    @cached_property
    def redaction(self) -> Redaction:
        """What is a secret in this store's project: of what was asked for, it is not shown."""
        return redaction_of(self.store)

    @property
    def goals(self) -> dict[str, str]:
        """What the store's project says of its metrics: name or pattern -> ``min`` or ``max``."""
        if self._goals is None:
            self._goals = goals_of(self.store)
        return self._goals

    def say_once(self, found: Callable[[], Iterable[GivensWarning]]) -> None:
        """Issue warnings, each unless it was issued before.

        Args:
            found: looks for them.
        """
        for warning in found():
            if str(warning) not in self._said:
                self._said.add(str(warning))
                warn(warning)

    def ask(self, question: Callable[[Index], Answered]) -> Answered:
        """Put a question to the index as it stands at one moment; where that meets damage, make it anew and ask again.

        Raises:
            StoreError: the store cannot be read, or no index can be made.
            UsageError: a filter of more conditions than a database takes.
        """
        index = self._index()
        try:
            with index.reading():
                return question(index)
        except sqlite3.DatabaseError as error:
            if is_too_long(error):
                raise UsageError(
                    "a filter of so many conditions", "name many values in a list: seed in [1, 2, 3]"
                ) from error
            if not is_damage(error):
                raise
        index.renew()
        self._freshness = self._refreshed(index)
        with index.reading():
            return question(index)

    def _index(self) -> Index:
        # numbers of threads are used again, but never while the thread before could still be asking
        key = (os.getpid(), threading.get_ident())
        index = self._indexes.get(key)
        if index is None:
            index = open_index(self.store)
            with self._lock:
                self._indexes[key] = index
                if self._freshness is None:
                    self._freshness = self._refreshed(index)
        return index

    def _refreshed(self, index: Index) -> Freshness:
        return index.refresh(self._progress, self._wait_s, own_runs(self.store), copying=self._progress)


def own_runs(store: Store) -> tuple[str, ...]:
    """The ids of this process's runs that are alive in a store: they are in every answer, whatever else is."""
    from ..lifecycle.current import current

    path = os.path.realpath(store.path)
    return tuple(
        run.id for run in tuple(current.alive) if run.mode != "disabled" and os.path.realpath(run.store.path) == path
    )


def redaction_of(store: Store) -> Redaction:
    """What is a secret, by the ``[tool.givens] redact`` of the store's project."""
    return Redaction(settings_of(store).redact)


def goals_of(store: Store) -> dict[str, str]:
    """What the project of a store says of its metrics: name or pattern -> ``min`` or ``max``."""
    return dict(settings_of(store).metrics)


def settings_of(store: Store) -> Settings:
    """The settings of the project that a store lies in."""
    return load(os.environ, project_root(os.path.dirname(os.path.abspath(store.path))))[0]


def _close(indexes: dict[tuple[int, int], Index], pid: int) -> None:
    for (owner, _), index in indexes.items():
        if owner == os.getpid() == pid:  # closing a parent's connection in a child would undo the parent's locks
            index.close()
