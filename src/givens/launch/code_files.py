"""Which files of a project are its code: what git tracks or would take, or all of a folder outside of git."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..capture.changes import ask
from ..capture.project import is_below
from ..errors import SnapshotError
from ..journal.layout import STORE_NAME

MOST_BYTES = 256 << 20  #: of one snapshot: more is data, as a rule
MOST_FILES = 100_000
MOST_NAMED_BYTES = 16 << 20  #: of a file that git ignores and the command names: more is data, and linked
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
        opened: folders that git ignores and in which something is copied, the rest linked.
    """

    copied: dict[str, int]
    linked: list[str]
    opened: list[str]

    @property
    def size_bytes(self) -> int:
        """What is copied, together."""
        return sum(self.copied.values())


def code_files(root: str, *, in_git: bool, named: frozenset[str] = frozenset()) -> CodeFiles:
    """The files of a project.

    Args:
        root: its folder.
        in_git: whether that is a git tree.
        named: absolute paths that the command line names: copied even where git ignores them, up to ``MOST_NAMED_BYTES``.
            A folder on the way to one is made, and what lies beside it is linked.

    Raises:
        OSError: a folder cannot be read.
        SnapshotError: git does not answer, or it is too much for code.
    """
    copied: dict[str, int] = {}
    linked: list[str] = []
    wanted = frozenset(path for path in named if is_below(path, root) and _is_small(path))
    opened: list[str] = []
    for path, taken in _opened(root, _tree(root, "") if in_git else _folder(root, ""), wanted, opened):
        where = os.path.join(root, path)
        try:
            found = os.lstat(where)
        except OSError:
            continue  # deleted, and not committed yet
        if taken:
            if stat.S_ISREG(found.st_mode) or stat.S_ISLNK(found.st_mode):
                copied[path] = found.st_size if stat.S_ISREG(found.st_mode) else 0
        else:
            linked.append(path)
    files = CodeFiles(copied, linked, opened)
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


def _is_small(path: str) -> bool:
    try:
        found = os.lstat(path)
    except (OSError, ValueError):  # ValueError: a NUL, in what is no path
        return False
    return stat.S_ISREG(found.st_mode) and found.st_size <= MOST_NAMED_BYTES


def _opened(
    root: str, paths: Iterable[tuple[str, bool]], named: frozenset[str], opened: list[str]
) -> Iterator[tuple[str, bool]]:
    """The same paths, but that a folder goes to ``opened`` where a named file lies in it, and what lies in it is given."""
    for path, taken in paths:
        where = os.path.join(root, path)
        if taken or where in named or not any(is_below(name, where) for name in named) or _is_environment(where):
            yield path, taken or where in named
            continue
        opened.append(path)
        names = sorted(os.listdir(where))
        if len(names) > MOST_FILES:
            problem = f"{len(names):,} files beside one that the command names, in {path}, are too many to link"
            raise SnapshotError(root, problem, "let that file lie in a folder of its own")
        below = ((os.path.join(path, name), False) for name in names if name not in _NEVER)
        yield from _opened(root, below, named, opened)


def _is_environment(folder: str) -> bool:
    """Whether a folder is one of installed programs, which are of no use elsewhere."""
    marks = ("pyvenv.cfg", "conda-meta")
    return os.path.basename(folder) == "node_modules" or any(os.path.exists(os.path.join(folder, m)) for m in marks)


def _folder(root: str, below: str) -> Iterator[tuple[str, bool]]:
    for entry in sorted(os.scandir(os.path.join(root, below)), key=lambda entry: entry.name):
        path = os.path.join(below, entry.name)
        if entry.name in _NEVER or entry.name.endswith(".pyc"):
            continue
        if not entry.is_dir(follow_symlinks=False):
            yield path, True
        elif _is_environment(entry.path):
            yield path, False
        else:
            yield from _folder(root, path)
