"""A grid as a data frame: pandas, polars, Arrow. Each is an extra; without it, one line says what to install."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import import_module
from typing import Any, NamedTuple

from ..errors import MissingPackageError
from ..records.change import MISSING
from .formats.records import python_value
from .grid import DURATION, NUMBER, TIME, Column, Grid

WHOLE, REAL, TRUTH, WORDS, MOMENT, LISTED, MIXED = "int", "float", "bool", "str", "time", "list of str", "mixed"

_LARGEST = 1 << 63


class Series(NamedTuple):
    """A column of values.

    Args:
        name: of the column.
        kind: what all its values are; ``MIXED`` where they have no type in common.
        values: None where a row has no value, or None.
    """

    name: str
    kind: str
    values: list[Any]


def columns_of(grid: Grid) -> list[Series]:
    """The columns with one type each, runs' ids first. Missing and None are one here: frames have one word for both."""
    lead = [Series("run.id", WORDS, list(grid.ids))] if grid.ids else []
    found = []
    for at, column in enumerate(grid.columns):
        if column.name != "run.id" or not lead:
            cells = [row[at] for row in grid.rows]
            found.append(_series(column, [None if cell is MISSING else python_value(cell, column) for cell in cells]))
    return [*lead, *found]


def to_pandas(grid: Grid) -> Any:
    """A data frame with nullable integers, floats, bools and times where a column has one type, else objects."""
    pandas: Any = _package("pandas", "pandas", "to_pandas()")
    kinds = {WHOLE: "Int64", REAL: "float64", TRUTH: "boolean", MOMENT: "datetime64[ns, UTC]"}
    made = {}
    series = columns_of(grid)
    index = series.pop(0) if grid.ids else None
    for name, kind, values in series:
        given = [float("nan") if kind == REAL and value is None else value for value in values]
        made[name] = pandas.Series(given, dtype=kinds.get(kind, "object"))
    frame = pandas.DataFrame(made, columns=[each.name for each in series])
    if index is not None:
        frame.index = pandas.Index(index.values, name=index.name, dtype="object")
    return frame


def to_polars(grid: Grid) -> Any:
    """A data frame; a mixed column is text, as Python writes its values."""
    polars: Any = _package("polars", "polars", "to_polars()")
    types = {
        WHOLE: polars.Int64,
        REAL: polars.Float64,
        TRUTH: polars.Boolean,
        WORDS: polars.String,
        MOMENT: polars.Datetime("us", "UTC"),
        LISTED: polars.List(polars.String),
        MIXED: polars.String,
    }
    made = [polars.Series(name, _plain(kind, values), dtype=types[kind]) for name, kind, values in columns_of(grid)]
    return polars.DataFrame(made)


def to_arrow(grid: Grid) -> Any:
    """An Arrow table; a mixed column is text, as Python writes its values."""
    arrow: Any = _package("pyarrow", "arrow", "to_arrow()")
    types = {
        WHOLE: arrow.int64(),
        REAL: arrow.float64(),
        TRUTH: arrow.bool_(),
        WORDS: arrow.string(),
        MOMENT: arrow.timestamp("us", "UTC"),
        LISTED: arrow.list_(arrow.string()),
        MIXED: arrow.string(),
    }
    series = columns_of(grid)
    arrays = [arrow.array(_plain(kind, values), type=types[kind]) for _, kind, values in series]
    return arrow.Table.from_arrays(arrays, names=[each.name for each in series])


def _series(column: Column, values: list[Any]) -> Series:
    there = [value for value in values if value is not None]
    kinds = {_kind(value) for value in there}
    if kinds == {WHOLE, REAL} and all(abs(value) <= 1 << 53 for value in there if type(value) is int):
        return Series(column.name, REAL, [None if value is None else float(value) for value in values])
    if len(kinds) == 1:
        return Series(column.name, kinds.pop(), values)
    if not kinds:
        empty = {TIME: MOMENT, NUMBER: REAL, DURATION: REAL}.get(column.kind, WORDS)
        return Series(column.name, empty, values)
    return Series(column.name, MIXED, values)


def _kind(value: Any) -> str:
    kind = type(value)
    if kind is bool:
        return TRUTH
    if kind is int:
        return WHOLE if -_LARGEST <= value < _LARGEST else MIXED
    if kind is float:
        return REAL
    if kind is str:
        return WORDS if value.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in value) else MIXED
    if kind is datetime and value.tzinfo is UTC:
        return MOMENT
    return LISTED if kind is list and value and all(type(each) is str for each in value) else MIXED


def _plain(kind: str, values: list[Any]) -> list[Any]:
    if kind != MIXED:
        return values
    return [None if value is None else value if type(value) is str else repr(value) for value in values]


def _package(name: str, extra: str, purpose: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        if error.name is not None and error.name.partition(".")[0] != name:
            raise  # it is there, and lacks something itself
        raise MissingPackageError(name, extra, purpose) from error
