"""All runs that pass a filter, in an order, at once: for a table that is scrolled, where each page would cost a sort.

The order is that of ``query.sorting``. Where one key with rows of its own is sorted by, its rows are read in order out of
the index, so that nothing is sorted that an index has sorted already.
"""

from __future__ import annotations

from array import array

from ...index.schema import FALSE, NULL, STR, TRUE
from ...query.finding import Question
from ...query.fragments import membership
from ...query.nodes import EVERYTHING, Metric
from ...query.sorting import Course, SortKey, course_of

_NO_LIMIT = 1 << 62
_EXACT = 2.0**53  #: from here on two ints may be one float


def order_of(question: Question, keys: tuple[SortKey, ...], most: int | None = None) -> array[int]:
    """The index's numbers of the runs that pass, in order.

    Args:
        question: which runs.
        keys: the order.
        most: only so many are needed; more may come.
    """
    course = course_of(keys, question.places)
    if course is None or not question.is_broad():
        return array("q", question.runs(keys, limit=most))
    # what a filter leaves of the first ones cannot be known before it is asked
    return array("q", _along(question, course, keys[0], most if question.node == EVERYTHING else None))


def is_walked(question: Question, keys: tuple[SortKey, ...]) -> bool:
    """Whether the first runs are found without looking at all of them."""
    course = course_of(keys, question.places)
    if course is None or not question.is_broad():
        return False
    if course.keys is None:
        return True
    at = membership("key", course.keys)
    there = f"SELECT 1 FROM {course.table} WHERE {at.text} AND {course.column} IS NOT NULL LIMIT 1"
    return question.connection.execute(there, at.bound).fetchone() is not None


def _along(question: Question, course: Course, key: SortKey, most: int | None) -> list[int]:
    ask, turn = question.connection.execute, " DESC" if key.descending else ""
    end = "" if most is None else f" LIMIT {most:d}"
    if course.table == "run":
        whole = f"SELECT run FROM run ORDER BY created_s IS NULL, created_s{turn}, run{turn}{end}"
        found = [run for (run,) in ask(whole)]
        return _passing(question, found)
    at = membership("key", course.keys or ())
    column = course.column
    numbers = f"SELECT run FROM {course.table} WHERE {at.text} AND {column} IS NOT NULL ORDER BY {column}{turn}"
    if column == "num" and _has_huge(question, course):  # of equal floats, what stands beside tells ints apart
        numbers += f", txt{turn}"
    found = [run for (run,) in ask(f"{numbers}, run{turn}{end}", at.bound)]
    if most is not None and len(found) >= most:
        return found
    if not isinstance(key.operand, Metric):
        rank = f"CASE kind WHEN {STR} THEN 1 WHEN {FALSE} THEN 2 WHEN {TRUE} THEN 2 WHEN {NULL} THEN 4 ELSE 3 END"
        others = (
            f"SELECT run FROM {course.table} WHERE {at.text} AND num IS NULL "
            f"ORDER BY {rank}, kind = {TRUE}{turn}, txt{turn}, run{turn}{end}"
        )
        found += [run for (run,) in ask(others, at.bound)]
    if most is not None and len(found) >= most:
        return found
    known = set(found)
    every = (run for (run,) in ask(f"SELECT run FROM run ORDER BY run{turn}"))
    found += [run for run in every if run not in known]
    return _passing(question, found)


def _has_huge(question: Question, course: Course) -> bool:
    """Whether some number is beyond 2^53: read off the ends of the index."""
    at = membership("key", course.keys or ())
    ends = [
        question.connection.execute(
            f"SELECT num FROM {course.table} WHERE {at.text} AND num IS NOT NULL ORDER BY num{turn} LIMIT 1", at.bound
        ).fetchone()
        for turn in ("", " DESC")
    ]
    return any(end is not None and abs(end[0]) >= _EXACT for end in ends)


def _passing(question: Question, runs: list[int]) -> list[int]:
    if question.node == EVERYTHING:
        return runs
    passing = set(question.listed(limit=_NO_LIMIT))
    return [run for run in runs if run in passing]
