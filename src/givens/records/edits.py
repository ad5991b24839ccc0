"""Edits: what was changed in runs afterwards, laid over their folds. Pure, like the fold itself.

One command writes one event, ``edit``, whose member ``e`` says which runs get which steps:
``[[[run, …], [step, …]], …]``. A step is a list that begins with its verb (``VERBS``). Values are stored as they came
out, run by run where they differ, so that reading an edit needs no rule that might change.

An ``undo`` names one earlier event, an edit or an undo, which then has no effect.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ..keys import Path, format_path, from_json, key_of
from .change import MISSING, Change
from .encoded import Tree, copied, plant
from .events import RUN_ID, Event
from .origin import Origin
from .state import RunState, path_below, unit_of

#: verb -> what the step holds besides, and does
VERBS: dict[str, str] = {
    "set": "path, value, and a note where there is more to say (retyped from str): the value now stands there",
    "delete": "path: nothing stands there any more",
    "rename": "path, new path: the value stands at the new path",
    "lossy": "path, reason: the value set there could not be kept exactly",
    "name": "text: the run's name",
    "notes": "text, or null for none: the run's notes",
    "tag": "[tags that come], [tags that go]",
    "remove": "the run is hidden from everything; its files lie in trash/",
    "restore": "it is there again",
}

Identity = tuple[str, int]  #: an event: its writer, and its number within that writer
_SHOWN_ID = 8


class RunEdit(NamedTuple):
    """What one event does to one run.

    Args:
        writer: id of the command that wrote it.
        n: the event's number within that writer.
        at: UTC time, as in the journal.
        user: who ran the command, where that is known.
        steps: in order.
    """

    writer: str
    n: int
    at: str
    user: str | None
    steps: tuple[list[Any], ...]

    @property
    def order(self) -> tuple[str, str, int]:
        """Edits are laid over a run in this order, whichever file was read first."""
        return self.at, self.writer, self.n


def run_steps(event: Event) -> dict[str, list[list[Any]]]:
    """Run id -> its steps, of one ``edit`` event. What is not of that shape is left out."""
    found: dict[str, list[list[Any]]] = {}
    pairs = event.get("e")
    for pair in pairs if type(pairs) is list else ():
        if type(pair) is not list or len(pair) != 2 or type(pair[0]) is not list or type(pair[1]) is not list:
            continue
        steps = [step for step in pair[1] if type(step) is list and step and type(step[0]) is str]
        for run_id in pair[0]:
            if type(run_id) is str and RUN_ID.fullmatch(run_id):
                found.setdefault(run_id, []).extend(steps)
    return found


def undo_target(event: Event) -> Identity | None:
    """The event that an ``undo`` names."""
    of = event.get("of")
    if type(of) is list and len(of) == 2 and type(of[0]) is str and type(of[1]) is int and 0 <= of[1] < 2**63:
        return of[0], of[1]
    return None


def undone(undos: Mapping[Identity, Identity]) -> set[Identity]:
    """The events without effect: an undo that has an effect names them.

    An undo of an undo brings the first event back, and so on. Clocks do not matter, so that two machines that disagree
    about the time agree about this. Undos that name each other in a circle, which nobody writes, have no effect.

    Args:
        undos: undo -> the event that it names.
    """
    undecided = Counter(undos.values())  # by how many undos a thing is named that may still turn out to have an effect
    ready = [undo for undo in undos if not undecided[undo]]
    gone: set[Identity] = set()
    while ready:
        undo = ready.pop()
        target = undos[undo]
        if undo not in gone:
            gone.add(target)
        undecided[target] -= 1
        if not undecided[target] and target in undos:
            ready.append(target)
    return gone


def is_removed(edits: Iterable[RunEdit]) -> bool:
    """Whether a run is removed after its edits, given in order: the last word counts."""
    removed = False
    for edit in edits:
        for step in edit.steps:
            if step[0] in ("remove", "restore"):
                removed = step[0] == "remove"
    return removed


def apply_edits(state: RunState, edits: Iterable[RunEdit]) -> None:
    """Lay edits over a folded run, in their order.

    What they change is in the history, with the value before and an origin of the kind ``edit``. The configuration as
    it settled, which the fingerprint is made of, is edited as well. A step that does not fit the run does nothing.

    Args:
        state: the fold of the run's journal; changed in place.
        edits: those that have an effect, in any order.
    """
    settled = state.settled if state.settled is not None and state.settled is not state.config else None
    for edit in sorted(edits, key=lambda each: each.order):
        for step in edit.steps:
            _take(state, step, edit)
            if settled is not None:
                aside = RunState(state.read_blob)
                aside.config = settled
                _take_value(aside, step, edit)


def _take(state: RunState, step: list[Any], edit: RunEdit) -> None:
    verb, *rest = step
    if verb == "name" and rest and type(rest[0]) is str:
        state.meta["name"] = rest[0]
    elif verb == "notes" and rest and (rest[0] is None or type(rest[0]) is str):
        state.meta["notes"] = rest[0]
    elif verb == "tag" and len(rest) == 2 and all(type(tags) is list for tags in rest):
        known = state.meta["tags"] if "tags" in state.meta else (state.start or {}).get("tags")
        kept = [tag for tag in known if tag not in rest[1]] if type(known) is list else []
        state.meta["tags"] = [*kept, *(tag for tag in rest[0] if tag not in kept)]
    elif verb == "lossy" and len(rest) == 2 and _is_path(rest[0]):
        state.lossy[from_json(rest[0])] = str(rest[1])
    else:
        _take_value(state, step, edit)


def _take_value(state: RunState, step: list[Any], edit: RunEdit) -> None:
    """One step that concerns the configuration."""
    verb, *rest = step
    if not rest or not _is_path(rest[0]):
        return
    path = from_json(rest[0])
    event: Event = {"n": edit.n, "t": edit.at}
    if verb == "set" and len(rest) > 1:
        state._exact_again(path)
        origin = edit_origin(edit, rest[2] if len(rest) > 2 and type(rest[2]) is str else None)
        state._put(path, plant(rest[1]), origin, event, edit.writer, layering=False, finer={})
    elif verb == "delete":
        state._exact_again(path)
        state._remove(path, edit_origin(edit), event, edit.writer)
    elif verb == "rename" and len(rest) > 1 and _is_path(rest[1]):
        _rename(state, path, from_json(rest[1]), edit)


def _rename(state: RunState, old: Path, new: Path, edit: RunEdit) -> None:
    value = value_at(state, old)
    if value is MISSING or old == new or unit_of(old) != old or unit_of(new) != new:
        return  # what stands inside a list has no name
    value, event = copied(value), {"n": edit.n, "t": edit.at}
    moved = {(*new, *leaf[len(old) :]): why for leaf, why in state.lossy.items() if leaf[: len(old)] == old}
    state._exact_again(old)
    state._remove(old, edit_origin(edit, f"renamed to {format_path(new)}"), event, edit.writer)
    state._exact_again(new)
    came = edit_origin(edit, f"renamed from {format_path(old)}")
    state._put(new, value, came, event, edit.writer, layering=False, finer={})
    state.lossy.update(moved)
    for path, text in list(state.descriptions.items()):
        if path == old or path_below(path, old):
            state.descriptions.setdefault((*new, *path[len(old) :]), text)


def value_at(state: RunState, path: Path) -> Any:
    """What stands at a path, also inside a list; MISSING when there is nothing."""
    holder = state._at(path[:-1])
    try:
        return holder[key_of(path[-1])] if type(holder) in (Tree, list) else MISSING
    except (KeyError, IndexError, TypeError):
        return MISSING


def _is_path(parts: object) -> bool:
    return (
        type(parts) is list
        and bool(parts)
        and all(
            type(part) in (str, int) or (type(part) is list and len(part) == 1 and type(part[0]) is int)
            for part in parts
        )
    )


def edit_origin(edit: RunEdit, note: str | None = None) -> Origin:
    """The origin of what an edit put in place: which command, whose, and how."""
    said = [bit for bit in (note, f"by {edit.user}" if edit.user else None) if bit]
    return Origin("edit", name=edit.writer[:_SHOWN_ID], note=", ".join(said) or None)


def last_edit(changes: Iterable[Change]) -> Change | None:
    """The last change of a key that an edit made; None when no edit touched it."""
    found = None
    for change in changes:
        if change.origin.kind == "edit":
            found = change
    return found
