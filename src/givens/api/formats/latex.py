"""A grid as a LaTeX table, in the style of the package booktabs. What it shows and which runs it is from is a comment."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from ...configs.explanation import one_line
from ...records.change import MISSING
from ..grid import NUMBER, RESULT, VALUE, Column, Grid, with_headers
from .cell_text import bare_cell, fixed, number_of

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "_": r"\_",
    "%": r"\%",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\char34{}",  # \textquotedbl needs another font encoding
    "[": "{[}",  # or a row that begins with it would be an argument of the line break before
    "±": r"$\pm$",
    "…": r"\ldots{}",
    "²": r"$^2$",
    "η": r"$\eta$",
    "ε": r"$\varepsilon$",
}
_EXPONENT = re.compile(r"(-?[\d.]+)e([+-]?\d+)")


class Style(NamedTuple):
    """How a table is to look; see ``Grid.to_latex``."""

    digits: int | None = None
    percent: frozenset[str] = frozenset()
    headers: Mapping[str, str] = {}
    caption: str = ""
    label: str = ""


def latex(grid: Grid, style: Style | None = None) -> str:
    """The grid as LaTeX. Nothing that a run holds is a command in it."""
    style = style or Style()
    grid = with_headers(grid, style.headers)
    right = frozenset(grid.right())
    layout = "".join("r" if at in right else "l" for at in range(len(grid.columns)))
    heads = [escaped(column.head) + (r" (\%)" if column.name in style.percent else "") for column in grid.columns]
    inner = [
        rf"\begin{{tabular}}{{{layout}}}",
        r"\toprule",
        _line(heads),
        r"\midrule",
        *(_line([_cell(grid, style, number, at) for at in range(len(row))]) for number, row in enumerate(grid.rows)),
        r"\bottomrule",
        r"\end{tabular}",
    ]
    if style.caption or style.label:
        named = [rf"\caption{{{escaped(style.caption)}}}"] if style.caption else []
        named += [rf"\label{{{_label(style.label)}}}"] if style.label else []
        inner = [r"\begin{table}", r"\centering", *named, *inner, r"\end{table}"]
    return "\n".join([*_comments(grid), *inner]) + "\n"


def escaped(text: str) -> str:
    """Text in which nothing is a command."""
    return "".join(_SPECIAL.get(letter, letter) for letter in one_line(text))


def _comments(grid: Grid) -> list[str]:
    said = [grid.title] if grid.title else []
    said.append(f"filter: {grid.asked or 'every run'}")
    said += [f"runs: {' '.join(grid.ids[at : at + 8])}" for at in range(0, len(grid.ids), 8)]
    said += [f"note: {note}" for note in (grid.count_text, *grid.notes) if note]
    if grid.edited:
        said.append("a cell with an asterisk was changed after its run")
    return [f"% {one_line(line)}" for line in said] + ["% needs \\usepackage{booktabs}"]


def _cell(grid: Grid, style: Style, row: int, at: int) -> str:
    cell, column = grid.rows[row][at], grid.columns[at]
    text = _text(cell, column, style)
    if text and (row, at) in grid.best:
        # bold does not reach into mathematics
        text = rf"\boldmath{text}" if text.startswith("$") else rf"\textbf{{{text}}}"
        text = f"{{{text}}}" if text.startswith(r"\boldmath") else text
    return text + (r"\textsuperscript{*}" if (row, at) in grid.edited else "")


def _text(cell: Any, column: Column, style: Style) -> str:
    if cell is MISSING and not column.missing:
        return "--"
    number = number_of(cell) if column.kind in (NUMBER, RESULT, VALUE) else None
    if number is None:
        return escaped(bare_cell(cell, column))
    if column.name in style.percent and math.isfinite(number):
        return _number(fixed(float(number) * 100, 1 if style.digits is None else style.digits))
    if style.digits is not None and column.kind != VALUE:
        return _number(fixed(number, style.digits))
    return _number(bare_cell(cell, column))


def _number(text: str) -> str:
    power = _EXPONENT.fullmatch(text)
    if power:
        return rf"${power[1]} \times 10^{{{int(power[2])}}}$"
    if text in ("inf", "-inf"):
        return r"$\infty$" if text == "inf" else r"$-\infty$"
    return f"${text}$" if text.startswith("-") else escaped(text)


def _label(text: str) -> str:
    return re.sub(r"[^\w:.+/-]", "-", text)


def _line(cells: list[str]) -> str:
    return " & ".join(cells) + r" \\"
