"""The verbs of a Config: from what a user gives to writes at the door."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import KeyPathError, TooDeepError
from ..keys import Path, format_path, part_for
from ..records.change import MISSING
from ..records.layer import Layer
from ..records.state import path_below, unit_of
from . import place as places
from .door import Door
from .doors import at_door
from .recording import Write
from .shadowing import say_shadowed
from .watching import watch
from .writes import put_all

if TYPE_CHECKING:
    from .config import Config


def update(section: Config, sources: list[Any], allow: bool | None) -> None:
    """``Config.update``: all sources are read before anything is written."""
    with at_door(section) as door:
        writes, layers = read_writes(section, door, sources)
        put_all(door, writes, allow=allow, batch=True, descriptions=descriptions_of(section, layers))
        say_shadowed(door, [write.path for write in writes])
        watch(door, layers, places.path_of(section))


def set_defaults(section: Config, source: Any) -> None:
    """``Config.setdefaults``."""
    with at_door(section) as door:
        writes, layers = read_writes(section, door, [source])
        missing = [write for write in writes if door.at(write.path) is MISSING]
        given = {write.path for write in missing}
        described = [
            (path, text)
            for path, text in descriptions_of(section, layers)
            if any(path[: len(top)] == top for top in given)
        ]
        put_all(door, missing, batch=True, descriptions=described)
        say_shadowed(door, given)


def update_locked(section: Config, source: Any, owner: str | None, *, deep: bool, allow: bool | None) -> None:
    """``Config.update_locked`` and ``merge_locked``."""
    with at_door(section) as door:
        holder = owner or "locked"
        writes, _ = read_writes(section, door, [source])
        locked = [write.path for write in writes]
        if deep:
            leaves = [leaf for write in writes for leaf in flattened(write)]
            locked = [leaf.path for leaf in leaves if not _is_section(leaf.value)]
            writes = merging(door, writes)
        # a lock is somebody's decision about the value: taking it is no change of mind
        put_all(door, writes, allow=True if allow is None else allow, batch=True, locked_as=holder)
        say_shadowed(door, locked)
        door.lock_paths(list(dict.fromkeys(map(unit_of, locked))), holder)


def persist(section: Config) -> None:
    """``Config.persist``: find what drifted, then call the callbacks with everything.

    Raises:
        RunFinishedError: something drifted after the run had finished.
    """
    with at_door(section) as door:
        if door.closed is None:
            door.record_drift()
        else:
            for late in door.mutables.drifted(door):
                door.check_open(late.path)
        root: Any = door.root
    if door.afterwards.callbacks:
        door.afterwards.call_back(data=places.plain(root))


def merging(door: Door, writes: list[Write]) -> list[Write]:
    """Writes that merge nested mappings into what stands there, instead of replacing it.

    What is new, or replaces a value of another kind, is written as a whole, so that the guard sees what goes. An
    empty mapping changes nothing about a section.

    Raises:
        CycleError, TooDeepError, KeyPathError: a value cannot be taken.
    """
    planned: dict[Path, Write] = {}
    for write in writes:
        _merge(door, planned, write._replace(value=places.adopt(write.value, write.path)))
    return list(planned.values())


def _merge(door: Door, planned: dict[Path, Write], write: Write) -> None:
    above = next((planned[top] for top in _prefixes(write.path) if top in planned), None)
    below = write.path[len(above.path) :] if above else ()
    standing = places.inside(above.value, below) if above else door.at(write.path)
    if _is_section(write.value) and _is_section(standing):
        for child in _children(write):
            _merge(door, planned, child)
    elif above is None or not below:
        for covered in [other for other in planned if path_below(other, write.path)]:
            del planned[covered]
        planned[write.path] = write  # in the place of an earlier one, as keys keep theirs in a dict
    else:
        finer = {**(above.finer or {}), **{leaf.path: leaf.origin for leaf in _leaves(write)}}
        whole = above.value if _is_section(above.value) else places.new_section()
        planned[above.path] = above._replace(value=whole, finer=finer)
        places.graft(whole, below, write.value)


def _prefixes(path: Path) -> list[Path]:
    return [path[:length] for length in range(1, len(path) + 1)]


def _is_section(value: Any) -> bool:
    return isinstance(value, dict) and places.is_container(value)


def flattened(write: Write) -> list[Write]:
    """A write of nested mappings as writes of their leaves; an empty mapping is one.

    Raises:
        CycleError, TooDeepError, KeyPathError: the value cannot be taken.
    """
    return _leaves(write._replace(value=places.adopt(write.value, write.path)))


def _leaves(write: Write) -> list[Write]:
    if not _is_section(write.value) or not write.value:
        return [write]
    return [leaf for child in _children(write) for leaf in _leaves(child)]


def _children(write: Write) -> list[Write]:
    """A write of a section as writes of its keys."""
    out: list[Write] = []
    for key, child in list(dict.items(write.value)):
        path = (*write.path, part_for(key))
        out.append(Write(path, child, (write.finer or {}).get(path, write.origin), write.finer))
    return out


def writes_of_layer(layer: Layer, prefix: Path = ()) -> list[Write]:
    """A layer's entries as writes below a path. Dashes around top-level keys go: ``--lr`` is ``lr``."""
    finer = {(*prefix, *path): origin for path, origin in layer.origins.items()} if prefix else layer.origins
    return [
        Write((*prefix, *_bare(entry.path, layer.name, prefix)), entry.value, entry.origin, finer or None)
        for entry in layer.entries
    ]


def _bare(path: Path, layer: str, prefix: Path) -> Path:
    first = path[0]
    if not prefix and isinstance(first, str) and (first[:1] == "-" or first[-1:] == "-"):
        path = (first.strip("-"), *path[1:])
    if "" in path:
        raise KeyPathError("", 0, f"an empty key among those of {layer}")
    if len(prefix) + len(path) > places.MAX_DEPTH:
        raise TooDeepError(format_path(path[:8]))
    return path


def read_writes(section: Config, door: Door, sources: list[Any]) -> tuple[list[Write], list[Layer]]:
    """Read sources, left to right, as writes below a section; with the layers they came as."""
    prefix = places.path_of(section)
    origin = door.sites.here()
    writes: list[Write] = []
    layers: list[Layer] = []
    for source in sources:
        if type(source) is dict:  # by far the most common, and nothing to find out about it
            for key, value in list(source.items()):
                writes.append(Write((*prefix, places.part_at(section, key)), value, origin))
            continue
        from ..sources import read

        for layer in read(source, code=origin, root=door.sites.root, find_run=door.find_run):
            writes += writes_of_layer(layer, prefix)
            layers.append(layer)
    return writes, layers


def descriptions_of(section: Config, layers: list[Layer]) -> list[tuple[Path, str]]:
    """The help texts that came with layers for a section, by full path."""
    prefix = places.path_of(section)
    return [((*prefix, *path), text) for layer in layers for path, text in layer.descriptions.items()]
