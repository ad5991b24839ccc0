"""``givens rerun``: repeat a stored run, and name what came out different."""

from __future__ import annotations

import click

from ..api.shapes import diff_json
from ..api.stored.opening import open_asked
from ..configs.explanation import one_line
from ..launch.again import rerun
from .amounts import counted
from .completion import complete_run
from .indexed import asking
from .options import Asked, dir_option, json_option
from .terminal import complain, print_json


@click.command()
@click.argument("ref", metavar="RUN", default="last", shell_complete=complete_run)
@click.option("--set", "overrides", metavar="KEY=VALUE", multiple=True, help="Change a value. Repeatable.")
@click.option("--here", "where", flag_value="here", help="In the working tree as it is.")
@click.option("--worktree", "where", flag_value="worktree", help="In a fresh tree with the run's commit and patch.")
@dir_option
@json_option
@click.pass_context
def command(
    ctx: click.Context, ref: str, overrides: tuple[str, ...], where: str | None, dir: str | None, as_json: bool
) -> None:
    """Run a stored run again, then say what came out different.

    The same command line in the same folder, into the same store, with what a launcher or GIVENS_CONFIG__ variables gave.
    Without --here or --worktree the tree has to be as it was: same commit, same uncommitted changes, and the same values in
    its configuration files.

    \b
    Examples:
      givens rerun last
      givens rerun last --set seed=2
      givens rerun last --worktree
    """
    asked = Asked(dir, as_json).under(ctx)
    again = rerun(open_asked(asking(asked.store()), ref), overrides=overrides, where=where)
    if asked.as_json:
        results = {name: [repr(was), repr(now)] for name, (was, now) in again.results.items()}
        found = {"run": again.after.id, "repeats": again.before.id, "exit_code": again.launched.exit_code}
        print_json({**found, "diff": diff_json(again.difference), "inputs": again.inputs, "results": results})
        ctx.exit(again.launched.exit_code)
    complain(f"{again.after.name} is {again.before.name} again: {again.difference.tally()}")
    for line in str(again.difference).splitlines()[:-1]:
        click.echo(one_line(line))
    for sentence in again.inputs:
        click.echo(one_line(sentence))
    for name, (was, now) in again.results.items():
        click.echo(one_line(f"{name}: {was!r} then, {now!r} now"))
    if not again.results:
        count = len(again.before.summary)
        click.echo(f"{counted(count, 'result')} {'is' if count == 1 else 'are'} the same")
    ctx.exit(again.launched.exit_code)
