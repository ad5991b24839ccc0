"""``givens undo``."""

from __future__ import annotations

import click

from ..api.changes.undoing import EditRecord, edits_of, undo
from ..api.formats.cell_text import moment_cell
from ..api.grid import NUMBER, TIME, Column, Grid
from ..configs.explanation import local_time
from ..records.change import MISSING
from .completion import complete_edit
from .edit_output import edit_options
from .grid_output import print_grid
from .options import Asked, dir_option, format_options, no_table
from .terminal import complain, console, print_json, print_line


@click.command("undo")
@click.argument("edit", required=False, shell_complete=complete_edit)
@click.option("--list", "show_list", is_flag=True, help="List all edits, the newest at the bottom.")
@edit_options
@dir_option
@format_options
@click.pass_context
def command(
    ctx: click.Context,
    edit: str | None,
    show_list: bool,
    dry_run: bool,
    note: str | None,
    dir: str | None,
    form: str | None,
) -> None:
    """Take back the last edit, or the one named; removals are edits as well. Later edits stay.

    EDIT is an edit's id, or its first letters. An undo can be undone: name it, and what it took back is there again.

    \b
    Examples:
      givens undo --list
      givens undo
      givens undo k7f2m9q8 --dry-run
    """
    asked = Asked(dir, form == "json").under(ctx)
    form = "json" if asked.as_json else form
    store = asked.store()
    if show_list:
        found = edits_of(store)
        if form == "json":
            print_json([each.to_json() for each in found])
        else:
            print_grid(_grid(found, brief=form is None), form, empty="nothing was edited", keep=5)
        return
    no_table(ctx, form, "givens undo --list")
    done = undo(store, edit, dry_run=dry_run, note=note)
    if asked.as_json:
        shape = {"undone": done.edit.to_json(), "id": done.id, "runs": list(done.runs), "problems": list(done.problems)}
        print_json(shape)
    else:
        verb = "would be undone" if done.id is None else "undone"
        where = f"{len(done.runs)} run{'' if len(done.runs) == 1 else 's'}"
        back = "" if done.id is None else f"; `givens undo {done.id[:8]}` brings it back"
        print_line(console(), f"{verb}: {done.edit.what} ({where}, {local_time(done.edit.at)[:16]}){back}")
    for problem in done.problems:
        complain(f"not moved: {problem}")


def _grid(found: list[EditRecord], *, brief: bool) -> Grid:
    heads = (("edit",), ("when", TIME), ("by",), ("runs", NUMBER), ("what",), ("state",), ("why",))
    rows = []
    for each in found:
        edit_id = each.id[:8] if brief else each.id
        state = MISSING if each.in_effect else "undone"
        by, why = each.user or MISSING, each.note or MISSING
        rows.append((edit_id, moment_cell(each.at), by, len(each.runs), each.what, state, why))
    return Grid("edits", tuple(Column(*head) for head in heads), tuple(rows))
