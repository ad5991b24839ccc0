"""How a value of one run went: the changes of its config, and the points of a metric; as grids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ...configs.explanation import is_late, one_line
from ...keys import format_path
from ...records.change import MISSING, Change
from ...records.sessions import alike, writers_of
from ...records.times import epoch_s
from ..asking import Asking
from ..formats.cell_text import as_float, finite
from ..grid import NUMBER, TEXT, TIME, VALUE, Column, Grid
from .stored_run import StoredRun

#: action -> what it is called
ACTIONS = {"set": "set", "delete": "deleted", "splice": "list changed", "refused": "refused"}


class CoursePoint(NamedTuple):
    """One logged value.

    Args:
        step: its step, encoded; None without one.
        seconds: since the run's start; None when that is not known.
        value: the value, encoded.
        number: the same as a finite number; None for anything else.
    """

    step: Any
    seconds: float | None
    value: Any
    number: float | None


class Course(NamedTuple):
    """The course of a metric.

    Args:
        run: the run's id.
        label: the run's name.
        name: the metric's.
        points: in the order in which they were logged.
        notes: what a reader has to know.
    """

    run: str
    label: str
    name: str
    points: tuple[CoursePoint, ...]
    notes: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """``calm-otter: val_acc, 100 points, 0.1 to 0.9, last 0.85``."""
        said = [f"{len(self.points)} point{'' if len(self.points) == 1 else 's'}"]
        numbers = [point.number for point in self.points if point.number is not None]
        if numbers:
            said += [f"{min(numbers):.6g} to {max(numbers):.6g}", f"last {numbers[-1]:.6g}"]
        return one_line(f"{self.label}: {self.name}, {', '.join(said)}")


def course_of(run: StoredRun, name: str, asking: Asking) -> Course | None:
    """The course of a metric of a run; None when the run never logged that name.

    Raises:
        StoreError: no index can be made to read it from.
    """
    found = run.folded.state.results.get(name)
    if found is None or not found.count:
        return None
    points = asking.ask(lambda index: index.history(run.id, name))
    notes = asking.notes if len(points) < found.count else ()
    return Course(run.id, run.name, name, tuple(_point(*point) for point in points), notes)


def _point(step: Any, seconds: float | None, value: Any) -> CoursePoint:
    return CoursePoint(step, seconds, value, as_float(finite(value)))


def course_grid(course: Course, *, most: int | None = None) -> Grid:
    """A course as a grid: step, seconds, value.

    Args:
        course: the course.
        most: at most so many points, spread evenly over all, first and last among them; None for all.
    """
    chosen = spread_over(len(course.points), most)
    columns = (Column("step", VALUE), Column("seconds", NUMBER), Column("value", VALUE, course.name))
    rows = tuple(
        (
            MISSING if point.step is None else point.step,
            MISSING if point.seconds is None else point.seconds,
            point.value,
        )
        for point in (course.points[at] for at in chosen)
    )
    return Grid(course.title, columns, rows, course.notes, total=len(course.points))


def courses_grid(runs: Iterable[StoredRun], name: str, asking: Asking) -> Grid:
    """The courses of a metric of several runs under each other: run, step, seconds, value; every point.

    Args:
        runs: the runs; those that never logged the name are left out.
        name: the metric.
        asking: the store's index.
    """
    columns = (
        Column("run.id", TEXT, "id"),
        Column("run.name", TEXT, "name"),
        Column("step", VALUE),
        Column("seconds", NUMBER),
        Column("value", VALUE, name),
    )
    rows: list[tuple[Any, ...]] = []
    notes: list[str] = []
    for run in runs:
        course = course_of(run, name, asking)
        if course is not None:
            rows += ((run.id, run.name, *row) for row in course_grid(course).rows)
            notes += course.notes
    return Grid(f"courses of {one_line(name)}", columns, tuple(rows), tuple(dict.fromkeys(notes)))


def spread_over(count: int, most: int | None) -> list[int]:
    """Places of at most so many things, evenly over ``count`` of them; the first and the last are among them."""
    if most is None or count <= most:
        return list(range(count))
    return [count - 1] if most == 1 else [round(at * (count - 1) / (most - 1)) for at in range(most)]


def changes_grid(run: StoredRun, key: str | None = None) -> Grid:
    """What happened to a key, or to the keys of a section: oldest first.

    Args:
        run: the run.
        key: a key path; None: every change that replaced, removed or failed to replace something.

    Raises:
        MissingKeyError: the key was never given.
    """
    changes = run.history(key)
    if key is None:
        changes = [change for change in changes if change.old is not MISSING or change.action != "set" or change.below]
        if run.folded.state.sessions:  # what a resumed run was given once more, the same, is no change
            changes = [change for change in changes if change.action != "set" or not alike(change.old, change.new)]
    columns = (
        Column("at", TIME, "time"),
        Column("key"),
        Column("what"),
        Column("old", VALUE, "before"),
        Column("new", VALUE, "after"),
        Column("origin", TEXT, "from"),
        Column("note"),
    )
    title = f"{run.name}: changes" + (f" of {key}" if key else "")
    sessions = writers_of(run.folded.state)
    return Grid(one_line(title), columns, tuple(_change_row(change, sessions) for change in changes))


def _change_row(change: Change, sessions: Mapping[str, int]) -> tuple[Any, ...]:
    below = f" at {format_path(change.below)}" if change.below is not None else ""
    note = "after the first log" if is_late(change) else ""
    if change.owner is not None:
        note = f"locked by {change.owner!r}"
    if change.writer in sessions:
        note = ", ".join(bit for bit in (f"session {sessions[change.writer]}", note) if bit)
    at_s = epoch_s(change.at)
    return (
        MISSING if at_s is None else at_s,
        format_path(change.path) + below,
        ACTIONS.get(change.action, change.action),
        change.old,
        change.new,
        str(change.origin),
        note,
    )
