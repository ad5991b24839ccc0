"""Where in the index a key of a filter stands: the numbers it has there, one a project, and what is around it."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from ..index.schema import CONFIG, PARTIAL, SUMMARY
from ..index.texts import escape
from ..keys import Path, format_path
from ..records.state import unit_of
from .fragments import Sql, membership
from .operands import result_name

TABLES = {CONFIG: "param", SUMMARY: "summary"}


class Place(NamedTuple):
    """Where one key stands.

    Args:
        space: ``config`` or ``summary``.
        path: the key path.
        keys: numbers of the key itself.
        below: which keys lie in the section of that path, over ``p.key``; None when there are none.
        lists: numbers of the list that the path leads into.
    """

    space: str
    path: Path
    keys: tuple[int, ...]
    below: Sql | None
    lists: tuple[int, ...]

    @property
    def table(self) -> str:
        """The table of its values."""
        return TABLES[self.space]

    @property
    def is_empty(self) -> bool:
        """No run has it."""
        return not self.keys and self.below is None and not self.lists

    @property
    def at_key(self) -> Sql:
        """The rows (alias ``p``) of the key itself."""
        return membership("p.key", self.keys)

    def at_list(self, *, partial: bool, alias: str = "p") -> Sql:
        """The rows of the list that the path leads into; or only where the index does not have all that is in it."""
        keys = membership(f"{alias}.key", self.lists)
        whole = f" AND ({alias}.marks & {PARTIAL}) <> 0" if partial else ""
        return Sql(f"{keys.text} AND {alias}.num IS NULL{whole}", keys.bound)


class Places:
    """Looks keys up.

    Args:
        connection: the index.
        project: as stored; only its keys, or None for all.
    """

    def __init__(self, connection: sqlite3.Connection, project: str | None = None) -> None:
        self.connection = connection
        self.project = project
        self._found: dict[tuple[str, Path], Place] = {}

    def config(self, path: Path) -> Place:
        """A key of the config."""
        return self._place(CONFIG, path)

    def summary(self, path: Path) -> list[Place]:
        """An entry of the summary: the one of that name, and what lies at the path inside one. Without empty places."""
        names: dict[Path, None] = dict.fromkeys(((result_name(path),), path))
        places = [self._place(SUMMARY, each) for each in names if not any(type(part) is int for part in each)]
        return [place for place in places if not place.is_empty]

    def unit(self, path: Path) -> Place:
        """The leaf, or the list as a whole, at which origin and changes of a config key are kept."""
        return self._place(CONFIG, unit_of(path))

    def _place(self, space: str, path: Path) -> Place:
        found = self._found.get((space, path))
        if found is None:
            unit = unit_of(path)
            lists = self._keys(space, format_path(unit)) if len(unit) < len(path) and unit else ()
            text = format_path(path)
            found = Place(space, path, self._keys(space, text), self._below(space, text), lists)
            self._found[space, path] = found
        return found

    def _keys(self, space: str, text: str) -> tuple[int, ...]:
        project = "" if self.project is None else " AND project = ?"
        bound = (space, escape(text)) if self.project is None else (space, escape(text), self.project)
        rows = self.connection.execute(f"SELECT key FROM key WHERE space = ? AND path = ?{project} ORDER BY key", bound)
        return tuple(row[0] for row in rows)

    def _below(self, space: str, text: str) -> Sql | None:
        stored = escape(text)
        # the range around the three is for the database, which would else look at every key there is
        ranges, bound = [], [space, f"{stored}.", f"{stored}|"]
        for lead, end in ((".", "/"), ("[", "\\"), ("{", "|")):  # the character after each
            ranges.append("(path >= ? AND path < ?)")
            bound += [stored + lead, stored + end]
        where = f"space = ? AND path >= ? AND path < ? AND ({' OR '.join(ranges)})"
        if self.project is not None:
            where += " AND project = ?"
            bound.append(self.project)
        first = self.connection.execute(f"SELECT 1 FROM key WHERE {where} LIMIT 1", bound).fetchone()
        return None if first is None else Sql(f"p.key IN (SELECT key FROM key WHERE {where})", tuple(bound))

    def in_use(self, keys: Sql) -> bool:
        """Whether a run has one of some keys, which are given over ``p.key``; those that were renamed or deleted stay."""
        sql = f"SELECT 1 FROM key_stat p WHERE {keys.text} AND p.runs > 0 LIMIT 1"
        return self.connection.execute(sql, keys.bound).fetchone() is not None

    def elements(self, place: Place) -> Sql:
        """The rows of the elements of a list at a place."""
        keys = membership("list", place.keys)
        return Sql(f"p.key IN (SELECT key FROM key WHERE {keys.text} AND direct = 1)", keys.bound)
