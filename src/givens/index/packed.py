"""Packs in the index: which journals lie in which, and what of a store's journals is read from where."""

from __future__ import annotations

import os
import sqlite3
from typing import NamedTuple

from ..journal.journals import Journal, Packed, journal_of, pack_paths, read_journal
from ..journal.layout import Store
from ..journal.packs import FOLDER, Member, Pack, open_pack
from .journal_file import Lines, lines_of, read_whole

_AT_ONCE = 500  # a statement takes so many parameters everywhere


class PackNews(NamedTuple):
    """Packs that are new or were altered (path -> size and time), and names of those that are gone or were altered."""

    come: dict[str, tuple[int, int]]
    gone: list[str]

    def __bool__(self) -> bool:
        return bool(self.come or self.gone)


class Taken(NamedTuple):
    """What came of taking packs in: whether anything changed; packs with what is wrong with them."""

    changed: bool
    problems: list[tuple[str, str]]


class PackRows:
    """The packs as an index knows them.

    Args:
        connection: the index; the caller begins and commits.
        store: where the packs are.
    """

    def __init__(self, connection: sqlite3.Connection, store: Store) -> None:
        self.connection = connection
        self.store = store
        self.forget()

    def forget(self) -> None:
        """Drop what is remembered of the tables: they may have changed."""
        self._any: bool | None = None

    # --- what is new ----------------------------------------------------------------------------------------------

    def news(self) -> PackNews:
        """Compare the folder of packs with what is known of it.

        Raises:
            StoreError: the folder is there and cannot be read.
        """
        present: dict[str, tuple[int, int]] = {}
        for path in pack_paths(self.store):
            try:
                stat = os.stat(path)
            except OSError:  # gone in between, or it says so when it is opened
                continue
            present[path] = stat.st_size, stat.st_mtime_ns
        known = {
            os.path.join(self.store.path, FOLDER, name): (size, changed)
            for name, size, changed in self.connection.execute("SELECT name, size, changed FROM pack")
        }
        come = {path: facts for path, facts in present.items() if known.get(path) != facts}
        return PackNews(come, [os.path.basename(path) for path in known if path not in present or path in come])

    def take(self, news: PackNews) -> Taken:
        """Take in what is new, and mark the runs that are to be folded for it.

        Returns:
            Whether anything changed, and the packs that could not be read, or not wholly.
        """
        problems: list[tuple[str, str]] = []
        opened: dict[str, Pack] = {}
        for path in news.come:
            try:
                opened[path] = open_pack(path)
            except OSError as error:
                problems.append((f"{FOLDER}/{os.path.basename(path)}", error.strerror or str(error)))
                continue
            problems += [(f"{FOLDER}/{os.path.basename(path)}", problem) for problem in opened[path].problems]
        before: set[str] = set()
        for name in news.gone:
            before |= self._forget_pack(name)
        for path, pack in opened.items():
            self._insert(pack, *news.come[path])
            before -= {member.name for member in pack.members}
        self._mark(before)
        return Taken(bool(opened or news.gone), problems)

    def _forget_pack(self, name: str) -> set[str]:
        """Take away what is known of one pack; the journals that it held."""
        self.forget()
        of_pack = "(SELECT pack FROM pack WHERE name = ?)"
        held = {file for (file,) in self.connection.execute(f"SELECT file FROM packed WHERE pack = {of_pack}", (name,))}
        self.connection.execute(f"DELETE FROM packed WHERE pack = {of_pack}", (name,))
        self.connection.execute("DELETE FROM pack WHERE name = ?", (name,))
        return held

    def _insert(self, pack: Pack, size: int, changed: int) -> None:
        self.forget()
        name = os.path.basename(pack.path)
        number = self.connection.execute("INSERT INTO pack VALUES (NULL, ?, ?, ?)", (name, size, changed)).lastrowid
        rows = [(member.name, number, *member[1:4]) for member in pack.members]
        self.connection.executemany("INSERT OR REPLACE INTO packed VALUES (?, ?, ?, ?, ?)", rows)
        members = [member for member in pack.members if member.name.startswith("runs/")]
        if pack.problems:
            self._mark({member.name for member in members})
            return
        for at in range(0, len(members), _AT_ONCE):
            portion = members[at : at + _AT_ONCE]
            marks = ", ".join("?" * len(portion))
            known = {
                file: (size, head, bad)
                for file, size, head, bad in self.connection.execute(
                    f"SELECT file, size, head, bad FROM source WHERE file IN ({marks})", [each.name for each in portion]
                )
            }
            # what was folded whole, from a loose file or another pack, needs no second look
            self._mark({each.name for each in portion if not _is_folded(each, known.get(each.name))})

    def _mark(self, files: set[str]) -> None:
        runs = {(run_id_of(file),) for file in files if file.startswith("runs/")}
        self.connection.executemany("INSERT OR IGNORE INTO refold VALUES (?)", sorted(runs))

    # --- asking ---------------------------------------------------------------------------------------------------

    def files_of(self, run_id: str) -> list[str]:
        """The journals of a run that packs hold."""
        between = (f"runs/{run_id}.", f"runs/{run_id}/")  # "/" follows "."
        found = self.connection.execute("SELECT DISTINCT file FROM packed WHERE file >= ? AND file < ?", between)
        return [file for (file,) in found]

    def holds(self, file: str) -> bool:
        """Whether a pack holds a journal."""
        return bool(self._copies(file))

    def journal(self, file: str) -> Journal:
        """A journal by its path below the store, wherever its copies lie."""
        path = os.path.join(self.store.path, *file.split("/"))
        copies = self._copies(file)
        return Journal(file, path if not copies or os.path.exists(path) else None, copies)

    def read(self, file: str) -> Lines:
        """A journal from its start, made whole out of its copies.

        Raises:
            OSError: it cannot be read, or is not there.
        """
        journal = self.journal(file)
        if not journal.packed:
            try:
                return read_whole(os.path.join(self.store.path, *file.split("/")))
            except FileNotFoundError:  # it moved into a pack a moment ago
                found = journal_of(self.store, file)
                if found is None or not found.packed:
                    raise
                journal = found
        content, problems = read_journal(journal)
        return lines_of(content)._replace(bad=len(problems), loose=journal.loose is not None)

    def agrees(self, file: str, size: int, head: str) -> bool:
        """Whether a journal is as long as it was when it was folded, and begins as it did."""
        try:
            content = self.read(file)
        except OSError:
            return False
        return content.end == size and content.head == head

    def _copies(self, file: str) -> tuple[Packed, ...]:
        if self._any is None:
            self._any = self.connection.execute("SELECT 1 FROM packed LIMIT 1").fetchone() is not None
        if not self._any:  # asked once for each journal that is folded
            return ()
        found = self.connection.execute(
            "SELECT name, offset, packed_bytes, size_bytes FROM packed JOIN pack USING (pack) WHERE file = ? ORDER BY name",
            (file,),
        )
        folder = os.path.join(self.store.path, FOLDER)
        return tuple(
            Packed(os.path.join(folder, name), Member(file, offset, stored, size, 0, "", "", None, None, None))
            for name, offset, stored, size in found
        )


def run_id_of(file: str) -> str:
    """The id of the run that a journal belongs to."""
    return file.rpartition("/")[2].partition(".")[0]


def _is_folded(member: Member, known: tuple[int, str, int] | None) -> bool:
    return known is not None and member.whole_bytes <= known[0] and member.head == known[1] and not known[2]
