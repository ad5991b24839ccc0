"""Results of runs: which there are, what better means for one, and which run is best."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from ..errors import NoScoreError, UndeclaredGoalError
from ..index.schema import SUMMARY
from ..index.texts import escape, unescape
from ..keys import KeyPath, Path, format_path
from ..records.change import MISSING
from .cells import cells_of
from .finding import Question
from .known import known_keys
from .nodes import Key, Metric, Operand
from .sorting import SortKey

_FEW = 64  # values that are no scores, passed over before giving up


def results_of(question: Question, runs: list[int]) -> list[Path]:
    """The paths of the summary entries that some of these runs have, by name."""
    rows = question.connection.execute(
        "SELECT DISTINCT k.path FROM json_each(?) b JOIN summary s ON s.run = b.value JOIN key k ON k.key = s.key",
        (json.dumps(runs),),
    )
    paths = (tuple(KeyPath.parse(unescape(path))) for (path,) in rows)
    return sorted(paths, key=lambda path: str(KeyPath(path)))


def declared_goal(question: Question, name: str, settings: Mapping[str, str] | None = None) -> str | None:
    """``min`` or ``max``, as a run declared it for a metric, else as the settings have it; None: nobody said.

    Args:
        question: among which runs; of a project that it is limited to, else of any.
        name: the metric.
        settings: metric or pattern -> goal: ``[tool.givens] metrics``.
    """
    project = question.places.project
    rows = question.connection.execute(
        "SELECT project, path, goal FROM key WHERE space = ? AND goal IS NOT NULL", (SUMMARY,)
    ).fetchall()
    said: dict[str, str] = {
        unescape(path): goal for of_project, path, goal in rows if project is None or of_project == project
    }
    path = format_path((name,))
    if path in said:
        return said[path]
    for table in (dict(_names(said)), settings or {}):
        for pattern, goal in table.items():
            if fnmatchcase(name, pattern):
                return goal
    return None


def goal_of_best(question: Question, name: str, settings: Mapping[str, str] | None = None) -> str:
    """``declared_goal``, for an order that needs one.

    Raises:
        NoScoreError: no run has a result of this name.
        UndeclaredGoalError: nobody said which is better.
    """
    goal = declared_goal(question, name, settings)
    if goal is None:
        known = known_keys(question.index, question.places.project).results
        raise UndeclaredGoalError(name) if name in known else NoScoreError(name, "every run", list(known))
    return goal


def _names(said: Mapping[str, str]) -> list[tuple[str, str]]:
    found = ((tuple(KeyPath.parse(path)), goal) for path, goal in said.items())
    return [(path[0], goal) for path, goal in found if len(path) == 1 and isinstance(path[0], str)]


def name_of_result(operand: Operand) -> str | None:
    """The name of the result that an operand looks at; None when it looks at something else."""
    if isinstance(operand, Metric):
        return operand.name
    if isinstance(operand, Key) and operand.scope != "config":
        return ".".join(str(part) for part in operand.path)
    return None


def best_run(question: Question, metric: str, goal: str) -> int | None:
    """The number of the run that reached the greatest (or least) finite value of a result; None: no run has one.

    What counts is the extreme of what was logged, or the summary's value where that is better. Of equal runs it is the
    newest.

    Args:
        question: among which runs.
        metric: the name of a result.
        goal: ``max`` or ``min``.
    """
    operands: list[Operand] = [Metric(goal, metric), Key("summary", (metric,))]
    turn = 1.0 if goal == "max" else -1.0
    found: list[tuple[float, int]] = []
    for operand in operands:
        runs = question.runs((SortKey(operand, descending=goal == "max"),), limit=_FEW)
        cells = cells_of(question.places, runs, [operand], question.now_s)
        scores = ((_score(cell), run) for run, (cell,) in zip(runs, cells, strict=True))
        found += [(turn * score, run) for score, run in scores if score is not None]
    return max(found)[1] if found else None


def _score(cell: Any) -> float | None:
    if cell is MISSING or type(cell) not in (int, float):
        return None
    try:
        number = float(cell)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def run_id(question: Question, run: int) -> str:
    """The id of a run that the index has."""
    (found,) = question.connection.execute("SELECT id FROM run WHERE run = ?", (run,)).fetchone()
    return unescape(found)


def number_of(question: Question, run_id: str) -> int | None:
    """The index's number of a run; None where it has none."""
    row = question.connection.execute("SELECT run FROM run WHERE id = ?", (escape(run_id),)).fetchone()
    return None if row is None else int(row[0])
