"""A question in one call: which runs pass a filter, and how many."""

from __future__ import annotations

from collections.abc import Iterable

from .asked import Asked
from .finding import NEWEST_FIRST, Question, ids_of
from .nodes import EVERYTHING, Node
from .sorting import SortKey


def find_ids(
    index: Asked,
    node: str | Node = EVERYTHING,
    sort: str | Iterable[str] | tuple[SortKey, ...] = NEWEST_FIRST,
    *,
    limit: int | None = None,
    offset: int = 0,
    project: str | None = None,
    now_s: float | None = None,
) -> list[str]:
    """The ids of the runs that pass a filter, in order.

    Args:
        index: where to look.
        node: a filter as text or as a tree.
        sort: sort keys; the newest first without.
        limit: at most so many; None for all.
        offset: how many to pass over.
        project: only runs of this project.
        now_s: the present, in seconds since the epoch; None: the clock's.

    Raises:
        FilterSyntaxError: filter or sort key do not read.
    """
    question = Question(index, node, project=project, now_s=now_s)
    return ids_of(index, question.runs(sort, limit=limit, offset=offset))


def count(
    index: Asked, node: str | Node = EVERYTHING, *, project: str | None = None, now_s: float | None = None
) -> int:
    """How many runs pass a filter.

    Raises:
        FilterSyntaxError: the filter does not read.
    """
    return Question(index, node, project=project, now_s=now_s).count()
