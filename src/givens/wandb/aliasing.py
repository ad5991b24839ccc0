"""``import wandb`` gives ``givens.wandb``, and its submodules sinks: for ``givens run --as-wandb``."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING, Any

from .names import sink_module

if TYPE_CHECKING:
    from importlib.metadata import Distribution


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

    def find_distributions(self, context: Any) -> Iterator[Distribution]:
        """What says which version is installed, to libraries that ask before they import it."""
        if str(context.name or "").lower() == "wandb":
            yield _stated()


def _stated() -> Distribution:
    from importlib.metadata import Distribution

    from .. import wandb

    class Stated(Distribution):
        """The version whose names are here."""

        def read_text(self, filename: str) -> str | None:
            return f"Name: wandb\nVersion: {wandb.__version__}\n" if filename == "METADATA" else None

        def locate_file(self, path: Any) -> Any:
            return path

    return Stated()


def install() -> None:
    """From here on, ``import wandb`` is ``import givens.wandb``. A second call does nothing."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
