"""``givens.config`` and ``givens.summary``: handles that stay, while runs come and go."""

from __future__ import annotations

from abc import ABCMeta
from collections.abc import Iterator, MutableMapping
from typing import TYPE_CHECKING, Any

from ..configs.shield import Shielded, shield
from ..errors import MissingKeyError
from . import current as globals_

if TYPE_CHECKING:
    from ..configs.config import Config
    from .summary import Summary


class _HandleClass(Shielded, ABCMeta):
    """The class of the handle's class: a MutableMapping's, shielded as a Config's."""


class ConfigHandle(MutableMapping[Any, Any], metaclass=_HandleClass):
    """Stands for the current run's config, before, during and after any run.

    Its ``__dict__`` is the Config itself, so that ``givens.config.lr`` costs what a plain attribute costs. Before
    ``init`` it collects what is written, and the next run takes that up. After ``finish`` it reads the last run,
    until the first write, which begins a new, empty collection.
    """

    __slots__ = ("__dict__", "__weakref__")

    def current_config(self) -> Config:
        """The Config it stands for at the moment."""
        return globals_.config_for_reading()

    def point_at(self, config: Config) -> None:
        """Stand for a Config from now on."""
        # of one whose reads are noted, attributes are asked for as well: they are not taken from its dictionary
        object.__setattr__(self, "__dict__", {} if getattr(type(config), "__givens_tracked__", False) else config)

    def __getattr__(self, name: str) -> Any:
        return getattr(globals_.config_for_reading(), name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(globals_.config_for_writing(), name, value)

    def __delattr__(self, name: str) -> None:
        delattr(globals_.config_for_writing(), name)

    def __getitem__(self, key: Any) -> Any:
        return globals_.config_for_reading()[key]

    def __setitem__(self, key: Any, value: Any) -> None:
        globals_.config_for_writing()[key] = value

    def __delitem__(self, key: Any) -> None:
        del globals_.config_for_writing()[key]

    def __contains__(self, key: Any) -> bool:
        return key in globals_.config_for_reading()

    def __iter__(self) -> Iterator[Any]:
        return iter(globals_.config_for_reading())

    def __len__(self) -> int:
        return len(globals_.config_for_reading())

    def __eq__(self, other: object) -> bool:
        if isinstance(other, ConfigHandle):
            return True
        return globals_.config_for_reading() == other

    __hash__ = None  # type: ignore[assignment]

    def __or__(self, other: Any) -> Any:
        return globals_.config_for_reading() | other

    def __ror__(self, other: Any) -> Any:
        return other | globals_.config_for_reading()

    def __ior__(self, other: Any) -> ConfigHandle:
        globals_.config_for_writing().update(other)
        return self

    def __dir__(self) -> list[str]:
        return dir(globals_.config_for_reading())

    def __repr__(self) -> str:
        return repr(globals_.config_for_reading())

    def __str__(self) -> str:
        return str(globals_.config_for_reading())

    def _repr_html_(self) -> str:
        return globals_.config_for_reading()._repr_html_()

    def __copy__(self) -> Config:
        return globals_.config_for_reading().copy()

    def __deepcopy__(self, memo: dict[int, Any]) -> Config:
        return globals_.config_for_reading().__deepcopy__(memo)

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return globals_.config_for_reading().__reduce_ex__(protocol)

    def get(self, key: Any, default: Any = None) -> Any:
        """The value at a key, or a default."""
        return globals_.config_for_reading().get(key, default)

    def copy(self) -> Config:
        """A Config of its own, tied to no run."""
        return globals_.config_for_reading().copy()

    def as_dict(self) -> dict[Any, Any]:
        """The values as exact builtin dicts and lists."""
        return globals_.config_for_reading().as_dict()

    def update(self, *sources: Any, allow_val_change: bool | None = None, **more: Any) -> None:
        """``Config.update``."""
        globals_.config_for_writing().update(*sources, allow_val_change=allow_val_change, **more)

    def setdefaults(self, source: Any) -> None:
        """``Config.setdefaults``."""
        globals_.config_for_writing().setdefaults(source)

    def setdefault(self, key: Any, default: Any = None) -> Any:
        """``Config.setdefault``."""
        return globals_.config_for_writing().setdefault(key, default)

    def update_locked(self, d: Any, user: str | None = None, _allow_val_change: bool | None = None) -> None:
        """``Config.update_locked``."""
        globals_.config_for_writing().update_locked(d, user, _allow_val_change)

    def merge_locked(self, d: Any, user: str | None = None, _allow_val_change: bool | None = None) -> None:
        """``Config.merge_locked``."""
        globals_.config_for_writing().merge_locked(d, user, _allow_val_change)

    def persist(self) -> None:
        """``Config.persist``."""
        globals_.config_for_writing().persist()

    def pop(self, key: Any, *default: Any) -> Any:
        """``Config.pop``."""
        return globals_.config_for_writing().pop(key, *default)

    def popitem(self) -> tuple[Any, Any]:
        """``Config.popitem``."""
        return globals_.config_for_writing().popitem()

    def clear(self) -> None:
        """``Config.clear``."""
        globals_.config_for_writing().clear()


class SummaryHandle(MutableMapping[str, Any]):
    """Stands for the current run's summary; after ``finish`` it reads the last run's. Before any run it is empty."""

    __slots__ = ()

    def __getitem__(self, key: str) -> Any:
        summary = globals_.summary_for_reading()
        if summary is None:
            raise MissingKeyError(key, "", (), "no run has begun, so there are no results")
        return summary[key]

    def __setitem__(self, key: str, value: Any) -> None:
        globals_.summary_for_writing()[key] = value

    def __delitem__(self, key: str) -> None:
        del globals_.summary_for_writing()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(globals_.summary_for_reading() or ())

    def __len__(self) -> int:
        return len(globals_.summary_for_reading() or ())

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    def __setattr__(self, name: str, value: Any) -> None:
        globals_.summary_for_writing()[name] = value

    def __repr__(self) -> str:
        return repr(globals_.summary_for_reading() or {})

    def update(self, *sources: Any, **more: Any) -> None:
        """Several entries at once, as one line of the record."""
        globals_.summary_for_writing().update(*sources, **more)

    def current_summary(self) -> Summary:
        """The Summary it stands for at the moment.

        Raises:
            NoRunError: there was no run yet.
        """
        return globals_.summary_for_writing()


shield(ConfigHandle)
config = ConfigHandle()
summary = SummaryHandle()
globals_.register_handle(config)
