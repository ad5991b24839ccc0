"""``import wandb`` gives ``givens.wandb``, and its submodules sinks: for ``givens run --as-wandb``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

from .sinks import sink_module


class _Finder(MetaPathFinder, Loader):
    """Finds ``wandb`` and everything below it, whether the real one is installed or not."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] != "wandb":
            return None
        return ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        if spec.name == "wandb":
            from .. import wandb

            return wandb
        parent, _, name = spec.name.rpartition(".")
        return sink_module(name, parent)

    def exec_module(self, module: ModuleType) -> None:
        """Both are ready as they are."""


def install() -> None:
    """From here on, ``import wandb`` is ``import givens.wandb``. A second call does nothing."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
