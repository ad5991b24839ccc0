"""What questions over many runs are answered with: the rows as records, and the same as a table that can be shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Generic, NamedTuple, TypeVar, overload

from ..configs.explanation import shown_value
from ..index.texts import escape, unescape
from ..keys import KeyPath, format_path
from ..query.duplicates import DuplicateSet, Near, Nearest
from ..query.grouping import Group, Grouped, Pivot
from ..query.importance import Importance, KeyImportance
from ..query.nodes import Key
from ..query.parser import parse_operand
from ..query.results import name_of_result
from ..query.table import RunQuery
from ..query.varying import Varying, VaryingKey
from ..records.change import MISSING
from .exports import Exports
from .formats.cell_text import encoded_number
from .formats.records import python_value
from .grid import LABELS, NUMBER, RESULT, TEXT, VALUE, Column, Grid

Record = TypeVar("Record")
_OF_RUNS = ("best run", "ids")


class Answer(Exports, Generic[Record]):
    """An answer: its records by ``len``, iteration and index; the same as a table by ``grid`` and the exports.

    Args:
        records: what was found.
        shown: the table.
        found: the answer as the query room gave it, with what is true of all of it.
    """

    __slots__ = ("_shown", "found", "records")

    def __init__(self, records: tuple[Record, ...], shown: Grid, found: Any = None) -> None:
        self.records = records
        self.found = found
        self._shown = shown

    def __len__(self) -> int:
        return len(self.records)

    def __iter__(self) -> Iterator[Record]:
        return iter(self.records)

    @overload
    def __getitem__(self, at: int) -> Record: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Record, ...]: ...
    def __getitem__(self, at: int | slice) -> Record | tuple[Record, ...]:
        return self.records[at]

    def grid(self, *, limit: int | None = None) -> Grid:
        """The answer as a table.

        Args:
            limit: rows at most; None for all.
        """
        return self._shown.first(limit)

    @property
    def notes(self) -> tuple[str, ...]:
        """What has to be known of the answer: the method, what was left out."""
        return self._shown.notes


class GroupOfRuns(NamedTuple):
    """Runs that are equal in the keys of a grouping.

    Args:
        values: key -> the value these runs have; a key that they do not have is not in it, None is.
        runs: how many there are.
        scored: how many of them have a finite number as metric.
        mean: of the metric; None where no run has it.
        sd: its sample standard deviation; None for fewer than two.
        best: the least or greatest, by the goal.
        best_id: the run that has it.
    """

    values: dict[str, Any]
    runs: int
    scored: int
    mean: float | None
    sd: float | None
    best: float | None
    best_id: str | None


class PivotRow(NamedTuple):
    """One row of a pivot.

    Args:
        value: what its runs have for the key down; None also where they do not have it, which ``missing`` tells.
        missing: they do not have the key.
        cells: a group for each value across; None where there is no run.
    """

    value: Any
    missing: bool
    cells: tuple[Group | None, ...]


VaryingKeys = Answer[VaryingKey]
Groups = Answer[GroupOfRuns]
PivotTable = Answer[PivotRow]
KeyImportances = Answer[KeyImportance]
Duplicates = Answer[DuplicateSet]
NearestRuns = Answer[Near]


def varying_answer(found: Varying, asked: str) -> VaryingKeys:
    """The keys in which runs differ."""
    rows = tuple((format_path(key.path), key.runs, "yes" if key.mixed else "no") for key in found.keys)
    notes = [f"{found.constant} further keys are the same in all runs"] if found.constant else []
    if found.sampled:
        notes.append(f"sampled: found from {found.looked_at} runs; a key that differs in few may be missing")
    columns = (Column("key"), Column("runs", NUMBER), Column("mixed", TEXT, "several types"))
    return Answer(found.keys, Grid("keys that vary", columns, rows, tuple(notes), asked=asked), found)


def groups_answer(found: Grouped, asked: str) -> Groups:
    """Groups of runs, the best mean first."""
    keys = tuple(Column(key, VALUE, missing="missing") for key in found.keys)
    columns = (*keys, Column("runs", NUMBER))
    rows = []
    records = []
    for group in found.groups:
        row = (*group.values, group.runs)
        if found.metric is not None:
            row += (
                *(encoded_number(number) for number in (group.mean, group.sd, group.best)),
                group.best_id or MISSING,
            )
        rows.append(row)
        values = {
            column.name: python_value(value, column)
            for column, value in zip(keys, group.values, strict=True)
            if value is not MISSING
        }
        records.append(GroupOfRuns(values, *group[1:]))
    notes: list[str] = []
    best: frozenset[tuple[int, int]] = frozenset()
    if found.metric is not None:
        columns += (
            Column("mean", RESULT),
            Column("sd", RESULT, "± sd"),
            Column("best", RESULT, f"best ({found.goal})" if found.is_said else found.goal),
            Column("best run", TEXT, "" if found.is_said else f"run with {found.goal}"),
        )
        notes.append(f"mean and sample standard deviation of {found.metric}")
        unscored = sum(group.runs - group.scored for group in found.groups)
        if unscored:
            notes.append(f"{_without(unscored, found.metric)} and count{'s' if unscored == 1 else ''} only under runs")
        scored = [group.mean for group in found.groups if group.mean is not None]
        if not found.is_said and scored:
            notes.append(undeclared(found.metric))
        elif found.is_said and len(set(scored)) > 1:
            best = frozenset({(0, len(keys) + 1)})
    grid = Grid("groups", columns, tuple(rows), tuple(notes), best=best, asked=asked)
    return Answer(tuple(records), grid, found)


def pivot_answer(found: Pivot, asked: str) -> PivotTable:
    """The mean of a metric by two keys."""
    down = Column(found.down, VALUE, missing="missing")
    across = tuple(
        Column(f"{found.across} = {shown_value(value)}" if value is not MISSING else f"{found.across} missing", RESULT)
        for value in found.columns
    )
    rows = tuple(
        (value, *(MISSING if group is None else encoded_number(group.mean) for group in groups))
        for value, groups in zip(found.rows, found.cells, strict=True)
    )
    records = tuple(
        PivotRow(None if value is MISSING else python_value(value, down), value is MISSING, groups)
        for value, groups in zip(found.rows, found.cells, strict=True)
    )
    means = {
        (at, place + 1): group.mean
        for at, groups in enumerate(found.cells)
        for place, group in enumerate(groups)
        if group is not None and group.mean is not None
    }
    best: frozenset[tuple[int, int]] = frozenset()
    if found.is_said and len(set(means.values())) > 1:
        top = max(means.values()) if found.goal == "max" else min(means.values())
        best = frozenset(place for place, mean in means.items() if mean == top)
    notes = [f"mean of {found.metric}; {found.down} down, {found.across} across"]
    if best:
        notes[0] += f"; best ({found.goal}) is marked"
    cells = [group for groups in found.cells for group in groups if group is not None]
    counts = {group.scored for group in cells if group.scored}
    if len(counts) > 1:
        notes.append(f"a cell is the mean of {min(counts)} to {max(counts)} runs (in JSON: counts)")
    unscored = sum(group.runs - group.scored for group in cells)
    if unscored:
        notes.append(f"{_without(unscored, found.metric)} and {'is' if unscored == 1 else 'are'} in no mean")
    if not found.is_said and means:
        notes.append(undeclared(found.metric))
    return Answer(records, Grid("pivot", (down, *across), rows, tuple(notes), best=best, asked=asked), found)


def _without(runs: int, metric: str) -> str:
    return (
        f"1 run does not have {metric} as a finite number"
        if runs == 1
        else f"{runs} runs do not have {metric} as a finite number"
    )


def undeclared(metric: str) -> str:
    """Why nothing is marked as best."""
    operand = parse_operand(metric)
    # what was found among the results is written with its scope; a bare name is a key of configs
    result = name_of_result(operand) if isinstance(operand, Key) and operand.scope == "summary" else None
    once = "" if result is None else f'; once for all: run.define_metric({result!r}, goal="min")'
    return (
        f"nobody said whether less or more of {result or metric} is better, so nothing is marked as best: --goal min, in "
        f'Python goal="min"{once}'
    )


def counts_of(found: PivotTable) -> list[list[int]]:
    """For each row of a pivot, how many runs each cell across is the mean of."""
    return [[0 if group is None else group.scored for group in row.cells] for row in found]


def importance_answer(found: Importance, asked: str) -> KeyImportances:
    """Which keys explain a metric, with the method, the number of runs and the quality of the fit beside it."""
    columns: tuple[Column, ...] = (
        Column("key"),
        Column("eta2", RESULT, "η²"),
        Column("epsilon2", RESULT, "ε² (less chance)"),
        Column("levels", NUMBER),
    )
    notes = [
        f"of {found.runs} runs{' (a sample)' if found.sampled else ''}: η² is the share of the variance of {found.metric} "
        "that lies between a key's values; each key by itself; association, not cause"
    ]
    if found.forest is not None:
        columns += (Column("forest", RESULT), Column("forest_sd", RESULT, "± sd"))
        notes.append(
            f"forest: by how much R² falls when the key's values are shuffled; the forest's R² is {found.forest.r2:.3g} on "
            f"{found.forest.held_out} runs that it had not seen, learned from {found.forest.learned_from}"
        )
    binned = [format_path(key.path) for key in found.keys if key.binned]
    if binned:
        notes.append(f"numbers put into bins of equally many runs: {', '.join(binned)}")
    rows = tuple(
        (
            format_path(key.path),
            key.eta2,
            key.epsilon2,
            key.levels,
            *((encoded_number(key.forest), encoded_number(key.forest_sd)) if found.forest is not None else ()),
        )
        for key in found.keys
    )
    title = f"importance for {found.metric}"
    return Answer(found.keys, Grid(title, columns, rows, (*notes, *found.notes), asked=asked), found)


def duplicates_answer(
    found: list[DuplicateSet], asked: str, *, replicas: bool, notes: tuple[str, ...] = ()
) -> Duplicates:
    """Sets of runs that were given the same."""
    columns = (Column("runs", NUMBER), Column("ids", LABELS), Column("fingerprint"))
    rows = tuple((len(each.ids), list(each.ids), each.fingerprint[:12]) for each in found)
    title = "replicas" if replicas else "duplicates"
    return Answer(tuple(found), Grid(title, columns, rows, notes, asked=asked), tuple(found))


def named_ids(grid: Grid, names: Mapping[str, str]) -> Grid:
    """For people: ``calm-otter-k7f2 (k7f2m9q8x2)`` where a table of groups or duplicates has ids."""

    def named(cell: Any) -> Any:
        if isinstance(cell, list):
            return [named(each) for each in cell]
        return f"{names[cell]} ({cell})" if isinstance(cell, str) and names.get(cell, cell) != cell else cell

    places = [at for at, column in enumerate(grid.columns) if column.name in _OF_RUNS]
    rows = tuple(tuple(named(cell) if at in places else cell for at, cell in enumerate(row)) for row in grid.rows)
    return grid._replace(rows=rows)


def ids_in(grid: Grid) -> list[str]:
    """The ids in a table of groups or duplicates."""
    places = [at for at, column in enumerate(grid.columns) if column.name in _OF_RUNS]
    cells = [row[at] for row in grid.rows for at in places if row[at] is not MISSING]
    return [each for cell in cells for each in (cell if isinstance(cell, list) else [cell])]


def nearest_answer(found: Nearest, run: str, names: dict[str, str], asked: str) -> NearestRuns:
    """The runs nearest to one."""
    columns = (
        Column("run.id", TEXT, "id"),
        Column("run.name", TEXT, "name"),
        Column("differences", NUMBER),
        Column("keys", LABELS, "differs in"),
    )
    texts = {path: str(KeyPath(path)) for path in {path for near in found.runs for path in near.paths}}
    rows = tuple(
        (near.id, names.get(near.id, near.id), near.differences, [texts[path] for path in near.paths])
        for near in found.runs
    )
    notes = [f"nearest to {run}"]
    if found.certain_to is not None and found.certain_to < 0:
        notes.append("of very many runs that share every value with very many others: nearer ones may be missing")
    elif found.certain_to is not None:
        notes.append(f"of very many runs: none that differs in up to {found.certain_to} keys is missing")
    ids = tuple(near.id for near in found.runs)
    return Answer(found.runs, Grid("nearest runs", columns, rows, tuple(notes), ids=ids, asked=asked), found)


def names_of(query: RunQuery, ids: list[str]) -> dict[str, str]:
    """The names of runs, by id."""
    found = {}
    for each in ids:
        row = query.index.connection.execute("SELECT name FROM run WHERE id = ?", (escape(each),)).fetchone()
        if row is not None and row[0]:
            found[each] = unescape(row[0])
    return found
