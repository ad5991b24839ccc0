"""``givens keys``."""

from __future__ import annotations

import sys

import click

from ..api.key_table import KeyRow, brief_grid, key_rows, keys_grid
from ..index.schema import CONFIG, SUMMARY
from .completion import complete_key, complete_project
from .grid_output import columns_text, print_cells, print_grid
from .indexed import asking, tell
from .options import Asked, dir_option, format_options
from .terminal import console, print_line, text, value_width

_ON_A_TERMINAL = 100
_TEXT_WIDTH = 24


@click.command("keys")
@click.argument("pattern", required=False, shell_complete=complete_key)
@click.option("-n", "count", type=click.IntRange(min=1), help="At most so many; on a terminal 100, else all.")
@click.option("--all", "show_all", is_flag=True, help="All of them, on a terminal as well.")
@click.option("--project", metavar="NAME", help="Only keys of this project.", shell_complete=complete_project)
@dir_option
@format_options
@click.pass_context
def command(
    ctx: click.Context,
    pattern: str | None,
    count: int | None,
    show_all: bool,
    project: str | None,
    dir: str | None,
    form: str | None,
) -> None:
    """List every key that runs were given, and every result: kinds, counts, ranges, and where it usually comes from.

    PATTERN narrows: `model` is everything in that section, `*.lr` every key that ends so. In the column of kinds a
    number behind a kind says in how many runs it is of that kind, where there are several.

    \b
    Examples:
      givens keys
      givens keys model --project digits
      givens keys '*lr' --csv
    """
    asked = Asked(dir, form == "json").under(ctx)
    form = "json" if asked.as_json else form
    index_of = asking(asked.store())
    rows = index_of.ask(lambda index: key_rows(index, project, pattern))
    tell(index_of)
    if count is None and not show_all and form is None and sys.stdout.isatty():
        count = _ON_A_TERMINAL
    shown = rows if show_all else rows[:count]
    if form is not None:
        print_grid(keys_grid(shown, f"keys of {project}" if project else "keys"), form)
    elif not rows:
        nothing = f"no key fits {pattern!r}; `givens keys` lists all" if pattern else "nothing was given to a run yet"
        print_line(console(), nothing)
    else:
        _print(shown, len(rows) - len(shown), projects=len({row.facts.project for row in rows}) > 1)


def _print(rows: list[KeyRow], more: int, *, projects: bool) -> None:
    out = console()
    hidden = 0
    for space, head in ((CONFIG, "config"), (SUMMARY, "results")):
        found = [row for row in rows if row.space == space]
        if found:
            if len(found) < len(rows):
                print_line(out, text(head, "bold"))
            hidden = max(
                hidden,
                print_cells(
                    out, brief_grid(found, head, projects=projects, width=value_width(out, _TEXT_WIDTH)), keep=4
                ),
            )
    if hidden:
        print_line(out, text(f"{columns_text(hidden)} not shown: no room (--csv has all)", "dim"))
    if more:
        print_line(out, text(f"{more} more keys (--all shows them; a pattern narrows: `givens keys 'model*'`)", "dim"))
