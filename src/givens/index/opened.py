"""An opened index: brought up to date, asked, renewed when it is not what it should be."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from ..capture.liveness import Identity, identity, is_gone
from ..errors import StoreError
from ..journal.layout import Store
from ..journal.try_lock import TryLock
from . import database
from .columns import ColumnFile
from .edit_rows import ScrubbedSinceError
from .facts import KeyFacts, Point, documents_of, history_of, keys_of
from .kept import Kept
from .keybook import Patterns
from .place import folder_for, is_local, read_mounts
from .refreshing import Freshness, Progress, Refresher

_LOCK_S = 30.0
_RENEWALS = 3  # one for what is damaged or scrubbed; more where another process folds its own runs in between


class Index:
    """The index of one store. ``open_index`` makes it; one thread at a time may use it.

    Attributes:
        connection: for reading, by the tables of ``schema``. It is another one after ``refresh`` found a newer file.
        store: what it is an index of.
        folder: where its file lies.
        columns: the copy by column that a large index has beside it; renewed together with the index.
    """

    def __init__(self, store: Store, patterns: Patterns, folder: str, *, local: bool) -> None:
        self.store = store
        self.patterns = patterns
        self.folder = folder
        self.path = ""
        self._local = local
        self._pid = os.getpid()
        self.columns = ColumnFile(folder)
        self._open()

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self.columns.close()
        self.connection.close()

    # --- the file -------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        """Open the file in use, or make one where there is none that fits."""
        if not self._try_open():
            self._renew(None)

    def _try_open(self) -> bool:
        found = database.generations(self.folder)
        if not found:
            return False
        path, wanted = found[max(found)], self._wanted()
        try:
            connection = database.connect(path)
        except sqlite3.Error:  # gone meanwhile, or no database at all
            return False
        if not database.fits(connection, wanted):
            connection.close()
            return False
        self._use(path, connection)
        return True

    def _wanted(self) -> dict[str, str]:
        """What the index has to say; asked anew each time, since the folder may be another one by now."""
        return database.identity(self.store, self.patterns, self.folder)

    def _use(self, path: str, connection: sqlite3.Connection) -> None:
        if self._pid == os.getpid():
            self.columns.close()
        self.columns = ColumnFile(self.folder)
        self.path, self.connection, self._pid = path, connection, os.getpid()
        self._kept = Kept()
        self._refresher = Refresher(connection, self.folder, self.store, self.patterns, local=self._local)

    def _renew(self, unfit: str | None) -> None:
        """Put a new file in the place of the one that does not fit, unless another process has done it by now."""
        lock = TryLock(os.path.join(self.folder, "fold.lock"))
        until = time.monotonic() + _LOCK_S
        while not lock.acquire():
            if self._try_open() and self.path != unfit:
                return
            if time.monotonic() > until:
                raise StoreError(self.folder, "another process holds the index for a long time", "try again")
            time.sleep(0.02)
        try:
            if self._try_open() and self.path != unfit:
                return
            path = database.make(self.folder, self._wanted())
            self._use(path, database.connect(path))
        finally:
            lock.release()

    def renew(self) -> None:
        """Begin anew with an empty file, which the next ``refresh`` fills: for a reader that met damage."""
        unfit = self.path
        self.connection.close()
        try:
            self._renew(unfit)
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def _unusable(self, error: sqlite3.Error) -> StoreError:
        return StoreError(
            self.path or self.folder, f"the index cannot be used: {error}", "it may be removed; it is made anew"
        )

    def follow(self) -> None:
        """Go over to the newest file, if another process put one in this one's place; nothing is folded.

        Raises:
            StoreError: no index can be made.
        """
        try:
            self._follow()
        except FileNotFoundError:
            return  # the folder was moved away, with the store: what is open still answers
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def _follow(self) -> None:
        """Go over to the newest file; in a forked child, to a connection of its own."""
        if os.getpid() != self._pid:
            # closing it here would undo the parent's locks; and DuckDB's threads are not in the child
            self._abandoned = self.connection, self.columns
        else:
            found = database.generations(self.folder)
            if found and found[max(found)] == self.path:
                return
            self.connection.close()
        self._open()

    # --- up to date -----------------------------------------------------------------------------------------------

    def refresh(
        self,
        progress: Progress | None = None,
        wait_s: float = 2.0,
        first: Iterable[str] = (),
        *,
        verify: bool = False,
        copying: Progress | None = None,
    ) -> Freshness:
        """Fold what is new in the store. When another process is at it, wait for it, but not for long.

        Args:
            progress: called with (runs done, runs to do) after each portion.
            wait_s: how long to wait for another process that folds, in seconds.
            first: ids of runs that are in the index when this returns, whatever else is: the caller's own.
            verify: look at finished journals as well, whether they are still the files that were folded.
            copying: called with (runs done, runs to do) while the column file is made, which a very large index has
                beside it; what is asked meanwhile is complete, but slower.

        Raises:
            StoreError: the store is not there, or no index can be written.
        """
        first = tuple(first)
        scrubbed = False
        for attempt in range(_RENEWALS + 1):
            try:
                self._follow()
                return self._with_columns(self._refresher.refresh(progress, wait_s, first, verify=verify), copying)
            except ScrubbedSinceError:
                scrubbed = True
            except sqlite3.Error as error:
                if attempt or not isinstance(error, sqlite3.DatabaseError) or not database.is_damage(error):
                    raise self._unusable(error) from error
            self.renew()
            if scrubbed:
                database.remove_files(self.folder, self.path, columns=True)
        raise StoreError(self.folder, "other processes fold runs that are being scrubbed", "try again")

    def _with_columns(self, found: Freshness, copying: Progress | None) -> Freshness:
        if found.complete:
            self.columns.refresh(self.connection, self.path, copying)
        return found

    def mark_states(self) -> None:
        """Fill the temporary table ``now``: of every run that has not ended, whether it is running or lost."""
        here = identity()
        rows = self.connection.execute(
            "SELECT run, created, host, boot_id, pid, pid_namespace, started FROM run WHERE finish IS NULL"
        ).fetchall()
        states = []
        for run, created, host, boot_id, pid, pid_namespace, started in rows:
            gone = created is None or is_gone(
                Identity(host or "", boot_id, -1 if pid is None else pid, pid_namespace, started), here
            )
            states.append((run, "lost" if gone else "running"))
        self.connection.execute("DELETE FROM now")
        self.connection.executemany("INSERT INTO now VALUES (?, ?)", states)

    # --- asking ---------------------------------------------------------------------------------------------------

    def kept(self) -> Kept:
        """What was worked out of the index as it stands, whoever wrote to it; a transaction sees one moment."""
        (others,) = self.connection.execute("PRAGMA data_version").fetchone()
        return self._kept.at((others, self._refresher.written))

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Several statements that see the index at one moment, whoever writes meanwhile."""
        self.connection.execute("BEGIN")
        try:
            yield self.connection
        finally:
            self.connection.execute("COMMIT" if self.connection.in_transaction else "SELECT 1")

    def keys(self, project: str | None = None, space: str = "config", *, inside: bool = False) -> list[KeyFacts]:
        """The keys that runs have, by path.

        Args:
            project: of this project only; the empty text: of runs without one; None: of all, each by itself.
            space: ``config`` or ``summary``.
            inside: list what stands inside lists as well.
        """
        return keys_of(self.connection, project, space, inside=inside)

    def document(self, run_ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """The configurations of runs, encoded as in their journals; runs that the index does not have are left out."""
        return documents_of(self.connection, run_ids)

    def history(self, run_id: str, name: str) -> list[Point]:
        """The course of one metric, in the order in which it was logged."""
        return history_of(self.connection, run_id, name)


def open_index(store: Store, *, folder: str | None = None) -> Index:
    """Open a store's index; made empty where there is none that fits. ``refresh`` fills it.

    Args:
        store: the store.
        folder: where the index lies; None: in the first place that is local and can be written.

    Raises:
        StoreError: there is no such place, or the index cannot be made there.
    """
    mounts = read_mounts()
    place = folder or folder_for(store, mounts)
    try:
        return Index(store, patterns_of(store), place, local=is_local(store.path, mounts))
    except (sqlite3.Error, OSError) as error:
        if isinstance(error, StoreError):
            raise
        raise StoreError(place, f"the index cannot be made: {error}", "check the disk and its permissions") from error


def patterns_of(store: Store) -> Patterns:
    """What the store's project leaves out of fingerprints."""
    from ..capture.project import project_root
    from ..settings import load

    settings = load(os.environ, project_root(os.path.dirname(os.path.abspath(store.path))))[0]
    return Patterns(settings.ignore, settings.replicate)
