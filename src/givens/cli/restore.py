"""``givens restore``."""

from __future__ import annotations

import click

from ..api.changes.removing import Removed, removed_in, restore
from ..configs.explanation import local_time
from .edit_output import edit_options, print_plan
from .options import Asked, dir_option, json_option
from .terminal import console, print_json, print_line, print_table, table, text


@click.command("restore")
@click.argument("runs", nargs=-1, metavar="[RUN]...")
@edit_options
@dir_option
@json_option
@click.pass_context
def command(
    ctx: click.Context, runs: tuple[str, ...], dry_run: bool, note: str | None, dir: str | None, as_json: bool
) -> None:
    """Bring removed runs back, as they were. Without RUN, list what was removed.

    RUN is an id, or its first letters.

    \b
    Examples:
      givens restore
      givens restore k7f2m9q8x2
    """
    asked = Asked(dir, as_json).under(ctx)
    store = asked.store()
    if runs:
        print_plan(restore(store, runs, dry_run=dry_run, note=note), as_json=asked.as_json)
        return
    found = removed_in(store)
    if asked.as_json:
        print_json([each._asdict() for each in found])
    else:
        _print(found)


def _print(found: list[Removed]) -> None:
    out = console()
    if not found:
        print_line(out, "no run is removed")
        return
    made = table("id", "name", "removed", "by", "edit")
    for each in found:
        cells = (each.id, each.name or "", local_time(each.at)[:16], each.user or "", each.edit_id[:8])
        made.add_row(*map(text, cells))
    print_table(out, made)
