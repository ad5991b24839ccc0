"""Scrubs: what was taken out of events that were written earlier. Pure, like the fold itself.

A ``scrub`` event, in a file of ``edits/``, says for single events, known by writer and number, which of their parts are
replaced by what: ``"p": {writer: {n: [[pointer, value], …]}}``. A pointer is the list of members and indices that lead
to a part. It never holds what was taken out. A reader lays it over the event, so that a scrub holds as well for an older
copy that comes back with a merge: of an event that was rewritten already, it changes nothing.

``runs`` says for people what was taken out of which runs: ``{run: [place, …]}``; a place is ``config.`` and a key path,
or a word for another part of the record (``argv``, ``notes``). ``gone`` names large values that were replaced by others.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple, TypeAlias

from .event_shapes import problem_of
from .events import Event

Patch: TypeAlias = "list[Any]"  #: [pointer, value]
Patches: TypeAlias = "dict[int, list[Patch]]"  #: an event's number -> what is replaced in it
Scrubs: TypeAlias = "dict[str, Patches]"  #: writer -> its events

NO_PATCHES: Patches = {}


class RunScrub(NamedTuple):
    """What one command took out of one run.

    Args:
        writer: id of the command.
        at: UTC time, as in the journal.
        user: who ran it, where that is known.
        places: what it was taken out of: ``config.db.password``, ``argv``.
    """

    writer: str
    at: str
    user: str | None
    places: tuple[str, ...]


def scrubs_of(event: Event) -> Scrubs:
    """What one ``scrub`` event replaces. What is not of that shape is left out."""
    found: Scrubs = {}
    said = event.get("p") if event.get("k") == "scrub" else None
    for writer, numbers in said.items() if type(said) is dict else ():
        patches = patches_of(numbers)
        if patches:
            found[writer] = patches
    return found


def patches_of(json: Any) -> Patches:
    """What is replaced in the events of one writer, as JSON says it. What is not of that shape is left out."""
    found: Patches = {}
    for number, patches in json.items() if type(json) is dict else ():
        if number.isascii() and number.isdigit() and len(number) < 20 and type(patches) is list:
            found.setdefault(int(number), []).extend(patch for patch in patches if _is_patch(patch))
    return found


def scrubbed_runs(event: Event) -> dict[str, list[str]]:
    """The runs that a ``scrub`` event concerns, and what was taken out of each."""
    runs = event.get("runs")
    return {
        run: [place for place in places if type(place) is str]
        for run, places in (runs.items() if type(runs) is dict else ())
        if type(places) is list
    }


def gone_blobs(event: Event) -> list[str]:
    """The large values, by their names, that a ``scrub`` event replaced by others."""
    gone = event.get("gone")
    return [name for name in gone if type(name) is str] if type(gone) is list else []


def to_json(scrubs: Scrubs) -> dict[str, Any]:
    """The member ``p`` of an event."""
    return {writer: {str(number): patches for number, patches in each.items()} for writer, each in scrubs.items()}


def name_of_unknown(journal: str) -> str:
    """What stands in place of a writer's id for a journal that has lost its first line, and its writer with it."""
    return f"?{journal}"


def writer_of(first: Event | None, journal: str) -> str:
    """Who wrote a journal, as scrubs call it.

    Args:
        first: its first event; None where that is lost.
        journal: its path below the store.
    """
    writer = first.get("writer") if first is not None and first.get("k") == "start" else None
    if type(writer) is str:
        return writer
    inside = journal.rpartition("/")[2].split(".")
    return inside[-2] if len(inside) > 2 else name_of_unknown(journal)


def effective(events: Iterable[tuple[str, Event]]) -> Scrubs:
    """What several ``scrub`` events replace together. A later one may take something out of an earlier one as well.

    Args:
        events: the events and their writers, in their order.
    """
    found: Scrubs = {}
    for writer, event in reversed(list(events)):
        for each, numbers in scrubs_of(patched(event, found.get(writer, NO_PATCHES))).items():
            held = found.setdefault(each, {})
            for number, patches in numbers.items():
                held[number] = patches + held.get(number, [])
    return found


def patched(event: Event, patches: Patches) -> Event:
    """An event with its parts replaced; the same object where nothing is."""
    number = event.get("n")
    mine = patches.get(number) if type(number) is int else None
    if not mine:
        return event
    out: Any = event
    for pointer, value in mine:
        out = _replaced(out, pointer, 0, value)
    if (
        out is not event and problem_of(out) is not None
    ):  # no scrub of givens makes such a thing: the event says nothing
        return {**{name: out[name] for name in ("n", "t", "dt") if name in out}, "k": "scrubbed"}
    return out  # type: ignore[no-any-return]  # no pointer is empty, so that the event itself stays a dict


def all_patched(events: list[Event], patches: Patches) -> list[Event]:
    """A journal's events with their parts replaced; the same list where nothing is."""
    return [patched(event, patches) for event in events] if patches else events


def differences(old: Any, new: Any, pointer: tuple[Any, ...] = ()) -> list[Patch]:
    """The patches that make one value of another of the same shape; where members differ, the whole is replaced."""
    if old is new:
        return []
    if type(old) is dict and type(new) is dict and old.keys() == new.keys():
        return [patch for key in old for patch in differences(old[key], new[key], (*pointer, key))]
    if type(old) is list and type(new) is list and len(old) == len(new):
        return [
            patch
            for at, (before, after) in enumerate(zip(old, new, strict=True))
            for patch in differences(before, after, (*pointer, at))
        ]
    return [] if type(old) is type(new) and old == new else [[list(pointer), new]]


def _replaced(holder: Any, pointer: list[Any], at: int, value: Any) -> Any:
    """A copy with one part replaced; the same object where there is no such part, or it is that already."""
    part = pointer[at]
    if type(holder) is dict:
        if type(part) is not str or part not in holder:
            return holder
    elif type(holder) is not list or type(part) is not int or not 0 <= part < len(holder):
        return holder
    inside = holder[part]
    new = value if at == len(pointer) - 1 else _replaced(inside, pointer, at + 1, value)
    if new is inside or (type(new) is type(inside) and new == inside):
        return holder
    out = holder.copy()
    out[part] = new
    return out


#: members that tell an event from others, and its shape; no scrub touches it
FIXED = frozenset(("k", "n", "t", "dt", "c", "writer", "run", "role", "parent", "format"))
_DEEPEST = 500


def _is_patch(patch: Any) -> bool:
    return (
        type(patch) is list
        and len(patch) == 2
        and type(patch[0]) is list
        and 0 < len(patch[0]) <= _DEEPEST
        and type(patch[0][0]) is str
        and patch[0][0] not in FIXED
    )
