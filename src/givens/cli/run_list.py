"""A list of runs on a terminal: which columns get room, and what is given up where it is short."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..api.column_names import MANY_KEYS, MANY_RESULTS
from ..api.grid import Grid
from ..api.overview import Listed, result_columns, varying_keys
from ..api.stored.elsewhere import queue_of
from ..configs.explanation import local_time, one_line, shown_value
from ..keys import Path, format_path
from ..query.columns import shortest_name
from ..query.nodes import Key
from ..records.change import MISSING
from ..records.durations import duration_text
from .terminal import STATE_STYLES, cut, print_lines, state_words, width_of

if TYPE_CHECKING:
    from rich.console import Console

_CELL_WIDTH = 24
_WHOLE = 1 << 24  # in a pipe
_NAME_WIDTH = 40
_EDITED = "*"
_GAP = 2
_ALWAYS = ("run.id", "run.name", "run.state")  # columns that every list has
_FIRST = 4  # keys and results that have more to say than the time


class Shape(NamedTuple):
    """How a list is to look.

    Args:
        sorted: an order was asked for: the first stands at the top. Otherwise the newest at the bottom.
        columns: those asked for; empty: those that say most.
        is_whole: values and names are not cut, whatever their length.
    """

    sorted: bool = False
    columns: tuple[str, ...] = ()
    is_whole: bool = False


class ListColumn(NamedTuple):
    """One column: its head, its cells in the order of the runs, whether they are numbers, and what it is."""

    head: str
    cells: list[str]
    is_number: bool = False
    kind: str = "key"

    @property
    def width(self) -> int:
        """Characters it takes with the gap behind it."""
        return max(map(width_of, (self.head, *self.cells))) + _GAP


class Columns(NamedTuple):
    """The columns of a list, in the order in which they stand; and keys and results in the order of their worth.

    ``left_out`` counts those that nobody could read any more, however wide the terminal.
    """

    facts: list[ListColumn]
    keys: list[ListColumn]
    results: list[ListColumn]
    wanted: list[ListColumn]
    left_out: int = 0


def columns_of(runs: list[Listed], shape: Shape, grid: Grid | None) -> Columns:
    """The columns of a list.

    Args:
        runs: the runs.
        shape: how it is to look.
        grid: the columns that were asked for; None: none were.
    """
    queue = queue_of(runs)
    most, name_width = (_WHOLE, _WHOLE) if shape.is_whole else (_CELL_WIDTH, _NAME_WIDTH)
    facts = [
        ListColumn("id", [run.id for run in runs], kind="id"),
        ListColumn(
            "name",
            [cut(one_line(run.name), name_width) + _mark(run, "name") for run in runs],
            kind="name",
        ),
        ListColumn("state", [state_words(run, queue) for run in runs], kind="state"),
    ]
    if grid is not None:
        at = {run_id: place for place, run_id in enumerate(grid.ids)}
        shown, right = grid.shown(limit=most), grid.right()
        keys = [
            ListColumn(
                one_line(head),
                [_grid_cell(grid, shown, at[run.id], number) if run.id in at else "" for run in runs],
                number in right,
            )
            for number, head in enumerate(grid.heads)
            if grid.columns[number].name not in _ALWAYS
        ]
        return Columns(facts, keys, [], keys)
    if len({run.project for run in runs}) > 1:
        facts.append(ListColumn("project", [one_line(run.project or "") for run in runs], kind="project"))
    facts.append(ListColumn("created", [local_time(run.created or "")[:16] for run in runs], kind="created"))
    facts.append(
        ListColumn(
            "took", ["" if run.duration_s is None else duration_text(run.duration_s) for run in runs], True, kind="took"
        )
    )
    varying = varying_keys(runs)
    best = sorted(range(len(varying)), key=lambda at: varying[at].rank)[:MANY_KEYS]
    shown_keys = {at: _key_column(varying[at].path, varying[at].cells, runs, most) for at in sorted(best)}
    found = result_columns(runs)
    results = [_result_column(column.path, column.cells, most) for column in found[:MANY_RESULTS]]
    left_out = len(varying) - len(shown_keys) + len(found) - len(results)
    in_turn = _in_turn([shown_keys[at] for at in best], results)
    return Columns(facts, [*shown_keys.values()], results, in_turn, left_out)


def _in_turn(keys: list[ListColumn], results: list[ListColumn]) -> list[ListColumn]:
    """A key and a result in turn, so that neither crowds out the other."""
    turns = []
    for at in range(max(len(keys), len(results))):
        turns += [*keys[at : at + 1], *results[at : at + 1]]
    return turns


def _key_column(path: Path, cells: tuple[object, ...], runs: list[Listed], most: int) -> ListColumn:
    what = f"config.{format_path(path)}"
    shown = [
        "" if cell is MISSING else shown_value(cell, most) + _mark(run, what)
        for cell, run in zip(cells, runs, strict=True)
    ]
    return ListColumn(one_line(shortest_name(Key("config", path))), shown, _are_numbers(cells))


def _grid_cell(grid: Grid, shown: list[tuple[str, ...]], row: int, column: int) -> str:
    return shown[row][column] + (_EDITED if (row, column) in grid.edited else "")


def _mark(run: Listed, what: str) -> str:
    """The mark of what was changed after the run."""
    return _EDITED if what in run.edited else ""


def _result_column(path: Path, cells: tuple[object, ...], most: int) -> ListColumn:
    # a result is compared by eye here; `show` has every digit
    shown = [
        "" if cell is MISSING else f"{cell:.5g}" if type(cell) is float else shown_value(cell, most) for cell in cells
    ]
    return ListColumn(one_line(path[0]), shown, _are_numbers(cells), "result")


def _are_numbers(cells: tuple[object, ...]) -> bool:
    return all(cell is MISSING or type(cell) in (int, float) for cell in cells)


def print_list(out: Console, runs: list[Listed], columns: Columns, shape: Shape) -> list[str]:
    """Print the list; gives lines to stand below it: what was left out."""
    every = [*columns.facts, *columns.keys, *columns.results]
    said = [_hidden(columns.left_out)] if columns.left_out else []
    shown = every
    if sum(column.width for column in every) - _GAP > out.width:
        columns = _abbreviated(columns)
        shown, said = _fitted(columns, out.width, runs)
    order = range(len(runs)) if shape.sorted else range(len(runs) - 1, -1, -1)
    rows = [[(column.head, "bold") for column in shown]]
    for at in order:
        style = STATE_STYLES.get(runs[at].state, "")
        rows.append([(column.cells[at], style if column.kind == "state" else "") for column in shown])
    print_lines(out, rows, [column.is_number for column in shown])
    marked = any(cell.endswith(_EDITED) for column in shown if column.kind in ("key", "name") for cell in column.cells)
    return [*said, f"{_EDITED} edited after the run"] if marked and any(run.edited for run in runs) else said


def _fitted(columns: Columns, width: int, runs: list[Listed]) -> tuple[list[ListColumn], list[str]]:
    """The columns for which there is room, and what to say of the rest."""
    facts = {column.kind: column for column in columns.facts}
    spare = [facts["id"]] if _names_say_the_ids(runs) else []
    states = {run.state for run in runs}
    all_finished = states == {"finished"}
    spare += [facts["state"]] if all_finished else []
    late = [facts[kind] for kind in ("created", "project", "took") if kind in facts]
    kept = [column for column in columns.facts if not any(column is one for one in (*spare, *late))]
    wanted = [*columns.wanted[:_FIRST], *late[:1], *columns.wanted[_FIRST:], *late[1:], *spare]
    room = width - sum(column.width for column in kept) + _GAP
    for column in wanted:
        if column.width <= room:
            kept.append(column)
            room -= column.width
    every = [*columns.facts, *columns.keys, *columns.results]
    shown = [column for column in every if any(column is one for one in kept)]
    gone = len(every) - len(shown) + columns.left_out
    said = []
    if all_finished and not any(column is facts["state"] for column in shown):
        said.append("all finished")
        gone -= 1
    if facts["id"] in spare and not any(column is facts["id"] for column in shown):
        gone -= 1  # the names end in the ids' first letters: nothing is missing
    if gone > 0:
        said.append(_hidden(gone))
    return shown, ["; ".join(said)] if said else []


def _hidden(count: int) -> str:
    return f"{count} more column{'' if count == 1 else 's'} not shown (--cols chooses, --csv has all)"


def _names_say_the_ids(runs: list[Listed]) -> bool:
    """Whether each name ends in its id's first letters, and no two are the same: then the id says nothing more."""
    names = {run.name for run in runs}
    return len(names) == len(runs) and all(_ends_in_id(run) for run in runs)


def _ends_in_id(run: Listed) -> bool:
    end = run.name.rpartition("-")[2]
    return run.name == run.id or (len(end) >= 3 and run.id.startswith(end))


def _abbreviated(columns: Columns) -> Columns:
    """Heads of keys cut down to the end that only they have: ``…schedule.kind``, where the head is what takes the room."""
    heads = [column.head for column in (*columns.keys, *columns.results)]
    short: dict[int, ListColumn] = {}
    for column in columns.keys:
        head = _shortest(column.head, heads)
        if head != column.head and max(map(width_of, column.cells), default=0) < width_of(column.head):
            short[id(column)] = column._replace(head=head)
    return columns._replace(
        keys=[short.get(id(column), column) for column in columns.keys],
        wanted=[short.get(id(column), column) for column in columns.wanted],
    )


def _shortest(head: str, heads: list[str]) -> str:
    if '"' in head:
        return head
    parts = head.split(".")
    for count in range(1, len(parts) - 1 + 1):
        end = ".".join(parts[-count:])
        if count < len(parts) and not any(
            other != head and (other == end or other.endswith(f".{end}")) for other in heads
        ):
            return f"…{end}"
    return head
