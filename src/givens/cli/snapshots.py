"""``givens snapshots``: the copies of code that jobs run in."""

from __future__ import annotations

import click

from ..api.formats.cell_text import moment_cell
from ..api.grid import LABELS, NUMBER, TIME, Column, Grid
from ..launch.kept import SUBMITTED, Kept, remove_snapshot, snapshots_in
from ..launch.snapshots import sweep
from ..records.change import MISSING
from .amounts import counted, size_text
from .grid_output import print_grid
from .options import Asked, dir_option, format_options, no_table
from .terminal import complain, console, print_json, print_line


@click.command()
@click.option("--remove", "ids", metavar="ID", multiple=True, help="Remove this one, whatever lies in it. Repeatable.")
@click.option(
    "--remove-done",
    is_flag=True,
    help="Remove those whose command and runs are over and into which nothing was written.",
)
@click.option(
    "--remove-submitted",
    is_flag=True,
    help="Those of submissions as well: only when no job of theirs waits, which givens cannot know.",
)
@dir_option
@format_options
@click.pass_context
def command(
    ctx: click.Context,
    ids: tuple[str, ...],
    remove_done: bool,
    remove_submitted: bool,
    dir: str | None,
    form: str | None,
) -> None:
    """List the copies of code that `givens run --snapshot` made, with the runs that used them.

    One without runs may belong to a job that still waits, and one that files were written into may hold results: both
    stay, unless they are named. So do those with a run that is removed, or lies in another store. What a snapshot only
    links stays in any case.

    A queue starts any number of jobs from one snapshot. One that was submitted (sbatch, qsub), or whose command recorded
    no run by itself, is therefore not done with its runs.

    \b
    Examples:
      givens snapshots
      givens snapshots --remove-done
      givens snapshots --remove-submitted
    """
    asked = Asked(dir, form == "json").under(ctx)
    form = "json" if asked.as_json else form
    removes = bool(ids) or remove_done or remove_submitted
    if removes:
        no_table(ctx, form, "givens snapshots")
    store = asked.store()
    found = snapshots_in(store)
    known = {kept.snapshot.id for kept in found}
    for unknown in sorted(set(ids) - known):
        raise click.UsageError(f"no snapshot {unknown!r}; `givens snapshots` lists them", ctx)
    going = [kept for kept in found if kept.snapshot.id in ids or _goes(kept, remove_done, remove_submitted)]
    if remove_done or remove_submitted:
        sweep(store)
    for kept in going:
        remove_snapshot(kept.snapshot)
    if form == "json":
        removed = {kept.snapshot.id for kept in going}
        print_json([{**_shape(kept), "removed": kept.snapshot.id in removed} for kept in found])
    elif removes:
        print_line(console(), f"removed {counted(len(going), 'snapshot')}")
        for kept in found if remove_done or remove_submitted else ():
            if kept not in going:
                complain(f"{kept.snapshot.id} stays: {_why(kept)}")
    else:
        print_grid(_grid(found, brief=form is None), form, empty="there are no snapshots", keep=2)


def _goes(kept: Kept, done: bool, submitted: bool) -> bool:
    return ((done or submitted) and kept.is_done) or (submitted and kept.is_left and kept.ended == SUBMITTED)


def _shape(kept: Kept) -> dict[str, object]:
    """``{"id", "tree", "root", "commit", "branch", "made_at", "files", "size_bytes", "runs": {id: state}, "stores", "written",
    "ended"}``."""
    facts = kept.snapshot._asdict()
    del facts["python_path"], facts["opened"]
    return {**facts, "runs": kept.runs, "stores": kept.stores, "written": kept.written, "ended": kept.ended}


def _why(kept: Kept) -> str:
    if not kept.runs:
        return "no run has used it yet; its job may be waiting"
    running = [run_id for run_id, state in kept.runs.items() if state == "running"]
    if running:
        return f"{', '.join(running)} is running in it"
    if kept.written:
        return f"{counted(len(kept.written), 'file')} were written into it, such as {kept.written[0]}"
    for run_id, store in kept.stores.items():
        return f"what became of {run_id} stands in {store}"
    gone = [run_id for run_id, state in kept.runs.items() if state == "gone"]
    if gone:
        return f"{', '.join(gone)} is not there any more"
    if kept.ended == SUBMITTED:
        return "jobs of it may be waiting; if none is, --remove-submitted"
    return "its command still runs, or was killed; if it was, --remove"


def _grid(found: list[Kept], *, brief: bool) -> Grid:
    heads = (
        ("id",),
        ("made", TIME),
        ("files", NUMBER),
        ("size_bytes", NUMBER, "size" if brief else ""),
        ("written since", NUMBER),
        ("of",),
        ("runs", LABELS),
    )
    rows = []
    for kept in found:
        snapshot, made = kept.snapshot, moment_cell(kept.snapshot.made_at)
        size = size_text(snapshot.size_bytes) if brief else snapshot.size_bytes
        used = [f"{run_id} {state}" for run_id, state in kept.runs.items()]
        written = len(kept.written) or (MISSING if brief else 0)
        runs = ["none yet"] if brief and not used else used
        rows.append((snapshot.id, made, snapshot.files, size, written, snapshot.root, runs))
    return Grid("snapshots", tuple(Column(*head) for head in heads), tuple(rows))
