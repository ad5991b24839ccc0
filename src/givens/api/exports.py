"""What every table can be turned into, whatever its rows are."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

from .grid import Grid

Path = str | os.PathLike[str]

_FEW_ROWS = 20


class Exports:
    """Ways out of a table. Whoever has ``grid`` has them all."""

    __slots__ = ()

    def grid(self, *, limit: int | None = None) -> Grid:
        """The table, ready to be shown.

        Args:
            limit: rows at most; None for all.
        """
        raise NotImplementedError

    def _few(self) -> Grid:
        """What is shown where nobody asked for all of it."""
        return self.grid(limit=_FEW_ROWS)

    def __repr__(self) -> str:
        from shutil import get_terminal_size

        return self._few().to_text(width=max(80, get_terminal_size().columns))

    def _repr_html_(self) -> str:
        return self._few().to_html()

    def to_dicts(self) -> list[dict[str, Any]]:
        """One dict a row, column -> Python value as it was given. Where a row has no cell there is no entry."""
        return self.grid().to_dicts()

    def to_json(self) -> str:
        """The text that ``--json`` prints: records whose values keep their types."""
        from ..codec import dumps

        return dumps(self.grid().to_json())

    def to_csv(self, path: Path | None = None) -> str:
        """Comma-separated values, whole and exact; also written to a file where a path is given."""
        return self._written(self.grid().to_csv(), path)

    def to_markdown(
        self, path: Path | None = None, *, digits: int | None = None, headers: Mapping[str, str] | None = None
    ) -> str:
        """A Markdown table.

        Args:
            path: also written to this file.
            digits: decimal places of results.
            headers: column -> what to write above it instead.
        """
        return self._written(self.grid().to_markdown(digits=digits, headers=headers), path)

    def to_latex(
        self,
        path: Path | None = None,
        *,
        digits: int | None = None,
        percent: Iterable[str] = (),
        headers: Mapping[str, str] | None = None,
        caption: str = "",
        label: str = "",
    ) -> str:
        """A LaTeX table in the style of booktabs; filter and run ids stand in a comment, the best of a column is bold.

        Args:
            path: also written to this file.
            digits: decimal places of results.
            percent: columns to show as percent.
            headers: column -> what to write above it instead.
            caption: with it, or a label, the table floats.
            label: to refer to it.
        """
        made = self.grid().to_latex(digits=digits, percent=percent, headers=headers, caption=caption, label=label)
        return self._written(made, path)

    def to_pandas(self) -> Any:
        """A pandas data frame; where rows are runs, their ids are its index.

        Raises:
            MissingPackageError: pandas is not installed.
        """
        from .frames import to_pandas

        return to_pandas(self.grid())

    def to_polars(self) -> Any:
        """A polars data frame. A column of values of several types is text, as Python writes them.

        Raises:
            MissingPackageError: polars is not installed.
        """
        from .frames import to_polars

        return to_polars(self.grid())

    def to_arrow(self) -> Any:
        """An Arrow table. A column of values of several types is text, as Python writes them.

        Raises:
            MissingPackageError: pyarrow is not installed.
        """
        from .frames import to_arrow

        return to_arrow(self.grid())

    @staticmethod
    def _written(text: str, path: Path | None) -> str:
        if path is not None:
            from .formats.written import write_text

            write_text(path, text)
        return text
