"""Looking through a whole store for damage: every journal, pack and large value, line by line."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from hashlib import sha256
from typing import Any, NamedTuple

from ...errors import GivensError
from ...journal.edits import FOLDER as EDITS
from ...journal.journals import Journal, opened_pack, pack_paths, read_journal, runs_in
from ...journal.layout import Store
from ...journal.lines import parse
from ...journal.packs import ENDING, is_journal_name, read_members
from ...journal.rank_files import rank_files
from ...journal.regular_files import open_regular
from ...keys import format_path, from_json
from ...records.encoded import TAG
from ...records.events import FORMAT, Event

_BLOB = re.compile(rb'"sha256":\s*"([0-9a-f]{64})"')
_SECRET = b'"secret"'
_PIECE_BYTES = 1 << 20

Progress = Callable[[int, int], None]


class Damage(NamedTuple):
    """Something that is not as it was written.

    Args:
        place: the file, with the line where it is one.
        problem: what is wrong.
        advice: what to do, or what it means.
    """

    place: str
    problem: str
    advice: str


class Checked(NamedTuple):
    """What a look through a store found.

    Args:
        damage: what is not as it was written.
        runs: how many runs were read.
        secrets: key -> in how many runs its value was left out as a secret.
        newer: formats newer than this version knows, that journals were written in.
    """

    damage: tuple[Damage, ...]
    runs: int
    secrets: dict[str, int]
    newer: tuple[int, ...]


class _Found:
    """What was found so far."""

    def __init__(self) -> None:
        self.damage: list[Damage] = []
        self.blobs: dict[str, str] = {}  # name -> the journal that first names it
        self.secrets: Counter[str] = Counter()
        self.newer: set[int] = set()

    def add(self, place: str, problem: str, advice: str) -> None:
        """One more thing that is wrong."""
        self.damage.append(Damage(place, problem, advice))


def check_store(store: Store, progress: Progress | None = None) -> Checked:
    """Read all of a store, and name what is damaged. Nothing is changed.

    Args:
        store: the store.
        progress: called with (runs read, runs in all).

    Raises:
        StoreError: a folder cannot be read.
    """
    found = _Found()
    unreadable: list[str] = []
    runs = runs_in(store, unreadable)
    for each in unreadable:
        found.add(*_place_of(each), "check its permissions")
    for done, journals in enumerate(runs.values(), 1):
        keys: set[str] = set()
        for journal in journals:
            keys |= _check_journal(journal, found)
        found.secrets.update(keys)
        if progress is not None:
            progress(done, len(runs))
    for path in pack_paths(store):
        _check_pack(path, found)
    for journal in _others(store):
        _check_journal(journal, found)
    _check_blobs(store, found)
    return Checked(tuple(found.damage), len(runs), dict(found.secrets.most_common()), tuple(sorted(found.newer)))


def _check_journal(journal: Journal, found: _Found) -> set[str]:
    """Check one journal; the keys whose values it holds as secrets."""
    keys: set[str] = set()
    try:
        content, problems = read_journal(journal)
    except FileNotFoundError:  # moved or removed meanwhile
        return keys
    except OSError as error:
        found.add(journal.place, error.strerror or str(error), "check its permissions; the run is not shown")
        return keys
    for problem in problems:
        found.add(journal.place, problem, "what comes before the damage is read; another copy of the file mends it")
    lines = content.split(b"\n")
    if lines.pop() and _is_ended(lines):
        found.add(journal.place, "something follows its last event", "it is left out")
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        event = parse(line)
        if isinstance(event, str):
            found.add(f"{journal.place}:{number}", event, "this event is left out, and no other")
            continue
        if event.get("k") == "start":
            written = event.get("format")
            if type(written) is int and written > FORMAT:
                found.newer.add(written)
        if _SECRET in line:
            with suppress(RecursionError):  # nested deeper than anything givens writes
                keys.update(_secret_keys(event))
        if b'"sha256"' in line:
            for name in _BLOB.findall(line):
                found.blobs.setdefault(name.decode(), journal.place)
    return keys


def _is_ended(lines: list[bytes]) -> bool:
    """Whether a journal has its end: what a killed process left torn is no damage."""
    event = parse(lines[-1]) if lines else ""
    return isinstance(event, dict) and event.get("k") == "finish"


def _secret_keys(event: Event) -> Iterator[str]:
    entries = event.get("s")
    for entry in entries if event.get("k") == "set" and isinstance(entries, list) else ():
        if not isinstance(entry, list) or len(entry) < 2:
            continue
        try:
            path = format_path(from_json(entry[0]))
        except (GivensError, TypeError, ValueError):  # a path that givens does not write
            continue
        yield from _inside(path, entry[1])


def _inside(path: str, value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if value.get(TAG) == "secret":
            yield path
        elif TAG not in value:
            for key, inner in value.items():
                yield from _inside(f"{path}.{key}" if path else str(key), inner)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _inside(f"{path}[{number}]", inner)


def _check_pack(path: str, found: _Found) -> None:
    advice = "copy it again from where it came from; what can be read of it is read"
    try:
        pack = opened_pack(path)
        digest = sha256()
        with open_regular(path, whole=False) as file:
            while piece := file.read(_PIECE_BYTES):
                digest.update(piece)
        contents = read_members(pack) if pack.problems or digest.hexdigest() + ENDING != os.path.basename(path) else []
    except FileNotFoundError:
        return
    except OSError as error:
        found.add(path, error.strerror or str(error), "check its permissions; its runs are not shown")
        return
    for problem in pack.problems:
        found.add(path, problem, advice)
    if contents or pack.problems:
        wrong = sum(bool(content.problems) for _, content in contents)
        found.add(path, f"it is not what its name says; {wrong} of {len(contents)} journals are damaged", advice)
    elif not pack.members:
        found.add(path, "it holds no journal", advice)


def _others(store: Store) -> Iterator[Journal]:
    """Journals of surroundings, of edits, and of ranks."""
    for folder in ("env", EDITS):
        try:
            names = sorted(os.listdir(os.path.join(store.path, folder)))
        except OSError:
            continue
        for name in names:
            if is_journal_name(f"env/{name}"):
                yield Journal(f"{folder}/{name}", os.path.join(store.path, folder, name), ())
    for path in rank_files(store):
        yield Journal(f"ranks/{os.path.basename(path)}", path, ())


def _check_blobs(store: Store, found: _Found) -> None:
    for name, named_by in found.blobs.items():
        path = store.blob_file(name)
        try:
            with open_regular(path, whole=False) as file:
                digest = sha256()
                while piece := file.read(_PIECE_BYTES):
                    digest.update(piece)
        except FileNotFoundError:
            found.add(path, "a large value is missing", f"{named_by} names it; copy blobs/ along with the runs")
            continue
        except OSError as error:
            found.add(path, error.strerror or str(error), f"{named_by} names it; check its permissions")
            continue
        if digest.hexdigest() != name:
            found.add(path, "a large value is not what its name says", f"{named_by} names it; copy the file again")


def _place_of(text: str) -> tuple[str, str]:
    place, _, problem = text.rpartition(": ")
    return place, problem
