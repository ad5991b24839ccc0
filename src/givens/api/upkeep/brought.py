"""What earlier pulls brought from a store elsewhere: journals that lie in packs here by now are not sent again.

rsync sends what differs in length or time from a file here, and a pack keeps no times. So a pull writes down what it
brought, and shows it to the next one's rsync as files of that length and time.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from typing import Any, NamedTuple

from ...journal.journals import PackedNames
from ...journal.layout import Store, write_whole
from ...journal.packs import is_journal_name, read_member
from ...journal.regular_files import open_regular
from .merging import Merged, Piece


class Brought(NamedTuple):
    """A journal as it was there: length, and time of its last change in nanoseconds."""

    size_bytes: int
    changed_ns: int


def read_brought(path: str) -> dict[str, Brought]:
    """What was written down: name below the store -> how it was; nothing where that is not there or damaged."""
    try:
        with open_regular(path) as file:
            said = json.loads(file.read())
    except (OSError, ValueError, RecursionError):
        return {}  # then all of it comes once more
    rows = said.items() if isinstance(said, dict) else ()
    return {name: Brought(*row) for name, row in rows if is_journal_name(name) and _is_row(row)}


def _is_row(row: Any) -> bool:
    return isinstance(row, list) and len(row) == 2 and all(type(each) is int and 0 <= each < 1 << 63 for each in row)


def keep_brought(path: str, before: dict[str, Brought], pieces: Iterable[Piece], merged: Merged) -> None:
    """Write down what was merged, beside what was before.

    Args:
        path: the file.
        before: what it says.
        pieces: what came; they are where they were copied to.
        merged: what came of them. What it names a problem of comes again, to be named again.

    Raises:
        OSError: it cannot be written.
    """
    wrong = {problem.partition(": ")[0] for problem in merged.problems}
    now = dict(before)
    for piece in pieces:
        if piece.path is not None and is_journal_name(piece.name) and piece.name not in wrong:
            stat = os.stat(piece.path)
            now[piece.name] = Brought(stat.st_size, stat.st_mtime_ns)
    if now != before:
        write_whole(path, json.dumps(now, separators=(",", ":")).encode())


def show_brought(brought: dict[str, Brought], target: Store, folder: str, *, whole: bool) -> None:
    """Put files into a folder for journals that were brought, and of which a pack here has all.

    Args:
        brought: what earlier pulls wrote down.
        target: the store that they were brought to.
        folder: it is made. A file that is there already stays.
        whole: with what they hold; else they only are as long, and take no room.

    Raises:
        OSError: one cannot be written, or read.
    """
    packed = PackedNames(target)
    for kind in ("runs", "env"):
        os.makedirs(os.path.join(folder, kind), exist_ok=True)
    for name, was in brought.items():
        place = os.path.join(folder, *name.split("/"))
        copies = [copy for copy in packed.beginning(name) if copy.member[0] == name]
        same = [copy for copy in copies if copy.member.size_bytes == was.size_bytes]
        if not same or os.path.exists(place):
            continue
        content, problems = read_member(*same[0]) if whole else (b"", ())
        if problems:
            continue
        with open(place, "xb") as file:
            file.write(content)
            file.truncate(was.size_bytes)
        os.utime(place, ns=(was.changed_ns, was.changed_ns))
