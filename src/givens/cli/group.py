"""``givens group``."""

from __future__ import annotations

import click

from ..api.group_grid import readable_groups
from .completion import complete_key, complete_metric
from .grid_output import print_grid
from .indexed import asking
from .options import Asked, dir_option, format_options
from .selection import project_option, say_nothing_found, selected, where_option, without_warnings


@click.command("group")
@click.argument("keys", nargs=-1, shell_complete=complete_key)
@click.option(
    "--metric", "-m", metavar="RESULT", help="Sum this up: mean, spread, best.", shell_complete=complete_metric
)
@click.option(
    "--goal", type=click.Choice(["min", "max"]), help="What best means; else as the runs or the settings declared it."
)
@click.option(
    "--except",
    "left_out",
    multiple=True,
    metavar="KEY",
    help="Group by every key that varies but this one; may be repeated.",
    shell_complete=complete_key,
)
@click.option("-n", "count", type=click.IntRange(min=1), help="At most so many groups.")
@where_option
@project_option
@dir_option
@format_options
@click.pass_context
def command(
    ctx: click.Context,
    keys: tuple[str, ...],
    metric: str | None,
    goal: str | None,
    left_out: tuple[str, ...],
    count: int | None,
    filter: tuple[str, ...],
    project: str | None,
    dir: str | None,
    form: str | None,
) -> None:
    """Put runs with equal values of some keys together: how many, and a result's mean, spread and best.

    With --except, runs that differ in nothing else are together: `--except seed` tells how much the seed matters. A
    run without the key is in a group of its own, apart from those where it is None.

    \b
    Examples:
      givens group model.name -m val_acc
      givens group model.name optimizer.name -m 'max(val_acc)' --where lr=0.1
      givens group --except seed -m val_acc --csv
    """
    asked = Asked(dir, form == "json").under(ctx)
    form = "json" if asked.as_json else form
    if bool(keys) == bool(left_out):
        raise click.UsageError("name keys to group by, or --except with those that do not count", ctx)
    chosen = selected(filter, project)
    index = asking(asked.store())
    table = chosen.table(index)
    with without_warnings():
        if not table:
            say_nothing_found(asked, index, chosen, form)
        found = table.group(*keys, metric=metric, goal=goal, everything_except=left_out or None)
        grid = found.grid(limit=count)
        if form is not None or grid.rows:
            named = (*keys, *left_out, *((metric,) if metric is not None else ()))
            grid = grid._replace(notes=(*grid.notes, *table.notes, *table.unknown(*named)))
            print_grid(
                grid if form is not None else table.with_names(readable_groups(grid, len(keys) or None)),
                form,
                keep=2,
                below=chosen.carets(index, *named),
            )
