"""What an address asks for: the whole state of a view, read from its query."""

from __future__ import annotations

import time
from typing import NamedTuple
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from ..api.column_names import chosen_columns
from ..api.filter_text import read_filter
from ..api.page.row_pages import Wanted
from ..errors import UsageError
from ..query.nodes import EVERYTHING, Node
from ..query.parser import parse_operand

MOST_ROWS = 500
_ROWS = 50
_KEYS = 12
_MOST_KEYS = 200


class AskedView(NamedTuple):
    """One view, as its address says it.

    Args:
        query: name and value, in order, as they came.
        filter: the filter as written.
        node: the filter, read.
        now_s: when it was asked.
        project: only runs of this project.
        sort: sort keys.
        columns: columns that were chosen.
        offset: rows to pass over.
        limit: rows at most.
        runs: references to runs.
        baseline: the run the others are held against.
        ignore: patterns of keys to leave out in this view.
        is_unignored: the project's patterns do not count.
    """

    query: tuple[tuple[str, str], ...]
    filter: str
    node: Node
    now_s: float
    project: str | None
    sort: tuple[str, ...]
    columns: tuple[str, ...]
    offset: int
    limit: int
    runs: tuple[str, ...]
    baseline: str | None
    ignore: tuple[str, ...]
    is_unignored: bool

    def one(self, name: str) -> str | None:
        """The value of a parameter; None where it is not there, or empty."""
        return next((value for key, value in reversed(self.query) if key == name and value), None)

    def several(self, name: str) -> tuple[str, ...]:
        """Every value of a parameter that may be repeated; commas are between names, too."""
        return chosen_columns(tuple(value for key, value in self.query if key == name))

    def flag(self, name: str) -> bool:
        """Whether a parameter is there and says yes."""
        return (self.one(name) or "0").lower() not in ("0", "no", "false", "off")

    def number(self, name: str, default: int, least: int, most: int) -> int:
        """A number, kept within bounds.

        Raises:
            UsageError: it is none.
        """
        text = self.one(name)
        if text is None:
            return default
        if not text.isascii() or not text.removeprefix("-").isdigit() or len(text) > 12:
            raise UsageError(f"{name}={text[:20]}", f"a number from {least} to {most}")
        return min(max(int(text), least), most)

    def query_with(self, **changes: str | int | list[str] | tuple[str, ...] | None) -> str:
        """The query with some parameters changed; None takes one away."""
        kept = [(name, value) for name, value in self.query if name not in changes and value]
        for name, change in changes.items():
            if isinstance(change, list | tuple):
                kept += [(name, value) for value in change]
            elif change is not None and change != "":
                kept.append((name, str(change)))
        return urlencode(kept)

    def wanted(self, patterns: tuple[str, ...]) -> Wanted:
        """The same for the table of runs.

        Args:
            patterns: the project's patterns of keys to leave out.

        Raises:
            FilterSyntaxError: a column does not read.
        """
        columns = tuple((name, parse_operand(name)) for name in self.columns) or None
        if columns is not None and "run.name" not in self.columns:
            columns = (("run.name", parse_operand("run.name")), *columns)
        kept = self.ignore if self.is_unignored else (*patterns, *self.ignore)
        most = self.number("more", _KEYS, 0, _MOST_KEYS)
        return Wanted(self.node, self.project, self.now_s, self.sort, columns, kept, most)

    @property
    def is_everything(self) -> bool:
        """Whether no filter narrows."""
        return self.node == EVERYTHING


def asked_view(params: QueryParams) -> AskedView:
    """Read a query.

    Raises:
        FilterSyntaxError: the filter does not read.
        UsageError: a number is none.
    """
    query = tuple((name, value) for name, value in params.multi_items())
    now_s = time.time()
    bare = AskedView(query, "", EVERYTHING, now_s, None, (), (), 0, _ROWS, (), None, (), False)
    filter = (bare.one("filter") or "").strip()
    return bare._replace(
        filter=filter,
        node=read_filter(filter, now_s=now_s),
        project=bare.one("project"),
        sort=bare.several("sort"),
        columns=tuple(dict.fromkeys((*bare.several("cols"), *_each(bare, "column")))),
        offset=bare.number("offset", 0, 0, 1 << 40),
        limit=bare.number("limit", _ROWS, 1, MOST_ROWS),
        runs=tuple(dict.fromkeys((*bare.several("runs"), *bare.several("run")))),
        baseline=bare.one("baseline"),
        ignore=_each(bare, "ignore"),
        is_unignored=bare.one("ignored") == "show" or bare.one("ignored") == "1",
    )


def _each(view: AskedView, name: str) -> tuple[str, ...]:
    return tuple(value.strip() for key, value in view.query if key == name and value.strip())
