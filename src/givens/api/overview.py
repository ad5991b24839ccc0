"""The runs as a list for people: some of them whole, read off the index alone, with what varies between them.

``givens ls``, ``givens export`` and the page show this. No journal is opened.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, NamedTuple

from ..capture.liveness import Identity, identity, is_gone
from ..codec import loads
from ..configs.comparison import EQUAL, compare
from ..configs.explanation import shown_value
from ..index import Index
from ..index.edit_rows import edited_in
from ..index.schema import SUMMARY
from ..index.texts import unescape
from ..keys import KeyPath, Path, covered
from ..query.cells import Stored, value_of
from ..query.operands import result_name
from ..records.change import MISSING
from ..records.encoded import Tree, leaves, plant

_SCALARS = frozenset((str, int, float, bool, type(None)))
_TOLD = 200  #: characters by which other values are told apart
_MANY_TEXTS = 3  #: a text that is another one in each of so many runs tells little: a path, a name

_COLUMNS = (
    "run.run, run.id, run.name, run.project, run.run_group, run.job_type, run.tags, run.notes, run.created, "
    "run.created_s, run.since_s, run.last_s, run.duration_s, run.finish, run.bad, run.error, run.host, run.boot_id, run.pid, "
    "run.pid_namespace, run.started, run.user_name, run.command, run.git_commit, run.job, run.results"
)


class Listed(NamedTuple):
    """One run of a list.

    Args:
        id: its id.
        name: its name; its id where it has none.
        project, group, job_type, notes, user, host, command, commit: as in ``StoredRun``; None where unknown.
        tags: its tags.
        state: running, finished, failed or lost.
        alive: whether its process lives; None where that cannot be told from here.
        silent_s: seconds since its last event, while it runs; else None.
        created: the journal's time of its start; None where that is lost.
        created_s: the same in seconds since the epoch.
        duration_s: how long it took, or takes so far, in seconds.
        config: its configuration, as the fold keeps it.
        results: name -> last value, encoded.
        bad: how many lines of its journals cannot be read.
        error: why it failed.
        edited: what was changed after it: ``config.lr``, ``tags`` …
        job: the Slurm job that it runs in.
    """

    id: str
    name: str
    project: str | None
    group: str | None
    job_type: str | None
    tags: tuple[str, ...]
    notes: str | None
    state: str
    alive: bool | None
    silent_s: float | None
    created: str | None
    created_s: float | None
    duration_s: float | None
    config: Tree
    results: dict[str, Any]
    bad: int
    error: str | None
    user: str | None
    host: str | None
    command: str | None
    commit: str | None
    edited: tuple[str, ...] = ()
    job: str | None = None


class VaryingColumn(NamedTuple):
    """A key, or a result, as a column of a list.

    Args:
        path: the key path; of a result, one part: its name.
        cells: a value for each run, encoded; ``MISSING`` where it has none.
        rank: the lower, the more it tells: of names and seeds little, of a key that is the same in nearly all runs little.
    """

    path: Path
    cells: tuple[Any, ...]
    rank: tuple[Any, ...]


def without_results(index: Index, run_ids: list[str]) -> dict[str, str]:
    """Of some runs, those that have ended and logged nothing: id -> state."""
    index.mark_states()
    rows = index.connection.execute(
        "SELECT run.id, coalesce(run.finish, now.state) AS state FROM json_each(?) b JOIN run ON run.id = b.value "
        "LEFT JOIN now ON now.run = run.run WHERE run.results = 0",
        (json.dumps(run_ids),),
    )
    return {run_id: state for run_id, state in rows if state != "running"}


def listed(index: Index, run_ids: list[str], now_s: float) -> list[Listed]:
    """Runs as a list needs them, in the order of their ids; those that the index does not have are left out.

    Args:
        index: where they are.
        run_ids: which.
        now_s: the present, in seconds since the epoch.
    """
    connection, here = index.connection, identity()
    wanted = json.dumps(run_ids)
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM json_each(?) b JOIN run ON run.id = b.value ORDER BY b.key", (wanted,)
    ).fetchall()
    numbers = json.dumps([row[0] for row in rows])
    configs = dict(
        connection.execute("SELECT run, config FROM json_each(?) b JOIN document d ON d.run = b.value", (numbers,))
    )
    results = _results(index, numbers)
    edited = edited_in(connection, index.store, run_ids)
    return [
        _listed(row, configs.get(row[0]), results.get(row[0], {}), here, now_s)._replace(edited=edited.get(row[1], ()))
        for row in rows
    ]


def _results(index: Index, numbers: str) -> dict[int, dict[str, Any]]:
    paths = index.connection.execute("SELECT key, path FROM key WHERE space = ?", (SUMMARY,))
    names = {key: result_name(tuple(KeyPath.parse(unescape(path)))) for key, path in paths}
    found: dict[int, dict[str, Any]] = {}
    rows = index.connection.execute(
        "SELECT s.run, s.key, s.kind, s.num, s.txt FROM json_each(?) b JOIN summary s ON s.run = b.value "
        "ORDER BY s.run, s.key",
        (numbers,),
    )
    for run, key, *stored in rows:
        found.setdefault(run, {})[names[key]] = value_of(Stored(*stored))
    return found


def _listed(row: Any, config: str | None, results: dict[str, Any], here: Identity, now_s: float) -> Listed:
    _, run_id, name, project, group, job_type, tags, notes, created, created_s, since_s, last_s = row[:12]
    duration_s, finish, bad, error, host, boot_id, pid, namespace, started, user, command, commit, job, _ = row[12:]
    gone: bool | None = True
    if finish is None and created is not None:
        gone = is_gone(Identity(host or "", boot_id, -1 if pid is None else pid, namespace, started), here)
    state = finish or ("lost" if gone else "running")
    ended_s = now_s if state == "running" else last_s
    if duration_s is None and since_s is not None and ended_s is not None:
        duration_s = max(0.0, ended_s - since_s)
    running = state == "running"
    return Listed(
        id=unescape(run_id),
        name=unescape(name) if name else unescape(run_id),
        project=_text(project),
        group=_text(group),
        job_type=_text(job_type),
        tags=tuple(json.loads(unescape(tags))) if tags else (),
        notes=_text(notes),
        state=state,
        alive=(None if gone is None else True) if running else False,
        silent_s=max(0.0, now_s - last_s) if running and last_s is not None else None,
        created=created,
        created_s=created_s,
        duration_s=duration_s,
        config=plant(loads(config)) if config else Tree(),
        results=results,
        bad=bad,
        error=_text(error),
        user=_text(user),
        host=_text(host),
        command=_text(command),
        commit=_text(commit),
        job=_text(job),
    )


def _text(text: str | None) -> str | None:
    return None if text is None else unescape(text)


def varying_keys(runs: list[Listed], replicate: tuple[str, ...] = ()) -> list[VaryingColumn]:
    """The keys in which the runs differ, in the order of their configs.

    Ranked: what nearly all of them have before what few have, then what only tells replicas apart (seeds), and last a
    text that is another one in each run.

    Args:
        runs: the runs.
        replicate: patterns of keys that tell replicas apart, beside those that are called seed.
    """
    constant = _shared(runs)
    trees = [run.config for run in runs] if not constant else [_without(run.config, constant) for run in runs]
    return [
        VaryingColumn(row.path, tuple(row.cells), _rank(row.path, row.cells, at, replicate))
        for at, row in enumerate(compare(trees))
        if row.status != EQUAL
    ]


def _shared(runs: list[Listed]) -> set[str | int]:
    """Top-level keys that are the very same everywhere, so that nobody has to walk into them."""
    if len(runs) < 2:
        return set()
    first, *others = (run.config for run in runs)
    return {key for key, value in first.items() if all(key in other and _same(other[key], value) for other in others)}


def _same(a: Any, b: Any) -> bool:
    """Equal, and of the same types all the way down: 1 and True, 2 and 2.0 are looked at again."""
    return bool(a == b) and json.dumps(a, default=str) == json.dumps(b, default=str)


def _without(tree: Tree, keys: set[str | int]) -> Tree:
    return Tree((key, value) for key, value in tree.items() if key not in keys)


def _rank(path: Path, cells: Any, at: int, replicate: tuple[str, ...]) -> tuple[Any, ...]:
    there = [cell for cell in cells if cell is not MISSING]
    texts = len(there) >= _MANY_TEXTS and all(type(cell) in (str, dict) for cell in there)
    is_name = texts and len({shown_value(cell) for cell in there}) == len(there)
    is_seed = covered(path, replicate) or "seed" in str(path[-1]).lower()
    told = (cell if type(cell) in _SCALARS else shown_value(cell, _TOLD) for cell in cells)  # MISSING counts as a value
    most_alike = max(Counter(told).values(), default=0)
    return is_name, is_seed, -(5 * (len(cells) - most_alike) // max(1, len(cells))), at


def result_columns(runs: list[Listed]) -> list[VaryingColumn]:
    """The results of the runs, those of most runs first."""
    names = dict.fromkeys(name for run in runs for name in run.results)
    columns = []
    for at, name in enumerate(names):
        cells = tuple(run.results.get(name, MISSING) for run in runs)
        columns.append(VaryingColumn((name,), cells, (-sum(cell is not MISSING for cell in cells), at)))
    return sorted(columns, key=lambda column: column.rank)


def listed_json(run: Listed) -> dict[str, Any]:
    """``shapes.run_json``, of a run in a list."""
    from .shapes import value_json

    return {
        "id": run.id,
        "name": run.name,
        "project": run.project,
        "group": run.group,
        "job_type": run.job_type,
        "tags": list(run.tags),
        "notes": run.notes,
        "state": run.state,
        "alive": run.alive,
        "silent_s": run.silent_s,
        "job": run.job,
        "created_at": run.created,
        "duration_s": run.duration_s,
        "config": {str(KeyPath(path)): value_json(value) for path, value in leaves(run.config) if path},
        "summary": {name: value_json(value) for name, value in run.results.items()},
        "edited": list(run.edited),
        "problems": [f"{run.bad} line{'' if run.bad == 1 else 's'} cannot be read"] if run.bad else [],
    }
