"""``givens undo``."""

from __future__ import annotations

import click

from ..api.changes.undoing import EditRecord, edits_of, undo
from ..configs.explanation import local_time
from .edit_output import edit_options
from .options import Asked, dir_option, json_option
from .terminal import complain, console, print_json, print_line, print_table, table, text


@click.command("undo")
@click.argument("edit", required=False)
@click.option("--list", "show_list", is_flag=True, help="List all edits, the newest at the bottom.")
@edit_options
@dir_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    edit: str | None,
    show_list: bool,
    dry_run: bool,
    note: str | None,
    dir: str | None,
    as_json: bool,
) -> None:
    """Take back the last edit, or the one named; removals are edits as well. Later edits stay.

    EDIT is an edit's id, or its first letters. An undo can be undone: name it, and what it took back is there again.

    \b
    Examples:
      givens undo --list
      givens undo
      givens undo k7f2m9q8 --dry-run
    """
    asked = Asked(dir, as_json).under(ctx)
    store = asked.store()
    if show_list:
        found = edits_of(store)
        if asked.as_json:
            print_json([each.to_json() for each in found])
        else:
            _print_list(found)
        return
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


def _print_list(found: list[EditRecord]) -> None:
    out = console()
    if not found:
        print_line(out, "nothing was edited")
        return
    made = table("edit", "when", "by", "runs", "what", "", "why", right=(3,))
    for each in found:
        state = "" if each.in_effect else "undone"
        cells = (
            each.id[:8],
            local_time(each.at)[:16],
            each.user or "",
            len(each.runs),
            each.what,
            state,
            each.note or "",
        )
        made.add_row(*map(text, cells))
    print_table(out, made)
