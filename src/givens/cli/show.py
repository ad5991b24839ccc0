"""``givens show``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..api.shapes import full_run_json
from ..api.stored.elsewhere import ends_of_logs, queue_of
from ..api.stored.opening import open_asked
from ..api.stored.run_cells import cells_of
from ..api.stored.run_facts import is_library_default, is_scrubbed, leaf_marks, run_facts, touched_words
from ..api.stored.stored_run import StoredRun
from ..configs.explanation import explain_section, local_time, one_line, shown_value
from ..keys import format_path
from ..records.change import MISSING
from ..records.durations import duration_text
from .completion import complete_run
from .indexed import asking
from .options import Asked, dir_option, json_option
from .terminal import (
    STATE_STYLES,
    complain,
    console,
    print_json,
    print_line,
    print_lines,
    print_table,
    state_words,
    table,
    text,
    value_width,
    width_of,
    write_content,
    write_exact,
)

if TYPE_CHECKING:
    from rich.console import Console

_VALUE_WIDTH = 60
_WORTH_FOLDING = 3
_BRIEF_BELOW = 80  # columns
_MARKS_WIDTH = 20  # longer ones are cut like the rest


@click.command("show")
@click.argument("run", default="last", shell_complete=complete_run)
@click.option("--all", "show_all", is_flag=True, help="Also the flags that libraries define themselves.")
@click.option("--log", is_flag=True, help="Only the end of the files that its output goes to.")
@click.option("--cells", is_flag=True, help="Only the cells of the notebook that it was made in.")
@click.option("--patch", is_flag=True, help="Only what its code had beyond the commit, as `git apply` takes it.")
@click.option("-n", "count", type=click.IntRange(min=1), default=20, show_default=True, help="Lines of these files.")
@dir_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    run: str,
    show_all: bool,
    log: bool,
    cells: bool,
    patch: bool,
    count: int,
    dir: str | None,
    as_json: bool,
) -> None:
    """Show one run: what it was given, where each value came from, and what came of it.

    RUN is an id, the first letters of an id, a name, or one of `last` (which is what you get without it), `last~2`
    (two before it), `max:val_acc`, `min:loss`, `best:loss` (by the result's declared goal).

    \b
    Examples:
      givens show
      givens show calm-otter-k7f2
      givens show max:val_acc
      givens show last --log -n 50
      givens show last --patch > what-ran.patch
      givens show last --json | jq .config
    """
    asked = Asked(dir, as_json).under(ctx)
    record = open_asked(asking(asked.store()), run)
    if log:
        _print_logs(record, count, as_json=asked.as_json)
        return
    if cells:
        _print_cells(record, as_json=asked.as_json)
        return
    if patch:
        _print_patch(record, as_json=asked.as_json)
        return
    if asked.as_json:
        print_json(full_run_json(record))
        return
    out = console()
    print_line(
        out,
        text(record.name, "bold"),
        "  ",
        text(state_words(record, queue_of([record])), STATE_STYLES.get(record.state, "")),
    )
    facts = list(run_facts(record))
    width = max(len(name) for name, _ in facts)
    for name, fact in facts:
        # not a table: a command or a path that is cut cannot be copied
        print_line(out, "  ", text(name.ljust(width), "dim"), "  ", fact)
    _print_config(out, record, show_all=show_all)
    _print_results(out, record)
    _print_reads(out, record)
    _print_sessions(out, record)
    _print_children(out, record)
    _print_ranks(out, record)
    if record.error:
        _head(out, "error")
        for line in record.error.rstrip().splitlines():
            print_line(out, "  ", text(line, "red"))
    for problem in record.problems:
        complain(problem)


def _print_logs(run: StoredRun, count: int, *, as_json: bool) -> None:
    """The end of the files that a run's output goes to: where a scheduler started it, its log."""
    logs = ends_of_logs(run.logs, count)
    if as_json:
        print_json({"run": run.id, "logs": [log._asdict() for log in logs]})
        return
    out = console()
    if not logs:
        print_line(out, one_line(f"{run.name} did not write its output into a file"))
    for log in logs:
        print_line(out, text(log.path, "dim"))
        for line in log.lines:
            print_line(out, one_line(line))
        if log.problem is not None:
            complain(f"{log.path}: {log.problem}")


def _print_cells(run: StoredRun, *, as_json: bool) -> None:
    """The cells that were run in its notebook, as they were typed."""
    found = cells_of(run)
    if as_json:
        print_json({"run": run.id, "cells": found})
    elif found is None:
        complain(f"{run.name} was not made in a notebook")
    else:
        write_exact(found)


def _print_patch(run: StoredRun, *, as_json: bool) -> None:
    """What its tracked files had beyond the commit; on stderr why that may not be what ran."""
    found = run.patch
    if as_json:
        print_json({"run": run.id, "commit": run.git.commit, "patch": found})
    elif found is None:
        why = "it ran outside of git" if run.git.commit is None else "no uncommitted changes were kept"
        complain(f"{run.name}: {why}")
    else:
        write_content(found)
    said = run.surroundings.get("patch")
    if isinstance(said, dict) and not said.get("complete"):
        complain(
            f"{run.name}: this is not the whole of it: secrets, binary files or the end of a long one are left out"
        )
    touched = touched_words(run)
    if touched:
        complain(f"{run.name}: {touched}")


def _head(out: Console, name: str) -> None:
    print_line(out)
    print_line(out, text(name, "bold"))


_NOTHING = [("", "")] * 3


def _print_config(out: Console, run: StoredRun, *, show_all: bool) -> None:
    whole = explain_section(run.folded.state, ())
    folded = {leaf.path for leaf in whole.inside if is_library_default(leaf)}
    if show_all or len(folded) < _WORTH_FOLDING:
        folded = set()
    _head(out, "config")
    if not whole.inside:
        print_line(out, "  nothing was given")
        return
    rows: list[list[tuple[str, str]]] = []
    above: tuple[object, ...] = ()
    for leaf in whole.inside:
        if leaf.path in folded:
            continue
        section = leaf.path[:-1]
        shared = next(
            (at for at, (a, b) in enumerate(zip(section, above, strict=False)) if a != b), min(len(section), len(above))
        )
        for depth in range(shared, len(section)):
            rows.append([("  " * depth + one_line(format_path(section[depth : depth + 1])), ""), *_NOTHING])
        above = section
        scrubbed = "scrubbed" if is_scrubbed(run, leaf.path) else ""
        marks = ", ".join(filter(None, (leaf_marks(leaf, brief=out.width < _BRIEF_BELOW), scrubbed)))
        rows.append(
            [
                ("  " * len(section) + one_line(format_path(leaf.path[-1:])), ""),
                (one_line(shown_value(leaf.value, value_width(out, _VALUE_WIDTH))), ""),
                (one_line(leaf.origin or "unknown"), "dim"),
                (one_line(marks), "yellow"),
            ]
        )
    are_short = all(width_of(row[3][0]) <= _MARKS_WIDTH for row in rows)
    print_lines(out, rows, [False] * 4, indent=2, keep=frozenset({3}) if are_short else frozenset())
    if folded:
        print_line(
            out,
            "  ",
            text(f"and {len(folded)} flags that libraries define, at their defaults (--all shows them)", "dim"),
        )


def _print_results(out: Console, run: StoredRun) -> None:
    results = run.folded.state.results
    if not results:
        return
    _head(out, "results")
    made = table("", "last", "min", "at step", "max", "at step", right=(1, 2, 3, 4, 5))
    for name, found in results.items():
        if found.last is MISSING and found.min is None:
            continue
        ends = [(found.min, found.min_step), (found.max, found.max_step)] if found.count else [(None, None)] * 2
        cells = [bit for value, step in ends for bit in ("" if value is None else repr(value), _step(step))]
        last = "" if found.last is MISSING else shown_value(found.last, value_width(out, _VALUE_WIDTH))
        made.add_row(text(name), text(last), *map(text, cells))
    print_table(out, made, indent=2)


def _step(step: object) -> str:
    return "" if step is None else str(step)


def _print_reads(out: Console, run: StoredRun) -> None:
    """Keys that were given and never read, and what was asked for and never given."""
    reads = run.reads
    if reads is None or not (reads.unread or reads.asked):
        return
    _head(out, "reads")
    for given, asked in reads.meant:
        print_line(out, text(f"  {one_line(given)} was given and never read, {one_line(asked)} read and never given"))
    if reads.unread:
        print_line(out, "  never read: ", one_line(", ".join(reads.unread)))
    if reads.asked:
        listed = ", ".join(f"{name} ({how})" for name, how in reads.asked)
        print_line(out, "  never given: ", one_line(listed))


def _print_sessions(out: Console, run: StoredRun) -> None:
    """The sessions of a resumed run, each with what differs from the one before."""
    found = run.differing_sessions()
    if len(found) < 2:
        return
    _head(out, "sessions")
    several = len({session.host for session, _ in found}) > 1
    made = table("", "began", "took", "", "on" if several else "", right=(0, 2))
    for session, _ in found:
        lasted = "" if session.lasted_s is None else duration_text(session.lasted_s)
        style = STATE_STYLES.get(session.ended, "")
        made.add_row(
            *(text(str(session.number)), text(local_time(session.began_at)), text(lasted)),
            *(text(session.ended, style), text(session.host or "" if several else "")),
        )
    print_table(out, made, indent=2)
    for session, rows in found:
        for row in rows:
            before, now = (shown_value(cell, value_width(out, _VALUE_WIDTH)) for cell in row.cells)
            print_line(out, f"  session {session.number}: {format_path(row.path)} {before} → {now}")


def _print_children(out: Console, run: StoredRun) -> None:
    differing = run.differing_children()
    if not differing:
        return
    _head(out, "forked children")
    for child, rows in differing:
        alive = {True: "running", False: "ended", None: ""}[child.alive]
        pid = f"pid {child.pid}" if child.pid is not None else child.writer
        print_line(out, f"  {pid} {alive}".rstrip(), "" if rows else ", with the run's configuration")
        for row in rows:
            own, theirs = (shown_value(cell, value_width(out, _VALUE_WIDTH)) for cell in row.cells)
            print_line(out, f"    {format_path(row.path)}: {theirs}, not {own}")
        for name, found in child.results.items():
            times = f", logged {found.count} times" if found.count > 1 else ""
            print_line(out, f"    result {one_line(name)}: {shown_value(found.last, _VALUE_WIDTH)}{times}")


def _print_ranks(out: Console, run: StoredRun) -> None:
    if not run.ranks:
        return
    _head(out, "ranks")
    states = dict.fromkeys(record.state or "unknown" for record in run.ranks)
    launcher = run.ranks[0].launcher
    by = f", started by {launcher}" if launcher else ""
    print_line(out, f"  rank 0 and {len(run.ranks)} more{by}: {', '.join(states)}")
    for record, rows in run.differing_ranks():
        for row in rows:
            own, theirs = (shown_value(cell, value_width(out, _VALUE_WIDTH)) for cell in row.cells)
            print_line(out, f"  rank {record.rank} differs in {format_path(row.path)}: {theirs}, not {own}")
        if record.unreadable:
            print_line(out, f"  rank {record.rank}: {record.unreadable} lines of {record.journal} cannot be read")
