"""``givens diff``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from ..api.difference import MARKS, Diff, Lazy, sessions_in
from ..api.difference import diff as compared
from ..api.fact_texts import clip
from ..api.references import is_range
from ..api.shapes import diff_json
from ..configs.comparison import DIFFERS, LACKING, TYPE_DIFFERS
from ..configs.explanation import one_line
from .completion import complete_run
from .grid_output import print_grid
from .options import Asked, dir_option, format_options
from .terminal import console, is_whole, print_json, print_line, print_table, table, text

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_NAME_WIDTH = 24
_LEAST_WIDTH = 10  # a narrower column says nothing
_MARK_AND_GAP = 4

_STYLES = {DIFFERS: "yellow", TYPE_DIFFERS: "cyan", LACKING: "dim"}


@click.command("diff")
@click.argument("runs", nargs=-1, required=True, shell_complete=complete_run)
@click.option("--ignore", multiple=True, metavar="PATTERN", help="Leave out these keys (`*.path`); may be repeated.")
@click.option("--all", "show_all", is_flag=True, help="Also the keys that are the same everywhere.")
@dir_option
@format_options
@click.pass_context
def command(
    ctx: click.Context,
    runs: tuple[str, ...],
    ignore: tuple[str, ...],
    show_all: bool,
    dir: str | None,
    form: str | None,
) -> None:
    """Compare two or more runs, or configuration files, key by key; or the sessions of one resumed run.

    Each is held against the first. A value without a mark is the same; `≠` another value; `~` the same value in
    another type (2 and 2.0); `missing` no such key. `(default changed)` says that no run was given the key. Code,
    command and Python are compared as well. A run is named as for `givens show`; `last~4..last` is the newest five, and
    `@base.yaml` a file.

    \b
    Examples:
      givens diff last calm-otter-k7f2
      givens diff last~1 max:val_acc
      givens diff last~4..last --csv
      givens diff last sweep.yaml --ignore 'data.*'
      givens diff k7f2 m3xd q8aw --all --json
    """
    asked = Asked(dir, form == "json").under(ctx)
    form = "json" if asked.as_json else form
    if len(runs) < 2 and not is_range(runs[0]) and not sessions_in(runs[0], Lazy(asked.folder)):
        raise click.UsageError("diff compares two or more: name another run or file", ctx)
    found = compared(*runs, ignore=ignore, all=show_all, dir=asked.folder)
    if form == "json":
        print_json(diff_json(found))
    elif form is not None:
        print_grid(found.grid(), form)
    else:
        _print(found)


def _print(diff: Diff) -> None:
    out = console()
    labels = [clip(one_line(side.label), 40) for side in diff.sides]
    whole = is_whole(out)
    rows = list(diff.table(whole=whole))
    if rows:
        room = out.width - min(max(len(row[0]) for row in rows), _NAME_WIDTH) - 2
        is_table = room // len(labels) >= _LEAST_WIDTH + 2
        fact_width = (
            room // len(labels) - _MARK_AND_GAP if is_table else out.width - max(map(len, labels)) - 2 - _MARK_AND_GAP
        )
        rows = list(diff.table(fact_width=max(fact_width, _LEAST_WIDTH), whole=whole))
        if is_table:
            made = table("", *labels)
            for name, *cells in rows:
                made.add_row(text(name), *(_styled(cell) for cell in cells))
            print_table(out, made)
        else:
            _print_blocks(out, labels, rows)
    print_line(out, text(diff.tally(), "dim"))


def _print_blocks(out: Console, labels: list[str], rows: list[tuple[str, ...]]) -> None:
    """One key after the other, a line a side, where a table does not fit."""
    for name, *cells in rows:
        print_line(out, text(name, "bold"))
        made = table("", "")
        for label, cell in zip(labels, cells, strict=True):
            made.add_row(text(label), _styled(cell))
        print_table(out, made, indent=2)


def _styled(cell: str) -> Text:
    status = next((status for status in _STYLES if cell.startswith(MARKS[status])), "")
    if status == DIFFERS and not (sys.stdout.encoding or "").lower().startswith("utf"):
        cell = "!= " + cell.removeprefix(MARKS[DIFFERS])
    return text(cell, _STYLES.get(status, ""))
