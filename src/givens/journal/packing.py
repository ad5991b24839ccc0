"""Making a pack: written under another name, synced, renamed, read back, and only then the loose files go.

A process that is killed at any step leaves every journal loose, packed, or both; readers take both for one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import NamedTuple

from ..errors import StoreError
from .layout import Store, random_id
from .packs import ENDING, FOLDER, Member, member_of, open_pack, packed, read_members, table_of
from .regular_files import open_regular

Step = Callable[[str], None]  #: told of each step when it is done: for progress, and for tests that end there


class Loose(NamedTuple):
    """A loose journal to be packed: its name below the store, and its content as it is to stay."""

    name: str
    content: bytes


def no_step(_: str) -> None:
    """Nobody is told of the steps."""


def pack(store: Store, journals: Iterable[Loose], step: Step = no_step) -> str:
    """Move journals that nobody will write to any more into one pack.

    Args:
        store: the store.
        journals: at least one; each name once.
        step: called with ``written``, ``synced``, ``renamed``, ``folder synced``, ``read back``, then
            ``removed <name>`` for each.

    Returns:
        The pack's path.

    Raises:
        StoreError: it cannot be written, or does not read back; every loose file is still there.
    """
    chosen = sorted(journals)
    try:
        path = write_pack(store, chosen, step)
        remove_packed(store, path, chosen, step)
    except OSError as error:
        if isinstance(error, StoreError):
            raise
        where = str(error.filename or os.path.join(store.path, FOLDER))
        raise StoreError(where, f"cannot pack: {error.strerror or error}", "nothing was lost") from error
    return path


def write_pack(store: Store, journals: list[Loose], step: Step = no_step, mode: int | None = None) -> str:
    """Write a pack and make it last; the loose files are left alone.

    Args:
        store: the store.
        journals: what goes into it, by name.
        step: told of each step.
        mode: its permissions; None: as closed as the most closed of the loose files.

    Raises:
        OSError: it cannot be written. Nothing is left of it.
    """
    folder = os.path.join(store.path, FOLDER)
    if not os.path.isdir(folder):
        os.makedirs(folder, exist_ok=True)
        sync_folder(store.path)
    partial = os.path.join(folder, f"{random_id(16)}.part")
    allowed = 0o666 & (_modes(store, journals) if mode is None else mode | 0o600)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), allowed)
    try:
        with open(descriptor, "wb") as file:
            digest = _write(file.write, journals)
            file.flush()
            step("written")
            os.fsync(file.fileno())
        step("synced")
        path = os.path.join(folder, digest + ENDING)
        os.replace(partial, path)
    except BaseException:
        if os.path.exists(partial):
            os.unlink(partial)
        raise
    step("renamed")
    sync_folder(folder)
    step("folder synced")
    return path


def remove_packed(store: Store, path: str, journals: list[Loose], step: Step = no_step) -> None:
    """Remove loose files after the pack was read back and holds them; one that grew meanwhile stays.

    Raises:
        StoreError: the pack does not hold what it should; nothing was removed.
        OSError: a file cannot be removed.
    """
    check_pack(path, journals)
    step("read back")
    for name, content in journals:
        loose = os.path.join(store.path, *name.split("/"))
        try:
            if os.stat(loose).st_size == len(content):
                os.unlink(loose)
        except FileNotFoundError:  # another process packs the same
            continue
        step(f"removed {name}")
    for name in {journal.name.partition("/")[0] for journal in journals}:
        sync_folder(os.path.join(store.path, name))


def replace_pack(store: Store, old: str, journals: list[Loose], step: Step = no_step) -> str:
    """Put a pack with other contents in a pack's place: the new one is written, synced, and read back before the old goes.

    Args:
        store: the store.
        old: the pack's path.
        journals: what the new one holds.
        step: told of the steps of ``pack``, and ``removed <name>``.

    Returns:
        The new pack's path.

    Raises:
        OSError: it cannot be written, or does not read back; the old one is still there.
    """
    path = write_pack(store, sorted(journals), step, os.stat(old).st_mode)
    check_pack(path, journals)
    step("read back")
    if path != old:
        os.unlink(old)
        step(f"removed {os.path.basename(old)}")
        sync_folder(os.path.dirname(old))
    return path


def check_pack(path: str, journals: list[Loose]) -> None:
    """Read a pack back.

    Raises:
        StoreError: it does not hold what it should; nothing was removed.
        OSError: it cannot be read.
    """
    held = {member.name: content for member, content in read_members(open_pack(path))}
    for name, content in journals:
        if name not in held or held[name].problems or held[name].content != content:
            raise StoreError(
                path, f"{name} does not read back as it was written", "check the disk; nothing was removed"
            )


def make_last(path: str) -> None:
    """Sync a pack that somebody copied here, before anything relies on it.

    Raises:
        OSError: it cannot be opened or synced.
    """
    with open(path, "rb+") if os.name == "nt" else open_regular(path, whole=False) as file:
        os.fsync(file.fileno())
    sync_folder(os.path.dirname(path))


def sync_folder(folder: str) -> None:
    """Make the names in a folder last; where folders cannot be synced (Windows), nothing."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _modes(store: Store, journals: list[Loose]) -> int:
    mode = 0o777
    for journal in journals:
        path = os.path.join(store.path, *journal.name.split("/"))
        if os.path.exists(path):  # else another process packed it meanwhile
            mode &= os.stat(path).st_mode
    return mode | 0o600  # its owner can read it and take it away again


def _write(write: Callable[[bytes], object], journals: list[Loose]) -> str:
    """Write members and table; the SHA-256 of all of it."""
    digest = sha256()
    members: list[Member] = []
    offset = 0
    for name, content in journals:
        piece = packed(name, content)
        members.append(member_of(name, content, offset, len(piece)))
        offset += len(piece)
        digest.update(piece)
        write(piece)
    ending = table_of(members, offset)
    digest.update(ending)
    write(ending)
    return digest.hexdigest()
