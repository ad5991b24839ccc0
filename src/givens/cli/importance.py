"""``givens importance``."""

from __future__ import annotations

import click

from .completion import complete_metric
from .grid_output import print_grid
from .indexed import asking
from .options import Asked, dir_option, format_options
from .selection import filter_argument, project_option, say_nothing_found, selected, without_warnings


@click.command("importance")
@click.argument("metric", shell_complete=complete_metric)
@filter_argument
@click.option("--forest/--no-forest", default=None, help="Also by a random forest, which sees combinations of keys.")
@click.option("-n", "count", type=click.IntRange(min=1), default=20, show_default=True, help="At most so many keys.")
@project_option
@dir_option
@format_options
@click.pass_context
def command(
    ctx: click.Context,
    metric: str,
    filter: tuple[str, ...],
    forest: bool | None,
    count: int,
    project: str | None,
    dir: str | None,
    form: str | None,
) -> None:
    """Say which keys explain a result, the most telling first, with the method and the number of runs.

    Each key by itself: the share of the result's variance that lies between its values, and the same less what chance
    would explain. With --forest, and scikit-learn, also all keys together, with how well that fits.

    \b
    Examples:
      givens importance val_acc
      givens importance 'max(val_acc)' model.name=vit --forest
      givens importance val_acc --json
    """
    asked = Asked(dir, form == "json").under(ctx)
    form = "json" if asked.as_json else form
    chosen = selected(filter, project)
    index = asking(asked.store())
    table = chosen.table(index)
    with without_warnings():
        if not table:
            say_nothing_found(asked, index, chosen, form)
            if form is None:
                return
        grid = table.importance(metric, forest=bool(forest)).grid(limit=count)
    print_grid(
        grid._replace(notes=(*grid.notes, *table.notes, *table.unknown(metric))),
        form,
        empty=f"nothing to say of {metric}",
        below=chosen.carets(index, metric),
    )
