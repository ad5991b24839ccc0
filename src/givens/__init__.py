"""givens: remembers what every run of a script was given."""

from __future__ import annotations

import sys
from types import ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .api import RunTable as RunTable
    from .api import StoredRun as StoredRun
    from .api import diff as diff
    from .api import duplicates as duplicates
    from .api import importance as importance
    from .api import nearest as nearest
    from .api import open_run as open  # noqa: F401
    from .api import runs as runs
    from .api.changes.editing import edit as edit
    from .api.changes.editing import edit_runs as edit_runs
    from .api.changes.removing import remove_runs as remove_runs
    from .api.changes.removing import restore_runs as restore_runs
    from .api.changes.undoing import undo_edit as undo_edit
    from .api.showing import show as show
    from .codec import Secret as Secret
    from .configs.config import Config as Config
    from .configs.config import Section as Section
    from .configs.functions import explain as explain
    from .configs.functions import fingerprint as fingerprint
    from .configs.functions import flatten as flatten
    from .configs.functions import freeze as freeze
    from .configs.functions import history as history
    from .configs.functions import merge as merge
    from .configs.functions import on_change as on_change
    from .configs.schema import cast as cast
    from .configs.tracked_list import TrackedList as TrackedList
    from .errors import GivensError as GivensError
    from .errors import GivensWarning as GivensWarning
    from .keys import KeyPath as KeyPath
    from .lifecycle.arguments import parse_args as parse_args
    from .lifecycle.handles import config as config
    from .lifecycle.handles import summary as summary
    from .lifecycle.init import define_metric as define_metric
    from .lifecycle.init import finish as finish
    from .lifecycle.init import init as init
    from .lifecycle.init import log as log
    from .lifecycle.run import Run as Run

    run: Run | None

__version__ = "0.1.0"

#: public name -> (module, name there). Nothing is imported before it is asked for.
_PUBLIC = {
    "Config": ("configs.config", "Config"),
    "GivensError": ("errors", "GivensError"),
    "GivensWarning": ("errors", "GivensWarning"),
    "KeyPath": ("keys", "KeyPath"),
    "Run": ("lifecycle.run", "Run"),
    "RunTable": ("api", "RunTable"),
    "Secret": ("codec", "Secret"),
    "Section": ("configs.config", "Section"),
    "StoredRun": ("api", "StoredRun"),
    "TrackedList": ("configs.tracked_list", "TrackedList"),
    "cast": ("configs.schema", "cast"),
    "config": ("lifecycle.handles", "config"),
    "define_metric": ("lifecycle.init", "define_metric"),
    "diff": ("api", "diff"),
    "duplicates": ("api", "duplicates"),
    "edit": ("api.changes.editing", "edit"),
    "edit_runs": ("api.changes.editing", "edit_runs"),
    "explain": ("configs.functions", "explain"),
    "fingerprint": ("configs.functions", "fingerprint"),
    "finish": ("lifecycle.init", "finish"),
    "flatten": ("configs.functions", "flatten"),
    "freeze": ("configs.functions", "freeze"),
    "history": ("configs.functions", "history"),
    "importance": ("api", "importance"),
    "init": ("lifecycle.init", "init"),
    "log": ("lifecycle.init", "log"),
    "merge": ("configs.functions", "merge"),
    "nearest": ("api", "nearest"),
    "on_change": ("configs.functions", "on_change"),
    "open": ("api", "open_run"),
    "parse_args": ("lifecycle.arguments", "parse_args"),
    "remove_runs": ("api.changes.removing", "remove_runs"),
    "restore_runs": ("api.changes.removing", "restore_runs"),
    "runs": ("api", "runs"),
    "show": ("api.showing", "show"),
    "summary": ("lifecycle.handles", "summary"),
    "undo_edit": ("api.changes.undoing", "undo_edit"),
}

__all__ = [*_PUBLIC, "run"]

#: what scripts written for wandb name in ``except``: no public names, but an unknown one there would hide what was raised
_NAMED_IN_EXCEPT = {
    "CommError": ("errors", "CommError"),
    "Error": ("errors", "GivensError"),
    "UsageError": ("errors", "UsageError"),
    "errors": ("errors", ""),
}


class _Package(ModuleType):
    """The package itself: ``givens.config = {…}`` updates the config, and ``givens.run`` is nobody's to assign."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "config" and not isinstance(value, ModuleType):
            __getattr__("config").update(value)
        elif name in ("run", "summary"):
            raise AttributeError(f"givens.{name} cannot be assigned; begin a run with givens.init()")
        else:
            super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *__all__})

    def __reduce__(self) -> tuple[Any, ...]:
        # cloudpickle (joblib, Ray, Dask) knows plain modules only, and sends them with a script's functions
        from importlib import import_module

        return import_module, (self.__name__,)


def __getattr__(name: str) -> Any:
    # of the module, not of its class: a name that is there is then read without asking this first
    if name == "run":
        current = sys.modules.get("givens.lifecycle.current")
        return None if current is None else current.current.run
    found = _PUBLIC.get(name) or _NAMED_IN_EXCEPT.get(name)
    if found is None:
        raise AttributeError(_unknown(name), name=name)
    from importlib import import_module

    module = import_module(f"givens.{found[0]}")
    value = getattr(module, found[1]) if found[1] else module
    globals()[name] = value
    return value


def _unknown(name: str) -> str:
    if name in _WANDB_NAMES:
        rest = "A script that needs the name: import givens.wandb as wandb"
        return f"givens has no {name!r}; it keeps configurations and light results. {rest}"
    from .errors import suggestion

    return f"givens has no {name!r}{suggestion(name, __all__)}"


#: what scripts written for wandb use besides
_WANDB_NAMES = frozenset(
    (
        "AlertLevel Api Artifact Audio Classes Data Graph Histogram Html Image JoinedTable Molecule Object3D "
        "Plotly Settings Table Video agent alert apis attach controller ensure_configured env finish_all "
        "integration jupyter keras lightgbm link_artifact link_model log_artifact log_code log_model login "
        "mark_preempting patched plot plot_table proto restore save sdk setup sklearn sweep teardown termerror termlog "
        "termwarn unwatch upsert_artifact use_artifact use_model util visualize watch xgboost"
    ).split()
)

sys.modules[__name__].__class__ = _Package
