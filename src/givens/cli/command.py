"""``givens command``: what a run was given, in a form to give it again."""

from __future__ import annotations

import click

from ..api.stored.opening import open_asked
from ..launch.forms import FORMS, MEANINGS, left_out
from .completion import complete_run
from .indexed import asking
from .options import Asked, dir_option, json_option
from .terminal import complain, print_json, write_exact


@click.command()
@click.argument("ref", metavar="RUN", default="last", shell_complete=complete_run)
@click.option(
    "--as",
    "form",
    type=click.Choice(list(FORMS)),
    default="argv",
    help="The form: " + ", ".join(f"{name} ({meaning})" for name, meaning in MEANINGS.items()) + ".",
)
@dir_option
@json_option
@click.pass_context
def command(ctx: click.Context, ref: str, form: str, dir: str | None, as_json: bool) -> None:
    """Print what a run was given, in a form in which it can be given again.

    \b
    Examples:
      givens command last
      givens command last --as yaml > best.yaml
      givens command calm-otter --as overrides
    """
    asked = Asked(dir, as_json).under(ctx)
    run = open_asked(asking(asked.store()), ref)
    text = FORMS[form](run)
    if asked.as_json:
        print_json({"run": run.id, "form": form, "text": text})
    else:
        write_exact(f"{text}\n")
    for sentence in left_out(run, form):
        complain(sentence)
