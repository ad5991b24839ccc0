"""What scripts hand to wandb and givens does not keep: accepted in silence, counted, named once at the end."""

from __future__ import annotations

import atexit
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

from ..lifecycle import lines
from ..lifecycle.current import current

#: functions of the package and of a run that only take
SINK_FUNCTIONS = frozenset(
    "alert attach finish_artifact link_artifact link_model log_artifact log_code log_model mark_preempting patched "
    "pin_config_keys plot_table require save unwatch upsert_artifact visualize watch write_logs".split()
)
#: modules of the package; whatever is asked of them is a sink
SINK_MODULES = frozenset(
    "agents analytics annotations apis catboost data_types env errors fastai gym helper integration jupyter keras "
    "lightgbm plot plots profiler proto sacred sdk sklearn tensorboard tensorflow util vendor wandb_agent wandb_lib "
    "wandb_sdk wandb_torch xgboost".split()
)

_counts: dict[str, int] = {}
_classes: dict[str, type[Sink]] = {}


def count(name: str) -> None:
    """One more of what is not kept."""
    if not _counts:
        atexit.register(_report)
    _counts[name] = _counts.get(name, 0) + 1


def _report() -> None:
    """Name what was not kept, the most frequent first."""
    run = current.run or current.last
    listed = ", ".join(
        f"{name} \u00d7{number}" if number > 1 else name
        for name, number in sorted(_counts.items(), key=lambda counted: -counted[1])
    )
    lines.say(f"not kept: {listed}", silent=run is not None and run.settings.silent)
    _counts.clear()


class Sink:
    """An object that takes whatever it is given: attributes, calls, items. Only names with a leading ``_`` are missing.

    It can stand where a script wants a class (``isinstance``, subclassing), a function, or a value.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        count(type(self).__name__)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"{type(self).__name__} has no {name!r}", name=name)
        return _taking

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """A decorator gives back what it decorates; anything else gives nothing."""
        return args[0] if len(args) == 1 and callable(args[0]) and not kwargs else None

    def __getitem__(self, key: Any) -> Any:
        raise KeyError(key)

    def __setitem__(self, key: Any, value: Any) -> None:
        return None

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __bool__(self) -> bool:
        return True

    def __enter__(self) -> Sink:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: not kept by givens>"


def _taking(*args: Any, **kwargs: Any) -> None:
    """A method of a sink."""


def sink_class(name: str) -> type[Sink]:
    """The class that stands for one of wandb's; always the same for a name."""
    found = _classes.get(name)
    if found is None:
        found = _classes[name] = type(name, (Sink,), {"__module__": "givens.wandb"})
    return found


def sink_function(name: str) -> Any:
    """A function that takes anything, and gives an object that takes anything."""

    def take(*args: Any, **kwargs: Any) -> Any:
        return sink_class(name)()

    take.__name__ = take.__qualname__ = name
    return take


class _SinkModule(ModuleType):
    """A module of wandb's, in which every public name is a sink class, made when it is asked for."""

    __path__: list[str] = []  # noqa: RUF012 - what the import system looks for in a package

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}", name=name)
        if name == "generate_id":
            from .beginning import generate_id

            return generate_id
        return sink_module(name, self.__name__) if name in SINK_MODULES else sink_class(name)


_modules: dict[str, _SinkModule] = {}


def sink_module(name: str, inside: str = "givens.wandb") -> ModuleType:
    """The module of that name; ``wandb.integration.keras`` is ``sink_module("keras", "givens.wandb.integration")``."""
    whole = f"{inside}.{name}"
    found = _modules.get(whole)
    if found is None:
        found = _modules[whole] = _SinkModule(whole)
    return found


def without_sinks(data: Any) -> Any:
    """A mapping of results without the values that are sinks, or lists of them."""
    if not isinstance(data, Mapping):
        return data
    return {name: value for name, value in data.items() if not _is_sink(value)}


def _is_sink(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(isinstance(element, Sink) for element in value)
    return isinstance(value, Sink)
