"""Scrubs: what was taken out of events that were written earlier. Pure, like the fold itself.

A ``scrub`` event, in a file of ``edits/``, says for single events, known by writer and number, which of their parts are
replaced by what: ``"p": {writer: {n: [[pointer, value], …]}}``. A pointer is the list of members and indices that lead
to a part. It never holds what was taken out. A reader lays it over the event, so that a scrub holds as well for an older
copy that comes back with a merge: of an event that was rewritten already, it changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

from .events import Event

Patch: TypeAlias = "list[Any]"  #: [pointer, value]
Patches: TypeAlias = "dict[int, list[Patch]]"  #: an event's number -> what is replaced in it
Scrubs: TypeAlias = "dict[str, Patches]"  #: writer -> its events


def scrubs_of(event: Event) -> Scrubs:
    """What one ``scrub`` event replaces. What is not of that shape is left out."""
    found: Scrubs = {}
    said = event.get("p") if event.get("k") == "scrub" else None
    for writer, numbers in said.items() if type(said) is dict else ():
        for number, patches in numbers.items() if type(numbers) is dict else ():
            if not (number.isascii() and number.isdigit() and len(number) < 20) or type(patches) is not list:
                continue
            good = [patch for patch in patches if _is_patch(patch)]
            found.setdefault(writer, {}).setdefault(int(number), []).extend(good)
    return found


def scrubbed_runs(event: Event) -> list[str]:
    """The runs that a ``scrub`` event concerns."""
    runs = event.get("runs")
    return [run for run in runs if type(run) is str] if type(runs) is list else []


def gone_blobs(event: Event) -> list[str]:
    """The large values, by their names, that a ``scrub`` event replaced by others."""
    gone = event.get("gone")
    return [name for name in gone if type(name) is str] if type(gone) is list else []


def together(scrubs: Iterable[Scrubs]) -> Scrubs:
    """Several scrubs as one, in their order."""
    found: Scrubs = {}
    for each in scrubs:
        for writer, numbers in each.items():
            mine = found.setdefault(writer, {})
            for number, patches in numbers.items():
                mine[number] = mine.get(number, []) + patches
    return found


def to_json(scrubs: Scrubs) -> dict[str, Any]:
    """The member ``p`` of an event."""
    return {writer: {str(number): patches for number, patches in each.items()} for writer, each in scrubs.items()}


def patched(event: Event, patches: Patches) -> Event:
    """An event with its parts replaced; the same object where nothing is."""
    number = event.get("n")
    mine = patches.get(number) if type(number) is int else None
    out: Any = event
    for pointer, value in mine or ():
        out = _replaced(out, pointer, 0, value)
    return out  # type: ignore[no-any-return]  # no pointer is empty, so that the event itself stays a dict


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


#: what tells an event from others, and its shape; no scrub touches it
_FIXED = frozenset(("k", "n", "t", "dt", "c", "writer", "run", "role", "parent", "format"))
_DEEPEST = 500


def _is_patch(patch: Any) -> bool:
    return (
        type(patch) is list
        and len(patch) == 2
        and type(patch[0]) is list
        and 0 < len(patch[0]) <= _DEEPEST
        and type(patch[0][0]) is str
        and patch[0][0] not in _FIXED
    )
