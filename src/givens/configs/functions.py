"""The verbs that are functions of the package, so that their names stay free for keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ..codec import encode
from ..errors import CycleError, MissingKeyError, TooDeepError, UsageError
from ..keys import KeyPath, Path, as_path, format_path, part_for
from ..records.change import Change
from ..records.encoded import leaves, plant
from ..records.state import RunState
from . import place as places
from .config import Config
from .doors import at_door, door_of
from .place import plain
from .shadowing import say_shadowed
from .watching import watch
from .writes import put_all
from .writing import descriptions_of, merging, read_writes

if TYPE_CHECKING:
    from .explanation import Explanation


def explain(config: Config, key: str | int | Path) -> Explanation:
    """Where a value came from: every layer and change that ever set it, newest first.

    Args:
        config: a Config or section; ``givens.config`` works as well.
        key: a key path below it (``"model.depth"``), or an int key.

    Raises:
        MissingKeyError: nothing was ever given under that key.
    """
    from .explanation import explain as explain_state

    section = as_config(config)
    state = state_of(section)
    return explain_state(state, _key_below(section, state, key))


def history(config: Config, key: str | int | Path | None = None) -> list[Change]:
    """Every change of one key, or of all, oldest first. Values are in their encoded form."""
    from .explanation import history as history_of_state

    section = as_config(config)
    state = state_of(section)
    if key is None:
        return history_of_state(state, places.path_of(section) or None)
    return history_of_state(state, _key_below(section, state, key))


def _key_below(section: Config, state: RunState, key: str | int | Path) -> str | Path:
    """What ``explanation.find_key`` is to look for, given a key of a section."""
    prefix = places.path_of(section)
    if isinstance(key, int):
        return (*prefix, (int(key),))
    if not isinstance(key, str):
        return (*prefix, *key)
    if not prefix:
        return key
    from .explanation import find_key

    try:
        return find_key(state, (*prefix, *as_path(key)))
    except MissingKeyError:
        # a key "a.b" of its own, as find_key itself tries at the top
        return find_key(state, (*prefix, key))


def state_of(section: Config) -> RunState:
    """The fold of what a config's journal holds, without results."""
    door = door_of(section)
    if door.folded is not None:
        return door.folded
    with door:
        events = list(door.journal.events(results=False))
    return door.state_after(events)


def freeze(config: Config) -> None:
    """Refuse every later write to a config or section with a FrozenError that says where it was frozen."""
    section = as_config(config)
    with at_door(section) as door:
        origin = door.sites.here()
        door.frozen.put(places.path_of(section), str(origin))


def flatten(config: Mapping[Any, Any]) -> dict[str, Any]:
    """Nested keys as key paths: ``{"model.depth": 4}``. Lists and empty sections are values.

    ``KeyPath.parse`` reads the keys back, whatever characters they hold.

    Raises:
        CycleError, TooDeepError: a mapping that holds itself, or that no config could hold.
    """
    return dict(_flat(_mapping(config), (), ()))


def _flat(mapping: Mapping[Any, Any], prefix: Path, around: tuple[int, ...]) -> Iterable[tuple[str, Any]]:
    if id(mapping) in around:
        raise CycleError(format_path(prefix))
    if len(prefix) >= places.MAX_DEPTH:
        raise TooDeepError(format_path(prefix[:8]))
    for key, value in list(mapping.items()):
        path = (*prefix, part_for(key) if type(key) is int else str(key))
        if places.is_section_like(value) and value:
            yield from _flat(value, path, (*around, id(mapping)))
        else:
            yield str(KeyPath(path)), plain(value)


def merge(config: Config, *sources: Any) -> None:
    """Merge sources into a config, deeply: a section given again keeps the keys that are not given.

    Raises:
        SourceError: a source cannot be read; nothing was changed.
        ValueChangedError: a value would change where that is an error; nothing was changed.
    """
    section = as_config(config)
    with at_door(section) as door:
        writes, layers = read_writes(section, door, list(sources))
        merged = merging(door, writes)
        put_all(door, merged, batch=True, descriptions=descriptions_of(section, layers))
        say_shadowed(door, [write.path for write in merged])
        watch(door, layers, places.path_of(section))


def fingerprint(config: Mapping[Any, Any], ignore: Iterable[str] = ()) -> str:
    """A short text that is the same for equal configs: values count, not types of numbers nor the order of keys.

    Args:
        config: a Config or any mapping.
        ignore: patterns of key paths to leave out (``*.path``); a section's name covers what is in it.

    Returns:
        32 hexadecimal digits (BLAKE2b over the canonical text of each leaf). Secrets are left out.
    """
    from ..codec import fingerprint as fingerprint_of
    from ..keys import covered

    mapping = _mapping(config)
    redaction = door_of(mapping).redaction if isinstance(mapping, Config) else door_of(Config()).redaction
    tree = plant(encode(dict(mapping), (), redaction).json)
    patterns = list(ignore)
    return fingerprint_of([(path, value) for path, value in leaves(tree) if not covered(path, patterns)])


def on_change(config: Config, callback: Callable[..., object]) -> None:
    """Call back after every write: with ``key, val`` for one value, ``data`` for several or for ``persist()``.

    The call comes once the write is recorded and no lock is held. What the callback writes itself is recorded and
    does not call back; an exception in it becomes a CallbackWarning.
    """
    if not callable(callback):
        problem = f"on_change takes a function, not {type(callback).__name__}"
        raise UsageError(problem, "pass one that takes key, val, data")
    door_of(as_config(config)).afterwards.callbacks.append(callback)


def as_config(config: Any) -> Config:
    """The Config that was meant: itself, or what a handle leads to.

    Raises:
        UsageError: neither.
    """
    if isinstance(config, Config):
        return config
    if hasattr(type(config), "current_config"):
        found: Config = config.current_config()
        return found
    raise UsageError(f"expected a Config, not {type(config).__name__}", "wrap it: givens.Config(values)")


def _mapping(config: Any) -> Mapping[Any, Any]:
    if isinstance(config, Mapping) and not hasattr(type(config), "current_config"):
        return config
    return as_config(config)
