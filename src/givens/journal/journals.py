"""The journals of a store, wherever they lie: loose in a folder, in packs, or both."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import NamedTuple

from ..errors import StoreError
from .copies import made_whole
from .layout import Store
from .packs import FOLDER, PACK_NAME, Content, Member, Pack, may_hold, open_pack, read_member
from .regular_files import read_whole

#: tables of packs that were read lately: path -> (size, time, pack)
_opened: dict[str, tuple[int, int, Pack]] = {}
_MANY_OPENED = 32


class Packed(NamedTuple):
    """A copy of a journal in a pack."""

    pack: str
    member: Member


class Journal(NamedTuple):
    """One journal and where its copies lie.

    Args:
        name: its path below the store: ``runs/<id>.jsonl``, ``runs/<id>.<writer>.jsonl``, ``env/<writer>.jsonl``.
        loose: the path of its own file, where it has one.
        packed: its copies in packs.
    """

    name: str
    loose: str | None
    packed: tuple[Packed, ...]

    @property
    def place(self) -> str:
        """Where it is, for people: its path, or the pack's path and its name there."""
        return self.loose or f"{self.packed[0].pack}:{self.name}"

    @property
    def writer(self) -> str | None:
        """The writer id in its name; None for a run's first writer."""
        return self.name.rpartition("/")[2].removesuffix(".jsonl").partition(".")[2] or None


def pack_paths(store: Store) -> list[str]:
    """The packs of a store.

    Raises:
        StoreError: the folder is there and cannot be read.
    """
    folder = os.path.join(store.path, FOLDER)
    try:
        names = os.listdir(folder)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StoreError(folder, str(error.strerror or error), "check its permissions") from error
    return [os.path.join(folder, name) for name in sorted(names) if PACK_NAME.fullmatch(name)]


def opened_pack(path: str) -> Pack:
    """A pack, its table read once a process.

    Raises:
        OSError: it cannot be read.
    """
    stat = os.stat(path)
    known = _opened.get(path)
    if known is not None and known[:2] == (stat.st_size, stat.st_mtime_ns):
        return known[2]
    pack = open_pack(path)
    if len(_opened) >= _MANY_OPENED:
        _opened.clear()
    _opened[path] = stat.st_size, stat.st_mtime_ns, pack
    return pack


def runs_in(store: Store, unreadable: list[str] | None = None) -> dict[str, list[Journal]]:
    """Every run's journals, first writer first: run id -> journals.

    Args:
        store: the store.
        unreadable: packs that cannot be read are added to it, each as ``path: why``.

    Raises:
        StoreError: a folder is there and cannot be read.
    """
    # loose files first: a journal that is packed meanwhile is then seen twice, and not missed
    loose = store.run_files()
    found: dict[str, dict[str, Journal]] = {
        run_id: {(name := f"runs/{os.path.basename(path)}"): Journal(name, path, ()) for path in paths}
        for run_id, paths in loose.items()
    }
    for path in pack_paths(store):
        for member in _members(path, unreadable):
            if member.name.startswith("runs/"):
                _add(found.setdefault(_run_of(member.name), {}), path, member)
    return {run_id: _in_order(found[run_id]) for run_id in sorted(found)}


class PackedNames:
    """What the packs of a store hold, by name: for whoever asks for many journals one after the other.

    Args:
        store: the store.
    """

    __slots__ = ("_found", "_packs", "_store")

    def __init__(self, store: Store) -> None:
        self._store = store
        self._packs: list[str] = []
        self._found: dict[str, list[Packed]] = {}  # name without the writer and ending -> copies

    def beginning(self, name: str) -> Iterator[Packed]:
        """Copies of the journals whose names begin so; at least ``runs/<id>.`` or ``env/<writer>.``.

        Raises:
            StoreError: the folder of packs is there and cannot be read.
        """
        packs = pack_paths(self._store)
        if packs != self._packs:  # each is written once: those that are known stay as they are
            known = set(self._packs)
            if not known.issubset(packs):
                known.clear()
                self._found.clear()
            for path in packs:
                for member in () if path in known else _members(path, None):
                    self._found.setdefault(member.name.partition(".")[0], []).append(Packed(path, member))
            self._packs = packs
        return (copy for copy in self._found.get(name.partition(".")[0], ()) if copy.member.name.startswith(name))


