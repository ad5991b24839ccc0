"""The values of a key by run, read out of the indices that have them side by side, and groups made of them.

A group over most of a large index looks up each run's keys and its result: a search in a large table each. The indices
of a key have its values in order, so that one pass over them gives a *vector*: for each run number the number of its
value. Vectors are kept as long as the index stays as it is (``index.kept``).
"""

from __future__ import annotations

import json
import math
from array import array
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, compress, repeat
from typing import Any, NamedTuple

from ..index.texts import EXACT_BELOW
from .finding import Question
from .fragments import membership
from .masks import Mask
from .nodes import Key, Metric, Operand
from .sorting import Course, SortKey, course_of

Row = tuple[Any, ...]
_NOTHING = float("nan")


class Vector(NamedTuple):
    """A key by run.

    Args:
        codes: for each run number the place of its value in ``values``.
        values: kind, num and txt of each value; the first is that of runs without the key.
    """

    codes: array[int]
    values: list[Row]


def grouped_by_vector(
    question: Question, operands: Sequence[Operand], scored: Operand | None, goal: str
) -> list[Row] | None:
    """The rows of a grouping, as ``grouping`` has them; None where vectors cannot say, or the runs are few.

    Args:
        question: which runs.
        operands: what to group by.
        scored: what is summed up.
        goal: ``min`` or ``max``.
    """
    courses = [_course(question, operand) for operand in operands]
    scores = None if scored is None else _course(question, scored)
    if not courses or None in courses or (scored is not None and scores is None):
        return None
    mask = question.mask() if question.is_broad() else None
    if mask is None:
        return None
    vectors = [_vector(question, course, mask.length) for course in courses if course is not None]
    if None in vectors:
        return None
    numbers = None if scores is None else _numbers(question, scores, mask.length)
    found = [vector for vector in vectors if vector is not None]
    return [_with_kinds(question, courses, row, len(operands)) for row in _groups(question, found, numbers, mask, goal)]


def _course(question: Question, operand: Operand) -> Course | None:
    """The table and keys of an operand that stands in one table as it is."""
    if not isinstance(operand, Key | Metric):
        return None
    course = course_of((SortKey(operand),), question.places)
    return None if course is None or course.keys is None else course


def _vector(question: Question, course: Course, length: int) -> Vector | None:
    """The values of a key; None where a number has digits that the index of numbers does not."""
    if course.column != "num":
        return None
    kept = question.index.kept()
    found: tuple[Vector | None] | None = kept.get(("vector", course))
    if found is not None:
        return found[0]
    at_key = membership("p.key", course.keys or ())
    large = (
        f"SELECT 1 FROM {course.table} p WHERE {at_key.text} AND p.num IS NOT NULL "
        f"AND (p.num >= {EXACT_BELOW} AND p.num < 9e999 OR p.num <= -{EXACT_BELOW} AND p.num > -9e999) LIMIT 1"
    )
    made = None
    if question.connection.execute(large, at_key.bound).fetchone() is None:
        made = _read(question, course, length)
    kept.put(("vector", course), (made,), 0 if made is None else 4 * length + 200 * len(made.values))
    return made


def _read(question: Question, course: Course, length: int) -> Vector:
    codes, values = array("i", bytes(4 * length)), [(None, None, None)]
    places: dict[Row, int] = {}
    for key in course.keys or ():
        for columns, half in (("NULL, num, NULL", "num IS NOT NULL"), ("kind, num, txt", "num IS NULL")):
            equal = "num" if half == "num IS NOT NULL" else "kind, txt"
            rows = question.connection.execute(
                f"SELECT {columns}, json_group_array(run) FROM {course.table} WHERE key = ? AND {half} GROUP BY {equal}",
                (key,),
            )
            for *value, runs in rows:
                name = tuple(value)
                code = places.get(name)
                if code is None:
                    code = places[name] = len(values)
                    values.append(name)
                deque(map(codes.__setitem__, json.loads(runs), repeat(code)), maxlen=0)
    return Vector(codes, values)


def _numbers(question: Question, course: Course, length: int) -> array[float]:
    """The finite number of each run, else a NaN."""
    kept = question.index.kept()
    found: array[float] | None = kept.get(("numbers", course))
    if found is None:
        found = array("d", [_NOTHING]) * length
        at_key = membership("key", course.keys or ())
        rows = question.connection.execute(
            f"SELECT run, {course.column} FROM {course.table} WHERE {at_key.text} AND {course.column} IS NOT NULL "
            f"AND {course.column} > -9e999 AND {course.column} < 9e999",
            at_key.bound,
        )
        for run, number in rows:
            found[run] = number
        kept.put(("numbers", course), found, 8 * length)
    return found


def _groups(
    question: Question, vectors: list[Vector], numbers: array[float] | None, mask: Mask, goal: str
) -> Iterator[Row]:
    """Codes of each key; runs, scored, sum of differences, of their squares, best, its run, shift."""
    data = mask.by_run
    codes: Iterable[int] = compress(vectors[0].codes, data)
    for vector in vectors[1:]:
        width = len(vector.values)
        codes = [first * width + second for first, second in zip(codes, compress(vector.codes, data), strict=True)]
    members: dict[int, list[int]] = {}
    for code, run in zip(codes, compress(range(mask.length), data), strict=True):
        try:
            members[code].append(run)
        except KeyError:
            members[code] = [run]
    for code, runs in members.items():
        values: list[Row] = []
        for vector in reversed(vectors[1:]):
            code, place = divmod(code, len(vector.values))
            values.append(vector.values[place])
        values.append(vectors[0].values[code])
        yield (*chain.from_iterable(reversed(values)), *_summed(runs, numbers, goal))


def _summed(runs: list[int], numbers: array[float] | None, goal: str) -> Row:
    scores = [] if numbers is None else list(map(numbers.__getitem__, runs))
    found = [score for score in scores if score == score]
    if not found:
        return len(runs), 0, None, None, None, runs[0], 0.0
    mean = _total(found) / len(found)
    best = max(found) if goal == "max" else min(found)
    # the distance between two points is the root of the sum of the squared differences
    apart = math.dist(found, [mean] * len(found))
    return len(runs), len(found), 0.0, apart * apart, best, runs[scores.index(best)], mean


def _total(numbers: list[float]) -> float:
    try:
        return math.fsum(numbers)
    except OverflowError:  # beyond the largest float, where a sum is infinite
        return sum(numbers)


def _with_kinds(question: Question, courses: Sequence[Course | None], row: Row, keys: int) -> Row:
    """A row with the kinds of its numbers, which their index does not have: those that the best run has."""
    cells = list(row)
    best_run = row[3 * keys + 5]
    for at, course in enumerate(courses):
        if course is not None and cells[3 * at + 1] is not None:
            at_key = membership("key", course.keys or ())
            sql = f"SELECT kind FROM {course.table} WHERE run = ? AND {at_key.text}"
            cells[3 * at] = question.connection.execute(sql, (best_run, *at_key.bound)).fetchone()[0]
    return tuple(cells)
