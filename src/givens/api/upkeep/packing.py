"""Packing a store: which runs are over for good, and moving their journals into packs."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from ...capture.liveness import Identity, identity, is_gone
from ...errors import StoreError
from ...journal.edits import read_edits
from ...journal.journals import journal_of, opened_pack, pack_paths, read_journal
from ...journal.layout import Store
from ...journal.lines import parse
from ...journal.packing import Loose, Step, make_last, no_step, pack
from ...journal.packs import FOLDER, MAX_JOURNAL_BYTES, Member, is_journal_name, read_member
from ...journal.regular_files import read_ends, read_whole
from ...journal.rewriting import rewritten, writer_of_content
from ...journal.try_lock import TryLock
from ...records.events import Event
from ...records.scrubs import Scrubs

MANY_LOOSE = 2_000  #: from here on commands that read pack by themselves
AT_ONCE = 2_000  #: runs that such a command packs at most: whoever asked is waiting
PACK_JOURNALS = 5_000  #: journals in one pack at most
PACK_BYTES = 256 << 20  #: and their length together
#: a process of a machine that was started anew since is gone, unless two machines bear one name: so long nothing came
_OTHER_BOOT_S = 7 * 86400.0
#: a detached capture takes seconds, and its file has no end that could be seen
_CAPTURED_S = 3600.0
_STALE_PART_S = 3600.0

_PAUSE_S = 600.0

Progress = Callable[[int, int], None]

#: why a run stays loose -> what that means
REASONS: dict[str, str] = {
    "running": "running, or perhaps running where it cannot be seen from here",
    "large": f"with a journal that is larger than {MAX_JOURNAL_BYTES >> 20} MiB",
    "of others": "with a journal that belongs to another user",
    "unreadable": "with a journal that cannot be read",
}


class Packing(NamedTuple):
    """What was packed, or would be.

    Args:
        packs: paths of the packs made; none of a trial.
        runs: how many runs went into them.
        journals: how many files.
        size_bytes: how long these were.
        packed_bytes: how long the packs are; None of a trial.
        cleared: loose files removed because a pack held them already.
        kept: why runs stayed loose -> how many; the reasons are in ``REASONS``.
        busy: another process was packing: nothing was done.
    """

    packs: tuple[str, ...]
    runs: int
    journals: int
    size_bytes: int
    packed_bytes: int | None
    cleared: int
    kept: dict[str, int]
    busy: bool = False


class Found(NamedTuple):
    """One run whose loose journals were looked at: what they hold, and why they stay, if they do; then some are left out."""

    journals: list[Loose]
    kept: str | None


def pack_store(
    store: Store,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
    step: Step = no_step,
    at_most: int | None = None,
) -> Packing:
    """Move the journals of finished and lost runs into packs. Runs that may still be written to stay.

    Args:
        store: the store.
        dry_run: only say what would be packed.
        progress: called with (runs looked at, runs in all).
        step: told of each step of a pack, for tests.
        at_most: stop after so many runs.

    Raises:
        StoreError: the store cannot be read or written. Nothing is lost: what was not packed is loose still.
    """
    folder = os.path.join(store.path, FOLDER)
    lock = TryLock(os.path.join(folder, "pack.lock"))
    try:
        if dry_run:
            return _pack(store, dry_run=True, progress=progress, step=step, at_most=at_most)
        os.makedirs(folder, exist_ok=True)
        if not lock.acquire():
            return Packing((), 0, 0, 0, None, 0, {}, busy=True)
        _sweep(folder)
        return _pack(store, dry_run=False, progress=progress, step=step, at_most=at_most)
    except OSError as error:
        if isinstance(error, StoreError):
            raise
        where = str(error.filename or folder)
        raise StoreError(where, f"cannot pack: {error.strerror or error}", "nothing was lost") from error
    finally:
        lock.release()


def pack_when_many(store: Store) -> Packing | None:
    """Pack when more than ``MANY_LOOSE`` journals lie loose: for commands that read, after they have answered.

    Nothing is said of a store that cannot be written to, and nothing is waited for.

    Returns:
        What was packed; None when there was nothing to do.
    """
    try:
        lock = os.path.join(store.path, FOLDER, "pack.lock")
        if os.path.exists(lock) and time.time() - os.stat(lock).st_mtime < _PAUSE_S:
            return None  # before anything else: to list a million files takes half a second
        loose = sum(name.endswith(".jsonl") for name in os.listdir(os.path.join(store.path, "runs")))
        if loose <= MANY_LOOSE or not os.access(store.path, os.W_OK):
            return None
        packing = pack_store(store, at_most=AT_ONCE)
        if not packing.busy:  # where nothing could be packed, the next command need not look again
            now_s = time.time()
            os.utime(lock, (now_s, now_s) if not packing.runs else (0, 0))
        return packing
    except OSError:  # a StoreError is one: housekeeping fails no command that has answered; `givens doctor` tells of it
        return None


# --- choosing -----------------------------------------------------------------------------------------------------


def over_for_good(content: bytes, changed_s: float, here: Identity, now_s: float) -> bool:
    """Whether nobody will write to a journal any more: it has its end, or its process is gone and stays gone.

    Args:
        content: the journal, or its first line and its last ones.
        changed_s: when its file was last written, in seconds since the epoch.
        here: the process that asks.
        now_s: the present time.
    """
    lines = content.split(b"\n")
    if len(lines) < 2:
        # a process that died between making its journal and writing to it; its id says nothing
        return now_s - changed_s > _OTHER_BOOT_S
    last = _event(lines[-2])
    if not lines[-1] and last is not None and last.get("k") == "finish":
        return True
    start = _event(lines[0]) or {}
    pid, started = start.get("pid"), start.get("started")
    whose = Identity(
        host=str(start.get("host") or ""),
        boot_id=_text(start.get("boot_id")),
        pid=pid if type(pid) is int else -1,
        pid_namespace=_text(start.get("pid_namespace")),
        started=started if type(started) is int else None,
    )
    if start.get("k") != "start" or whose.boot_id is None or not is_gone(whose, here):
        return False
    return whose.boot_id == here.boot_id or now_s - changed_s > _OTHER_BOOT_S


def with_packed(store: Store, path: str, name: str, content: bytes) -> bytes:
    """A loose journal, made whole with its copies in packs: one that was pulled again may have its end only there.

    Args:
        store: the store.
        path: where it lies.
        name: its path below the store, as packs call it.
        content: what it holds.

    Returns:
        The whole; the content itself where there is no other copy, or only one of another run with the same id.

    Raises:
        OSError: it cannot be read.
    """
    journal = journal_of(store, name)
    if journal is None or not journal.packed:
        return content
    whole = read_journal(journal._replace(loose=path)).content
    return whole if writer_of_content(whole, name) == writer_of_content(content, name) else content


def _event(line: bytes) -> Event | None:
    event = parse(line)
    return None if isinstance(event, str) else event


def _text(value: object) -> str | None:
    return value if type(value) is str else None


def _members(path: str) -> tuple[Member, ...]:
    """The journals of a pack; none of one that cannot be read, which doctor names."""
    try:
        return opened_pack(path).members
    except OSError:
        return ()


def _look(store: Store, paths: list[str], held: frozenset[str], here: Identity, now_s: float) -> Found:
    """The loose journals of one run, when all of them are over and may be packed."""
    found: list[Loose] = []
    kept = None
    for path in paths:
        try:
            stat = os.stat(path)
            if hasattr(os, "getuid") and stat.st_uid != os.getuid():
                return Found([], "of others")  # packed, it would be this user's
            if stat.st_size > MAX_JOURNAL_BYTES:
                return Found([], "large")
            name = f"runs/{os.path.basename(path)}"
            content = read_ends(path)
            if name not in held and not over_for_good(content, stat.st_mtime, here, now_s):
                kept = "running"  # not read whole: it may be long, and is looked at as often as somebody packs
                continue
            if len(content) < stat.st_size:
                content = read_whole(path)
            whole = with_packed(store, path, name, content) if name in held else content
        except FileNotFoundError:  # another process packed it
            return Found([], None)
        except OSError:
            return Found([], "unreadable")
        found.append(Loose(name, content))
        if not over_for_good(whole, stat.st_mtime, here, now_s):
            kept = "running"
    return Found(found, kept)


def _surroundings(store: Store, now_s: float) -> Iterator[Loose]:
    """The journals of captures that are over."""
    folder = os.path.join(store.path, "env")
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        name = f"env/{entry.name}"
        try:
            stat = entry.stat()
            mine = not hasattr(os, "getuid") or stat.st_uid == os.getuid()
            if not is_journal_name(name) or not mine or now_s - stat.st_mtime < _CAPTURED_S:
                continue
            if stat.st_size <= MAX_JOURNAL_BYTES:
                yield Loose(name, read_whole(entry.path))
        except OSError:  # unreadable, or gone: it is no run, and stays where it is
            continue


# --- moving -------------------------------------------------------------------------------------------------------


class _Mover:
    """Gathers journals, and moves them into packs as soon as there are enough for one."""

    def __init__(self, store: Store, step: Step, *, dry_run: bool) -> None:
        self.store, self.step, self.dry_run = store, step, dry_run
        self.packs: list[str] = []
        self.runs = self.journals = self.size_bytes = self.packed_bytes = self.cleared = 0
        self._waiting: list[Loose] = []
        self._waiting_bytes = 0
        self._lasting: set[str] = set()
        self.held = frozenset(member.name for path in pack_paths(store) for member in _members(path))
        self._scrubs: Scrubs | None = None

    def add(self, journals: list[Loose]) -> bool:
        """Take up the journals of one run, or some of no run; whether something is moved that was not in a pack."""
        fresh = [each for each in journals if not self._clear(each)]
        self._waiting += fresh
        self._waiting_bytes += sum(len(each.content) for each in fresh)
        if len(self._waiting) >= PACK_JOURNALS or self._waiting_bytes >= PACK_BYTES:
            self.move()
        return bool(fresh)

    def clear(self, journals: list[Loose]) -> bool:
        """Remove those that a pack holds already, as an old copy of a run that went on; whether these are all."""
        return sum(self._clear(each) for each in journals) == len(journals)

    def move(self) -> None:
        """Make a pack of what was gathered."""
        if not self._waiting:
            return
        self.journals += len(self._waiting)
        self.size_bytes += self._waiting_bytes
        if not self.dry_run:
            self.packs.append(pack(self.store, self._waiting, self.step))
            self.packed_bytes += os.stat(self.packs[-1]).st_size
        self._waiting, self._waiting_bytes = [], 0

    def _clear(self, loose: Loose) -> bool:
        """Remove a loose file that a pack holds already, as after a crash or a merge of stores; False when none does."""
        if loose.name not in self.held:
            return False
        journal = journal_of(self.store, loose.name)
        if self._scrubs is None:
            self._scrubs = read_edits(self.store).scrubs
        # of one that lay loose while its run went on, the copy in the pack may be scrubbed already
        scrubbed = rewritten(loose.content, loose.name, self._scrubs)
        for copy in journal.packed if journal is not None else ():
            found = read_member(copy.pack, copy.member)
            if found.problems or not found.content.startswith((loose.content, scrubbed)):
                continue
            self.cleared += 1
            if not self.dry_run:
                self._remove(loose, copy.pack)
            return True
        return False

    def _remove(self, loose: Loose, path: str) -> None:
        if path not in self._lasting:
            make_last(path)
            self._lasting.add(path)
        place = os.path.join(self.store.path, *loose.name.split("/"))
        if os.stat(place).st_size == len(loose.content):
            os.unlink(place)
            self.step(f"removed {loose.name}")


def _pack(store: Store, *, dry_run: bool, progress: Progress | None, step: Step, at_most: int | None) -> Packing:
    here, now_s = identity(), time.time()
    mover = _Mover(store, step, dry_run=dry_run)
    kept: dict[str, int] = {}
    runs = 0
    mover.add(list(_surroundings(store, now_s)))
    every = store.run_files()
    for done, paths in enumerate(every.values(), 1):
        if progress is not None:
            progress(done, len(every))
        if at_most is not None and runs >= at_most:
            break
        found = _look(store, paths, mover.held, here, now_s)
        if found.kept is not None:
            if not (mover.clear(found.journals) and len(found.journals) == len(paths)):
                kept[found.kept] = kept.get(found.kept, 0) + 1
        elif found.journals:
            runs += mover.add(found.journals)
    mover.move()
    packed_bytes = None if dry_run else mover.packed_bytes
    return Packing(tuple(mover.packs), runs, mover.journals, mover.size_bytes, packed_bytes, mover.cleared, kept)


def _sweep(folder: str) -> None:
    """Remove what packing left that was killed long ago. One under way elsewhere, where locks do not reach, is younger."""
    for entry in os.scandir(folder):
        try:
            if entry.name.endswith(".part") and time.time() - entry.stat().st_mtime > _STALE_PART_S:
                os.unlink(entry.path)
        except FileNotFoundError:
            continue
