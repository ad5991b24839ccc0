"""Comparing runs of one store, however many: the page's form of ``diff``."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from ...configs.comparison import EQUAL, compare
from ...errors import UsageError
from ...index import Index
from ...index.texts import unescape
from ...keys import KeyPath, covered
from ...query.finding import Question
from ...query.nodes import Metric
from ...query.operands import result_name
from ...query.results import declared_goal
from ...query.words import operand_text
from ...records.change import MISSING
from ..asking import Asking
from ..difference import Diff, Side, facts_of
from ..formats.cell_text import best_of
from ..grid import RESULT, Column
from ..stored.opening import find_ids, open_by_id

_WHOLE = 100  #: runs that are opened with all that is known of them; of more, the index has the configs


class ResultLine(NamedTuple):
    """One result of the runs compared: its name, a text for each, and which of them is the best.

    Where better means something for a metric that was logged, its extreme has a line before that of its last values, and the
    best is marked there, as in the table of runs.
    """

    name: str
    cells: tuple[str | None, ...]
    best: frozenset[int]


class Compared(NamedTuple):
    """Runs compared.

    Args:
        diff: the comparison, the baseline first; what patterns cover is left out.
        ids: the runs, in its order.
        patterns: what was left out.
        ignored: how many keys that differ are left out.
        results: what came of them.
    """

    diff: Diff
    ids: tuple[str, ...]
    patterns: tuple[str, ...]
    ignored: int
    results: tuple[ResultLine, ...]

    @property
    def baseline(self) -> str:
        """The run the others are held against."""
        return self.ids[0]

    @property
    def notes(self) -> tuple[str, ...]:
        """What is left out of the comparison of very many runs."""
        if len(self.ids) <= _WHOLE:
            return ()
        return (
            f"of more than {_WHOLE} runs, code, command and packages are not compared, nor is marked what was edited",
        )


def compared(
    asking: Asking, refs: tuple[str, ...], *, baseline: str | None, patterns: tuple[str, ...], show_all: bool
) -> Compared:
    """Compare runs.

    Args:
        asking: the store's index.
        refs: references to runs, ranges among them.
        baseline: which of them the others are held against; None: the first.
        patterns: keys to leave out.
        show_all: show equal keys as well.

    Raises:
        UsageError: fewer than two.
        RunNotFoundError, AmbiguousRunError: a reference.
    """
    ids = list(dict.fromkeys(run_id for ref in refs for run_id in find_ids(asking, ref)))
    if baseline is not None:
        first = find_ids(asking, baseline)[0]
        ids = [first, *(run_id for run_id in ids if run_id != first)]
    if len(ids) < 2:
        raise UsageError("one run", "name two or more to compare")
    sides = _sides(asking, ids)
    rows = compare([side.tree for side in sides])
    kept = [row for row in rows if not covered(row.path, patterns)] if patterns else rows
    hidden = sum(row.status != EQUAL for row in rows) - sum(row.status != EQUAL for row in kept)
    diff = Diff(tuple(sides), tuple(kept), tuple(facts_of(tuple(sides))), show_all, hidden)
    return Compared(diff, tuple(ids), patterns, hidden, _results(asking, ids))


def _sides(asking: Asking, ids: list[str]) -> list[Side]:
    if len(ids) <= _WHOLE:
        runs = [open_by_id(asking.store, run_id) for run_id in ids]
        return [Side(run.name, run.folded.state.config, run) for run in runs]

    def asked(index: Index) -> list[Side]:
        from ..overview import listed

        return [Side(run.name, run.config, None) for run in listed(index, ids, 0.0)]

    return asking.ask(asked)


def _results(asking: Asking, ids: list[str]) -> tuple[ResultLine, ...]:
    from ..formats.cell_text import bare_cell
    from ..overview import listed

    def line(name: str, values: list[Any], goal: str | None) -> ResultLine:
        cells = tuple(None if value is MISSING else bare_cell(value, Column(name, RESULT), 80) for value in values)
        return ResultLine(name, cells, _best(values, goal))

    runs = {run.id: run for run in asking.ask(lambda index: listed(index, ids, 0.0))}
    names = dict.fromkeys(name for run in runs.values() for name in run.results)
    aims = asking.ask(lambda index: {name: declared_goal(Question(index), name, asking.goals) for name in names})
    reached = asking.ask(lambda index: _extremes(index, ids, {name: goal for name, goal in aims.items() if goal}))
    declared, others = [], []
    for name in names:
        goal, ends = aims[name], reached.get(name, {})
        values = [runs[run_id].results.get(name, MISSING) if run_id in runs else MISSING for run_id in ids]
        if goal and ends:
            extremes = [ends.get(run_id, MISSING) for run_id in ids]
            declared.append(line(operand_text(Metric(goal, name)), extremes, goal))
            others.append(line(name, values, None))
        else:
            (declared if goal else others).append(line(name, values, goal))
    return (*declared, *others)


def _extremes(index: Index, ids: list[str], aims: dict[str, str]) -> dict[str, dict[str, float]]:
    """What was reached of metrics that were logged: name -> id of a run -> its least or greatest value."""
    found: dict[str, dict[str, float]] = {}
    rows = index.connection.execute(
        "SELECT k.path, run.id, s.low, s.high FROM json_each(?) b JOIN run ON run.id = b.value "
        "JOIN summary s ON s.run = run.run JOIN key k ON k.key = s.key WHERE s.low IS NOT NULL AND s.high IS NOT NULL",
        (json.dumps(ids),),
    )
    for path, run_id, low, high in rows:
        name = result_name(tuple(KeyPath.parse(unescape(path))))
        if name in aims:
            found.setdefault(name, {})[run_id] = low if aims[name] == "min" else high
    return found


def _best(values: list[Any], goal: str | None) -> frozenset[int]:
    return frozenset() if goal is None else best_of(values, goal)
