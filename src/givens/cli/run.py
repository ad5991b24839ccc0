"""``givens run``: run a command with overrides, and record it."""

from __future__ import annotations

import click

from ..launch import Asked, launch
from .options import Asked as Said
from .options import dir_option, json_option
from .terminal import print_json


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
@click.option("--as-wandb", is_flag=True, help="`import wandb` in the program is givens.wandb.")
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
    as_wandb: bool,
    dir: str | None,
    as_json: bool,
    command: tuple[str, ...],
) -> None:
    """Run a command with values that win over the script's own.

    The script needs nothing but its init(). Values are locked, and are for its first run only. A command that never calls
    init() is recorded as a run with these values and its exit code, which is this command's exit code too.

    \b
    Examples:
      givens run --set lr=0.1 --set model.depth=8 -- python train.py
      givens run --config best.yaml --tag rerun -- python train.py --epochs 3
      givens run --as-wandb -- python their_script.py
      givens run --set T=1.5 -- ./ising T1.5.in
    """
    said = Said(dir, as_json).under(ctx)
    asked = Asked(overrides, config, name, project, group, notes, tags, as_wandb=as_wandb, store=said.dir)
    launched = launch(list(command), asked)
    if said.as_json:  # after whatever the command itself printed
        print_json({"run": launched.run_id, "store": launched.store, "exit_code": launched.exit_code})
    ctx.exit(launched.exit_code)
