"""``givens restore``."""

from __future__ import annotations

import click

from ..api.changes.removing import Removed, removed_in, restore
from ..api.formats.cell_text import moment_cell
from ..api.grid import TIME, Column, Grid
from ..records.change import MISSING
from .completion import complete_removed
from .edit_output import edit_options, print_plan
from .grid_output import print_grid
from .options import Asked, dir_option, format_options, no_table
from .terminal import print_json


@click.command("restore")
@click.argument("runs", nargs=-1, metavar="[RUN]...", shell_complete=complete_removed)
@edit_options
@dir_option
@format_options
@click.pass_context
def command(
    ctx: click.Context, runs: tuple[str, ...], dry_run: bool, note: str | None, dir: str | None, form: str | None
) -> None:
    """Bring removed runs back, as they were. Without RUN, list what was removed.

    RUN is an id, its first letters, or a name.

    \b
    Examples:
      givens restore
      givens restore k7f2m9q8x2
    """
    asked = Asked(dir, form == "json").under(ctx)
    form = "json" if asked.as_json else form
    store = asked.store()
    if runs:
        no_table(ctx, form, "givens restore")
        print_plan(restore(store, runs, dry_run=dry_run, note=note), as_json=asked.as_json)
        return
    found = removed_in(store)
    if form == "json":
        print_json([each._asdict() for each in found])
    else:
        print_grid(_grid(found, brief=form is None), form, empty="no run is removed", keep=3)


def _grid(found: list[Removed], *, brief: bool) -> Grid:
    columns = (Column("id"), Column("name"), Column("removed", TIME), Column("by"), Column("edit"))
    rows = []
    for each in found:
        edit_id = each.edit_id[:8] if brief else each.edit_id
        rows.append((each.id, each.name or MISSING, moment_cell(each.at), each.user or MISSING, edit_id))
    return Grid("removed runs", columns, tuple(rows))
