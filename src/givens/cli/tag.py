"""``givens tag``."""

from __future__ import annotations

import click

from ..api.changes.edit_requests import wanted_of
from ..api.changes.editing import edit_in
from .completion import complete_run
from .edit_output import chosen_runs, edit_options, print_plan
from .options import Asked, dir_option, json_option
from .progress import UP_TO_DATE, progress
from .selection import project_option, where_option


@click.command("tag")
@click.argument("words", nargs=-1, required=True, metavar="[RUN] TAG...", shell_complete=complete_run)
@where_option
@project_option
@click.option("--remove", is_flag=True, help="Take the tags away.")
@edit_options
@dir_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    words: tuple[str, ...],
    filter: tuple[str, ...],
    project: str | None,
    remove: bool,
    dry_run: bool,
    note: str | None,
    dir: str | None,
    as_json: bool,
) -> None:
    """Tag a run, or take tags away. With --where or --project, no RUN is named and all words are tags.

    \b
    Examples:
      givens tag last best
      givens tag last~4..last ablation table-2
      givens tag --where 'max(val_acc) > 0.9' good
      givens tag calm-otter best --remove
    """
    asked = Asked(dir, as_json).under(ctx)
    runs, tags = ((), words) if filter or project is not None else (words[:1], words[1:])
    if not tags:
        raise click.UsageError("expected a run and the tags: givens tag last best", ctx)
    wanted = wanted_of(untag=tags) if remove else wanted_of(tag=tags)
    chosen = chosen_runs(runs, filter, project)
    with progress(UP_TO_DATE) as told:
        plan = edit_in(asked.store(), chosen, wanted, dry_run=dry_run, note=note, progress=told)
    print_plan(plan, as_json=asked.as_json, named=(filter,))
