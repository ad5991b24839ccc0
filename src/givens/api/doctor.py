"""What `givens doctor` knows: what is installed, where things lie, what is pending, what is damaged."""

from __future__ import annotations

import os
import sys
from typing import Any, NamedTuple

from ..errors import StoreError
from ..index import open_index
from ..index.place import is_local, kind_of, read_mounts
from ..journal.edits import read_edits
from ..journal.journals import pack_paths
from ..journal.layout import Store
from ..settings import SETTINGS, TABLE, Settings, load
from .changes.scrub_files import Rewriting
from .upkeep.checking import Checked, Progress, check_store
from .upkeep.packing import MANY_LOOSE, Packing, pack_store

#: package -> the extra that brings it (empty: givens itself needs it), and what for
PACKAGES: dict[str, tuple[str, str]] = {
    "PyYAML": ("", "YAML files"),
    "click": ("", "the command line"),
    "rich": ("", "tables in the terminal"),
    "starlette": ("ui", "the page in the browser"),
    "uvicorn": ("ui", "the page in the browser"),
    "Jinja2": ("ui", "the page in the browser"),
    "duckdb": ("fast", "broad filters and groups over very many runs"),
    "scikit-learn": ("analysis", "importance by a random forest"),
    "pandas": ("pandas", "to_pandas()"),
    "polars": ("polars", "to_polars()"),
    "pyarrow": ("arrow", "to_arrow()"),
}


class Installed(NamedTuple):
    """One package: its version, None when it is not there; the extra that brings it, and what it is for."""

    package: str
    version: str | None
    extra: str
    purpose: str


class Place(NamedTuple):
    """A folder: its path, the kind of file system (empty where that is not known), whether it is local and writable."""

    path: str
    kind: str
    local: bool
    writable: bool


class Content(NamedTuple):
    """What lies in a store's folders, in files: ``loose`` journals of runs, packs, surroundings, edits, large values."""

    loose: int
    packs: int
    packs_bytes: int
    surroundings: int
    edits: int
    blobs: int
    blobs_bytes: int


class Scrubbed(NamedTuple):
    """What was taken out of a store: copies of it hold it still.

    Args:
        commands: how many scrubs there were.
        last_at: when the last one was, in UTC as in the journal.
        files: files that hold again what was taken out, as after an old copy was merged in; None when nobody looked.
        left: files that could not be rewritten, and why.
    """

    commands: int
    last_at: str
    files: int | None
    left: tuple[str, ...]


class IndexState(NamedTuple):
    """The index: where it lies, how long it is, and what of the store is in it.

    Args:
        place: its folder.
        file: its file.
        size_bytes: how long that is.
        complete: whether all of the store is in it.
        percent: how much of it is.
        states: state -> number of runs.
    """

    place: Place
    file: str
    size_bytes: int
    complete: bool
    percent: int
    states: dict[str, int]


class InEffect(NamedTuple):
    """A setting that somebody made: its name, its value, and where it was said."""

    name: str
    value: Any
    said_in: str


class Report(NamedTuple):
    """All that the doctor found.

    Args:
        version: of givens.
        python: version and path of the interpreter.
        packages: what is installed.
        store: where the store is; None when there is none.
        no_store: why there is none.
        content: what lies in it.
        indexed: how the index stands; None when it cannot be used.
        index_problem: why it cannot.
        pending: what packing would do.
        checked: what a look through all of it found; None when that was not asked for.
        scrubbed: what was taken out of it; None when nothing was.
        settings: those that somebody made.
        settings_problems: those that are not understood.
    """

    version: str
    python: str
    packages: tuple[Installed, ...]
    store: Place | None
    no_store: str | None
    content: Content | None
    indexed: IndexState | None
    index_problem: str | None
    pending: Packing | None
    checked: Checked | None
    scrubbed: Scrubbed | None
    settings: tuple[InEffect, ...]
    settings_problems: tuple[str, ...]

    @property
    def is_well(self) -> bool:
        """Whether nothing is damaged, unusable or misunderstood."""
        damaged = self.checked is not None and bool(self.checked.damage)
        return not damaged and self.index_problem is None and not self.settings_problems

    @property
    def many_loose(self) -> bool:
        """Whether so many journals lie loose that reading commands pack by themselves."""
        return self.content is not None and self.content.loose > MANY_LOOSE


