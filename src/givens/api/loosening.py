"""Why no run passes a filter: which of its conditions nobody fulfils, and what would be left without each."""

from __future__ import annotations

from typing import NamedTuple

from ..codec import Redaction
from ..index import Index
from ..query.compiling import conjuncts
from ..query.finding import Question
from ..query.known import unknown_keys
from ..query.nodes import EVERYTHING, Node, joined
from ..query.veiling import veiled
from ..query.words import filter_text, sentence

_MOST = 8  #: conditions that are tried


class Way(NamedTuple):
    """One condition left out: what it is in words, how many runs pass then, and the filter that is left."""

    said: str
    runs: int
    filter: str


class Loosened(NamedTuple):
    """What could be asked instead of a filter that no run passes.

    Args:
        said: the filter in words.
        total: how many runs there are at all.
        unknown: a sentence for each key that no run has.
        without: a condition in words, and how many runs pass when it is left out; the most telling first.
        alone: a condition in words, and how many runs pass it by itself.
        ways: the same as ``without``, with the filters that are left.
    """

    said: str
    total: int
    unknown: tuple[str, ...]
    without: tuple[tuple[str, int], ...]
    alone: tuple[tuple[str, int], ...]
    ways: tuple[Way, ...] = ()


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

    every = conjuncts(node)
    parts = every[:_MOST]
    ways: list[Way] = []
    if len(every) > 1:
        for at, part in enumerate(parts):
            rest = [other for place, other in enumerate(every) if place != at]
            left = count(joined("and", rest))
            if left:
                ways.append(Way(said(part), left, filter_text(joined("and", rest))))
    alone = () if ways else tuple((said(part), count(part)) for part in parts)
    unknown = tuple(redaction.text(str(each)) for each in unknown_keys(node, index, project))
    ways.sort(key=lambda way: -way.runs)
    without = tuple((way.said, way.runs) for way in ways)
    return Loosened(said(node), count(EVERYTHING), unknown, without, alone, tuple(ways))
