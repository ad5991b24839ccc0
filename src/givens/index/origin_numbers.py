"""Numbers for the kinds of origins."""

from __future__ import annotations

import sqlite3

from .texts import escape


class OriginNumbers(dict[str, int]):
    """Kind of origin -> its number; a kind that is met first is written down."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__({kind: number for number, kind in connection.execute("SELECT origin, kind FROM origin")})
        self._connection = connection

    def __missing__(self, kind: str) -> int:
        cursor = self._connection.execute("INSERT INTO origin (kind) VALUES (?)", (escape(str(kind)),))
        number = self[kind] = cursor.lastrowid or 0
        return number
