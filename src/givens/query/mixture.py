"""Keys that hold values of several kinds: some runs store a number where others store a text. They are kept apart, and said."""

from __future__ import annotations

import json

from ..index.schema import FALSE, FLOAT, INFINITE, INT, NAN, NULL, STR, TRUE
from .finding import Question
from .nodes import Key, Operand
from .varying import sample_of
from .words import operand_text

#: kind -> what people call it, in the order in which sorting puts them
_FAMILIES: dict[str, tuple[int, ...]] = {
    "a number": (INT, FLOAT, INFINITE, NAN),
    "text": (STR,),
    "True or False": (FALSE, TRUE),
    "something else": (),
}
_OF_KIND = {kind: name for name, kinds in _FAMILIES.items() for kind in kinds}


def mixture_of(question: Question, operand: Operand) -> str | None:
    """A sentence about a key whose values are of several kinds; None where there is nothing to say. None counts as no kind.

    Args:
        question: which runs; of very many, a sample is looked at.
        operand: what they are sorted or grouped by.
    """
    if not isinstance(operand, Key):
        return None
    places = [question.places.config(operand.path)] if operand.scope != "summary" else []
    places += question.places.summary(operand.path) if operand.scope != "config" else []
    there = [place for place in places if place.keys]
    if not there:
        return None
    runs, sampled = sample_of(question)
    place = there[0]
    rows = question.connection.execute(
        f"SELECT p.kind, count(*) FROM json_each(?) b JOIN {place.table} p ON p.run = b.value AND {place.at_key.text} "
        "GROUP BY p.kind",
        (json.dumps(runs), *place.at_key.bound),
    )
    counts: dict[str, int] = {}
    for kind, count in rows:
        if kind != NULL:
            family = _OF_KIND.get(kind, "something else")
            counts[family] = counts.get(family, 0) + count
    if len(counts) < 2:
        return None
    said = ", ".join(f"{name} in {counts[name]}" for name in _FAMILIES if name in counts)
    among = f" of {len(runs)} runs looked at" if sampled else " runs"
    return f"{operand_text(operand)} is {said}{among}: 128 and '128' are not the same, and stand apart"
