"""The kinds of write, each through all five steps: lock → guard → encode → record → apply."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..codec import Encoded, dumps, encode
from ..keys import Path, key_of
from ..records.change import MISSING
from ..records.origin import LIBRARY_DEFAULT, Origin
from ..records.state import unit_of
from . import place as places
from .door import Door
from .doors import at_door
from .guard import Difference
from .neighbours import Together, veiled
from .recording import Recorded, Write, blobbed, origin_text, path_text

if TYPE_CHECKING:
    from .config import Config
    from .place import Container
    from .tracked_list import TrackedList


def put(door: Door, container: Container, key: Any, value: Any) -> None:
    """Write one value by key (or index) of a container. The door is held."""
    path = (*places.path_of(container), places.part_at(container, key))
    if _moved(door, container):
        with at_door(container) as other:
            put(other, container, key, value)
        return
    write = Write(path, value, door.sites.here())
    if not _put_scalar(door, container, write):
        put_all(door, [write])


def _moved(door: Door, container: Container) -> bool:
    """Whether a signal handler has just taken the container out of the door's tree: its path is then none of ours."""
    return places.root_of(container) is not door.root


def _put_scalar(door: Door, container: Container, write: Write) -> bool:
    """The write that scripts make in loops, a scalar over a scalar of a section, without the general plan's cost.

    False when the write is of another kind and nothing was done. What it does is what ``put_all`` does.
    """
    path, value, origin, _ = write
    if (
        type(value) not in _SCALARS
        or door.locks
        or door.schema is not None
        or isinstance(container, list)
        or path in door.mutables
    ):
        return False
    key = key_of(path[-1])
    old = dict.get(container, key, MISSING)
    if old is not MISSING and (type(old) not in _SCALARS or same_encoding(door, old, value, path)):
        return False
    door.check_open(path)
    encoded = encode(value, path, door.redaction)
    if encoded.secrets or encoded.lossy:
        return False
    if type(value) is str and (len(value) > _SHORT or (key == "value" and door.veiled(path, value) is not value)):
        return False
    if old is not MISSING and old is not None and not _same_value(door, old, value, encoded, path):
        door.judge([Difference(path, old, value)], None)
    numbered = door.records
    if _moved(door, container):
        return False
    door.record("set", f',"s":[[{path_text(path)},{dumps(encoded.json)},0]],"o":[{origin_text(origin)}]')
    dict.__setitem__(container, key, value)
    if door.records != numbered + 1:
        door.restate([path], origin)
    door.tell(path, value)
    return True


class _Plan:
    """What a batch of writes comes to, before anything of it is recorded."""

    __slots__ = ("applied", "differences", "entries", "found", "laid", "longest", "swapped", "together")

    def __init__(self, together: Together) -> None:
        self.together = together
        self.entries: list[Recorded] = []
        self.applied: dict[Path, Any] = {}
        self.swapped: list[tuple[Path, Any]] = []
        self.found: list[tuple[Path, Encoded]] = []
        self.differences: list[Difference] = []
        self.laid: dict[Path, tuple[Origin, Any]] = {}
        self.longest = 0

    def standing(self, door: Door, path: Path) -> tuple[Any, bool]:
        """What stands at a path once the writes planned so far are applied; and whether any of them goes below it."""
        if not self.applied:
            return door.at(path), False
        if path in self.applied:
            return self.applied[path], False
        for depth in range(len(path) - 1, 0, -1):
            if path[:depth] in self.applied:
                return places.inside(self.applied[path[:depth]], path[depth:]), False
        return door.at(path), bool(self.below(path))

    def take(self, path: Path, new: Any) -> None:
        """Plan a value: in the place of an earlier write of the same path, or of one below it.

        Keys keep their places in a dict, and the record's fold makes a section at the first write into it.
        """
        covered = self.below(path)
        if covered and path not in self.applied:
            self.applied = {path if other == covered[0] else other: value for other, value in self.applied.items()}
            del covered[0]
        for other in covered:
            del self.applied[other]
        self.applied[path] = new
        self.longest = max(self.longest, len(path))

    def says_again(self, path: Path, new: Any, encoded: Encoded, origin: Origin) -> bool:
        """Whether a leaf comes from where it came from before, and is the same: one file may be in two layers."""
        before = self.laid.get(path)
        if before is None or places.is_container(new) or path not in self.applied:
            self.laid[path] = origin, encoded.json
            return False
        self.laid[path] = origin, encoded.json
        return before[0] == origin and dumps(before[1]) == dumps(encoded.json)

    def below(self, path: Path) -> list[Path]:
        """The paths planned so far that lie below a path."""
        if self.longest <= len(path):
            return []
        return [other for other in self.applied if len(other) > len(path) and other[: len(path)] == path]


