"""The files of another store taken into this one: what has grown replaces what it grew from, and nothing shorter replaces anything.

A file is named after its one writer or its content, so that copying is all it takes. Each is put in its place whole, by
a rename, and what others speak of comes before them: a process that is killed meanwhile leaves a store in which nothing
is missing of what it shows.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Iterator
from hashlib import file_digest
from typing import NamedTuple

from ...capture.ranks import joins_of
from ...errors import StoreError
from ...journal.copies import made_whole
from ...journal.edits import edit_file, read_edits, writer_of_edits
from ...journal.journals import Journal, PackedNames, journal_of, journals_of, read_journal
from ...journal.layout import Store, random_id, write_whole
from ...journal.lines import parse
from ...journal.packing import Loose, write_pack
from ...journal.packs import MAX_JOURNAL_BYTES, PACK_NAME, is_journal_name, open_file
from ...journal.rank_files import rank_files
from ...journal.regular_files import open_regular
from ...journal.rewriting import rewritten
from ...records.scrubs import Scrubs, scrubbed_runs

#: what a store's runs consist of, in the order in which it is taken. Index, heads, outputs and trash are of one machine.
FOLDERS = ("blobs", "views", "env", "ranks", "packs", "runs", "edits")
_RANK = re.compile(r"[0-9a-f]{16}\.[a-z0-9]{16}\.jsonl")
_BLOB = re.compile(rb"[0-9a-f]{64}")
#: to Windows, what stands before a colon is a drive, and what a backslash parts are folders
_VIEW = re.compile(r"[^.\\:\x00-\x1f\x7f-\x9f/][^\\:\x00-\x1f\x7f-\x9f/]*\.json")


class Piece(NamedTuple):
    """One file of a store, or a journal out of one of its packs.

    Args:
        name: its path below the store.
        path: where it lies; None of a journal in a pack.
        content: the journal, made whole out of its copies; None of a file.
    """

    name: str
    path: str | None
    content: bytes | None = None

    def read(self) -> bytes:
        """What it holds.

        Raises:
            OSError: it cannot be read.
        """
        if self.path is None:
            return self.content or b""
        with open_regular(self.path) as file:
            return file.read()


class Merged(NamedTuple):
    """What came of a merge.

    Args:
        taken: names of the files that were not here.
        grown: names of those that went on where they had been copied from.
        same: how many were here already.
        problems: what could not be taken, each as ``name: why``.
    """

    taken: list[str]
    grown: list[str]
    same: int
    problems: list[str]


def is_piece(name: str) -> bool:
    """Whether a path below a store names a file that is merged; nothing else of a stranger's store comes in."""
    folder, _, file = name.partition("/")
    if folder in ("runs", "env"):
        return is_journal_name(name)
    if folder == "edits":
        return writer_of_edits(file) is not None
    if folder == "blobs":
        return bool(_BLOB.fullmatch(file.encode(errors="replace")))
    pattern = {"ranks": _RANK, "packs": PACK_NAME, "views": _VIEW}.get(folder)
    return pattern is not None and "/" not in file and bool(pattern.fullmatch(file))


def all_pieces(source: Store) -> Iterator[Piece]:
    """Every file of a store that is merged, what others speak of first.

    Raises:
        OSError: a folder cannot be read.
    """
    for folder in FOLDERS:
        here = os.path.join(source.path, folder)
        for entry in sorted(os.scandir(here), key=lambda entry: entry.name) if os.path.isdir(here) else ():
            if is_piece(f"{folder}/{entry.name}") and entry.is_file(follow_symlinks=False):
                yield Piece(f"{folder}/{entry.name}", entry.path)


def pieces_of(source: Store, run_ids: Iterable[str]) -> list[Piece]:
    """The files that some runs consist of: journals, also out of packs, surroundings, large values, ranks, edits.

    Raises:
        StoreError: the store cannot be read.
        OSError: one of the files cannot.
    """
    wanted = dict.fromkeys(run_ids)
    found: dict[str, Piece] = {}
    packed = PackedNames(source)
    for run_id in wanted:
        for journal in journals_of(source, run_id, packed):
            found[journal.name] = piece = _piece(journal)
            start = parse(piece.read().partition(b"\n")[0])
            if isinstance(start, str):
                continue
            for path in rank_files(source, joins_of(start)):
                name = f"ranks/{os.path.basename(path)}"
                found[name] = Piece(name, path)
            env = journal_of(source, f"env/{start.get('env')}.jsonl", packed)
            if env is not None:
                found[env.name] = _piece(env)
    for command in read_edits(source).commands:
        scrubbed = {run_id for event in command.scrubs for run_id in scrubbed_runs(event)}
        if not wanted.keys().isdisjoint({*command.runs(), *scrubbed}) or command.targets():
            name = f"edits/{command.writer}.jsonl"
            found[name] = Piece(name, edit_file(source, command.writer))
    named = {match.decode() for piece in found.values() for match in _BLOB.findall(piece.read())}
    for sha256 in named:
        path = source.blob_file(sha256)
        if os.path.exists(path):
            found[f"blobs/{sha256}"] = Piece(f"blobs/{sha256}", path)
    return sorted(found.values(), key=lambda piece: (FOLDERS.index(piece.name.partition("/")[0]), piece.name))


