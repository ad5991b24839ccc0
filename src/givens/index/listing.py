"""What there is to fold: new journals, growing ones, and those that are gone."""

from __future__ import annotations

import os
import sqlite3
import time
from typing import NamedTuple

from ..errors import StoreError
from ..journal.layout import Store
from .edit_rows import hidden, waiting
from .journal_file import has_head
from .packed import PackRows
from .source_rows import FOLDER, file_of, named, path_of

#: a folder that changed so lately may change again without its time telling
_SETTLED_NS = 2_000_000_000


class Task(NamedTuple):
    """One run to look at: journals of it that are not known, known ones that are gone, and whether it was edited."""

    files: list[str]
    gone: list[str]
    again: bool = False


class Plan(NamedTuple):
    """What there is to fold.

    Args:
        tasks: run id -> what is new of it.
        listed: the folder's time, when this plan says all there is to say about it; None when it may not be relied on.
        moved: journals whose own file went or came while a pack holds them: path below the store -> whether it is there.
    """

    tasks: dict[str, Task]
    listed: str | None
    moved: dict[str, int]


def plan(connection: sqlite3.Connection, packs: PackRows, *, local: bool, verify: bool = False) -> Plan:
    """Compare the store with what the index knows of it.

    Args:
        connection: the index.
        packs: the store's packs, as far as they were taken in.
        local: whether the store's folder is on a disk of this machine, so that its time can be relied on.
        verify: look at finished files as well.

    Raises:
        StoreError: the store is not there, or cannot be read.
    """
    packs.forget()  # another process may have taken some in since
    tasks: dict[str, Task] = {}
    moved: dict[str, int] = {}
    listed = _list(connection, packs, tasks, moved, local=local)
    growing = "SELECT file, size FROM source" + ("" if verify else " WHERE done = 0 AND loose = 1")
    stat, base = os.stat, packs.store.path
    for file, size in connection.execute(growing):
        try:
            if verify:
                _task(tasks, file)
                continue
            now = stat(f"{base}/{file}").st_size
            if now > size or (now < size and not packs.holds(file)):
                _task(tasks, file)
        except FileNotFoundError:
            if not packs.holds(file):
                _task(tasks, file).gone.append(file)
        except OSError:
            _task(tasks, file)  # the fold says what is wrong
    for run_id in waiting(connection):
        task = tasks.get(run_id, Task([], []))
        tasks[run_id] = task._replace(files=[*dict.fromkeys((*task.files, *packs.files_of(run_id)))], again=True)
    return Plan(tasks, listed, moved)


def own(store: Store, run_id: str) -> Task:
    """What there may be of one run: its first writer's journal, and those of later sessions and forked children."""
    return Task([file_of(os.path.basename(path)) for path in store.files_of(run_id)], [])


def _list(
    connection: sqlite3.Connection, packs: PackRows, tasks: dict[str, Task], moved: dict[str, int], *, local: bool
) -> str | None:
    store = packs.store
    folder = path_of(store.path, FOLDER)
    try:
        changed_ns = os.stat(folder).st_mtime_ns
        before = connection.execute("SELECT value FROM meta WHERE name = 'listed'").fetchone()
        if local and before is not None and before[0] == str(changed_ns):
            return None
        now_ns = time.time_ns()
        names = set(os.listdir(folder))
    except FileNotFoundError:
        if not os.path.isdir(store.path):
            raise StoreError(store.path, "the store is not there", "was it moved?") from None
        names, changed_ns, now_ns = set(), 0, 0
    except OSError as error:
        raise StoreError(folder, error.strerror or str(error), "check its permissions") from error
    start = len(FOLDER) + 1
    known = {file[start:] for (file,) in connection.execute("SELECT file FROM source WHERE loose = 1")}
    removed = hidden(connection)
    for name in names - known:
        whose = named(name)
        if whose is not None and whose.run_id not in removed and not _is_copy(connection, store, name, moved):
            tasks.setdefault(whose.run_id, Task([], [])).files.append(file_of(name))
    for name in known - names:
        if packs.holds(file_of(name)):
            moved[file_of(name)] = 0
        else:
            _task(tasks, file_of(name)).gone.append(file_of(name))
    return str(changed_ns) if local and now_ns - changed_ns > _SETTLED_NS else None


def _is_copy(connection: sqlite3.Connection, store: Store, name: str, moved: dict[str, int]) -> bool:
    """Whether a loose journal that came holds nothing that was not folded out of a pack."""
    file = file_of(name)
    row = connection.execute("SELECT size, head, bad FROM source WHERE file = ?", (file,)).fetchone()
    if row is None:
        return False
    size, head, bad = row
    path = path_of(store.path, file)
    try:
        if bad or not head or os.stat(path).st_size > size or not has_head(path, head):
            return False
    except OSError:  # the fold says what is wrong
        return False
    moved[file] = 1
    return True


def _task(tasks: dict[str, Task], file: str) -> Task:
    run_id = file[len(FOLDER) + 1 :].partition(".")[0]
    return tasks.setdefault(run_id, Task([], []))
