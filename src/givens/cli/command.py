"""``givens command``: what a run was given, in a form to give it again."""

from __future__ import annotations

import click

from ..api.opening import open_in
from ..launch.forms import FORMS, MEANINGS
from .options import Asked, dir_option


@click.command()
@click.argument("ref", metavar="RUN", default="last")
@click.option(
    "--as",
    "form",
    type=click.Choice(list(FORMS)),
    default="argv",
    help="The form: " + ", ".join(f"{name} ({meaning})" for name, meaning in MEANINGS.items()) + ".",
)
@dir_option
@click.pass_context
def command(ctx: click.Context, ref: str, form: str, dir: str | None) -> None:
    """Print what a run was given, in a form in which it can be given again.

    \b
    Examples:
      givens command last
      givens command last --as yaml > best.yaml
      givens command calm-otter --as overrides
    """
    asked = Asked(dir, False).under(ctx)
    click.echo(FORMS[form](open_in(asked.store(), ref)))
