"""Bringing an index up to date: who folds, in what portions, and what others do meanwhile."""

from __future__ import annotations

import gc
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from ..journal.layout import Store
from ..journal.try_lock import TryLock
from .folding import Folding, Unreadable
from .keybook import Patterns
from .listing import Plan, Task, own, plan
from .schema import INDICES
from .surroundings import learn

Progress = Callable[[int, int], None]

_PORTION_S = 0.25  # how long one transaction folds; whoever wants to write waits as long
_PORTION_RUNS = 512
_LEAST_RUNS = 64  # however slow the machine is at the moment: a transaction has its price
_POLL_S = 0.01
_TURN_S = 2.0  # how long the process that folds waits for one that has the turn
_MANY_RUNS = 2_000  # from here on the large indices are made once, after all rows


class Freshness(NamedTuple):
    """How an index stands after a refresh.

    Args:
        complete: whether all that was in the store when it began is in the index.
        percent: how much of the store's runs is, in whole percent.
        folded: how many runs this refresh looked at.
        unreadable: journals that could not be read, with the reason.
    """

    complete: bool
    percent: int
    folded: int
    unreadable: tuple[Unreadable, ...] = ()


class Refresher:
    """Folds into one index file.

    Args:
        connection: the index.
        folder: where its locks are.
        store: what it is an index of.
        patterns: what fingerprints leave out.
        local: whether the store's folder times can be relied on.
    """

    def __init__(
        self, connection: sqlite3.Connection, folder: str, store: Store, patterns: Patterns, *, local: bool
    ) -> None:
        self.connection = connection
        self.store = store
        self.local = local
        self.folding = Folding(connection, store, patterns)
        self._lock = TryLock(os.path.join(folder, "fold.lock"))
        self._turn = TryLock(os.path.join(folder, "turn.lock"))
        self._version = -1
        self.written = 0  # transactions that this process made

    def refresh(self, progress: Progress | None, wait_s: float, first: Iterable[str], *, verify: bool) -> Freshness:
        """Fold what is new, or let the process that is at it go on; see ``Index.refresh``."""
        self.folding.unreadable = []
        found = self._plan(verify=verify)
        said = learn(self.connection, self.folding.packs)
        # packs are looked at after the loose files: what moved meanwhile is seen in one place or the other
        news = bool(self.folding.edits.news(verify=verify).files) or bool(self.folding.packs.news())
        nothing = not found.tasks and not found.moved and found.listed is None
        if nothing and not said and not news and not self._lacks_large():
            return Freshness(True, 100, 0)
        until = time.monotonic() + wait_s
        hurried = False
        while not self._lock.acquire():
            if not hurried:
                self._fold_own(first, until)
                hurried = True
            if time.monotonic() >= until:
                return self._stand(verify=False)
            time.sleep(_POLL_S)
        try:
            edited = self._take_edits(verify=verify)
            # what went was perhaps packed, and another process has taken the pack in since the plan was made
            stale = self._take_packs() or edited or hurried or any(task.gone for task in found.tasks.values())
            while stale:
                found = self._plan(verify=verify)
                stale = self._take_packs()
            return self._fold_all(found, said, progress, first, verify=verify)
        finally:
            self._lock.release()

    def _take_edits(self, *, verify: bool) -> bool:
        """Take in what was edited; False when there is nothing new of it. The runs it concerns become tasks."""
        edits = self.folding.edits
        news = edits.news(verify=verify)
        if not news.files:
            return False
        with self._writing():
            self.folding.unreadable += [Unreadable(bad.file, bad.problem) for bad in edits.take(news)]
        return True

    def _plan(self, *, verify: bool) -> Plan:
        return plan(self.connection, self.folding.packs, local=self.local, verify=verify)

    def _take_packs(self) -> bool:
        """Take in packs that are new or gone; False when there are none. The runs it concerns become tasks."""
        packs = self.folding.packs
        news = packs.news()
        if not news:
            return False
        with self._writing():
            taken = packs.take(news)
        self.folding.unreadable += [Unreadable(file, problem) for file, problem in taken.problems]
        return taken.changed

    def _stand(self, *, verify: bool) -> Freshness:
        """How far the process that folds has come."""
        left = len(self._plan(verify=verify).tasks)
        (known,) = self.connection.execute("SELECT count(*) FROM run").fetchone()
        complete = not left and not self.folding.packs.news()
        return Freshness(complete, 100 if complete else min(99, 100 * known // max(1, known + left)), 0)

    def _fold_own(self, first: Iterable[str], until: float) -> None:
        """Fold own runs while another process folds the rest: between portions it waits for whoever has the turn."""
        tasks = [(run_id, own(self.store, run_id)) for run_id in first]
        if not tasks:
            return
        while not self._turn.acquire():
            if time.monotonic() >= until:
                return
            time.sleep(_POLL_S)
        try:
            while tasks:
                self._portion(tasks, verify=False)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
        finally:
            self._turn.release()

    def _fold_all(
        self,
        found: Plan,
        said: list[tuple[int, int]],
        progress: Progress | None,
        first: Iterable[str],
        *,
        verify: bool,
    ) -> Freshness:
        tasks = found.tasks
        order = [run_id for run_id in first if run_id in tasks]
        ahead = set(order)
        # by id, so that the index over ids grows at its end only
        order += sorted(run_id for run_id in tasks if run_id not in ahead)
        left = [(run_id, tasks[run_id]) for run_id in reversed(order)]
        total = len(left)
        many = total > _MANY_RUNS and self._drop_large(total)
        with _no_collections():
            while left:
                self._let_others()
                self._portion(left, verify=verify)
                if progress is not None:
                    progress(total - len(left), total)
        if many or self._lacks_large():
            self._make_large()
        unreadable = tuple(dict.fromkeys(self.folding.unreadable))
        self._note(said, found.moved, None if unreadable else found.listed)
        return Freshness(True, 100, total, unreadable)

    # --- transactions ---------------------------------------------------------------------------------------------

    def _portion(self, left: list[tuple[str, Task]], *, verify: bool) -> None:
        """Fold from the end of a list, and take off it what was folded, in one transaction."""
        taken = left[-_PORTION_RUNS:][::-1]
        count = 0
        with self._writing():
            known = self._known([run_id for run_id, _ in taken])
            until = time.monotonic() + _PORTION_S
            for run_id, task in taken:
                self.folding.fold(run_id, task.files, task.gone, known=run_id in known, verify=verify, again=task.again)
                count += 1
                if time.monotonic() > until and count >= _LEAST_RUNS:
                    break
            self.folding.rows.flush()
        del left[len(left) - count :]

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction. What is remembered of the tables goes when another process wrote, or when it fails."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            (version,) = self.connection.execute("PRAGMA data_version").fetchone()
            if version != self._version:
                self._version = version
                self.folding.forget()
            yield
            self.connection.execute("COMMIT")
            self.written += 1
        except BaseException:
            self.folding.forget()
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise

    def _known(self, run_ids: list[str]) -> set[str]:
        marks = ", ".join("?" * len(run_ids))
        return {run_id for (run_id,) in self.connection.execute(f"SELECT id FROM run WHERE id IN ({marks})", run_ids)}

    def _let_others(self) -> None:
        """Let a process go ahead that has only its own runs to fold; one that sleeps over it does not count."""
        until = time.monotonic() + _TURN_S
        while not self._turn.acquire():
            if time.monotonic() >= until:
                return
            time.sleep(_POLL_S / 5)
        self._turn.release()

    def _note(self, said: list[tuple[int, int]], moved: dict[str, int], listed: str | None) -> None:
        if not said and not moved and listed is None:
            return
        with self._writing():
            self.connection.executemany("UPDATE env SET dirty = ? WHERE env = ?", said)
            loose = [(there, file) for file, there in moved.items()]
            self.connection.executemany("UPDATE source SET loose = ? WHERE file = ?", loose)
            if listed is not None:
                self.connection.execute("INSERT OR REPLACE INTO meta VALUES ('listed', ?)", (listed,))

    # --- the large indices ----------------------------------------------------------------------------------------

    def _drop_large(self, total: int) -> bool:
        """Leave the large indices for the end, when most of what they will hold is still to come."""
        (known,) = self.connection.execute("SELECT count(*) FROM run").fetchone()
        if known > total:
            return False
        with self._writing():
            for name in INDICES:
                self.connection.execute(f"DROP INDEX IF EXISTS {name}")
        return True

    def _lacks_large(self) -> bool:
        """Whether a fold of very many runs was interrupted before it made them."""
        names = {name for (name,) in self.connection.execute("SELECT name FROM sqlite_master WHERE type = 'index'")}
        return not names.issuperset(INDICES)

    def _make_large(self) -> None:
        for name, definition in INDICES.items():
            with self._writing():
                self.connection.execute(f"CREATE INDEX IF NOT EXISTS {name} {definition}")


@contextmanager
def _no_collections() -> Iterator[None]:
    """Leave the cycle collector out: rows and events are many, and none of them refers to itself."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
