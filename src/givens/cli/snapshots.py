"""``givens snapshots``: the copies of code that jobs run in."""

from __future__ import annotations

import click

from ..configs.explanation import local_time
from ..launch.snapshots import Kept, remove_snapshot, snapshots_in
from .options import Asked, dir_option, json_option
from .pack import counted, size_text
from .terminal import complain, console, print_json, print_line, print_table, table, text


@click.command()
@click.option("--remove", "ids", metavar="ID", multiple=True, help="Remove this one, whatever lies in it. Repeatable.")
@click.option(
    "--remove-done", is_flag=True, help="Remove those whose runs are over and into which nothing was written."
)
@dir_option
@json_option
@click.pass_context
def command(ctx: click.Context, ids: tuple[str, ...], remove_done: bool, dir: str | None, as_json: bool) -> None:
    """List the copies of code that `givens run --snapshot` made, with the runs that used them.

    One without runs may belong to a job that still waits, and one that files were written into may hold results: both
    stay, unless they are named. What a snapshot only links stays in any case.

    \b
    Examples:
      givens snapshots
      givens snapshots --remove-done
    """
    asked = Asked(dir, as_json).under(ctx)
    found = snapshots_in(asked.store())
    known = {kept.snapshot.id for kept in found}
    for unknown in sorted(set(ids) - known):
        raise click.UsageError(f"no snapshot {unknown!r}; `givens snapshots` lists them", ctx)
    going = [kept for kept in found if kept.snapshot.id in ids or (remove_done and kept.is_done)]
    for kept in going:
        remove_snapshot(kept.snapshot)
    if asked.as_json:
        removed = {kept.snapshot.id for kept in going}
        print_json([{**_shape(kept), "removed": kept.snapshot.id in removed} for kept in found])
    elif ids or remove_done:
        print_line(console(), f"removed {counted(len(going), 'snapshot')}")
        for kept in found if remove_done else ():
            if kept not in going:
                complain(f"{kept.snapshot.id} stays: {_why(kept)}")
    else:
        _print(found)


def _shape(kept: Kept) -> dict[str, object]:
    """``{"id", "tree", "root", "commit", "branch", "made_at", "files", "size_bytes", "runs": {id: state}, "written"}``."""
    facts = kept.snapshot._asdict()
    del facts["python_path"]
    return {**facts, "runs": kept.runs, "written": kept.written}


def _why(kept: Kept) -> str:
    if not kept.runs:
        return "no run has used it yet; its job may be waiting"
    running = [run_id for run_id, state in kept.runs.items() if state == "running"]
    if running:
        return f"{', '.join(running)} is running in it"
    return f"{counted(len(kept.written), 'file')} were written into it, such as {kept.written[0]}"


def _print(found: list[Kept]) -> None:
    out = console()
    if not found:
        print_line(out, "there are no snapshots")
        return
    made = table("id", "made", "files", "size", "written since", "of", "runs", right=(2, 3, 4))
    for kept in found:
        snapshot = kept.snapshot
        used = ", ".join(f"{run_id} {state}" for run_id, state in kept.runs.items())
        cells = (snapshot.id, local_time(snapshot.made_at), str(snapshot.files), size_text(snapshot.size_bytes))
        made.add_row(*map(text, (*cells, str(len(kept.written) or ""), snapshot.root, used or "none yet")))
    print_table(out, made)