def journals_of(store: Store, run_id: str, packed: PackedNames | None = None) -> list[Journal]:
    """One run's journals, first writer first; none when there is no such run.

    Args:
        store: the store.
        run_id: the run.
        packed: what its packs hold, where many are asked for; None: they are looked into for this one.

    Raises:
        StoreError: a folder is there and cannot be read.
    """
    paths = store.files_of(run_id)
    found = {(name := f"runs/{os.path.basename(path)}"): Journal(name, path, ()) for path in paths}
    for copy in _packed(store, f"runs/{run_id}.") if packed is None else packed.beginning(f"runs/{run_id}."):
        _add(found, *copy)
    return _in_order(found)


def journal_of(store: Store, name: str, packed: PackedNames | None = None) -> Journal | None:
    """One journal by its name below the store; None when no copy of it is there. See ``journals_of``."""
    path = os.path.join(store.path, *name.split("/"))
    found = {name: Journal(name, path, ())} if os.path.exists(path) else {}
    for copy in _packed(store, name) if packed is None else packed.beginning(name):
        _add(found, *copy)
    return found.get(name)


def is_packed(store: Store, run_id: str) -> bool:
    """Whether a pack holds a run of that id."""
    return any(True for _ in _packed(store, f"runs/{run_id}.jsonl"))


def read_journal(journal: Journal) -> Content:
    """A journal's bytes, made whole out of its copies.

    Raises:
        FileNotFoundError: all of its copies went away meanwhile; it may lie somewhere else by now.
        OSError: its only copy cannot be read.
    """
    contents: list[bytes] = []
    problems: list[str] = []
    failed: OSError | None = None
    if journal.loose is not None:
        try:
            contents.append(read_whole(journal.loose))
        except OSError as error:
            failed = error
    damaged: list[str] = []
    for copy in journal.packed:
        try:
            content, wrong = read_member(copy.pack, copy.member)
        except OSError as error:
            failed = failed or error
            continue
        contents.append(content)
        damaged += [f"{copy.pack}:{journal.name}: {problem}" for problem in wrong]
    if not contents:
        raise failed or FileNotFoundError(2, "No such file or directory", journal.place)
    if len(damaged) == len(contents):  # with one good copy nothing is missing
        problems += damaged
    if len(contents) == 1:
        return Content(contents[0], tuple(problems))
    content, others = made_whole(contents)
    return Content(content, (*problems, *others))


def _packed(store: Store, beginning: str) -> Iterator[Packed]:
    """The members of all packs whose names begin so."""
    for path in pack_paths(store):
        try:
            if path not in _opened and not may_hold(path, beginning):
                continue
        except OSError:
            continue  # a list of all runs names it
        for member in _members(path, None):
            if member.name.startswith(beginning):
                yield Packed(path, member)


def _members(path: str, unreadable: list[str] | None) -> tuple[Member, ...]:
    try:
        return opened_pack(path).members
    except FileNotFoundError:
        return ()  # another pack took its place
    except OSError as error:
        if unreadable is not None:
            unreadable.append(f"{path}: {error.strerror or error}")
        return ()


def _run_of(name: str) -> str:
    return name[len("runs/") :].partition(".")[0]


def _add(found: dict[str, Journal], pack: str, member: Member) -> None:
    known = found.get(member.name)
    copy = Packed(pack, member)
    found[member.name] = (
        Journal(member.name, None, (copy,)) if known is None else known._replace(packed=(*known.packed, copy))
    )


def _in_order(journals: dict[str, Journal]) -> list[Journal]:
    """First writer first, then by name, whatever lies where."""
    return sorted(journals.values(), key=lambda journal: (journal.writer is not None, journal.name))
