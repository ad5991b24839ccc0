"""``givens export``."""

from __future__ import annotations

import json
import os
from functools import partial
from typing import Any, NamedTuple

import click

from ..api.asking import Asking
from ..api.column_names import MANY_KEYS, MANY_RESULTS, chosen_columns
from ..api.export_page import export_page
from ..api.formats.written import write_text
from ..api.grid import Grid
from ..api.overview import listed, listed_json
from ..api.run_table import RunTable
from ..query.nodes import EVERYTHING
from ..query.veiling import veiled
from ..query.words import sentence
from .amounts import size_text
from .completion import complete_key_or_metric
from .indexed import asking, tell
from .options import Asked, dir_option, json_option
from .progress import Told, progress
from .selection import Selection, filter_argument, narrowing_options, say_nothing_found, selected, without_warnings
from .terminal import complain, console, print_json, print_line

ENDINGS = (".html", ".csv", ".md", ".tex", ".json")
_AT_ONCE = 500


@click.command("export")
@filter_argument
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Where to; the ending decides how.",
)
@click.option("-n", "count", type=click.IntRange(min=1), help="At most so many runs; else all that pass.")
@narrowing_options
@click.option(
    "--cols",
    multiple=True,
    metavar="KEYS",
    help="These columns, with commas between.",
    shell_complete=complete_key_or_metric,
)
@click.option(
    "--sort",
    metavar="KEY",
    help="In this order, best first: `-max(val_acc)`.",
    shell_complete=complete_key_or_metric,
)
@click.option("--title", help="What stands above the page, or as caption of the LaTeX table.")
@click.option("--digits", type=click.IntRange(0, 17), help="Decimal places of results, in .md and .tex.")
@click.option("--percent", multiple=True, metavar="COLUMN", help="Show as percent, in .tex; may be repeated.")
@dir_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    /,
    filter: tuple[str, ...],
    output: str,
    count: int | None,
    cols: tuple[str, ...],
    sort: str | None,
    title: str | None,
    digits: int | None,
    percent: tuple[str, ...],
    dir: str | None,
    as_json: bool,
    **narrowing: Any,
) -> None:
    """Write the runs that pass a filter to a file: .html, .csv, .md, .tex or .json.

    The page (.html) is one file that needs nothing else: a table to sort and to narrow, and below it every run with
    its values and where they came from. It makes no request to anywhere.

    \b
    Examples:
      givens export -o runs.html
      givens export 'run.created in "2026-11"' -o november.html --title November
      givens export lr=0.1 -o table.tex --cols 'model.name,max(val_acc)' --sort '-max(val_acc)' --digits 3
    """
    asked = Asked(dir, as_json).under(ctx)
    ending = os.path.splitext(output)[1].lower()
    if ending not in ENDINGS:
        raise click.UsageError(f"{output} ends in none of {', '.join(ENDINGS)}", ctx)
    chosen = selected(filter, **narrowing)
    index = asking(asked.store())
    table = chosen.table(index)
    table = table.sort(sort) if sort is not None else table
    names = chosen_columns(cols)
    table = (table.columns(*names) if names else table).with_heads()
    table = table[:count] if count is not None else table
    title = None if title is None else index.redaction.text(title)
    with without_warnings():
        total = len(table)
        if not total:
            say_nothing_found(asked, index, chosen)
            ctx.exit(1)
        with progress("writing") as told:
            write_text(output, _TEXTS[ending](_Wanted(index, table, chosen, title, digits, percent, told)))
    tell(index)
    size = os.path.getsize(output)
    if asked.as_json:
        print_json({"path": output, "runs": total, "bytes": size})
    else:
        print_line(console(), f"{output}: {total} run{'' if total == 1 else 's'}, {size_text(size)}")
    carets = chosen.carets(index, *names)
    for note in table.notes:
        if note not in index.notes:
            complain(note, carets.get(note, ()))


class _Wanted(NamedTuple):
    """What to write, and how."""

    source: Asking
    table: RunTable
    chosen: Selection
    title: str | None
    digits: int | None
    percent: tuple[str, ...]
    told: Told


def _readable(wanted: _Wanted) -> Grid:
    """The table for people: of very many keys, those that most runs have."""
    return wanted.table.grid(most_keys=MANY_KEYS, most_results=MANY_RESULTS, told=wanted.told)


def _html(wanted: _Wanted) -> str:
    words = "" if wanted.chosen.node == EVERYTHING else sentence(veiled(wanted.chosen.node, wanted.source.redaction))
    head = wanted.title or (f"Runs of {wanted.chosen.project}" if wanted.chosen.project else "Runs")
    return export_page(_readable(wanted), wanted.table, title=head, words=words, told=wanted.told)


def _csv(wanted: _Wanted) -> str:
    return wanted.table.grid(told=wanted.told).to_csv()


def _md(wanted: _Wanted) -> str:
    head = f"# {' '.join(wanted.title.split())}\n\n" if wanted.title else ""
    return head + _readable(wanted).to_markdown(digits=wanted.digits)


def _tex(wanted: _Wanted) -> str:
    return _readable(wanted).to_latex(digits=wanted.digits, percent=wanted.percent, caption=wanted.title or "")


def _json(wanted: _Wanted) -> str:
    ids = wanted.table.ids()
    runs: list[Any] = []
    for at in range(0, len(ids), _AT_ONCE):
        part = ids[at : at + _AT_ONCE]
        runs += map(listed_json, wanted.source.ask(partial(listed, run_ids=part, now_s=wanted.chosen.now_s)))
        wanted.told(len(runs), len(ids))
    shape = {"title": wanted.title, "asked": wanted.table.asked, "total": len(runs), "runs": runs}
    return json.dumps({**shape, "notes": list(wanted.table.notes)}, indent=1, ensure_ascii=True, allow_nan=False) + "\n"


_TEXTS = {".html": _html, ".csv": _csv, ".md": _md, ".tex": _tex, ".json": _json}
