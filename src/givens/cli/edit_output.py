"""What the commands that change stored runs have in common: their options, and how they say what they did."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any

import click

from ..api.changes.edit_plans import EditPlan
from ..api.changes.edit_targets import Chosen
from ..codec import Redaction
from ..query.known import UnknownKey
from ..query.nodes import Node
from .selection import carets_below, read_words
from .terminal import complain, console, print_json, print_line, text

_LISTED = 20


def edit_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--dry-run`` and ``--note``."""
    command = click.option("--note", metavar="WHY", help="Why, for those who look at the edit later.")(command)
    return click.option("--dry-run", is_flag=True, help="Say what would change, and write nothing.")(command)


def chosen_runs(
    refs: tuple[str, ...],
    filter: tuple[str, ...],
    project: str | None = None,
    *,
    empty: bool = False,
    all: bool = False,
) -> Chosen:
    """The runs that the command line means.

    Args:
        refs: runs that are named.
        filter: the words of ``--where``.
        project: only runs of this project.
        empty: only runs without results.
        all: where nothing says which, every run is meant.

    Raises:
        FilterSyntaxError: the filter does not read.
        click.UsageError: nothing says which.
    """
    if not (refs or filter or project is not None or empty or all):
        raise click.UsageError(
            "no runs are named: name them, or say which with --where FILTER", click.get_current_context()
        )
    node: Node | None = read_words(filter) if filter else None
    return Chosen(refs, node, project, empty)


def print_plan(plan: EditPlan, *, as_json: bool, named: Iterable[Iterable[str]] | None = None) -> None:
    """What was changed, or would be; and the keys that were named and that no run has.

    Args:
        plan: the changes.
        as_json: as JSON.
        named: the words that name keys: of the filter, and of each option; None: they were spoken of before.
    """
    if as_json:
        print_json(plan.to_json())
    else:
        out = console()
        *changes, tally = plan.lines(_LISTED)
        for line in changes:
            print_line(out, line)
        print_line(out, text(tally, "dim"))
    for problem in plan.problems:
        complain(f"not moved: {problem}")
    if named is not None:
        say_unknown(plan.unknown, named)


def say_unknown(unknown: Iterable[UnknownKey], named: Iterable[Iterable[str]]) -> None:
    """Say which keys no run has, each with the place where it was named."""
    below = carets_below(unknown, named, Redaction())
    for key in unknown:
        complain(key, below.get(str(key), ()))


def sure(question: str, *, yes: bool) -> bool:
    """Ask before something that a slip of the finger should not do; without a terminal there is nobody to ask.

    Raises:
        click.UsageError: nobody can be asked, and ``--yes`` was not given.
    """
    if yes:
        return True
    if not sys.stdin.isatty():
        raise click.UsageError(f"{question} Say --yes where nobody can be asked")
    return click.confirm(question, err=True)


def pair_of(word: str, option: str) -> tuple[str, str]:
    """The two sides of ``key=value``; a quoted key may hold a ``=``.

    Raises:
        click.UsageError: there is no ``=``.
    """
    at, quoted = 0, False
    while at < len(word) and (quoted or word[at] != "="):
        if quoted and word[at] == "\\":
            at += 1
        elif word[at] == '"':
            quoted = not quoted
        at += 1
    if not 0 < at < len(word):
        raise click.UsageError(f"{option} {word}: expected KEY=…")
    return word[:at], word[at + 1 :]
