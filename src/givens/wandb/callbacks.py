"""Callbacks of wandb's that a library asks something of: it takes its own class only, or stops when the answer is no."""

from __future__ import annotations

from importlib import import_module
from typing import Any, cast

from .sinks import MODULE, Sink, SinkClass, sink_class

#: module of ``wandb.integration`` -> where the library has the class that its callbacks are of, and what it asks of them
_LIBRARIES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "keras": ("keras.callbacks", "Callback", ()),
    "sb3": ("stable_baselines3.common.callbacks", "BaseCallback", ("_on_step", "on_step")),
    "xgboost": ("xgboost.callback", "TrainingCallback", ()),
    "catboost": ("", "", ("after_iteration",)),
}

_classes: dict[tuple[str, str], type[Sink]] = {}


def callback_class(name: str, library: str) -> type[Sink]:
    """The class that stands for a callback of wandb's.

    A script that asks for it is about to hand it to the library, which is therefore imported. Without it, or for a
    library that takes anything, it is a sink like all others.

    Args:
        name: ``WandbCallback`` and its like.
        library: the module of ``wandb.integration`` that it was asked of.
    """
    if library not in _LIBRARIES:
        return sink_class(name)
    found = _classes.get((library, name))
    if found is None:
        module, theirs, answers = _LIBRARIES[library]
        members: dict[str, Any] = dict.fromkeys(answers, _go_on)
        found = cast(type[Sink], SinkClass(name, (Sink, *_class_of(module, theirs)), {**members, "__module__": MODULE}))
        _classes[library, name] = found
    return found


def _class_of(module: str, name: str) -> tuple[type, ...]:
    if not module:
        return ()
    try:
        return (getattr(import_module(module), name),)
    except (ImportError, AttributeError):
        return ()


def _go_on(self: Sink, *args: Any, **kwargs: Any) -> bool:
    """Training goes on."""
    return True
