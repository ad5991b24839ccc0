"""``givens.show``: a table of runs, a run or a comparison where one can look at it: in the notebook, or in a browser."""

from __future__ import annotations

import os
import sys
import tempfile
from importlib import import_module
from typing import Any

from ..errors import UsageError
from .difference import Diff
from .export_page import export_page, table_page
from .exports import Exports
from .formats.written import write_text
from .grid import TEXT, Column, Grid
from .grid_page import grid_page
from .run_table import RunTable
from .stored.stored_run import StoredRun


def show(
    what: RunTable | StoredRun | Diff | Exports, *, path: str | os.PathLike[str] | None = None, browser: bool = True
) -> str | None:
    """Show a table of runs, a run, a comparison or an answer: in a notebook below the cell, else in a browser.

    Outside a notebook it becomes one HTML file that needs nothing else and asks nobody; of a table of runs, with up to
    100,000 rows and the details of the first 500. Where there are more, the file says so. ``givens ui`` serves the live page.

    Args:
        what: ``givens.runs("lr < 0.1")``, ``givens.open("last")``, ``givens.diff(…)``, or what a table was asked for.
        path: where to write the file; None: a temporary one.
        browser: open it.

    Returns:
        The path of the file; None in a notebook, where none is written unless ``path`` is given.

    Raises:
        UsageError: it is nothing that can be shown.
        StoreError: the file cannot be written.
    """
    if path is None and "ipykernel" in sys.modules:
        import_module("IPython.display").display(what)
        return None
    text = _page(what)
    file = os.fspath(path) if path is not None else _temporary()
    write_text(file, text)
    if browser:
        import webbrowser

        webbrowser.open(f"file://{os.path.abspath(file)}")
    return file


def _page(what: Any) -> str:
    if isinstance(what, RunTable):
        return table_page(what, title="Runs", words=what.asked)
    if isinstance(what, StoredRun):
        head = Grid("run", (Column("run.name", TEXT, "name"),), ((what.name,),), ids=(what.id,))
        return export_page(head, [what], title=what.name, words="")
    if isinstance(what, Diff):
        return grid_page(what.grid(), title=" and ".join(side.label for side in what.sides[:4]))
    if isinstance(what, Exports):
        grid = what.grid()
        return grid_page(grid, title=grid.title or "Table", said=grid.asked)
    raise UsageError(f"show of a {type(what).__name__}", "give a table of runs, a run, a comparison or an answer")


def _temporary() -> str:
    number, file = tempfile.mkstemp(prefix="givens-", suffix=".html")
    os.close(number)
    return file
