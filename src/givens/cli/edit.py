"""``givens edit``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from ..api.changes.edit_requests import wanted_of
from ..api.changes.editing import edit_in
from ..errors import EditRequestError, KeyPathError, SourceError
from ..sources.environment import typed
from .completion import complete_key, complete_run
from .edit_output import chosen_runs, edit_options, pair_of, print_plan
from .options import Asked, dir_option, json_option
from .progress import UP_TO_DATE, progress
from .selection import project_option, where_option


def _of_keys(option: str, name: str, shape: str, help: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """An option that begins with a key, which the shell completes."""
    return click.option(option, name, multiple=True, metavar=shape, help=help, shell_complete=complete_key)


@click.command("edit")
@click.argument("runs", nargs=-1, metavar="[RUN]...", shell_complete=complete_run)
@where_option
@project_option
@_of_keys("--set", "sets", "KEY=VALUE", "Set a value, typed as YAML 1.2 types it.")
@_of_keys("--rename", "renames", "OLD=NEW", "Rename a key or a section.")
@_of_keys("--retype", "retypes", "KEY=TYPE", "int, float, bool, str, or parsed: as YAML.")
@_of_keys("--delete", "deletes", "KEY", "Delete a key.")
@click.option("--name", metavar="NAME", help="Give the run another name.")
@click.option("--replace", is_flag=True, help="A rename may take the place of a key that is there.")
@edit_options
@dir_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    runs: tuple[str, ...],
    filter: tuple[str, ...],
    project: str | None,
    sets: tuple[str, ...],
    renames: tuple[str, ...],
    retypes: tuple[str, ...],
    deletes: tuple[str, ...],
    name: str | None,
    replace: bool,
    dry_run: bool,
    note: str | None,
    dir: str | None,
    as_json: bool,
) -> None:
    """Change keys of stored runs: of those named, of those that a filter passes, or of those for which both holds.

    Keys are renamed first, then retyped, set, deleted. The journals stay as they are: the change is a file of its own,
    every view marks what was edited, `givens history` has the original, and `givens undo` takes the edit back.

    \b
    Examples:
      givens edit last --set lr=0.001
      givens edit --where 'exists(learning_rate)' --rename learning_rate=lr --dry-run
      givens edit --project digits --retype batch_size=int --delete debug
      givens edit calm-otter --set 'layers=[64, 32]' --note "as in the paper"
    """
    asked = Asked(dir, as_json).under(ctx)
    asks = sets or renames or retypes or deletes or name
    if not asks and runs and "=" in runs[0]:
        raise EditRequestError(
            "there is nothing to do", f"{runs[0]} stands where a run is named; a key is set by --set {runs[0]}"
        )
    try:
        wanted = wanted_of(
            set={key: typed(f"--set {key}", value) for key, value in (pair_of(word, "--set") for word in sets)},
            rename=dict(pair_of(word, "--rename") for word in renames),
            retype=dict(pair_of(word, "--retype") for word in retypes),
            delete=deletes,
            name=name,
            replace=replace,
        )
    except (KeyPathError, SourceError) as error:  # what was typed does not read
        raise click.UsageError(str(error), ctx) from None
    chosen = chosen_runs(runs, filter, project)
    with progress(UP_TO_DATE) as told:
        plan = edit_in(asked.store(), chosen, wanted, dry_run=dry_run, note=note, progress=told)
    print_plan(plan, as_json=asked.as_json, named=(filter, *((word,) for word in (*renames, *retypes, *deletes))))
