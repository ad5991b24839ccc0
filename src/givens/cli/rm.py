"""``givens rm``."""

from __future__ import annotations

import click

from ..api.changes.edit_plans import EditPlan
from ..api.changes.removing import removal, remove
from ..configs.explanation import one_line
from .completion import complete_run
from .edit_output import chosen_runs, edit_options, print_plan, say_unknown, sure
from .options import Asked, dir_option, json_option
from .progress import UP_TO_DATE, progress
from .selection import project_option, where_option

_NAMED = 3


@click.command("rm")
@click.argument("runs", nargs=-1, metavar="[RUN]...", shell_complete=complete_run)
@where_option
@project_option
@click.option("--empty", is_flag=True, help="Only runs without results.")
@click.option("--force", is_flag=True, help="Runs that are running as well.")
@click.option("--yes", is_flag=True, help="Do not ask before more than one run is removed.")
@edit_options
@dir_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    runs: tuple[str, ...],
    filter: tuple[str, ...],
    project: str | None,
    empty: bool,
    force: bool,
    yes: bool,
    dry_run: bool,
    note: str | None,
    dir: str | None,
    as_json: bool,
) -> None:
    """Remove runs. Their files go to the store's trash; `givens restore`, or `givens undo`, brings them back.

    A removal holds when an older copy of the store is merged in. To free the space, delete the folder in `trash` by hand.

    \b
    Examples:
      givens rm last
      givens rm --empty --dry-run
      givens rm --where 'run.state == "failed" and run.created < "30d ago"' --yes
    """
    asked = Asked(dir, as_json).under(ctx)
    store = asked.store()
    with progress(UP_TO_DATE) as told:
        plan = removal(store, chosen_runs(runs, filter, project, empty=empty), force=force, progress=told)
    say_unknown(plan.unknown, (filter,))  # before anything is asked or removed
    count = len(plan.runs)
    if dry_run or not count or (count > 1 and not sure(_question(plan), yes=yes)):
        print_plan(plan, as_json=asked.as_json)
        return
    print_plan(remove(store, plan, note), as_json=asked.as_json)


def _question(plan: EditPlan) -> str:
    named = ", ".join(run.name for run in plan.runs[:_NAMED])
    more = f" and {len(plan.runs) - _NAMED} more" if len(plan.runs) > _NAMED else ""
    return one_line(f"Remove {len(plan.runs)} runs ({named}{more})?")
