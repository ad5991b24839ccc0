"""What this room needs of an index."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from ..index.columns import ColumnFile
from ..index.kept import Kept


class Asked(Protocol):
    """What is needed of an index."""

    @property
    def connection(self) -> sqlite3.Connection:
        """The database, with the tables of ``index.schema``."""

    @property
    def path(self) -> str:
        """The path of its file."""

    @property
    def columns(self) -> ColumnFile:
        """Its copy by column."""

    def kept(self) -> Kept:
        """What was worked out of it as it stands."""

    def mark_states(self) -> None:
        """Fill the temporary table ``now`` with the states of the runs that have not ended."""


@contextmanager
def at_one_moment(connection: sqlite3.Connection) -> Iterator[None]:
    """Several statements that see the index at one moment."""
    if connection.in_transaction:
        yield
        return
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("COMMIT")
