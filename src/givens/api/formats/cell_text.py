"""One cell as text: how each kind of column is shown."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from typing import Any

from ...configs.explanation import one_line, shown_value
from ...records.change import MISSING
from ...records.durations import duration_text
from ...records.encoded import TAG
from ...records.times import epoch_s
from ..grid import DURATION, LABELS, RESULT, RIGHT, TEXT, TIME, VALUE, Column

_TYPED = frozenset((VALUE, RESULT))

_WORDS = frozenset(("none", "null", "true", "false", "nan", "inf", "-inf", "infinity", "missing"))


def shown_cell(cell: Any, column: Column, limit: int = 40) -> str:
    """A cell as Python would write it; the empty text where there is none."""
    if cell is MISSING:
        return column.missing
    if column.kind == RESULT and type(cell) is float:
        return f"{cell:.6g}"
    if column.kind in _TYPED:
        return shown_value(cell, limit)
    if type(cell) is str and column.kind == TEXT and cell.isprintable():  # as nearly every cell of text is
        return _clipped(cell, limit)
    return _clipped(_said(cell, column), limit)


def bare_cell(cell: Any, column: Column, limit: int = 2000) -> str:
    """A cell for a page of text: as ``shown_cell``, but text without quotes unless it could be read as something else.

    ``128`` is a number and ``'128'`` a text.
    """
    if column.kind in _TYPED and type(cell) is str and not _is_ambiguous(cell):
        return _clipped(one_line(cell), limit)
    return shown_cell(cell, column, limit)


def exact_cell(cell: Any, column: Column) -> str:
    """A cell for another program: whole, text without quotes and as it is; None is ``None``, a missing one empty."""
    if cell is MISSING:
        return ""
    if column.kind in _TYPED:
        return cell if type(cell) is str else shown_value(cell, 1 << 24)
    return str(cell) if column.kind == TEXT and cell is not None else _said(cell, column, exact=True)


def number_of(cell: Any) -> float | int | None:
    """The number that a cell is, exact; None for anything else, bool included."""
    if type(cell) in (int, float):
        return cell  # type: ignore[no-any-return]  # its type was looked at
    if type(cell) is dict and cell.get(TAG) == "float":
        return float(cell["v"])
    return None


def finite(cell: Any) -> float | int | None:
    """The finite number that a cell is, exact; None for anything else."""
    number = None if cell is MISSING else number_of(cell)
    return None if number is None or number - number != 0 else number


def as_float(number: float | int | None) -> float | None:
    """A number as the nearest float; None where there is none: of None, and of an int beyond all floats."""
    try:
        return None if number is None else float(number)
    except OverflowError:
        return None


def json_number(cell: Any) -> float | int | None:
    """A number that JSON and JavaScript have; None for NaN, infinities and what is none."""
    number = finite(cell)
    return number if isinstance(number, int) and abs(number) < 2**53 else as_float(number)


def best_of(cells: Iterable[Any], goal: str) -> frozenset[int]:
    """The places of the best finite numbers; where all are equal, none is the best.

    Args:
        cells: encoded.
        goal: ``min`` or ``max``.
    """
    numbers = {at: number for at, cell in enumerate(cells) if (number := finite(cell)) is not None}
    if len(set(numbers.values())) < 2:
        return frozenset()
    best = (max if goal == "max" else min)(numbers.values())
    return frozenset(at for at, number in numbers.items() if number == best)


def encoded_number(value: float | int | None) -> Any:
    """A computed number as a cell: NaN and infinities as a journal writes them, None as missing."""
    if value is None:
        return MISSING
    if isinstance(value, float) and not math.isfinite(value):
        return {TAG: "float", "v": str(value)}
    return value


def moment_cell(at: str | None) -> Any:
    """A journal's time as a cell of a ``TIME`` column; what is none, as missing."""
    at_s = epoch_s(at)
    return MISSING if at_s is None else at_s


def is_right(column: Column, cells: list[Any]) -> bool:
    """Whether a column's cells stand at the right edge."""
    if column.kind not in _TYPED:
        return column.kind in RIGHT
    there = [cell for cell in cells if cell is not MISSING]
    return bool(there) and all(number_of(cell) is not None for cell in there)


def fixed(number: float | int, digits: int) -> str:
    """A number with so many decimal places; an integer stays one, and what is too small or large has an exponent."""
    if isinstance(number, int) or not math.isfinite(number):
        return str(number)
    large = abs(number) >= 1e16
    vanishes = number != 0 and abs(number) < 0.5 * 10.0**-digits
    return f"{number:.{digits}e}" if large or vanishes else f"{number:.{digits}f}"


def local_moment(at_s: float) -> str:
    """Seconds since the epoch as the reader's clock shows them."""
    try:
        return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(at_s))
    except (ValueError, OverflowError, OSError):
        return repr(at_s)


def utc_moment(at_s: float) -> str:
    """Seconds since the epoch in UTC, as ISO 8601 with milliseconds."""
    try:
        whole = math.floor(at_s)
        return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(whole))}.{int((at_s - whole) * 1000):03d}Z"
    except (ValueError, OverflowError, OSError):
        return repr(at_s)


def _said(cell: Any, column: Column, *, exact: bool = False) -> str:
    kind = column.kind
    if kind == LABELS:
        return one_line(", ".join(map(str, cell or ())))
    if cell is None:
        return ""
    if kind == TIME:
        return utc_moment(cell) if exact else local_moment(cell)
    number = number_of(cell)
    if kind == DURATION and number is not None:
        return repr(number) if exact else duration_text(number)
    if number is None:
        return one_line(cell) if isinstance(cell, str) else shown_value(cell)
    return repr(number) if exact or isinstance(number, int) else f"{number:.6g}"


def _is_ambiguous(text: str) -> bool:
    """Whether a text without quotes could be taken for something else: a number, None, a list, nothing at all."""
    if not text or text != text.strip() or text[0] in "'\"[{(<" or text.lower() in _WORDS:
        return True
    try:
        float(text.replace("_", ""))
    except ValueError:
        return False
    return True


def _clipped(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: max(limit - 1, 0)] + "…"