def put_all(
    door: Door,
    writes: list[Write],
    *,
    allow: bool | None = None,
    batch: bool = False,
    layering: bool = False,
    locked_as: str | None = None,
    descriptions: Iterable[tuple[Path, str]] = (),
) -> None:
    """Write several values, all or none, as one line of the journal.

    Args:
        door: of the config.
        writes: in order; a later one wins.
        allow: ``allow_val_change`` of the call.
        batch: the user gave several values at once: they are told to callbacks together, and values that changed
            are said in one line.
        layering: layers are laid over each other: every one is recorded, and nothing is a change.
        locked_as: the owner who writes, past the locks that are its own.
        descriptions: help texts that came with the values.

    Raises:
        ValueChangedError, LockedKeyError, FrozenError, RunFinishedError, CycleError, KeyPathError: nothing was
            written.
    """
    with door:
        plan = _Plan(Together(writes, door.at, door.redaction))
        for write in writes:
            _plan(door, plan, write, layering=layering, locked_as=locked_as)
        described = list(descriptions)
        if door.schema is not None and plan.applied:
            door.schema.check(door, list(plan.applied.items()))
        door.judge(plan.differences, allow, batch=batch)
        numbered = door.records
        if plan.entries or described:
            door.record_set(plan.entries, layering=layering, descriptions=described)
        for path, new in plan.applied.items():
            door.apply(path, new)
            door.tell(path, new, batch=batch)
        for path, new in plan.swapped:
            door.apply(path, new)
        if door.records > numbered + 1:
            door.restate(list(plan.applied), writes[-1].origin)
        for path, encoded in plan.found:
            door.remember(path, encoded)


def _plan(door: Door, plan: _Plan, write: Write, *, layering: bool, locked_as: str | None) -> None:
    path, value, origin, finer = write
    door.check_open(path)
    old, changed_below = (MISSING, False) if layering else plan.standing(door, path)
    if old is not MISSING and not changed_below:
        if value is old and places.is_container(old):
            return  # `+=` and `|=` give back the object that stands there already
        if same_encoding(door, old, value, path):
            if not interchangeable(old, value):
                # another object with the same text: nothing to record, but the new one is what was given
                swapped = places.adopt(value, path)
                plan.swapped.append((path, swapped))
                plan.found.append((path, encode(swapped, path, door.redaction)))
            if not door.guard.settled and origin.kind != "code":
                # another layer that says the same: nothing changes, but explain shows it
                json = encode(plan.together.veiled(old, path), path, door.redaction).json
                plan.entries.append(Recorded(path, json, origin, finer))
            return
    if not layering:
        door.catch_up(path)
    new = places.adopt(value, path)
    shown = write._replace(value=plan.together.veiled(value, path))
    if door.locks:
        new = door.refusals.sieve(door, shown, old, new, locked_as)
        if new is MISSING:
            return
    if origin.note == LIBRARY_DEFAULT:
        door.library_defaults[path] = new
    encoded = encode(new if shown.value is value else shown.value, path, door.redaction)
    if layering and plan.says_again(path, new, encoded, origin):
        return
    if old is not MISSING and old is not None and not _same_value(door, old, new, encoded, path):
        plan.differences.append(Difference(unit_of(path), plan.together.veiled(old, path), shown.value))
    plan.entries.append(Recorded(path, encoded.json, origin, finer))
    plan.take(path, new)
    plan.found.append((path, encoded))


def remove(door: Door, container: Config, keys: list[Any]) -> bool:
    """Delete keys of a section; False when a lock refused one of them (the others go)."""
    with door:
        parent = places.path_of(container)
        origin = door.sites.here()
        going: list[Path] = []
        differences: list[Difference] = []
        for key in keys:
            path = (*parent, places.part_at(container, key))
            door.check_open(path)
            door.catch_up(path)
            if not door.locks or not door.refusals.refuses_delete(door, path, origin):
                going.append(path)
                differences.append(Difference(unit_of(path), door.veiled(path, door.at(path)), MISSING))
        door.judge(differences, None)
        numbered = door.records
        if _moved(door, container):
            with at_door(container) as other:
                return remove(other, container, keys)
        if going:
            door.record("delete", f',"p":{dumps(going)},"o":{origin_text(origin)}')
        for path in going:
            door.tell(path, None, batch=len(going) > 1)
            places.detach(dict.pop(container, key_of(path[-1]), None), path)
            door.mutables.forget(path)
        if door.records > numbered + 1:
            door.restate(going, origin)
        return len(going) == len(keys)


