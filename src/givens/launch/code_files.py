"""Which files of a project are its code: what git tracks or would take, or all of a folder outside of git."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from typing import NamedTuple

from ..capture.changes import ask
from ..errors import SnapshotError
from ..journal.layout import STORE_NAME

MOST_BYTES = 256 << 20  #: of one snapshot: more is data, as a rule
MOST_FILES = 100_000
_GIT_S = 120.0
_ANSWER_BYTES = 64 << 20
_NEVER = frozenset((STORE_NAME, ".git", "__pycache__"))
_TRACKED = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]
_IGNORED = ["ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory"]


class CodeFiles(NamedTuple):
    """What a snapshot consists of, as paths below the project.

    Args:
        copied: files and symbolic links, each with its size in bytes.
        linked: files and folders that stay where they are: what git ignores, environments.
    """

    copied: dict[str, int]
    linked: list[str]

    @property
    def size_bytes(self) -> int:
        """What is copied, together."""
        return sum(self.copied.values())


def code_files(root: str, *, in_git: bool, named: frozenset[str] = frozenset()) -> CodeFiles:
    """The files of a project.

    Args:
        root: its folder.
        in_git: whether that is a git tree.
        named: absolute paths that the command line names: copied even where git ignores them.

    Raises:
        SnapshotError: git does not answer, or it is too much for code.
    """
    copied: dict[str, int] = {}
    linked: list[str] = []
    for path, taken in _tree(root, "") if in_git else _folder(root, ""):
        where = os.path.join(root, path)
        try:
            found = os.lstat(where)
        except OSError:
            continue  # deleted, and not committed yet
        if taken or (where in named and stat.S_ISREG(found.st_mode)):
            if stat.S_ISREG(found.st_mode) or stat.S_ISLNK(found.st_mode):
                copied[path] = found.st_size if stat.S_ISREG(found.st_mode) else 0
        else:
            linked.append(path)
    files = CodeFiles(copied, linked)
    _check(root, files, in_git=in_git)
    return files


def _check(root: str, files: CodeFiles, *, in_git: bool) -> None:
    if files.size_bytes <= MOST_BYTES and len(files.copied) <= MOST_FILES:
        return
    largest = sorted(files.copied.items(), key=lambda each: -each[1])[:3]
    told = ", ".join(f"{path} ({size / 1e6:.0f} MB)" for path, size in largest)
    much = f"{len(files.copied):,} files with {files.size_bytes / 1e6:.0f} MB are too much, the largest are {told}"
    if in_git:
        raise SnapshotError(root, much, "what .gitignore names is linked instead of copied")
    raise SnapshotError(root, much, "run it in the folder of the code, or put that under git with a .gitignore")


def _tree(root: str, below: str) -> Iterator[tuple[str, bool]]:
    """What git knows of a tree: each path, and whether it is code or ignored; submodules included."""
    for arguments in (_TRACKED, _IGNORED):
        answer = ask(os.path.join(root, below), arguments, time.monotonic() + _GIT_S, _ANSWER_BYTES)
        if answer is None or not answer.complete:
            raise SnapshotError(root, "git does not list its files", "try: git status")
        for name in dict.fromkeys(os.fsdecode(each) for each in answer.text.split(b"\0") if each):
            path = os.path.normpath(os.path.join(below, name))
            if not _NEVER.isdisjoint(path.split(os.sep)) or path.endswith(".pyc"):
                continue
            if arguments is _TRACKED and os.path.isdir(where := os.path.join(root, path)) and not os.path.islink(where):
                if os.path.exists(os.path.join(where, ".git")):  # a submodule, or a repository of its own
                    yield from _tree(root, path)
            else:
                yield path, arguments is _TRACKED


def _folder(root: str, below: str) -> Iterator[tuple[str, bool]]:
    for entry in sorted(os.scandir(os.path.join(root, below)), key=lambda entry: entry.name):
        path = os.path.join(below, entry.name)
        if entry.name in _NEVER or entry.name.endswith(".pyc"):
            continue
        if not entry.is_dir(follow_symlinks=False):
            yield path, True
        elif entry.name == "node_modules" or os.path.exists(os.path.join(entry.path, "pyvenv.cfg")):
            yield path, False
        else:
            yield from _folder(root, path)
