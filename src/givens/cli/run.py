"""``givens run``: run a command with overrides, and record it."""

from __future__ import annotations

import click

from ..launch import Asked, launch
from ..launch.kept import note_end
from ..lifecycle.snapshot import read_snapshot
from .amounts import counted, size_text
from .options import Asked as Said
from .options import dir_option, json_option
from .run_grid import Grid, done_already, run_grid
from .terminal import complain, print_json


@click.command(context_settings={"ignore_unknown_options": False, "allow_interspersed_args": False})
@click.option(
    "--set",
    "overrides",
    metavar="KEY=VALUE",
    multiple=True,
    help="Give a value; it wins over the script's. Repeatable.",
)
@click.option("--config", metavar="FILE", help="Give the values of a YAML, JSON or TOML file; they win as well.")
@click.option("--name", help="The run's name.")
@click.option("--project", help="The run's project.")
@click.option("--group", help="The run's group.")
@click.option("--notes", help="The run's notes.")
@click.option("--tag", "tags", metavar="TAG", multiple=True, help="A tag of the run. Repeatable.")
@click.option("--snapshot", is_flag=True, help="Run it in a copy of the code and config as they are now.")
@click.option("--as-wandb", is_flag=True, help="`import wandb` in the program is givens.wandb.")
@click.option(
    "--grid",
    "axes",
    metavar="KEY=VALUES",
    multiple=True,
    help="Run every combination: start:stop:step, or a,b,c. Repeatable.",
)
@click.option(
    "--index",
    type=click.IntRange(0),
    metavar="N",
    help="Of a grid, only the N-th combination, from 0: for a job array.",
)
@click.option("--skip-done", is_flag=True, help="Leave out what a finished run of this command has already.")
@click.option("--stop", is_flag=True, help="End a grid with the first command that fails.")
@click.option("--dry-run", is_flag=True, help="List the combinations of a grid, and run nothing.")
@dir_option
@json_option
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
@click.pass_context
def command(
    ctx: click.Context,
    overrides: tuple[str, ...],
    config: str | None,
    name: str | None,
    project: str | None,
    group: str | None,
    notes: str | None,
    tags: tuple[str, ...],
    snapshot: bool,
    as_wandb: bool,
    axes: tuple[str, ...],
    index: int | None,
    skip_done: bool,
    stop: bool,
    dry_run: bool,
    dir: str | None,
    as_json: bool,
    command: tuple[str, ...],
) -> None:
    """Run a command with values that win over the script's own.

    The script needs nothing but its init(). Values are locked, and are for its first run only. A command that never calls
    init() is recorded as a run with these values and its exit code, which is this command's exit code too.

    With --snapshot the command runs in a copy of the project, so that a job that waits in a queue does not see what is
    edited meanwhile: what git tracks or would take is copied, what it ignores is linked. `givens snapshots` lists them.

    With --grid, one run for every combination, one after the other, in one group; a command that fails stops the others
    only with --stop, and the exit code is that of the first that failed.

    \b
    Examples:
      givens run --set lr=0.1 --set model.depth=8 -- python train.py
      givens run --config best.yaml --tag rerun -- python train.py --epochs 3
      givens run --as-wandb -- python their_script.py
      givens run --set T=1.5 -- ./ising T1.5.in
      givens run --snapshot --set lr=0.1 -- sbatch job.sh
      givens run --grid T=1:5:0.5 --grid seed=0,1,2 --skip-done -- python train.py
      givens run --grid lr=0.1,0.01 --grid seed=0:9 --index $SLURM_ARRAY_TASK_ID -- python train.py
    """
    said = Said(dir, as_json).under(ctx)
    asked = Asked(overrides, config, name, project, group, notes, tags, as_wandb=as_wandb, store=said.dir)
    words = list(command)
    if axes:
        lead = _in_snapshot if snapshot else None
        ctx.exit(run_grid(words, asked, Grid(axes, index, skip_done, stop, dry_run), lead, as_json=said.as_json))
    if index is not None or stop or dry_run:
        raise click.UsageError("--index, --stop and --dry-run are for a --grid", ctx)
    if skip_done and done_already(words, asked):
        complain("a finished run of this command has these values already")
        ctx.exit(0)
    if snapshot:
        words, asked = _in_snapshot(words, asked)
    launched = launch(words, asked)
    if asked.snapshot is not None:
        note_end(asked.snapshot, [launched])
    if said.as_json:  # after whatever the command itself printed
        print_json({"run": launched.run_id, "store": launched.store, "exit_code": launched.exit_code})
    ctx.exit(launched.exit_code)


def _in_snapshot(words: list[str], asked: Asked) -> tuple[list[str], Asked]:
    from ..launch.submitting import in_snapshot

    words, asked = in_snapshot(words, asked)
    kept = None if asked.snapshot is None else read_snapshot(asked.snapshot)
    if kept is not None:
        complain(f"snapshot {kept.id} of {kept.root}: {counted(kept.files, 'file')}, {size_text(kept.size_bytes)}")
    return words, asked
