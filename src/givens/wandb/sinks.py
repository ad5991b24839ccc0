"""What scripts hand to wandb and givens does not keep: accepted in silence, counted, named once at the end."""

from __future__ import annotations

import atexit
import os
from abc import ABCMeta
from collections.abc import Iterator, Mapping
from typing import Any, cast

from ..errors import NotSupportedError
from ..lifecycle import lines
from ..lifecycle.current import current

#: functions of the package and of a run that only take
SINK_FUNCTIONS = frozenset(
    "alert attach finish_artifact link_artifact link_model log_artifact log_code log_model mark_preempting patched "
    "pin_config_keys plot_table require save unwatch upsert_artifact visualize watch write_logs".split()
)
#: methods of what is not kept whose answer a script would go on with
_ANSWERS = frozenset(("checkout", "download", "get_dataframe", "get_entry", "get_path", "logged_by", "used_by"))
#: the first arguments by position, of classes whose attributes scripts read again
_POSITIONAL = {"Artifact": ("name", "type", "description", "metadata"), "Table": ("columns", "data", "rows")}

#: where the classes that are made here say that they are from; what a script derives from them says otherwise
MODULE = "givens.wandb"

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


class SinkClass(ABCMeta):
    """The class of sinks' classes. What is asked of one (``AlertLevel.INFO``, ``Object3D.from_file``) is inert, too.

    An ABCMeta, so that a class of the script's may have a sink and an abstract class among its bases.
    """

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"{cls.__name__} has no {name!r}", name=name)
        return Part(name)


class Sink(metaclass=SinkClass):
    """An object that takes whatever it is given: attributes, calls, items. Only names with a leading ``_`` are missing.

    It can stand where a script wants a class (``isinstance``, subclassing), a function, or a value.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()
        cls = type(self)
        count(cls.__name__)
        vars(self).update(zip(_POSITIONAL.get(cls.__name__, ()), args, strict=False))
        taken = {name for base in cls.__mro__ for name in vars(base)}
        fields = {name: value for name, value in kwargs.items() if name.isidentifier() and name not in taken}
        vars(self).update(fields)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """A script's class may call ``super().on_epoch_end(…)``, which asks classes only: its sinks get what it has."""
        super().__init_subclass__(**kwargs)
        above = next((base for base in cls.__mro__[1:] if base.__module__ == MODULE), None)
        for name, value in vars(cls).items() if above is not None else ():
            if callable(value) and not name.startswith("_") and not hasattr(super(cls, cls), name):
                setattr(above, name, _taking)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"{type(self).__name__} has no {name!r}", name=name)
        if name in _ANSWERS:
            raise NotSupportedError(f"{name} of a {type(self).__name__}", "what was handed over is not kept")
        if name == "new_file":
            return _nowhere
        return vars(self).setdefault(name, Part(name))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """A decorator gives back what it decorates; anything else gives nothing."""
        return args[0] if len(args) == 1 and callable(args[0]) and not kwargs else Part("nothing")

    def __getitem__(self, key: Any) -> Any:
        return Part(str(key))

    def __setitem__(self, key: Any, value: Any) -> None:
        return None

    def __delitem__(self, key: Any) -> None:
        return None

    def __contains__(self, key: Any) -> bool:
        return False

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __bool__(self) -> bool:
        return True

    def __enter__(self) -> Sink:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: not kept by givens>"


class Part(Sink):
    """What a sink has and gives back: inert as well, but nothing that a script handed over, so it is not counted.

    Args:
        name: what it was asked as.
    """

    def __init__(self, name: str) -> None:
        vars(self)["_name"] = name

    def __bool__(self) -> bool:
        return False  # a question (`if callback.stopped():`) has no for an answer

    def __repr__(self) -> str:
        return f"<{self._name}: not kept by givens>"


def _taking(self: Sink, *args: Any, **kwargs: Any) -> Part:
    """A method of a sink."""
    return Part("nothing")


def _nowhere(name: str, mode: str = "x", encoding: str | None = None) -> Any:
    """A file to write into, of which nothing is kept."""
    return open(os.devnull, mode.replace("x", "w"), encoding=encoding)


def sink_class(name: str) -> type[Sink]:
    """The class that stands for one of wandb's; always the same for a name."""
    found = _classes.get(name)
    if found is None:
        found = _classes[name] = cast(type[Sink], SinkClass(name, (Sink,), {"__module__": MODULE}))
    return found


def sink_function(name: str) -> Any:
    """A function that takes anything, and gives an object that takes anything."""

    def take(*args: Any, **kwargs: Any) -> Any:
        return sink_class(name)()

    take.__name__ = take.__qualname__ = name
    return take


def without_sinks(results: Any) -> Any:
    """A mapping of results without the values that are sinks, lists of them, or sections of nothing else."""
    if not isinstance(results, Mapping):
        return results
    kept = {}
    for name, value in results.items():
        if isinstance(value, Mapping):
            rest = without_sinks(value)
            if rest or not value:
                kept[name] = rest
        elif not _is_sink(value):
            kept[name] = value
    return kept


def _is_sink(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(isinstance(element, Sink) for element in value)
    return isinstance(value, Sink)