def _piece(journal: Journal) -> Piece:
    return (
        Piece(journal.name, journal.loose)
        if journal.loose is not None and not journal.packed
        else Piece(journal.name, None, read_journal(journal).content)
    )


class _Into(NamedTuple):
    """The store that is merged into, and what is asked of it for each file."""

    store: Store
    packed: PackedNames
    scrubs: Scrubs


def merge(pieces: Iterable[Piece], target: Store) -> Merged:
    """Take files into a store.

    Args:
        pieces: the files; what others speak of first.
        target: the store; it is there.

    Raises:
        StoreError: the store cannot be written. What was taken so far is whole.
    """
    merged = Merged([], [], 0, [])
    same = 0
    into = _Into(target, PackedNames(target), read_edits(target).scrubs)
    for piece in pieces:
        try:
            how = _merge_one(piece, into)
        except StoreError:
            raise
        except OSError as error:
            if piece.path is not None and error.filename == piece.path:
                merged.problems.append(f"{piece.name}: {error.strerror or error}")
                continue
            where = str(error.filename or target.path)
            raise StoreError(where, f"cannot merge: {error.strerror or error}", "what was taken is whole") from error
        same += how == "same"
        if how == "taken":
            merged.taken.append(piece.name)
        elif how == "grown":
            merged.grown.append(piece.name)
        elif how != "same":
            merged.problems.append(f"{piece.name}: {how}")
    return merged._replace(same=same)


def _merge_one(piece: Piece, into: _Into) -> str:
    """``taken``, ``grown``, ``same``, or what is wrong with it."""
    folder = piece.name.partition("/")[0]
    place = os.path.join(into.store.path, *piece.name.split("/"))
    if piece.path is not None and _unchanged(piece.path, place):
        return "same"
    if folder in ("blobs", "packs"):
        return _merge_content(piece, place)
    theirs = piece.read()
    if into.scrubs and folder != "views":  # what was taken out here does not come back in
        scrubbed = rewritten(theirs, piece.name, into.scrubs)
        piece = piece if scrubbed is theirs else Piece(piece.name, None, scrubbed)
        theirs = scrubbed
    here = _held(into, piece.name, place)
    if here is None:
        _put(piece, place)
        return "taken"
    # the copy here may be one that no scrub could rewrite while its run went on
    shown = rewritten(here, piece.name, into.scrubs) if into.scrubs and folder != "views" else here
    if here.startswith(theirs) or shown.startswith(theirs):
        return "same"
    if theirs.startswith((here, shown)) or folder == "views":
        if folder == "views":
            return "same"  # a view that was saved here under the same name stays
        _put(piece, place)
        return "grown"
    return _merge_apart(piece.name, into.store, place, here, theirs)


def _unchanged(path: str, place: str) -> bool:
    """Whether a file is one that was copied from there and is as long and old still: the look that rsync takes."""
    try:
        theirs, here = os.stat(path), os.stat(place)
    except OSError:
        return False
    return (theirs.st_size, theirs.st_mtime_ns) == (here.st_size, here.st_mtime_ns)


def _held(into: _Into, name: str, place: str) -> bytes | None:
    """What the store has of a file, loose or packed; None when nothing."""
    if is_journal_name(name):
        journal = journal_of(into.store, name, into.packed)
        return None if journal is None else read_journal(journal).content
    try:
        with open_regular(place) as file:
            return file.read()
    except FileNotFoundError:
        return None


def _merge_content(piece: Piece, place: str) -> str:
    """A file whose name is the digest of its content: taken when it is what its name says, and the one here is not."""
    sha256 = os.path.basename(place).partition(".")[0]
    if os.path.exists(place) and _digest(piece.name, place) == sha256:
        return "same"
    if piece.path is None or _digest(piece.name, piece.path) != sha256:
        return "its content is not what its name says: it was left"
    _put(piece, place)
    return "taken"


def _digest(name: str, path: str) -> str:
    with open_file(path) if PACK_NAME.fullmatch(os.path.basename(name)) else open_regular(path, whole=False) as file:
        return file_digest(file, "sha256").hexdigest()


def _merge_apart(name: str, target: Store, place: str, here: bytes, theirs: bytes) -> str:
    """Two copies of which neither goes on from the other: one is damaged, or they are two runs with one id."""
    whole, others = made_whole([here, theirs])
    if whole == here and not others:
        return "same"
    if not is_journal_name(name):
        write_whole(place, whole)
        return "grown"
    if len(theirs) > MAX_JOURNAL_BYTES:
        return "it differs from the one here, and is too long to be kept beside it"
    write_pack(target, [Loose(name, theirs)])  # a reader puts both together, and names a second run of that id
    return "another run has the same id: it is kept beside it in a pack" if others else "grown"


def _put(piece: Piece, place: str) -> None:
    """A file in its place, whole or not at all, with the time of the one that it is copied from."""
    if piece.path is None:
        write_whole(place, piece.read())
        return
    os.makedirs(os.path.dirname(place), exist_ok=True)
    partial = f"{place}.{random_id(8)}.part"
    try:
        shutil.copyfile(piece.path, partial, follow_symlinks=False)
        stat = os.stat(piece.path)
        os.utime(partial, ns=(stat.st_atime_ns, stat.st_mtime_ns))
        os.replace(partial, place)
    finally:
        if os.path.exists(partial):
            os.unlink(partial)
