"""``givens scrub``."""

from __future__ import annotations

import sys

import click

from ..api.changes.scrubbing import ScrubPlan, scrub_of
from ..configs.explanation import one_line
from ..errors import UsageError
from .amounts import counted
from .completion import complete_run
from .edit_output import chosen_runs, edit_options, say_unknown, sure
from .options import Asked, dir_option, json_option
from .progress import progress
from .selection import project_option, where_option
from .terminal import complain, console, print_json, print_line, print_table, table, text

_LISTED = 40
_LONGEST_BYTES = 1 << 20


@click.command("scrub")
@click.argument("runs", nargs=-1, metavar="[RUN]...", shell_complete=complete_run)
@where_option
@project_option
@click.option("--key", "keys", multiple=True, metavar="PATTERN", help="What stands under these keys: dsn, 'db.*'.")
@click.option(
    "--value-from-file",
    "files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False),
    help="The text in this file, wherever it stands.",
)
@click.option("--value-from-stdin", "from_stdin", is_flag=True, help="The text that is read from standard input.")
@click.option("--yes", is_flag=True, help="Do not ask before it is done.")
@edit_options
@dir_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    runs: tuple[str, ...],
    filter: tuple[str, ...],
    project: str | None,
    keys: tuple[str, ...],
    files: tuple[str, ...],
    from_stdin: bool,
    yes: bool,
    dry_run: bool,
    note: str | None,
    dir: str | None,
    as_json: bool,
) -> None:
    """Take secrets out of stored runs that were written before a rule knew them.

    Without --key or --value-…, everything that today's rules hide goes ([tool.givens] redact among them): out of values,
    command lines, notes, errors, patches, notebook cells, edits, packs, heads, saved views and the trash. With --key, what
    stands under these keys goes, whatever it is; with --value-from-file, a text, wherever it stands. Without RUN and
    --where, the whole store is meant.

    What goes is shown first, without the values, and then asked for: a scrub cannot be undone. Copies of the store hold
    it still. When one is merged in later, no command shows it, and `givens scrub` cleans its files.

    \b
    Examples:
      givens scrub --dry-run
      givens scrub --key dsn --key 'tracker.*'
      givens scrub --where 'run.user == "ada"' --key licence_code --yes
      givens scrub --value-from-file old-token.txt
    """
    asked = Asked(dir, as_json).under(ctx)
    store = asked.store()
    chosen = chosen_runs(runs, filter, project, all=True)
    texts = [_text_of(file) for file in files]
    if from_stdin:
        texts.append(_from_stdin(yes=yes or dry_run))
    with progress("looking through the store") as told:
        scrub = scrub_of(store, chosen=chosen, keys=keys, texts=texts, progress=told)
        plan = scrub.plan(told)
    say_unknown(scrub.unknown, (filter,))
    if dry_run or plan.is_empty:
        _print(plan, as_json=asked.as_json)
        return
    if not yes and not asked.as_json:
        _print(plan, as_json=False)
    if not sure(_question(plan), yes=yes):
        return
    with progress("scrubbing"):
        done = scrub.do(note)
    _print(done, as_json=asked.as_json)


def _text_of(file: str) -> str:
    try:
        with open(file, "rb") as opened:
            content = opened.read(_LONGEST_BYTES + 1)
        return _one_text(content.decode(), file)
    except (OSError, ValueError) as error:
        problem = getattr(error, "strerror", None) or "it is no text"
        raise UsageError(
            f"--value-from-file {file}: {problem}", "give a file that holds the text and nothing else"
        ) from error


def _from_stdin(*, yes: bool) -> str:
    if sys.stdin.isatty():
        return _one_text(str(click.prompt("Text to take out", hide_input=True, err=True)), "standard input")
    if not yes:
        raise click.UsageError("with --value-from-stdin nobody can be asked. Say --yes, or --dry-run")
    return _one_text(sys.stdin.read(_LONGEST_BYTES + 1), "standard input")


def _one_text(content: str, place: str) -> str:
    """One text: the newline at its end is the file's."""
    if len(content) > _LONGEST_BYTES:
        raise UsageError(f"{place}: longer than 1 MiB", "give the text and nothing else")
    return content.removesuffix("\n").removesuffix("\r")


def _question(plan: ScrubPlan) -> str:
    what = counted(len(plan.runs), "run") if plan.runs else counted(plan.files, "file") if plan.files else "the store"
    return one_line(f"Take this out of {what}? It cannot be undone.")


def _print(plan: ScrubPlan, *, as_json: bool) -> None:
    if as_json:
        print_json(plan.to_json())
        return
    out = console()
    if plan.is_empty:
        print_line(out, "nothing to scrub")
    made = table("", "runs", "times", right=(1, 2))
    places = plan.places
    for place, (runs, times) in list(places.items())[:_LISTED]:
        made.add_row(text(one_line(place)), text(str(runs)), text(str(times)))
    if places:
        print_table(out, made)
    if len(places) > _LISTED:
        print_line(out, text(f"and {len(places) - _LISTED} more places (--json has all)", "dim"))
    for what, count in plan.others.items():
        print_line(out, text(f"{what}: {count}"))
    if not plan.is_empty:
        _tally(plan)
    for left in plan.left:
        complain(f"left as it is: {left}")
    for problem in plan.unreadable:
        complain(f"not looked into: {problem}")


def _tally(plan: ScrubPlan) -> None:
    out = console()
    what = f"{counted(len(plan.runs), 'run')}, {counted(plan.files, 'file')}"
    if not plan.done:
        print_line(out, text(f"would scrub {what}", "dim"))
        return
    said = f" (edit {plan.edit_id[:8]})" if plan.edit_id else ""
    print_line(out, text(f"scrubbed {what}{said}", "dim"))
    print_line(out, "what was exposed should be revoked; backups and copies of the store hold it still")
