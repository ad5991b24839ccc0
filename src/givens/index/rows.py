"""Rows on their way into the tables: gathered over a batch of runs, written with few statements."""

from __future__ import annotations

import sqlite3
from collections import Counter
from typing import Any

from .run_row import COLUMNS
from .source_rows import SOURCE_COLUMNS, Source
from .values import NO_NUM, NO_TXT

PARAM_WIDTH = 7
_PARAM = f"(?, ?, ?, nullif(?, '{NO_NUM}'), nullif(?, {NO_TXT}), ?, ?)"
_PARAMS_AT_ONCE = 60  # many rows to a statement: a third less work than one by one
_SUMMARY = "INSERT INTO summary VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_RUN = f"INSERT OR REPLACE INTO run ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"
_SOURCE = (
    f"INSERT INTO source ({SOURCE_COLUMNS}) VALUES ({', '.join('?' * len(Source._fields))}) "
    "ON CONFLICT (file) DO UPDATE SET " + ", ".join(f"{name} = excluded.{name}" for name in Source._fields)
)
_STAT = (
    "INSERT INTO key_stat (key, kind, runs) VALUES (?, ?, ?) "
    "ON CONFLICT (key, kind) DO UPDATE SET runs = key_stat.runs + excluded.runs"
)
#: tables with rows of a run, ``source`` and ``run`` itself aside
OF_A_RUN = ("param", "summary", "document", "metric", "change", "tag")


class Rows:
    """Rows of one transaction that are not written yet."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.params: list[Any] = []  # flat: so many values a row
        self.summaries: list[tuple[Any, ...]] = []
        self.runs: list[tuple[Any, ...]] = []
        self.documents: list[tuple[int, str]] = []
        self.metrics: list[tuple[int, int, int, str]] = []
        self.changes: list[tuple[int, int, int, str, str]] = []
        self.tags: list[tuple[int, str]] = []
        self.sources: list[Source] = []
        self._stats: Counter[tuple[int, int]] = Counter()

    def remove(self, run: int) -> None:
        """Take a run's rows away, and from the counts; those of ``run`` and ``source`` are the caller's."""
        self.flush()
        self.uncount("param", run)
        self.uncount("summary", run)
        for table in OF_A_RUN:
            self.connection.execute(f"DELETE FROM {table} WHERE run = ?", (run,))

    def uncount(self, table: str, run: int) -> None:
        """Take one table's rows of a run from the counts."""
        for pair in self.connection.execute(f"SELECT key, kind FROM {table} WHERE run = ?", (run,)):
            self._stats[pair] -= 1

    def flush(self) -> None:
        """Write what was gathered."""
        write = self.connection.executemany
        stats = self._stats
        stats.update(zip(self.params[1::PARAM_WIDTH], self.params[2::PARAM_WIDTH], strict=True))
        stats.update([row[1:3] for row in self.summaries])
        write(_RUN, self.runs)
        write(_SOURCE, self.sources)
        self._write_params()
        write(_SUMMARY, self.summaries)
        write("INSERT INTO document VALUES (?, ?)", self.documents)
        write("INSERT OR REPLACE INTO metric VALUES (?, ?, ?, ?)", self.metrics)
        write("INSERT INTO change VALUES (?, ?, ?, ?, ?)", self.changes)
        write("INSERT OR IGNORE INTO tag VALUES (?, ?)", self.tags)
        write(_STAT, [(*pair, runs) for pair, runs in stats.items() if runs])
        fewer = [pair for pair, runs in stats.items() if runs < 0]
        write("DELETE FROM key_stat WHERE key = ? AND kind = ? AND runs <= 0", fewer)
        self.clear()

    def _write_params(self) -> None:
        flat, step = self.params, PARAM_WIDTH * _PARAMS_AT_ONCE
        whole = len(flat) - len(flat) % step
        many = f"INSERT INTO param VALUES {', '.join([_PARAM] * _PARAMS_AT_ONCE)}"
        self.connection.executemany(many, (flat[at : at + step] for at in range(0, whole, step)))
        rest = (flat[at : at + PARAM_WIDTH] for at in range(whole, len(flat), PARAM_WIDTH))
        self.connection.executemany(f"INSERT INTO param VALUES {_PARAM}", rest)

    def clear(self) -> None:
        """Forget what was gathered."""
        for rows in (self.params, self.summaries, self.runs, self.documents, self.metrics, self.changes, self.tags):
            rows.clear()
        self.sources.clear()
        self._stats.clear()
