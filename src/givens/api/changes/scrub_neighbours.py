"""Secrets that only their neighbours give away: met by folding a run, before anything is taken out of it.

``["--token"]`` and, later, an element beside it; ``{"name": "api_key"}`` and, later, its ``value``; a value whose key was
renamed to ``password``. Written today, they would be hidden because the run knows what stands beside them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...codec.scrub_rules import ScrubRules
from ...index.run_fold import FOREIGN
from ...journal.scrubbed_events import EventScrub, ReadBlob
from ...keys import Path, from_json, key_of
from ...records.edits import RunEdit, apply_edits, value_at
from ...records.encoded import lift
from ...records.events import Event
from ...records.state import RunState

_GIVEN = frozenset(("set", "splice", "refuse", "log", "summary", "edit"))


def meet(rules: ScrubRules, journals: list[list[Event]], edits: Iterable[RunEdit], read_blob: ReadBlob) -> list[str]:
    """Let rules meet every secret of a run.

    Args:
        rules: of this run alone.
        journals: the events of its journals, the first writer's first.
        edits: what was changed afterwards.
        read_blob: gives the content of a large value.

    Returns:
        Texts that are secrets where they stand after all edits, and were none where they were given; the rules take them
        out from now on.
    """
    aside = EventScrub(rules, read_blob)
    made, moved = tuple(edits), list[str]()
    moves = any(step[0] == "rename" for edit in made for step in edit.steps)
    for at, events in enumerate(journals):
        fold = RunState(read_blob)
        folds = moves or any(_is_beside_others(event) for event in events)
        for event in events:
            if event.get("k") in _GIVEN:
                aside.event(event)
            if folds and event.get("k") != "log":
                _fold(rules, fold, event)
        if at == 0 and moves:
            apply_edits(fold, made)
            moved = _moved(rules, fold)
    rules.settled()
    return moved


def _fold(rules: ScrubRules, fold: RunState, event: Event) -> None:
    try:
        fold.apply(event)
        for container, path in _around(fold, event):
            rules.value(lift(container), path)
    except FOREIGN:  # lines that check and hold what no writer of givens writes: no reader shows them
        return


def _is_beside_others(event: Event) -> bool:
    if event.get("k") == "splice":
        return True
    if event.get("k") == "refuse":
        return _needs_neighbours(event["p"])
    return event.get("k") == "set" and any(_needs_neighbours(row[0]) for row in event.get("s", ()))


def _needs_neighbours(path: list[Any]) -> bool:
    return len(path) > 1 and (type(path[-1]) is int or path[-1] in ("value", "name", "key", "variable"))


def _around(fold: RunState, event: Event) -> Iterable[tuple[Any, Path]]:
    """The lists and sections that an event wrote into, as they are now."""
    if event.get("k") == "splice":
        path = from_json(event["p"])
        yield value_at(fold, path), path
    elif event.get("k") == "set":
        for row in event.get("s", ()):
            if _needs_neighbours(row[0]):
                path = from_json(row[0])[:-1]
                yield value_at(fold, path), path
    elif event.get("k") == "refuse" and _needs_neighbours(event["p"]) and "v" in event:
        path = from_json(event["p"])
        container = lift(value_at(fold, path[:-1]))
        key: Any = key_of(path[-1])
        if type(container) is list and type(key) is int and key < len(container):
            yield [*container[:key], event["v"], *container[key + 1 :]], path[:-1]
        elif type(container) is dict:
            yield {**container, key: event["v"]}, path[:-1]


def _moved(rules: ScrubRules, fold: RunState) -> list[str]:
    before = set(rules.redaction.met)
    rules.value(lift(fold.config), ())
    found = [text for text in rules.redaction.met if text not in before]
    for text in found:
        rules.add_text(text)
    return found
