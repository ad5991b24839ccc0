"""The face of wandb, for scripts that nobody wants to touch: ``import givens.wandb as wandb``.

What concerns configuration and light results is givens' own. Of the rest, what a script only hands over (images,
artifacts, callbacks) is accepted, not kept, and named once at the end; what a script needs an answer from (sweeps,
stored artifacts) is an error that says what to use instead.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

from ..configs.config import Config as Config
from ..errors import UsageError
from ..lifecycle.current import current as _current
from ..lifecycle.handles import summary as summary
from ..lifecycle.init import finish as finish
from ..lifecycle.init import log as _log
from .beginning import ensure_configured, init, join, login, setup, teardown, termerror, termlog, termwarn
from .config_face import config as config
from .dressing import Run as Run
from .dressing import define_metric
from .failures import CommError as CommError
from .failures import Error as Error
from .names import MODULES, Below, named, sink_module
from .refused import REFUSED, refusal
from .sinks import SINK_FUNCTIONS, Sink, sink_class, sink_function, without_sinks

#: the version of wandb whose names these are
__version__ = "0.31.0"

_current.twins = True  # from here on WANDB_MODE and its like are read


def log(data: Any = None, step: int | None = None, commit: bool | None = None, sync: Any = None) -> None:
    """``Run.log`` of the current run, without the images and tables among the values."""
    _log(without_sinks(data), step=step, commit=commit)


class _Face(ModuleType):
    """``wandb.run`` is the current run, ``wandb.config = {…}`` updates the config; other names are looked up."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "config" and not isinstance(value, ModuleType):
            config.update(value)
        elif name == "run":
            raise AttributeError("wandb.run cannot be assigned; begin a run with wandb.init()")
        else:
            super().__setattr__(name, value)

    def __reduce__(self) -> tuple[Any, ...]:
        return import_module, (self.__name__,)  # cloudpickle sends it with a script's functions, as it does givens


def __getattr__(name: str) -> Any:
    if name == "run":
        return _current.run
    if name == "Api":
        from .public_api import Api  # it reads stores, which a training script seldom does

        return Api
    if name in REFUSED:
        return refusal(name)
    if name in SINK_FUNCTIONS:
        return sink_function(name)
    if name.startswith("_"):
        raise AttributeError(f"givens.wandb has no {name!r}", name=name)
    if name in MODULES:
        return sink_module(name)
    if name == "box3d":
        return sink_class(name)
    return named(name, __name__)  # whatever it is, a script that only hands it over goes on


sys.modules[__name__].__class__ = _Face
sys.meta_path.append(Below())

__all__ = [
    "CommError",
    "Config",
    "Error",
    "Run",
    "Sink",
    "UsageError",
    "config",
    "define_metric",
    "ensure_configured",
    "finish",
    "init",
    "join",
    "log",
    "login",
    "setup",
    "summary",
    "teardown",
    "termerror",
    "termlog",
    "termwarn",
]
