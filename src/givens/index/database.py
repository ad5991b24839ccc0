"""The index's file: found, checked, made anew beside an old one. Nothing is ever migrated."""

from __future__ import annotations

import os
import re
import sqlite3

from ..capture.liveness import host
from ..codec import dumps
from ..journal.layout import Store
from ..records.origin import KINDS as ORIGIN_KINDS
from .keybook import Patterns
from .schema import INDICES, TABLES, VERSION

_NAME = re.compile(r"v(\d+)-(\d{6})\.sqlite")
#: files of an index of any version, and of what lies beside it
_FILE = re.compile(r"v\d+-\d{6}\.(sqlite|columns-\d+\.duckdb)(\.part|-wal|-shm|\.wal|\.csv)*")
_BUSY_S = 10.0
_PRAGMAS = (
    "PRAGMA synchronous = NORMAL",
    "PRAGMA cache_size = -131072",  # KiB
    "PRAGMA temp_store = MEMORY",
    "PRAGMA wal_autocheckpoint = 2000",
    "PRAGMA recursive_triggers = OFF",
    "PRAGMA trusted_schema = OFF",  # the file may have come with a stranger's store
)


def identity(store: Store, patterns: Patterns, folder: str) -> dict[str, str]:
    """What an index holds of whom it is for. It is of use only where all of it fits.

    Args:
        store: the store.
        patterns: what fingerprints leave out.
        folder: where it lies. Nobody who sends a store knows the number that the folder is given where it arrives.

    Raises:
        OSError: the folder is gone.
    """
    return {
        "version": str(VERSION),
        "store": dumps(os.path.realpath(store.path)),
        "folder": str(os.stat(folder).st_ino),  # not its device: that may have another number after a restart
        "host": dumps(host()),
        "patterns": dumps([list(patterns.ignore), list(patterns.replicate)]),
    }


def generations(folder: str) -> dict[int, str]:
    """The indices of this version in a folder: number -> path. The highest is the one in use."""
    found: dict[int, str] = {}
    for name in os.listdir(folder):
        match = _NAME.fullmatch(name)
        path = os.path.join(folder, name)
        if match and int(match[1]) == VERSION and not os.path.islink(path):  # a link would lead out of the store
            found[int(match[2])] = path
    return found


def connect(path: str) -> sqlite3.Connection:
    """Open an index; transactions are begun and ended by hand.

    Raises:
        sqlite3.Error: it cannot be opened.
    """
    uri = f"file:{_quoted(path)}?mode=rw"  # mode=rw: a file that is gone is not made again, empty
    connection = sqlite3.connect(uri, uri=True, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
    try:
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        connection.execute("CREATE TEMP TABLE now (run INTEGER PRIMARY KEY, state TEXT NOT NULL)")
    except BaseException:
        connection.close()
        raise
    return connection


def _quoted(path: str) -> str:
    from urllib.parse import quote

    return quote(path.replace("\\", "/") if os.name == "nt" else path, safe="/:")


def fits(connection: sqlite3.Connection, wanted: dict[str, str]) -> bool:
    """Whether an index is what it has to be; one that cannot be read is not."""
    try:
        found = dict(connection.execute("SELECT name, value FROM meta").fetchall())
    except sqlite3.DatabaseError:
        return False
    return all(found.get(name) == value for name, value in wanted.items())


def make(folder: str, wanted: dict[str, str]) -> str:
    """A new, empty index beside those that are there, and in their place: they go. The caller holds the lock."""
    old = generations(folder)
    path = os.path.join(folder, f"v{VERSION}-{max(old, default=0) + 1:06d}.sqlite")
    partial = path + ".part"
    _remove(partial)
    connection = sqlite3.connect(partial, isolation_level=None)
    try:
        connection.execute("PRAGMA page_size = 8192")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN")
        for statement in TABLES.split(";\n"):
            if statement.strip():
                connection.execute(statement)
        for name, definition in INDICES.items():
            connection.execute(f"CREATE INDEX {name} {definition}")
        kinds = ["unknown", *(kind for kind in ORIGIN_KINDS if kind != "unknown")]
        connection.executemany("INSERT INTO origin VALUES (?, ?)", enumerate(kinds))
        connection.executemany("INSERT INTO meta VALUES (?, ?)", wanted.items())
        connection.execute("COMMIT")
    finally:
        connection.close()
    _remove(path)  # the log of an index of that number whose file alone somebody deleted: SQLite would replay it
    os.replace(partial, path)
    for gone in old.values():
        _remove(gone)
    return path


def _remove(path: str) -> None:
    for ending in ("", "-wal", "-shm"):
        try:
            os.unlink(path + ending)
        except FileNotFoundError:
            continue
        except PermissionError:  # Windows, while somebody reads it: it goes with the next one
            continue


def remove_files(folder: str, keep: str, *, columns: bool = False) -> list[str]:
    """Remove the files of indices in a folder, of any version, and what lies beside them.

    Args:
        folder: it need not be there.
        keep: the path of the one in use; empty for none.
        columns: only copies by column: another process may be making an index.

    Returns:
        What could not be removed, each as ``path: why``.
    """
    problems: list[str] = []
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return []
    for entry in entries:
        used = bool(keep) and entry.path.startswith(keep.removesuffix(".sqlite") + ".")
        if not _FILE.fullmatch(entry.name) or used or (columns and ".columns-" not in entry.name):
            continue
        try:
            os.unlink(entry.path)
        except FileNotFoundError:
            continue
        except OSError as error:
            problems.append(f"{entry.path}: {error.strerror or error}")
    return problems


def is_too_long(error: sqlite3.Error) -> bool:
    """Whether an error says that a statement has more terms, values or levels than SQLite takes."""
    return isinstance(error, sqlite3.OperationalError) and any(words in str(error) for words in _TOO_LONG)


_TOO_LONG = ("too many", "too large", "too big", "parser stack overflow")


def is_damage(error: sqlite3.Error) -> bool:
    """Whether an error says that the file is not, or no longer, the index it should be."""
    if isinstance(error, sqlite3.IntegrityError):
        return True
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or str(error).startswith("no such")
