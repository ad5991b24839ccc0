"""``givens duplicates``."""

from __future__ import annotations

import click

from .completion import complete_run
from .grid_output import print_grid
from .indexed import asking
from .options import Asked, dir_option, format_options
from .selection import filter_argument, project_option, say_nothing_found, selected, without_warnings


@click.command("duplicates")
@filter_argument
@click.option("--replicas", is_flag=True, help="Equal but for the keys of [tool.givens] replicate, such as seed.")
@click.option(
    "--nearest", metavar="RUN", help="Instead, the runs that differ least from this one.", shell_complete=complete_run
)
@click.option("-n", "count", type=click.IntRange(min=1), default=20, show_default=True, help="At most so many rows.")
@project_option
@dir_option
@format_options
@click.pass_context
def command(
    ctx: click.Context,
    filter: tuple[str, ...],
    replicas: bool,
    nearest: str | None,
    count: int,
    project: str | None,
    dir: str | None,
    form: str | None,
) -> None:
    """List sets of runs that were given the same, or the runs nearest to one.

    What [tool.givens] ignore names does not count; where everything that differs is a path or a seed,
    `givens setup --ignore data.path` or `--replicas` finds them.

    \b
    Examples:
      givens duplicates
      givens duplicates --replicas model.name=vit
      givens duplicates --nearest last -n 5
    """
    asked = Asked(dir, form == "json").under(ctx)
    form = "json" if asked.as_json else form
    if nearest is not None and replicas:
        raise click.UsageError("--nearest and --replicas ask two questions: give one of them", ctx)
    chosen = selected(filter, project)
    index = asking(asked.store())
    table = chosen.table(index)
    with without_warnings():
        if not table:
            say_nothing_found(asked, index, chosen, form)
            if form is None:
                return
        if nearest is not None:
            grid = table.nearest(nearest, limit=count).grid()
            empty = "no other run to compare with"
        else:
            grid = table.duplicates(replicas=replicas).grid(limit=count)
            grid = table.with_names(grid) if form is None else grid
            empty = "no two runs were given the same" + (
                " but for the keys that tell replicas apart" if replicas else ""
            )
    print_grid(grid._replace(notes=(*grid.notes, *table.notes)), form, empty=empty, keep=2, below=chosen.carets(index))
