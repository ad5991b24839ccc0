"""``givens pull``: bring runs from another machine or folder."""

from __future__ import annotations

import click

from ..api.upkeep.pulling import Pulled, pull
from ..lifecycle.place import store_for_writing
from .amounts import counted
from .options import Asked, dir_option, json_option
from .selection import filter_argument, selected
from .terminal import complain, console, print_json, print_line


@click.command()
@click.argument("source", metavar="HOST:PATH", type=click.Path())
@filter_argument
@dir_option
@json_option
@click.pass_context
def command(ctx: click.Context, source: str, filter: tuple[str, ...], dir: str | None, as_json: bool) -> None:
    """Bring runs from another machine, over ssh, or from another folder.

    HOST:PATH is what rsync takes: a host as ssh knows it, and there the store or the folder it lies in; without a colon
    it is a folder of this machine. What a run consists of is merged into this store as a copy of the files would be:
    journals, packs, surroundings, ranks, large values and edits. Nothing that is longer here is replaced; a pull that
    is interrupted leaves the store as it should be, and the next one brings the rest. With a FILTER, only the runs
    that pass. What runs put out (`run.dir`) stays where it is.

    \b
    Examples:
      givens pull cluster:work/digits
      givens pull ada@gpu7:/scratch/ada/.givens lr=0.1 'val_acc > 0.9'
      givens pull /mnt/backup/digits/.givens
    """
    asked = Asked(dir, as_json).under(ctx)
    chosen = selected(filter)
    target = store_for_writing(asked.folder)
    pulled = pull(source, target, chosen.node)
    for problem in pulled.merged.problems:
        complain(problem)
    if asked.as_json:
        print_json(pulled_json(pulled))
    else:
        print_line(console(), _sentence(pulled, target.path))
    ctx.exit(1 if pulled.merged.problems else 0)


def pulled_json(pulled: Pulled) -> dict[str, object]:
    """``{"source", "by", "runs": [id], "went_on": [id], "files", "problems"}``."""
    files = len(pulled.merged.taken) + len(pulled.merged.grown)
    said = {"source": pulled.source, "by": pulled.by, "runs": pulled.runs, "went_on": pulled.went_on}
    return {**said, "files": files, "problems": pulled.merged.problems}


def _sentence(pulled: Pulled, store: str) -> str:
    files = len(pulled.merged.taken) + len(pulled.merged.grown)
    if not files:
        return f"nothing new in {pulled.source}"
    went_on = f", {counted(len(pulled.went_on), 'run')} went on" if pulled.went_on else ""
    return f"{counted(len(pulled.runs), 'new run')}{went_on} ({counted(files, 'file')}) from {pulled.source} to {store}"
