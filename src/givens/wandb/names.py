"""What a name below ``wandb`` stands for: something of givens' own, an exception, or a sink."""

from __future__ import annotations

import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING, Any

from .callbacks import callback_class
from .failures import error_class, is_error
from .sinks import Sink, count, sink_class

if TYPE_CHECKING:
    from collections.abc import Sequence

#: modules of the package; whatever is asked of them is theirs, or a sink
MODULES = frozenset(
    "agents analytics annotations apis automations catboost data_types docker env errors fastai gym helper integration "
    "jupyter keras lightgbm plot plots profiler proto sacred sandbox sdk sklearn tensorboard tensorflow trigger util "
    "vendor wandb_agent wandb_controller wandb_lib wandb_run wandb_sdk wandb_torch xgboost".split()
)
#: modules whose names are those of the package, wherever they lie (``wandb.sdk.wandb_run.Run``)
_OF_THE_PACKAGE = frozenset(("apis", "errors", "sdk", "util", "wandb_agent", "wandb_lib", "wandb_run", "wandb_sdk"))
#: what everything that can be logged is an instance of
_ABOVE_ALL = frozenset(("Media", "WBValue"))


class RunDisabled:
    """What a disabled run was in older versions, to be asked for by ``isinstance``: no run is one."""


class SinkModule(ModuleType):
    """A module of wandb's. What it has is made when it is asked for; a name in small letters is a module or a function."""

    __path__: list[str] = []  # noqa: RUF012 - what the import system looks for in a package

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}", name=name)
        return named(name, self.__name__)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Where it was a function after all: a decorator gives back what it decorates, anything else a sink."""
        name = self.__name__.rpartition(".")[2]
        if len(args) == 1 and not kwargs and (isinstance(args[0], type) or callable(args[0])):
            count(name)
            return args[0]
        return sink_class(name)()


def named(name: str, inside: str) -> Any:
    """What ``name`` of the module ``inside`` is."""
    if is_error(name):
        return error_class(name)
    steps = inside.removeprefix("givens.").split(".")[1:]
    if steps[:1] == ["env"] and name.isupper():
        return f"WANDB_{name}"
    if name == "RunDisabled":
        return RunDisabled
    if name in _ABOVE_ALL:
        return Sink
    if steps and steps[0] in _OF_THE_PACKAGE:
        if name == "generate_id":
            from .beginning import generate_id

            return generate_id
        face = sys.modules["givens.wandb"]
        if name in face.__all__ or name == "Api":
            return getattr(face, name)
    if name[0].islower():
        return sink_module(name, inside)
    return callback_class(name, steps[-1]) if steps and name.startswith("Wandb") else sink_class(name)


_modules: dict[str, SinkModule] = {}


def sink_module(name: str, inside: str = "givens.wandb") -> ModuleType:
    """The module of that name; ``wandb.integration.keras`` is ``sink_module("keras", "givens.wandb.integration")``."""
    whole = f"{inside}.{name}"
    found = _modules.get(whole)
    if found is None:
        found = _modules[whole] = SinkModule(whole)
    return found


class Below(MetaPathFinder, Loader):
    """Finds modules below the package that are not files of it: ``from givens.wandb.keras import WandbCallback``."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if not fullname.startswith("givens.wandb."):
            return None
        return ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        parent, _, name = spec.name.rpartition(".")
        return sink_module(name, parent)

    def exec_module(self, module: ModuleType) -> None:
        """It is ready as it is."""
