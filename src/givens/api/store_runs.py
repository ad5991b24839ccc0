"""The functions of the package that ask about many runs: ``runs``, ``importance``, ``duplicates``, ``nearest``."""

from __future__ import annotations

import os
import time

from ..index.refreshing import Progress
from ..journal.layout import Store
from ..query.nodes import Node
from ..query.parser import parse
from . import answers
from .asking import Asking
from .run_table import RunTable
from .stored.opening import find_store
from .stored.stored_run import StoredRun


def runs(filter: str | Node = "", *, project: str | None = None, dir: str | os.PathLike[str] | None = None) -> RunTable:
    """The runs of a store.

    Args:
        filter: as in ``"lr < 1e-2 and max(val_acc) > 0.9"``; empty: every run.
        project: only runs of this project.
        dir: the folder that holds ``.givens``. None: ``GIVENS_DIR``, else the nearest one upward from here.

    Raises:
        FilterSyntaxError: the filter does not read.
        StoreError: there is no store.
    """
    return runs_in(find_store(dir), filter, project=project)


def runs_in(
    store: Store, filter: str | Node = "", *, project: str | None = None, progress: Progress | None = None
) -> RunTable:
    """The runs of one store.

    Args:
        store: the store.
        filter: as text or as a tree.
        project: only runs of this project.
        progress: called with (runs done, runs to do) while the index is brought up to date.

    Raises:
        FilterSyntaxError: the filter does not read.
    """
    now_s = time.time()
    node = parse(filter, now_s=now_s) if isinstance(filter, str) else filter
    return RunTable(Asking(store, progress=progress), node, project=project, now_s=now_s)


def importance(
    metric: str, filter: str | Node = "", *, project: str | None = None, dir: str | os.PathLike[str] | None = None
) -> answers.KeyImportances:
    """Which keys explain a metric; ``givens.runs(filter).importance(metric)``."""
    return runs(filter, project=project, dir=dir).importance(metric)


def duplicates(
    filter: str | Node = "",
    *,
    replicas: bool = False,
    project: str | None = None,
    dir: str | os.PathLike[str] | None = None,
) -> answers.Duplicates:
    """Runs that were given the same; ``givens.runs(filter).duplicates(replicas=…)``."""
    return runs(filter, project=project, dir=dir).duplicates(replicas=replicas)


def nearest(
    ref: str | StoredRun = "last",
    filter: str | Node = "",
    *,
    limit: int = 10,
    project: str | None = None,
    dir: str | os.PathLike[str] | None = None,
) -> answers.NearestRuns:
    """The runs whose configs differ least from one run's; ``givens.runs(filter).nearest(ref)``."""
    return runs(filter, project=project, dir=dir).nearest(ref, limit=limit)
