"""``givens ls``."""

from __future__ import annotations

from typing import Any, NamedTuple

import click

from ..api.asking import Asking
from ..api.column_names import MANY_KEYS, MANY_RESULTS, chosen_columns
from ..api.overview import Listed, listed, listed_json, without_results
from ..api.run_table import RunTable
from ..index import Index
from ..query.nodes import Compare, RunField, operands
from .completion import complete_key_or_metric
from .grid_output import print_grid
from .indexed import asking, tell
from .options import Asked, dir_option, format_options
from .run_list import Shape, columns_of, print_list
from .selection import (
    Selection,
    filter_argument,
    narrowing_options,
    say_nothing_found,
    selected,
    without_warnings,
)
from .terminal import complain, console, is_whole, print_json, print_line, text

_LOOK_AT = 10  # times the number asked for, while looking for runs with results


class Page(NamedTuple):
    """The runs that are listed.

    Args:
        ids: in order.
        folded: those that are one line instead: id -> state.
        total: how many pass the filter.
    """

    ids: list[str]
    folded: dict[str, str]
    total: int


@click.command("ls")
@filter_argument
@click.option("-n", "count", type=click.IntRange(min=1), default=20, show_default=True, help="How many runs.")
@narrowing_options
@click.option("--all", "show_all", is_flag=True, help="Runs without results as well.")
@click.option(
    "--cols",
    multiple=True,
    metavar="KEYS",
    help="These columns, with commas between: `lr,model.name,max(val_acc)`.",
    shell_complete=complete_key_or_metric,
)
@click.option(
    "--sort",
    metavar="KEY",
    help="In this order, best first: `-max(val_acc)`, `lr,run.created`.",
    shell_complete=complete_key_or_metric,
)
@dir_option
@format_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    filter: tuple[str, ...],
    count: int,
    show_all: bool,
    cols: tuple[str, ...],
    sort: str | None,
    dir: str | None,
    form: str | None,
    **narrowing: Any,
) -> None:
    """List runs, the newest at the bottom.

    FILTER is words such as `lr=0.1 model.name=vit`, or an expression in quotes. Columns are the keys that vary between
    the runs listed, and the last values of their results; what does not fit is left out, the least telling first.
    Ended runs without results are folded into one line, unless no run has any.

    \b
    Examples:
      givens ls
      givens ls lr=0.1 model.name=vit
      givens ls 'max(val_acc) > 0.9 and config.seed in [0, 1]' --sort '-max(val_acc)'
      givens ls --failed --since 2d --mine
      givens ls -n 100 --cols 'lr,max(val_acc)' --csv
      givens ls --json | jq '.runs[].config["lr"].value'
    """
    asked = Asked(dir, form == "json").under(ctx)
    form = "json" if asked.as_json else form
    chosen = selected(filter, **narrowing)
    index = asking(asked.store())
    table = chosen.table(index)
    if sort is not None:
        table = table.sort(sort)
    names = chosen_columns(cols)
    if names:
        table = table.columns(*names)
    table = table.with_heads()
    if form in (None, "json"):
        unfolded = show_all or sort is not None or form == "json" or _asks_for_state(chosen)
        with without_warnings():
            page = _page(index, table, count, unfolded=unfolded)
        _print_page(asked, index, chosen, table, page, Shape(sort is not None, names, is_whole(console())))
    else:
        with without_warnings():
            shown = table[:count]
            few = form != "csv"  # for people; a program wants every column
            grid = shown.grid(most_keys=MANY_KEYS, most_results=MANY_RESULTS) if few else shown.grid()
            print_grid(grid, form, below=chosen.carets(index, *names))


def _asks_for_state(chosen: Selection) -> bool:
    """Whether the filter is about how runs ended: then those without results are what was asked for."""
    return any(operand == RunField("state") for operand in operands(chosen.node))


def _page(index: Asking, table: RunTable, count: int, *, unfolded: bool) -> Page:
    ids = table.ids(limit=count if unfolded else _LOOK_AT * count)
    folded: dict[str, str] = {}
    if not unfolded:
        empty = index.ask(lambda opened: without_results(opened, ids))
        page: list[str] = []
        for run_id in ids:
            if len(page) == count:
                break
            if run_id in empty:
                folded[run_id] = empty[run_id]
            else:
                page.append(run_id)
        if not page or not _any_results(index, page):  # nobody logs here: nothing to prefer
            folded, page = {}, ids[:count]
        ids = page
    return Page(ids, folded, table.count() if len(ids) + len(folded) >= count else len(ids) + len(folded))


def _any_results(index: Asking, ids: list[str]) -> bool:
    import json

    def asked(opened: Index) -> bool:
        sql = "SELECT 1 FROM json_each(?) b JOIN run ON run.id = b.value WHERE run.results > 0 LIMIT 1"
        return opened.connection.execute(sql, (json.dumps(ids),)).fetchone() is not None

    return index.ask(asked)


def _print_page(asked: Asked, index: Asking, chosen: Selection, table: RunTable, page: Page, shape: Shape) -> None:
    runs = index.ask(lambda opened: listed(opened, page.ids, chosen.now_s))
    if asked.as_json:
        said = {"store": index.store.path, "asked": table.asked, "total": page.total}
        problems = [f"{each.file}: {each.problem}" for each in index.freshness.unreadable]
        print_json(
            {**said, "runs": [listed_json(run) for run in runs], "unreadable": problems, "notes": [*table.notes]}
        )
    if not runs:
        say_nothing_found(asked, index, chosen)
        tell(index)
        return
    if not asked.as_json:
        these = Compare(RunField("id"), "in", tuple(run.id for run in runs))
        grid = table.filter(these).grid() if shape.columns else None
        _print_runs(runs, page, shape, columns_of(runs, shape, grid))
        carets = chosen.carets(index, *shape.columns)
        for note in _notes(table, shape):
            if note not in index.notes:
                complain(note, carets.get(note, ()))
    tell(index)
    for run in runs:
        if run.bad:
            complain(
                f"run {run.id}: {run.bad} line{'' if run.bad == 1 else 's'} cannot be read (`givens show {run.id}`)"
            )


def _notes(table: RunTable, shape: Shape) -> tuple[str, ...]:
    """What has to be said of the list; where an order was asked for, also of keys that hold values of several kinds."""
    return table.columns("run.id").grid(limit=1).notes if shape.sorted else table.notes


def _print_runs(runs: list[Listed], page: Page, shape: Shape, columns: Any) -> None:
    out = console()
    for line in print_list(out, runs, columns, shape):
        print_line(out, text(line, "dim"))
    if page.folded:
        print_line(out, text(_folded_line(page.folded), "dim"))
    more = page.total - len(runs) - len(page.folded)
    if more > 0:
        what = "more" if shape.sorted else "older"
        print_line(out, text(f"{more} {what} run{'' if more == 1 else 's'} (-n shows more)", "dim"))


def _folded_line(folded: dict[str, str]) -> str:
    counts: dict[str, int] = {}
    for state in folded.values():
        counts[state] = counts.get(state, 0) + 1
    said = ", ".join(f"{number} {state}" for state, number in counts.items())
    return f"{len(folded)} run{'' if len(folded) == 1 else 's'} without results: {said} (--all shows them)"
