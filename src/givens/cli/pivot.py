"""``givens pivot``."""

from __future__ import annotations

import click

from ..api.answers import counts_of
from .completion import complete_key, complete_metric
from .grid_output import print_grid
from .indexed import asking
from .options import Asked, dir_option, format_options
from .selection import project_option, say_nothing_found, selected, where_option, without_warnings
from .terminal import print_json


@click.command("pivot")
@click.argument("down", shell_complete=complete_key)
@click.argument("across", shell_complete=complete_key)
@click.argument("metric", shell_complete=complete_metric)
@click.option(
    "--goal", type=click.Choice(["min", "max"]), help="What best means; else as the runs or the settings declared it."
)
@where_option
@project_option
@dir_option
@format_options
@click.pass_context
def command(
    ctx: click.Context,
    down: str,
    across: str,
    metric: str,
    goal: str | None,
    filter: tuple[str, ...],
    project: str | None,
    dir: str | None,
    form: str | None,
) -> None:
    """Show the mean of a result by two keys: one down, one across. The best cell is marked where best has a meaning.

    \b
    Examples:
      givens pivot lr model.name val_acc
      givens pivot optimizer.name model.depth 'min(train/loss)' --goal min --where seed=0
      givens pivot lr model.name val_acc --latex
    """
    asked = Asked(dir, form == "json").under(ctx)
    form = "json" if asked.as_json else form
    chosen = selected(filter, project)
    index = asking(asked.store())
    table = chosen.table(index)
    with without_warnings():
        if not table:
            say_nothing_found(asked, index, chosen, form)
        found = table.pivot(down, across, metric, goal=goal)
        grid = found.grid()
        if form is not None or grid.rows:
            named = (down, across, metric)
            grid = grid._replace(notes=(*grid.notes, *table.notes, *table.unknown(*named)))
            if form == "json":
                print_json({**grid.to_json(), "counts": counts_of(found)})
            else:
                print_grid(grid, form, below=chosen.carets(index, *named))
