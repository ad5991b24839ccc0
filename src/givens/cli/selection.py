"""Which runs a command is about: words of a filter, and the options that are short for parts of one."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import click

from ..api.asking import Asking
from ..api.loosening import loosened
from ..api.run_table import RunTable
from ..codec import Redaction
from ..errors import FilterSyntaxError, UnknownKeyWarning
from ..errors.asking import pointed
from ..query.known import UnknownKey, unknown_among
from ..query.nodes import EVERYTHING, Compare, Node, RunField, joined
from ..query.nodes import operands as named_in
from ..query.operands import Misfit
from ..query.parser import parse_operand
from ..query.shorthand import lumped_words, parse_words, place_in_words
from ..query.typing_rules import fitting
from .completion import complete_filter, complete_project
from .options import Asked
from .terminal import complain, console, print_line


class Selection(NamedTuple):
    """Runs, as the command line names them.

    Args:
        node: the filter.
        project: only runs of this project.
        now_s: when it was asked, in seconds since the epoch.
        words: the filter's, as the shell gave them.
    """

    node: Node
    project: str | None
    now_s: float
    words: tuple[str, ...] = ()

    def table(self, asking: Asking) -> RunTable:
        """The runs."""
        return RunTable(asking, self.node, project=self.project, now_s=self.now_s)

    def carets(self, asking: Asking, *named: str) -> dict[str, tuple[str, ...]]:
        """What is said of a key that no run has -> the words that name it, and carets under the key.

        Args:
            asking: where the runs are.
            named: what is named besides the filter: keys to group by, columns, results.
        """
        operands = [*named_in(self.node), *map(parse_operand, named)]
        unknown = asking.ask(lambda index: unknown_among(operands, index, self.project))
        return carets_below(unknown, [self.words, *((name,) for name in named)], asking.redaction)


def carets_below(
    unknown: Iterable[UnknownKey], words: Iterable[Iterable[str]], redaction: Redaction
) -> dict[str, tuple[str, ...]]:
    """What is said of each key that no run has -> the words that name it, and carets under the key.

    Args:
        unknown: the keys.
        words: where they may stand: words of a filter, one key, ``KEY=…``.
        redaction: what is not shown.
    """
    found: dict[str, tuple[str, ...]] = {}
    texts = [tuple(each) for each in words]
    for key in unknown:
        place = next(filter(None, (_place(key, each) for each in texts)), None)
        lines = () if place is None else pointed(*place)
        if lines and redaction.text(lines[0]) == lines[0]:  # else the place would be another one
            found[redaction.text(str(key))] = tuple(f"  {line.expandtabs(1)}" for line in lines)
    return found


def _place(key: UnknownKey, words: tuple[str, ...]) -> tuple[str, int, int] | None:
    try:
        return place_in_words(key.operand, words)
    except FilterSyntaxError:  # the key of an option, which need not read as a filter
        return None


def filter_argument(command: Callable[..., Any]) -> Callable[..., Any]:
    """``[FILTER]...``: the parameter ``filter``."""
    return click.argument("filter", nargs=-1, metavar="[FILTER]...", shell_complete=complete_filter)(command)


def where_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--where``, for commands whose words are something else: the parameter ``filter``."""
    return click.option(
        "--where",
        "filter",
        multiple=True,
        metavar="FILTER",
        help="Only runs that pass, as in `givens ls`; may be repeated.",
        shell_complete=complete_filter,
    )(command)


def project_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--project``."""
    return click.option(
        "--project", metavar="NAME", help="Only runs of this project.", shell_complete=complete_project
    )(command)


def narrowing_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--mine``, ``--failed``, ``--since`` and ``--project``."""
    command = project_option(command)
    command = click.option("--since", metavar="WHEN", help="Begun since then: 2h, yesterday, 2026-03-01.")(command)
    command = click.option("--failed", is_flag=True, help="Only runs that failed or were lost.")(command)
    return click.option("--mine", is_flag=True, help="Only runs of your own.")(command)


def selected(
    words: tuple[str, ...],
    project: str | None = None,
    *,
    mine: bool = False,
    failed: bool = False,
    since: str | None = None,
) -> Selection:
    """What the words and options mean.

    Raises:
        FilterSyntaxError: one of them does not read.
    """
    now_s = time.time()
    parts = [read_words(words, now_s)]
    if mine:
        from ..capture.entry import user

        parts.append(Compare(RunField("user"), "==", user()))
    if failed:
        parts.append(Compare(RunField("state"), "in", ("failed", "lost")))
    if since is not None:
        parts.append(_since(since, now_s))
    parts = [part for part in parts if part != EVERYTHING]
    return Selection(joined("and", parts) if parts else EVERYTHING, project, now_s, words)


def read_words(words: tuple[str, ...], now_s: float | None = None) -> Node:
    """``parse_words``; what reads as one text and looks like several conditions is said.

    Raises:
        FilterSyntaxError: a word does not read.
    """
    node = parse_words(words, now_s=now_s)
    for sentence in lumped_words(words):
        complain(sentence)
    return node


def _since(when: str, now_s: float) -> Node:
    found: Compare | Misfit = Misfit("", "")
    for text in (when, f"{when} ago"):  # `--since 2h` is what one types
        found = fitting(RunField("created"), ">=", text, now_s)
        if isinstance(found, Compare):
            return found
    raise FilterSyntaxError(when, 0, len(when), f"no time: {when}", "as in --since 2h, yesterday or 2026-03-01")


@contextmanager
def without_warnings() -> Iterator[None]:
    """Keys that no run has are said by the command itself, in its own way."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UnknownKeyWarning)
        yield


def say_nothing_found(asked: Asked, asking: Asking, chosen: Selection, form: str | None = None) -> None:
    """An empty answer, said: the filter in words, and what to loosen. On stderr where a program reads the answer."""
    found = asking.ask(
        lambda index: loosened(index, chosen.node, asking.redaction, project=chosen.project, now_s=chosen.now_s)
    )
    of_project = f" of project {chosen.project}" if chosen.project else ""
    if not found.total and not chosen.project:
        lines = [f"no runs in {asking.store.path} yet"]
    elif not found.total:
        lines = [f"no runs{of_project} in {asking.store.path}; `givens ls` lists those of every project"]
    elif chosen.node == EVERYTHING:
        lines = [f"{found.total} runs{of_project}, and nothing to show"]
    else:
        lines = [f"no run{of_project} where {found.said} ({found.total} runs in all)"]
        lines += [f"  {sentence}" for sentence in found.unknown]
        lines += [f"  without `{part}`: {_runs(count)}" for part, count in found.without]
        lines += [f"  `{part}` alone: {_runs(count)}" for part, count in found.alone if count]
        if not found.unknown and not all(isinstance(each, RunField) for each in named_in(chosen.node)):
            lines.append("  `givens keys` shows which values there are")
    carets = chosen.carets(asking) if found.unknown else {}
    out = console()
    for line in lines:
        below = carets.get(line.strip(), ())
        if asked.as_json or form is not None:
            complain(line.strip(), below)
        else:
            for each in (line, *(f"  {caret}" for caret in below)):
                print_line(out, each)


def _runs(count: int) -> str:
    return "1 run" if count == 1 else f"{count} runs"
