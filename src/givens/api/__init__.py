"""What Python, the command line and the page call to read what is stored: open a run, list runs, ask, compare."""

from __future__ import annotations

from .difference import Diff, diff
from .grid import Column, Grid
from .run_table import RunTable
from .store_runs import duplicates, importance, nearest, runs, runs_in
from .stored.opening import Listing, find_store, open_run, runs_of
from .stored.status import STATES, Status
from .stored.stored_run import StoredRun

__all__ = [
    "STATES",
    "Column",
    "Diff",
    "Grid",
    "Listing",
    "RunTable",
    "Status",
    "StoredRun",
    "diff",
    "duplicates",
    "find_store",
    "importance",
    "nearest",
    "open_run",
    "runs",
    "runs_in",
    "runs_of",
]
