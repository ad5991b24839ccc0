"""The combinations of ``givens run --grid``, one after the other."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import NamedTuple

import click

from ..launch import Asked, Launched, launch
from ..launch.grids import Combination, grid_of, group_of, is_done
from ..launch.kept import note_end
from .terminal import complain, console, print_json, print_line

_INTERRUPTED = 130  # by Ctrl-C, which was meant for all of them


class Grid(NamedTuple):
    """What was asked for.

    Args:
        axes: each ``key=values``.
        only: the number of one combination; None: all of them.
        skip_done: leave out what a finished run has.
        stop: end with the first that fails.
        dry_run: only list them.
    """

    axes: tuple[str, ...]
    only: int | None
    skip_done: bool
    stop: bool
    dry_run: bool


Lead = Callable[[list[str], Asked], tuple[list[str], Asked]]


def run_grid(command: list[str], asked: Asked, grid: Grid, lead: Lead | None = None, *, as_json: bool) -> int:
    """Run the combinations.

    Args:
        command: the program and its arguments.
        asked: what every run is given besides.
        grid: the grid.
        lead: makes the snapshot that all of them run in, and leads command and runs there; asked before the first.
        as_json: print what came of each.

    Returns:
        The exit code of the first that failed; 0.

    Raises:
        UsageError: the grid does not read.
        LaunchError: the command cannot be started.
    """
    points = grid_of(grid.axes)
    asked = asked._replace(group=asked.group or group_of(command, grid.axes))
    if grid.only is not None:
        if grid.only >= len(points):
            raise click.UsageError(f"--index {grid.only}: the grid has {len(points)} combinations, from 0 on")
        chosen = [points[grid.only]]
    else:
        chosen = points
    if grid.dry_run:
        _list(chosen, asked, as_json=as_json)
        return 0
    ended: list[Launched] = []
    results, failed = [], 0
    words, moved = command, asked
    for point in chosen:
        own = asked._replace(overrides=(*asked.overrides, *point.overrides))
        said = {"number": point.number, "overrides": list(point.overrides)}
        if grid.skip_done and done_already(command, own):
            complain(f"{point.number + 1} of {len(points)}: {point}: done already")
            results.append({**said, "skipped": True})
            continue
        complain(f"{point.number + 1} of {len(points)}: {point}")
        if lead is not None and not ended:
            words, moved = lead(command, asked)
        launched = launch(words, moved._replace(overrides=own.overrides))
        ended.append(launched)
        results.append({**said, "run": launched.run_id, "exit_code": launched.exit_code})
        failed = failed or launched.exit_code
        if launched.exit_code == _INTERRUPTED or (failed and grid.stop):
            break
    if moved.snapshot is not None:
        note_end(moved.snapshot, ended)
    if as_json:
        print_json({"group": asked.group, "runs": results})
    return failed


def done_already(command: list[str], asked: Asked) -> bool:
    """Whether a finished run of this command has what is asked for."""
    return is_done(asked.overrides, command, asked.store or os.getcwd())


def _list(points: list[Combination], asked: Asked, *, as_json: bool) -> None:
    if as_json:
        print_json({"group": asked.group, "runs": [point._asdict() for point in points]})
        return
    out = console()
    for point in points:
        print_line(out, f"{point.number:>4}  {point}")
