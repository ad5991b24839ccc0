"""A table that is ready to be shown: one shape for Python, the command line and the page.

What a cell is depends on its column's kind, and the formats in ``formats/`` go by that alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

TEXT, VALUE, RESULT, NUMBER, TIME = "text", "value", "result", "number", "time"
DURATION, LABELS = "duration", "labels"

#: column kind -> what its cells are
KINDS: dict[str, str] = {
    TEXT: "text that is shown as it stands: a name, an id, a state",
    VALUE: "a value of a config, encoded as in a journal; shown exactly",
    RESULT: "a value of a summary or a metric's extreme, encoded; a float is shown with six digits",
    NUMBER: "a number that was counted or computed, encoded",
    TIME: "seconds since the epoch; shown in local time",
    DURATION: "seconds",
    LABELS: "a list of texts: tags",
}

#: kinds whose cells stand at the right edge
RIGHT = frozenset((NUMBER, DURATION))


class Column(NamedTuple):
    """One column.

    Args:
        name: what it shows, as the filter language writes it (``config.lr``); the key of JSON and of records.
        kind: one of ``KINDS``.
        header: what stands above it; empty: the name.
        missing: what people are shown where there is no cell.
    """

    name: str
    kind: str = TEXT
    header: str = ""
    missing: str = ""

    @property
    def head(self) -> str:
        """What stands above it."""
        return self.header or self.name


class Grid(NamedTuple):
    """A table.

    Args:
        title: what it shows, in a few words.
        columns: its columns.
        rows: a cell for each column; ``records.change.MISSING`` where there is none, which is not None.
        notes: what a reader has to know: ``"index 34 %: not complete"``, ``"sampled"``.
        ids: the run of each row, where rows are runs; else empty.
        best: (row, column) of cells that are the best of their column.
        edited: (row, column) of cells that were changed after their run.
        statuses: of a comparison: (row, column) -> how the cell stands to the first one there (``configs.comparison``).
        asked: the filter, as the language writes it; empty: every run.
        total: how many rows there are in all, where these are only some; None: these are all.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    notes: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    best: frozenset[tuple[int, int]] = frozenset()
    edited: frozenset[tuple[int, int]] = frozenset()
    statuses: Mapping[tuple[int, int], str] | None = None
    asked: str = ""
    total: int | None = None

    def __str__(self) -> str:
        return self.to_text()

    @property
    def heads(self) -> tuple[str, ...]:
        """What stands above the columns."""
        return tuple(column.head for column in self.columns)

    @property
    def count_text(self) -> str:
        """``20 of 60 rows`` where these are only some; else empty."""
        is_part = self.total is not None and self.total > len(self.rows)
        return f"{len(self.rows)} of {self.total} rows" if is_part else ""

    def right(self) -> tuple[int, ...]:
        """The columns whose cells stand at the right edge: numbers, and values that are all numbers."""
        from .formats.cell_text import is_right

        return tuple(at for at, column in enumerate(self.columns) if is_right(column, [row[at] for row in self.rows]))

    def shown(self, *, limit: int = 40) -> list[tuple[str, ...]]:
        """The cells as text, as Python would write them; the empty text where there is none.

        Args:
            limit: characters of a cell at most; what is longer ends in an ellipsis.
        """
        from .formats.cell_text import shown_cell

        return [
            tuple(shown_cell(cell, column, limit) for cell, column in zip(row, self.columns, strict=True))
            for row in self.rows
        ]

    def to_text(self, *, limit: int = 40, width: int | None = None) -> str:
        """For a terminal or an answer in the interpreter: aligned, with the notes below.

        Args:
            limit: characters of a cell at most.
            width: characters of a line at most; columns for which there is no room are counted. None: as wide as it is.
        """
        from .formats.plain_text import plain_text

        return plain_text(self, limit=limit, width=width)

    def first(self, limit: int | None) -> Grid:
        """Its first rows, which remembers how many there are in all; None: all of them."""
        if limit is None or len(self.rows) <= limit:
            return self
        return self._replace(rows=self.rows[:limit], total=len(self.rows))

    def to_csv(self) -> str:
        """Comma-separated: heads, then rows; a missing cell is empty, None is ``None``; texts stand without quotes."""
        from .formats.csv_text import csv_text

        return csv_text(self)

    def to_markdown(self, *, digits: int | None = None, headers: Mapping[str, str] | None = None) -> str:
        """A Markdown table, the best cells bold; see ``to_latex`` for the arguments."""
        from .formats.markdown import markdown

        return markdown(self, digits=digits, headers=headers or {})

    def to_latex(
        self,
        *,
        digits: int | None = None,
        percent: Iterable[str] = (),
        headers: Mapping[str, str] | None = None,
        caption: str = "",
        label: str = "",
    ) -> str:
        """A LaTeX table in the style of booktabs, the best cells bold; filter and run ids stand in a comment.

        Args:
            digits: decimal places of results and computed numbers that are no integers; None: as they are. Values of a config
                stay as they were given.
            percent: names of columns shown as percent: times a hundred, with a sign in the head.
            headers: column name -> what to write above it instead.
            caption: with it or a label, the table floats (``table`` around ``tabular``).
            label: to refer to it.
        """
        from .formats.latex import Style, latex

        return latex(self, Style(digits, frozenset(percent), dict(headers or {}), caption, label))

    def to_html(self, *, limit: int = 120) -> str:
        """A table for a notebook; nothing in it but text is taken from the runs."""
        from .formats.html_table import html_table

        return html_table(self, limit=limit)

    def to_json(self) -> dict[str, Any]:
        """The shape that ``--json`` prints; see ``formats.json_shape``."""
        from .formats.json_shape import grid_json

        return grid_json(self)

    def to_dicts(self) -> list[dict[str, Any]]:
        """One dict a row: column name -> Python value. A column that the row has no cell for is left out."""
        from .formats.records import dicts

        return dicts(self)


def with_headers(grid: Grid, headers: Mapping[str, str]) -> Grid:
    """The same grid with other heads: column name -> head."""
    columns = tuple(column._replace(header=headers.get(column.name, column.header)) for column in grid.columns)
    return grid._replace(columns=columns)