def splice(door: Door, target: TrackedList, at: int, removed: int, values: list[Any]) -> None:
    """Replace ``removed`` elements of a list, from ``at`` on, by ``values``."""
    with door:
        path = places.path_of(target)
        door.check_open(path)
        door.catch_up((*path, at))
        if not removed and not values:
            return
        origin = door.sites.here()
        if door.locks and door.refusals.refuses(
            door, Write(path, _veiled_from(door, target, at, values), origin), target
        ):
            return
        new = [places.adopt(value, (*path, at)) for value in values]
        shown = _veiled_from(door, target, at, new)
        encoded = encode(shown, path, door.redaction)
        going = _veiled_from(door, target, at, list.__getitem__(target, slice(at, at + removed)))
        door.judge([Difference(path, going or MISSING, shown or MISSING, at)], None)
        if door.schema is not None:
            door.schema.check(door, [((*path, at + offset), element) for offset, element in enumerate(new)])
        jsons = [blobbed(json, door.store_blob) for json in encoded.json]
        place = f',"p":{dumps(path)},"at":{at},"rm":{removed}'
        numbered = door.records
        if _moved(door, target):
            with at_door(target) as other:
                splice(other, target, at, removed, values)
            return
        going = list.__getitem__(target, slice(at, at + removed))
        door.record("splice", f'{place},"v":{dumps(jsons)},"o":{origin_text(origin)}')
        for element in going:
            places.detach(element, (*path, at))
        for offset, element in enumerate(new):
            places.attach(element, target, at + offset)
        list.__setitem__(target, slice(at, at + removed), new)
        if door.records > numbered + 1:
            door.restate([path], origin)
        door.tell(path, target)
        door.remember(path, encoded, inside=True)


def _veiled_from(door: Door, target: TrackedList, at: int, elements: list[Any]) -> list[Any]:
    """Elements of a list from an index on, as they may be shown: what stands before may give the first one away."""
    if not elements:
        return elements
    path = (*places.path_of(target), at)
    first = veiled(target, elements[0], path, door.redaction)
    return elements if first is elements[0] else [first, *elements[1:]]


def rearrange(door: Door, target: TrackedList, values: list[Any]) -> None:
    """Give a list the same or other elements in another order, recorded as a set of the whole list."""
    with door:
        path = places.path_of(target)
        door.check_open(path)
        door.catch_up((*path, 0))
        origin = door.sites.here()
        if door.locks and door.refusals.refuses(door, Write(path, values, origin), target):
            return
        if door.schema is not None:
            door.schema.check(door, [(path, values)])
        kept = {id(element) for element in target}
        new = []
        for element in values:
            # an element that moves stays itself; a container that is given twice is copied the second time
            new.append(element if id(element) in kept else places.adopt(element, path))
            if places.is_container(element):
                kept.discard(id(element))
        encoded = encode(new, path, door.redaction)
        if dumps(encoded.json) == dumps(encode(target, path, door.redaction).json):
            return
        door.judge([Difference(path, target, values)], None)
        numbered = door.records
        if _moved(door, target):
            with at_door(target) as other:
                rearrange(other, target, values)
            return
        door.record_set([Recorded(path, encoded.json, origin)])
        staying = {id(element) for element in new}
        for element in list(target):
            if id(element) not in staying:
                places.detach(element, path)
        for at, element in enumerate(new):
            places.attach(element, target, at)
        list.__setitem__(target, slice(None), new)
        if door.records > numbered + 1:
            door.restate([path], origin)
        door.tell(path, target)
        door.remember(path, encoded, inside=True)


def _same_value(door: Door, old: Any, new: Any, encoded: Encoded, path: Path) -> bool:
    """Whether a new value equals the old one for a person: 2 is 2.0, NaN is NaN, True is not 1."""
    kind = type(new)
    if kind is type(old) and kind in _SCALARS and old == old:
        return bool(old == new)
    from ..codec import same_value  # only what is no scalar needs it

    return same_value(encode(old, path, door.redaction).json, encoded.json)


def interchangeable(old: Any, new: Any) -> bool:
    """Whether a new value with the same text may as well not be put in the old one's place.

    Scalars may. So may containers of such; any other object is its own: a lambda is not another lambda, and a list
    of equal arrays is not a list of the same arrays.
    """
    if type(new) in _SCALARS or old is new:
        return True
    if not places.is_container(old) or len(old) != len(new):
        return False
    if isinstance(old, list):
        return all(map(interchangeable, old, new))
    return all(interchangeable(child, new[key]) for key, child in list(dict.items(old)))


def same_encoding(door: Door, old: Any, new: Any, path: Path) -> bool:
    """Whether two values at a path would be recorded alike. What can drift never counts as the same."""
    kind = type(old)
    if kind in _SCALARS and type(new) in _SCALARS:
        if kind is not type(new):
            return False
        return bool(old.hex() == new.hex() if kind is float else old == new)
    if path in door.mutables:
        return False
    was, now = encode(old, path, door.redaction), encode(new, path, door.redaction)
    return dumps(was.json) == dumps(now.json)


_SHORT = 4096  # characters; a longer text may be one for a blob
_SCALARS = frozenset((str, int, float, bool, type(None)))
