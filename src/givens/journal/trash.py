"""The trash: where the files of removed runs lie until they are restored, or somebody empties it.

``trash/<run id>/runs/`` holds the journals, ``trash/<run id>/outputs/`` what the run put out. Whether a run is removed is
said by an edit, not by where its files are: a copy of them that comes back with a merge stays hidden.
"""

from __future__ import annotations

import os

from ..records.events import Event
from ..records.scrubs import Scrubs
from .journals import Journal, journals_of, read_journal
from .layout import RUN_ID, Store, write_whole
from .reader import read_start
from .regular_files import open_regular

FOLDER = "trash"
_META = b'{"k":"meta"'


def trash_dir(store: Store, run_id: str) -> str:
    """Where the files of a removed run go."""
    return os.path.join(store.path, FOLDER, run_id)


def in_trash(store: Store) -> list[str]:
    """The runs that have something in the trash; not what only leads elsewhere."""
    try:
        names = os.listdir(os.path.join(store.path, FOLDER))
    except OSError:
        return []
    return sorted(name for name in names if RUN_ID.fullmatch(name) and not _link_of(trash_dir(store, name)))


def start_in_trash(store: Store, run_id: str, scrubs: Scrubs) -> Event | None:
    """The start event of a run whose journal lies in the trash; None where there is none."""
    here = trash_dir(store, run_id)
    return None if _link_of(here) else read_start(os.path.join(here, "runs", f"{run_id}.jsonl"), scrubs)


def journals_in_trash(store: Store, run_id: str) -> list[Journal]:
    """The journals of a run that lie in the trash, its first writer's first."""
    here = trash_dir(store, run_id)
    if _link_of(here):
        return []
    folder = os.path.join(here, "runs")
    names = [name for name in _names(folder) if name.startswith(f"{run_id}.") and name.endswith(".jsonl")]
    found = [Journal(f"runs/{name}", os.path.join(folder, name), ()) for name in sorted(names)]
    return sorted(found, key=lambda journal: journal.writer or "")


def renamed_in_trash(store: Store, run_id: str) -> bool:
    """Whether a journal in the trash may give a run another name than its start line does; cheaply, for most do not."""
    for journal in journals_in_trash(store, run_id):
        path = journal.loose or ""
        if journal.writer is not None and (read_start(path) or {}).get("role") == "session":
            return True
        try:
            with open_regular(path) as file:
                if any(line.startswith(_META) for line in file):
                    return True
        except OSError:
            continue
    return False


def to_trash(store: Store, run_id: str) -> list[str]:
    """Move a run's files to the trash; of a journal in a pack, which stays there, a copy.

    Returns:
        What could not be moved, each as ``path: why``. The run is hidden all the same.
    """
    problems: list[str] = []
    here = trash_dir(store, run_id)
    if link := _link_of(here):
        return [f"{link}: it is a link, and none in a store is followed"]
    for journal in journals_of(store, run_id):
        target = os.path.join(here, *journal.name.split("/"))
        try:
            os.makedirs(os.path.dirname(target), exist_ok=True)
            if journal.loose is not None:
                _move(journal.loose, target)
            elif not os.path.exists(target):
                write_whole(target, read_journal(journal).content)
        except OSError as error:
            problems.append(f"{journal.place}: {error.strerror or error}")
    outputs = store.output_dir(run_id)
    if os.path.isdir(outputs) and not os.path.islink(os.path.dirname(outputs)):  # what lies elsewhere stays there
        try:
            os.makedirs(here, exist_ok=True)
            os.rename(outputs, _free(os.path.join(here, "outputs")))
        except OSError as error:
            problems.append(f"{outputs}: {error.strerror or error}")
    return problems


def from_trash(store: Store, run_id: str) -> list[str]:
    """Move a run's files back to where they were. A journal that is there again, and as long, stays.

    Returns:
        What could not be moved, each as ``path: why``.
    """
    problems: list[str] = []
    here = trash_dir(store, run_id)
    if link := _link_of(here):
        return [f"{link}: it is a link, and none in a store is followed"]
    present = {journal.name for journal in journals_of(store, run_id) if journal.loose is None}
    for name in sorted(_names(os.path.join(here, "runs"))):
        source, target = os.path.join(here, "runs", name), os.path.join(store.path, "runs", name)
        try:
            if f"runs/{name}" in present:
                os.unlink(source)  # a pack holds it: this was the copy
            else:
                _move(source, target)
        except OSError as error:
            problems.append(f"{source}: {error.strerror or error}")
    for name in sorted(_names(here)):
        if name == "outputs" or name.startswith("outputs."):
            target = store.output_dir(run_id)
            try:
                os.makedirs(os.path.dirname(target), exist_ok=True)
                os.rename(os.path.join(here, name), _free(target))
            except OSError as error:
                problems.append(f"{os.path.join(here, name)}: {error.strerror or error}")
    for folder in (os.path.join(here, "runs"), here):
        if os.path.isdir(folder) and not os.listdir(folder):
            os.rmdir(folder)
    return problems


def _move(source: str, target: str) -> None:
    """Put a journal in its place. Copies of one journal begin alike, and the longer one has all that is in the other."""
    if os.path.exists(target) and os.path.getsize(target) >= os.path.getsize(source):
        os.unlink(source)
    else:
        os.replace(source, target)


def _free(path: str) -> str:
    """A name that nothing has yet."""
    number, found = 1, path
    while os.path.exists(found):
        number, found = number + 1, f"{path}.{number}"
    return found


def _link_of(here: str) -> str | None:
    """What in the trash of a run leads elsewhere."""
    return next((path for path in (here, os.path.join(here, "runs")) if os.path.islink(path)), None)


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []
