"""``givens history``."""

from __future__ import annotations

import sys

import click

from ..api.stored.course import Course, changes_grid, course_grid, course_of
from ..api.stored.opening import open_asked
from ..api.stored.run_facts import is_of, scrub_words
from ..api.stored.stored_run import StoredRun
from ..errors import MissingKeyError
from ..keys import as_path
from .completion import complete_key_or_metric, complete_run
from .grid_output import print_grid
from .indexed import asking
from .options import Asked, dir_option, format_options
from .terminal import console, print_line, text

_BARS = "▁▂▃▄▅▆▇█"
_PLAIN_BARS = "_.-=+*#%"
_NAMED = 8


@click.command("history")
@click.argument("run", default="last", shell_complete=complete_run)
@click.argument("key", required=False, shell_complete=complete_key_or_metric)
@click.option(
    "-n", "count", type=click.IntRange(min=1), default=20, show_default=True, help="Points of a metric shown."
)
@click.option("--all", "show_all", is_flag=True, help="Every point of a metric.")
@dir_option
@format_options
@click.pass_context
def command(
    ctx: click.Context, run: str, key: str | None, count: int, show_all: bool, dir: str | None, form: str | None
) -> None:
    """What changed in a run, oldest first: every value that a key had, or the course of a metric.

    Without KEY, the changes of all keys after the config had been put together; with it, every value of that key or
    section. The name of a metric gives what was logged, step by step. The formats for programs have every point.

    \b
    Examples:
      givens history last
      givens history last lr
      givens history max:val_acc val_acc
      givens history last val_acc --csv
    """
    asked = Asked(dir, form == "json").under(ctx)
    form = "json" if asked.as_json else form
    index = asking(asked.store())
    record = open_asked(index, run)
    course = None if key is None else course_of(record, key, index)
    if course is None:
        _print_changes(record, key, form)
    elif form is not None:
        print_grid(course_grid(course), form)
    else:
        _print_course(course, None if show_all else count)


def _print_changes(record: StoredRun, key: str | None, form: str | None) -> None:
    try:
        grid = changes_grid(record, key)
    except MissingKeyError as error:
        keys, results = [name for name in error.known if isinstance(name, str)], list(record.folded.state.results)
        hint = "; ".join((f"it has: {_few(keys)}", f"results: {_few(results)}"))
        raise MissingKeyError(error.key, error.where, [*keys, *results], hint) from None
    empty = (
        f"{record.name}: no value changed after it was given; `givens explain {record.id}` says where each came from"
    )
    print_grid(grid, form, empty=empty, keep=3)
    if form is None:
        for scrub in record.scrubs:
            if key is None or is_of(scrub, as_path(key)):
                print_line(console(), text(f"scrubbed {scrub_words(scrub)}", "dim"))


def _few(names: list[str]) -> str:
    return f"{', '.join(names[:_NAMED])}{', …' if len(names) > _NAMED else ''}" if names else "none"


def _print_course(course: Course, count: int | None) -> None:
    out = console()
    print_line(out, text(course.title, "bold"))
    line = _spark([point.number for point in course.points], min(out.width, 72))
    if line:
        print_line(out, line)
    print_grid(course_grid(course, most=count), None, keep=2)


def _spark(numbers: list[float | None], width: int) -> str:
    """The course as a line of bars; empty for fewer than three numbers, or all the same."""
    there = [number for number in numbers if number is not None]
    if len(there) < 3 or max(there) == min(there):
        return ""
    bars = _BARS if (sys.stdout.encoding or "").lower().startswith("utf") else _PLAIN_BARS
    low, high = min(there), max(there)
    width = min(width, len(there))
    picked = [there[len(there) * at // width] for at in range(width)]
    # the difference of two huge numbers may be beyond a float: halves are not
    span = high / 2 - low / 2
    return "".join(bars[min(int((number / 2 - low / 2) / span * len(bars)), len(bars) - 1)] for number in picked)
