"""What lies in a store beside its record: what pulls left that were interrupted, and copies of code. Both may hold what goes."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator

from ...codec.redaction import SHORTEST_SECRET
from ...codec.scrub_rules import ScrubRules
from ...errors import StoreError
from ...journal.layout import Store
from ...journal.regular_files import read_small
from ...lifecycle.snapshot import FOLDER, noted_runs, read_snapshot
from ..upkeep.pulling import is_used, remove_interrupted
from .scrub_files import Left

_LONGEST_BYTES = 1 << 20  # of a file of code or configuration; what is longer are values, and no text that people wrote
#: in these ``token = get_token()`` gives nothing away: only what stands in quotes, and is long enough, or shows it by its form
_PROGRAMS = (
    ".py",
    ".pyi",
    ".pyx",
    ".ipynb",
    ".r",
    ".jl",
    ".js",
    ".ts",
    ".c",
    ".h",
    ".cpp",
    ".rs",
    ".go",
    ".md",
    ".rst",
)

_LITERAL = re.compile(rf"""(["'])([^"'\n]{{{SHORTEST_SECRET},}})\1""")


def remove_pulls(folders: list[str]) -> list[Left]:
    """Remove what pulls left that were interrupted: all of it comes again with the next one.

    Returns:
        What is still there, and why.
    """
    left = []
    for folder in folders:
        try:
            if not remove_interrupted(folder):
                left.append(Left(folder, "pulling"))
        except OSError as error:
            left.append(Left(str(error.filename or folder), error.strerror or str(error)))
    return left


def used_pulls(folders: list[str]) -> list[Left]:
    """Those that a living pull writes to."""
    return [Left(folder, "pulling") for folder in folders if is_used(folder)]


def snapshots_with_it(
    store: Store, rules: ScrubRules, only: frozenset[str] | None, unreadable: list[str]
) -> Iterator[Left]:
    """The copies of code that hold something that goes. They are what a job ran, or will run: nobody rewrites them.

    Args:
        store: the store.
        rules: what goes.
        only: the runs that are meant: copies that none of them used are passed over; None for all.
        unreadable: takes what could not be looked into, with the reason.

    Raises:
        StoreError: their folder cannot be read.
    """
    folder = os.path.join(store.path, FOLDER)
    try:
        names = sorted(os.listdir(folder))
    except FileNotFoundError:
        return
    except OSError as error:
        raise StoreError(folder, error.strerror or str(error), "check its permissions") from error
    for name in names:
        here = os.path.join(folder, name)
        snapshot = read_snapshot(here)
        if only is not None and (snapshot is None or not only.intersection(noted_runs(snapshot))):
            continue
        found = [path for path in _files(here, unreadable) if _holds(path, rules, unreadable)]
        if found:
            others = f" and in {len(found) - 1} more" if len(found) > 1 else ""
            remove = f"`givens snapshots --remove {name}`" if snapshot is not None else "removing its folder"
            yield Left(found[0], f"a copy of code has it in this file{others}: {remove} takes it away")


def _files(folder: str, unreadable: list[str]) -> Iterator[str]:
    """The files of a copy that can be looked into; what it links lies elsewhere."""

    def unread(error: OSError) -> None:
        unreadable.append(f"{error.filename or folder}: {error.strerror or error}")

    for here, folders, names in os.walk(folder, onerror=unread):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(here, name)
            try:
                about = os.lstat(path)
            except OSError:  # removed meanwhile
                continue
            if stat.S_ISREG(about.st_mode) and about.st_size <= _LONGEST_BYTES:
                yield path


def _holds(path: str, rules: ScrubRules, unreadable: list[str]) -> bool:
    try:
        content = read_small(path, _LONGEST_BYTES)
    except FileNotFoundError:
        return False
    except OSError as error:
        unreadable.append(f"{path}: {error.strerror or error}")
        return False
    if b"\0" in content:
        return False
    text, here = content.decode("utf-8", "surrogateescape"), rules.anew()
    shown = here.text(text)
    if shown == text or not path.lower().endswith(_PROGRAMS):
        return shown != text
    lines = zip(text.split("\n"), shown.split("\n"), strict=False)
    return here.name(text) != text or any(_loses_literal(old, new) for old, new in lines if old != new)


def _loses_literal(old: str, new: str) -> bool:
    return any(literal[2] not in new for literal in _LITERAL.finditer(old))
