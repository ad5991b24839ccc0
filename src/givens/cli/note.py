"""``givens note``."""

from __future__ import annotations

import click

from ..api.changes.edit_requests import wanted_of
from ..api.changes.editing import edit_in
from .completion import complete_run
from .edit_output import chosen_runs, edit_options, print_plan
from .options import Asked, dir_option, json_option
from .progress import UP_TO_DATE, progress
from .selection import project_option, where_option


@click.command("note")
@click.argument("words", nargs=-1, required=True, metavar="[RUN] TEXT", shell_complete=complete_run)
@where_option
@project_option
@edit_options
@dir_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    words: tuple[str, ...],
    filter: tuple[str, ...],
    project: str | None,
    dry_run: bool,
    note: str | None,
    dir: str | None,
    as_json: bool,
) -> None:
    """Write the notes of a run; an empty text takes them away. With --where or --project, no RUN is named.

    \b
    Examples:
      givens note last "diverged after epoch 3: learning rate too high"
      givens note --where 'run.state == "failed"' "disk was full that night"
      givens note last ""
    """
    asked = Asked(dir, as_json).under(ctx)
    many = bool(filter) or project is not None
    if len(words) != (1 if many else 2):
        raise click.UsageError('expected a run and one text: givens note last "what happened"', ctx)
    chosen = chosen_runs(() if many else words[:1], filter, project)
    with progress(UP_TO_DATE) as told:
        plan = edit_in(asked.store(), chosen, wanted_of(notes=words[-1]), dry_run=dry_run, note=note, progress=told)
    print_plan(plan, as_json=asked.as_json, named=(filter,))
