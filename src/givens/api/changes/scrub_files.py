"""The files of a store that a scrub looks into, and bringing them to what readers are told: scrubbed, byte for byte."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from typing import NamedTuple

from ...capture.liveness import Identity, identity
from ...errors import StoreError
from ...journal.edits import edit_files
from ...journal.journals import opened_pack, pack_paths
from ...journal.layout import Store
from ...journal.packing import Loose, Step, no_step, replace_pack
from ...journal.packs import read_members
from ...journal.regular_files import read_whole
from ...journal.replacing import replace_file
from ...journal.rewriting import BadLines, rewritten
from ...journal.trash import FOLDER as TRASH
from ...journal.trash import in_trash, trash_dir
from ...records.scrubs import Scrubs
from ..upkeep.packing import over_for_good, with_packed

_BLOB = re.compile(rb'"sha256":\s*"([0-9a-f]{64})"')
#: a detached capture takes seconds, and an edit less: after that nobody writes to their files
_DONE_S = 3600.0
_ENDED = (b'{"k":"finish"', b'{"k":"machine"')

#: why a file still holds what was taken out of its run -> what that means
REASONS: dict[str, str] = {
    "running": "still being written, or perhaps: `givens scrub` cleans it once its run is over",
    "of others": "another user's: they have to run `givens scrub` themselves",
    "pulling": "`givens pull` is bringing it just now: once more when that is done",
    "damaged": "damaged: rewriting it would lose what is left of it",
}


class StoreFile(NamedTuple):
    """A file of lines: a journal, or the edits of a command.

    Args:
        path: where it lies.
        name: its path below the store, or below the trash of its run, as packs and scrubs call it.
        kind: ``runs``, ``env``, ``ranks``, ``edits`` or ``trash``.
    """

    path: str
    name: str
    kind: str


class Left(NamedTuple):
    """A file that was not rewritten, and why: one of ``REASONS``, or what the system said."""

    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {REASONS.get(self.reason, self.reason)}"


def store_files(store: Store) -> Iterator[StoreFile]:
    """Every file of lines that a store has, packs excepted.

    Raises:
        StoreError: a folder is there and cannot be read.
    """
    for paths in store.run_files().values():
        for path in paths:
            yield StoreFile(path, f"runs/{os.path.basename(path)}", "runs")
    for kind in ("env", "ranks"):
        for path in _journals_in(os.path.join(store.path, kind)):
            yield StoreFile(path, f"{kind}/{os.path.basename(path)}", kind)
    for path in edit_files(store):
        yield StoreFile(path, f"edits/{os.path.basename(path)}", "edits")
    for run_id in in_trash(store):
        for path in _journals_in(os.path.join(trash_dir(store, run_id), "runs")):
            yield StoreFile(path, f"runs/{os.path.basename(path)}", TRASH)


def _journals_in(folder: str) -> list[str]:
    try:
        names = os.listdir(folder)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StoreError(folder, error.strerror or str(error), "check its permissions") from error
    return [os.path.join(folder, name) for name in sorted(names) if name.endswith(".jsonl")]


class Rewriting:
    """Brings files to what readers are told.

    Args:
        store: the store.
        scrubs: what was taken out of it, by all commands so far.
        bad: what becomes of lines that cannot be read.
        step: told of each step, for tests.
        dry_run: only count.

    Attributes:
        files: how many files were rewritten, or would be; packs count as one.
        left: those that were not, and why.
    """

    def __init__(
        self, store: Store, scrubs: Scrubs, bad: BadLines | None, step: Step = no_step, *, dry_run: bool = False
    ) -> None:
        self.store, self.scrubs, self.bad, self.step, self.dry_run = store, scrubs, bad, step, dry_run
        self.files = 0
        self.left: list[Left] = []
        self._here: Identity = identity()

    def all(self) -> None:
        """Every file of the store.

        Raises:
            StoreError: a folder cannot be read.
        """
        for file in store_files(self.store):
            try:
                self._file(file)
            except FileNotFoundError:  # packed or removed meanwhile
                continue
            except OSError as error:
                self.left.append(Left(file.path, error.strerror or str(error)))
        for path in pack_paths(self.store):
            try:
                self._pack(path)
            except FileNotFoundError:
                continue
            except OSError as error:
                self.left.append(Left(path, error.strerror or str(error)))

    def _file(self, file: StoreFile) -> None:
        content = read_whole(file.path)
        new = rewritten(content, file.name, self.scrubs, self.bad)
        if new is content:
            return
        about = os.stat(file.path)
        if not _is_mine(about.st_uid):
            self.left.append(Left(file.path, "of others"))
        elif about.st_size != len(content) or not self._is_over(file, content, about.st_mtime):
            self.left.append(Left(file.path, "running"))
        else:
            self.files += 1
            if not self.dry_run:
                replace_file(file.path, new, self.step)

    def _is_over(self, file: StoreFile, content: bytes, changed_s: float) -> bool:
        now_s = time.time()
        if file.kind in ("env", "edits"):
            last = content[content.rfind(b"\n", 0, -1) + 1 :]
            return (last.startswith(_ENDED) and last.endswith(b"\n")) or now_s - changed_s > _DONE_S
        whole = with_packed(self.store, file.path, file.name, content)
        return over_for_good(whole, changed_s, self._here, now_s)

    def _pack(self, path: str) -> None:
        pack = opened_pack(path)
        read = read_members(pack)
        new = [
            Loose(member.name, rewritten(found.content, member.name, self.scrubs, self.bad)) for member, found in read
        ]
        if all(each.content is found.content for each, (_, found) in zip(new, read, strict=True)):
            return
        if pack.problems or any(found.problems for _, found in read):
            self.left.append(Left(path, "damaged"))
        elif not _is_mine(os.stat(path).st_uid):
            self.left.append(Left(path, "of others"))
        else:
            self.files += 1
            if not self.dry_run:
                replace_pack(self.store, path, new, self.step)


def _is_mine(owner: int) -> bool:
    return not hasattr(os, "getuid") or os.getuid() in (0, owner)


def referenced_blobs(store: Store) -> set[str] | None:
    """The large values that some file of the store refers to; None where a file cannot be read, and so nobody knows."""
    found: set[bytes] = set()
    heads = os.path.join(store.path, "heads")
    try:
        paths = [file.path for file in store_files(store)]
        paths += [os.path.join(heads, name) for name in os.listdir(heads)] if os.path.isdir(heads) else []
        for path in paths:
            found.update(_BLOB.findall(read_whole(path)))
        for path in pack_paths(store):
            for _, content in read_members(opened_pack(path)):
                found.update(_BLOB.findall(content.content))
    except OSError:
        return None
    return {name.decode() for name in found}
