"""Why no run passes a filter: which of its conditions nobody fulfils, and what would be left without each."""

from __future__ import annotations

from typing import NamedTuple

from ..codec import Redaction
from ..index import Index
from ..query.compiling import conjuncts
from ..query.finding import Question
from ..query.known import check, known_keys
from ..query.nodes import EVERYTHING, Node, joined
from ..query.veiling import veiled
from ..query.words import sentence

_MOST = 8  #: conditions that are tried


class Loosened(NamedTuple):
    """What could be asked instead of a filter that no run passes.

    Args:
        said: the filter in words.
        total: how many runs there are at all.
        unknown: a sentence for each key that no run has.
        without: a condition in words, and how many runs pass when it is left out; the most telling first.
        alone: a condition in words, and how many runs pass it by itself.
    """

    said: str
    total: int
    unknown: tuple[str, ...]
    without: tuple[tuple[str, int], ...]
    alone: tuple[tuple[str, int], ...]


def loosened(index: Index, node: Node, redaction: Redaction, *, project: str | None = None, now_s: float) -> Loosened:
    """What to loosen in a filter.

    Args:
        index: where no run passes it.
        node: the filter.
        redaction: what of it is not said.
        project: only runs of this project were asked for.
        now_s: the present, in seconds since the epoch.
    """

    def count(asked: Node) -> int:
        return Question(index, asked, project=project, now_s=now_s).count()

    def said(part: Node) -> str:
        return sentence(veiled(part, redaction))

    parts = conjuncts(node)[:_MOST]
    without: list[tuple[str, int]] = []
    if len(parts) > 1:
        for at, part in enumerate(parts):
            rest = [other for place, other in enumerate(parts) if place != at]
            left = count(joined("and", rest))
            if left:
                without.append((said(part), left))
    alone = () if without else tuple((said(part), count(part)) for part in parts)
    unknown = (
        tuple(redaction.text(str(each)) for each in check(node, known_keys(index, project)))
        if node != EVERYTHING
        else ()
    )
    without.sort(key=lambda each: -each[1])
    return Loosened(said(node), count(EVERYTHING), unknown, tuple(without), alone)
