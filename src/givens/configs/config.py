"""Config: a dictionary whose every write is recorded, and whose reads are a plain dictionary's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ..errors import MissingKeyError, UsageError
from ..keys import format_path, key_of
from ..records.change import MISSING
from . import place as places
from . import tracked_list as tracked_list  # so that lists are known before the first config
from .doors import at_door, door_of, free_door
from .place import Place
from .recording import Write
from .shadowing import METHODS, say_shadowed
from .shield import Shielded, shield
from .writes import put, put_all, remove
from .writing import persist, set_defaults, update, update_locked

if TYPE_CHECKING:
    from typing import Self


class Config(dict[Any, Any], metaclass=Shielded):
    """A configuration, or a section of one: keys by attribute or by item, nested as deep as they come.

    Reads are the dictionary's own, since a section is its own ``__dict__``. Writes go through the door of the run
    (``configs/door.py``). A Config that was made by itself, copied or unpickled belongs to no run.

    Args:
        values: a mapping, or pairs, as for ``dict``.
        more: further keys.
    """

    __slots__ = ("__dict__", "__weakref__", "_givens")
    __givens_section__ = True
    _givens: Place

    def __init__(self, values: Mapping[Any, Any] | Iterable[tuple[Any, Any]] = (), /, **more: Any) -> None:
        dict.__init__(self)
        given = dict(values, **more)
        if given:
            door = door_of(self)
            origin = door.sites.here()
            writes = [Write((places.part_at(self, key),), value, origin) for key, value in given.items()]
            put_all(door, writes, layering=True)
            say_shadowed(door, [write.path for write in writes])

    def __new__(cls, /, *args: Any, **kwargs: Any) -> Self:
        self = dict.__new__(cls)
        places.bind(self)
        return self

    def __class_getitem__(cls, item: Any) -> Any:
        """``Config[str, int]`` is for readers; an alias would write its own name into each config made by it."""
        return cls

    if TYPE_CHECKING:

        @classmethod
        def fromkeys(cls, keys: Iterable[Any], value: Any = None, /) -> Self:
            """As of ``dict``, which makes a Config of it by itself."""
            ...

    # --- reading --------------------------------------------------------------------------------------------------

    def __getattr__(self, name: str) -> Any:
        raise missing(self, name)

    def __missing__(self, key: Any) -> Any:
        door = door_of(self)
        if door.staging:
            from .staging import Placeholder

            if isinstance(key, str | int) and type(key) is not bool and key != "":
                return Placeholder(self, (*places.path_of(self), places.part_at(self, key)))
        raise missing(self, key)

    def as_dict(self) -> dict[Any, Any]:
        """The values as exact builtin dicts and lists, all the way down; a copy that is tied to nothing."""
        return {key: places.plain(value) for key, value in list(dict.items(self))}

    def copy(self) -> Config:
        """A Config of its own, tied to no run; sections and lists are copied, leaves are shared."""
        return copied(self, self)

    def __copy__(self) -> Config:
        return copied(self, self)

    def __deepcopy__(self, memo: dict[int, Any]) -> Config:
        import copy

        return copied(self, copy.deepcopy(self.as_dict(), memo))

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return restored, (self.as_dict(),)

    def __reduce__(self) -> tuple[Any, ...]:
        return restored, (self.as_dict(),)

    def __getstate__(self) -> dict[Any, Any]:
        return self.as_dict()

    def __or__(self, other: Any) -> Any:
        if not isinstance(other, Mapping):
            return NotImplemented
        return Config({**self, **other})

    def __ror__(self, other: Any) -> Any:
        if not isinstance(other, Mapping):
            return NotImplemented
        return Config({**other, **self})

    def __dir__(self) -> list[str]:
        keys = [key for key in list(self) if isinstance(key, str) and key.isidentifier()]
        return sorted({*dir(type(self)), *keys})

    def __repr__(self) -> str:
        from .rendering import as_repr

        return as_repr(self)

    def __str__(self) -> str:
        from .rendering import as_tree

        return as_tree(self)

    def _repr_html_(self) -> str:
        from .rendering import as_html

        return as_html(self)

    # --- writing --------------------------------------------------------------------------------------------------

    def __setitem__(self, key: Any, value: Any) -> None:
        with at_door(self) as door:
            put(door, self, key, value)
            if key in METHODS or isinstance(value, dict):
                say_shadowed(door, [(*places.path_of(self), places.part_at(self, key))])

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def __delitem__(self, key: Any) -> None:
        with at_door(self) as door:
            if key not in self:
                raise missing(self, key)
            remove(door, self, [self._own(key)])

    def __delattr__(self, name: str) -> None:
        del self[name]

    def update(self, /, *sources: Any, allow_val_change: bool | None = None, **more: Any) -> None:
        """Take values from a mapping, pairs, file, argparse Namespace, flags … (all or nothing); and keywords.

        Args:
            sources: as many as you like, left to right; a section given again replaces the old one.
            allow_val_change: True: changing settled values is said to nobody; False: changing any value raises.
            more: further keys.

        Raises:
            SourceError: a source cannot be read; nothing was changed.
            ValueChangedError: a value would change where that is an error; nothing was changed.
        """
        update(self, [*sources, more] if more else list(sources), allow_val_change)

    def __ior__(self, other: Any) -> Self:
        update(self, [other], None)
        return self

    def setdefaults(self, source: Any) -> None:
        """Take those values of a source whose keys are not there yet."""
        set_defaults(self, source)

    def setdefault(self, key: Any, default: Any = None) -> Any:
        """The value at a key, after setting it to ``default`` if it was missing."""
        with at_door(self) as door:
            if key not in self:
                key = key_of(places.part_at(self, key))  # `--lr` is `lr`
            if key not in self:
                put(door, self, key, default)
            return dict.get(self, key, default)  # not there still: a lock refused it

    def update_locked(self, d: Any, user: str | None = None, _allow_val_change: bool | None = None) -> None:
        """Take values and lock their keys: until the run ends, only ``user`` can write there."""
        update_locked(self, d, user, deep=False, allow=_allow_val_change)

    def merge_locked(self, d: Any, user: str | None = None, _allow_val_change: bool | None = None) -> None:
        """As ``update_locked``, but nested mappings are merged, and only the leaves given are locked."""
        update_locked(self, d, user, deep=True, allow=_allow_val_change)

    def persist(self) -> None:
        """Record what changed in place inside foreign objects, and call the callbacks with everything."""
        persist(self)

    def pop(self, key: Any, *default: Any) -> Any:
        """Take a key out and give back its value."""
        if len(default) > 1:
            raise UsageError(f"pop takes a key and one default, not {len(default) + 1} arguments", "leave the rest out")
        with at_door(self) as door:
            value = self.get(key, MISSING)
            if value is MISSING:
                if default:
                    return default[0]
                raise missing(self, key)
            if remove(door, self, [self._own(key)]):
                places.detach(value, None)
            return value

    def _own(self, key: Any) -> Any:
        """The key as it stands here: ``1.0`` finds ``1``, as in any dict."""
        return key if type(key) is str or type(key) is int else next((own for own in self if own == key), key)

    def popitem(self) -> tuple[Any, Any]:
        """Take the last key out and give back key and value."""
        with at_door(self):
            if not self:
                raise MissingKeyError("popitem", format_path(places.path_of(self)))
            key = next(reversed(self))
            return key, self.pop(key)

    def clear(self) -> None:
        """Delete every key; locked ones stay."""
        with at_door(self) as door:
            if self:
                remove(door, self, list(self))


Section = Config

places.register("section", Config)
shield(Config)


def missing(section: Config, key: Any) -> MissingKeyError:
    """The error for a key that is not there; its suggestion is made when it is printed."""
    return MissingKeyError(key, lambda: format_path(places.path_of(section)), dict.keys(section))


def restored(values: dict[Any, Any]) -> Config:
    """A Config of its own with exactly these values; what copies and pickles become."""
    config: Config = places.adopt(values, ())
    return config


def copied(config: Config, values: dict[Any, Any]) -> Config:
    """The same with a door of its own, which keeps the same secrets."""
    new = restored(values)
    new._givens.door = free_door(new, door_of(config).redaction)
    return new