def examine(
    store: Store | None,
    project: str | None,
    *,
    quick: bool = False,
    no_store: str | None = None,
    progress: Progress | None = None,
) -> Report:
    """Look at an installation and a store. Only the index is written, as by every command that reads.

    Args:
        store: the store; None when there is none.
        project: the project's folder, for its settings; None for none.
        quick: leave out what reads all of the store: damage, secrets, what could be packed.
        no_store: why there is no store.
        progress: called with (runs read, runs in all).
    """
    from .. import __version__

    index, problem = _index_of(store)
    settings, problems = _settings(project)
    thorough = store is not None and not quick
    return Report(
        version=__version__,
        python=f"{sys.version.partition(' ')[0]} ({sys.executable})",
        packages=tuple(_installed()),
        store=None if store is None else _place(store.path),
        no_store=no_store,
        content=None if store is None else _content(store),
        indexed=index,
        index_problem=problem,
        pending=pack_store(store, dry_run=True) if store is not None and thorough else None,
        checked=check_store(store, progress) if store is not None and thorough else None,
        scrubbed=None if store is None else _scrubbed(store, thorough=thorough),
        settings=settings,
        settings_problems=problems,
    )


def _scrubbed(store: Store, *, thorough: bool) -> Scrubbed | None:
    try:
        book = read_edits(store)
        commands = [command for command in book.commands if command.scrubs]
        if not commands:
            return None
        rewriting = Rewriting(store, book.scrubs, None, dry_run=True)
        if thorough:
            rewriting.all()
    except StoreError:  # told of by those who look for damage
        return None
    files = rewriting.files if thorough else None
    return Scrubbed(len(commands), commands[-1].at, files, tuple(map(str, rewriting.left)))


def _installed() -> list[Installed]:
    from importlib.metadata import PackageNotFoundError, version

    found = []
    for package, (extra, purpose) in PACKAGES.items():
        try:
            found.append(Installed(package, version(package), extra, purpose))
        except PackageNotFoundError:
            found.append(Installed(package, None, extra, purpose))
    return found


def _place(folder: str) -> Place:
    mounts = read_mounts()
    return Place(folder, kind_of(folder, mounts), is_local(folder, mounts), os.access(folder, os.W_OK))


def _content(store: Store) -> Content:
    packs = [_size(path) for path in pack_paths(store)]
    blobs = _files(store, "blobs")
    return Content(
        loose=len(_files(store, "runs", ".jsonl")),
        packs=len(packs),
        packs_bytes=sum(packs),
        surroundings=len(_files(store, "env", ".jsonl")),
        edits=len(_files(store, "edits", ".jsonl")),
        blobs=len(blobs),
        blobs_bytes=sum(map(_size, blobs)),
    )


def _files(store: Store, name: str, ending: str = "") -> list[str]:
    folder = os.path.join(store.path, name)
    try:
        return [os.path.join(folder, each) for each in os.listdir(folder) if each.endswith(ending)]
    except OSError:  # not there; one that cannot be read is named where its content is asked for
        return []


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


def _index_of(store: Store | None) -> tuple[IndexState | None, str | None]:
    if store is None:
        return None, None
    try:
        with open_index(store) as index:
            fresh = index.refresh()
            index.mark_states()
            states = index.connection.execute(
                "SELECT coalesce(run.finish, now.state) AS state, count(*) FROM run LEFT JOIN now USING (run) "
                "GROUP BY state ORDER BY state"
            ).fetchall()
            place = _place(index.folder)
            size = _size(index.path) + _size(f"{index.path}-wal")
            return IndexState(place, index.path, size, fresh.complete, fresh.percent, dict(states)), None
    except StoreError as error:
        return None, str(error)


def _settings(project: str | None) -> tuple[tuple[InEffect, ...], tuple[str, ...]]:
    """The settings that are not as they are by default, and where each was said."""
    all_of_them, problems = load(os.environ, project)
    file_only = load({}, project)[0]
    found = []
    for setting in SETTINGS:
        value = getattr(all_of_them, setting.name)
        if value == Settings._field_defaults[setting.name]:
            continue
        in_file = setting.in_file and value == getattr(file_only, setting.name) and not _is_set(setting.variable)
        found.append(InEffect(setting.name, value, f"{TABLE} in pyproject.toml" if in_file else str(setting.variable)))
    return tuple(found), tuple(map(str, problems))


def _is_set(variable: str | None) -> bool:
    return variable is not None and bool(os.environ.get(variable))
