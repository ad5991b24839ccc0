"""``givens explain``."""

from __future__ import annotations

import click

from ..api.shapes import explanation_json
from ..api.stored.opening import open_asked
from ..configs.explanation import explain_section
from .completion import complete_key, complete_run
from .indexed import asking
from .options import Asked, dir_option, json_option
from .terminal import console, is_whole, print_json, write_out


@click.command("explain")
@click.argument("run", shell_complete=complete_run)
@click.argument("key", required=False, shell_complete=complete_key)
@dir_option
@json_option
@click.pass_context
def command(ctx: click.Context, run: str, key: str | None, dir: str | None, as_json: bool) -> None:
    """Explain one value of a run: where it came from, and every value it replaced, newest first.

    KEY is a path such as `lr`, `model.depth`, `labels{0}` or `"a.b".c`. A section's name lists what is in it; without
    KEY every value of the run is listed with its origin. RUN is as for `givens show`.

    \b
    Examples:
      givens explain last lr
      givens explain max:val_acc model.depth --json
      givens explain calm-otter-k7f2
    """
    asked = Asked(dir, as_json).under(ctx)
    record = open_asked(asking(asked.store()), run)
    explanation = record.explain(key) if key is not None else explain_section(record.folded.state, ())
    if asked.as_json:
        print_json(explanation_json(explanation))
        return
    write_out(f"{explanation.text(whole=is_whole(console()))}\n")
