"""What bare ``givens`` says: what the store holds, and what to do next."""

from __future__ import annotations

import time
from typing import Any

from ..api.overview import Listed, listed, listed_json
from ..api.run_table import RunTable
from ..configs.explanation import local_time, one_line
from ..errors import StoreError
from ..journal.layout import Store
from ..keys import format_path
from ..records.encoded import leaves
from .indexed import asking, tell
from .options import Asked
from .terminal import console, print_json, print_line, print_table, state_words, table, text

_WORTH_ASKING = 10  # runs, below which nothing is said of importance
_FIRST_SCRIPT = (
    "import givens",
    "",
    'run = givens.init(project="first", config={"lr": 0.1})',
    "print(run.config.lr)",
)


def welcome(asked: Asked) -> None:
    """Print it, as text or JSON (``{"version", "store", "total", "newest"}``)."""
    from .. import __version__

    store, total, runs = _held(asked)
    newest = runs[0] if runs else None
    if asked.as_json:
        shape: dict[str, Any] = {"version": __version__, "store": store.path if store else None, "total": total}
        print_json({**shape, "newest": listed_json(newest) if newest else None})
        return
    out = console()
    print_line(out, text(f"givens {__version__}", "bold"), ": a run remembers what it was given")
    print_line(out)
    if store is None or newest is None:
        print_line(out, "There are no runs here yet." if store is None else f"{store.path} holds no runs yet.")
        print_line(out, "Put this into a script and run it:")
        print_line(out)
        for line in _FIRST_SCRIPT:
            print_line(out, "    ", line)
        print_line(out)
        print_line(out, "Then `givens ls` lists its run, and `givens show` shows everything about it.")
        return
    count = "1 run" if total == 1 else f"{total:,} runs"
    state = state_words(newest)
    began = local_time(newest.created or "")
    print_line(out, f"{store.path} holds {count}; the newest is {one_line(newest.name)} ({state}, {began}).")
    print_line(out)
    made = table("", "")
    for line, what in _next_steps(runs, total):
        made.add_row(text(line), text(what, "dim"))
    print_table(out, made, indent=2)


def _held(asked: Asked) -> tuple[Store | None, int, list[Listed]]:
    try:
        store = asked.store()
    except StoreError:
        if asked.dir is not None:
            raise  # a folder was named, and it has none
        return None, 0, []
    index = asking(store)
    newest = RunTable(index)
    ids = newest.ids(limit=2)
    runs = index.ask(lambda opened: listed(opened, ids, time.time()))
    tell(index)
    return store, newest.count(), runs


def _next_steps(runs: list[Listed], total: int) -> list[tuple[str, str]]:
    keys = [path for path, _ in leaves(runs[0].config) if path]
    steps = [("givens ls", "list the runs"), ("givens show last", "everything about the newest")]
    if keys:
        steps.append((f"givens explain last {_word(format_path(keys[0]))}", "where a value came from"))
    if len(runs) > 1:
        steps.append((f"givens diff {runs[1].id} last", "what the newest has otherwise than the one before"))
        steps.append(("givens keys", "every key that a run was given, with its range"))
    results = list(runs[0].results)
    if total >= _WORTH_ASKING and results:
        steps.append((f"givens importance {_word(results[0])}", "which keys a result depends on"))
    return [*steps, ("givens --help", "all commands")]


def _word(text: str) -> str:
    """As a shell takes it."""
    import shlex

    return shlex.quote(one_line(text))
