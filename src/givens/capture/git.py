"""The commit that is checked out, read from ``.git`` itself: starting git takes a hundred times as long."""

from __future__ import annotations

import os
from typing import NamedTuple

from .project import upward
from .small_file import read_bytes

_HEX = frozenset(b"0123456789abcdef")
_MAX_PACKED_BYTES = 64 * 1024 * 1024
_MAX_HOPS = 5  # git follows as many symbolic references


class GitHead(NamedTuple):
    """What a working tree has checked out.

    Args:
        root: the working tree's top folder.
        commit: the full hash; None before the first commit, and where references are kept in a form not read here.
        branch: the branch's name; None when HEAD is detached.
    """

    root: str
    commit: str | None
    branch: str | None


def head(start: str) -> GitHead | None:
    """The checked-out commit of the working tree that ``start`` lies in; None outside of one.

    Linked worktrees and submodules, whose ``.git`` is a file, are followed to where git keeps their state.
    """
    for root in upward(start):
        mark = os.path.join(root, ".git")
        git_dir = _git_dir(root, mark)
        if git_dir is None:
            continue
        content = read_bytes(os.path.join(git_dir, "HEAD"))
        if content is not None:  # a folder called .git without a HEAD is no repository; git goes on upward too
            return _resolved(root, git_dir, content)
    return None


def _git_dir(root: str, mark: str) -> str | None:
    if os.path.isdir(mark):
        return mark
    link = read_bytes(mark)
    if link is None or not link.startswith(b"gitdir:"):
        return None
    return os.path.join(root, os.fsdecode(link[7:].strip()))


def _resolved(root: str, git_dir: str, content: bytes) -> GitHead:
    common = read_bytes(os.path.join(git_dir, "commondir"))
    common_dir = os.path.join(git_dir, os.fsdecode(common.strip())) if common else git_dir
    branch: str | None = None
    for _ in range(_MAX_HOPS):
        if not content.startswith(b"ref:"):
            return GitHead(root, _commit(content), branch)
        reference = os.fsdecode(content[4:].strip())
        if branch is None:
            branch = reference.removeprefix("refs/heads/")
        target = _reference(git_dir, common_dir, reference)
        if target is None:
            break
        content = target
    return GitHead(root, None, branch if branch != ".invalid" else None)  # .invalid: the mark of the reftable format


def _reference(git_dir: str, common_dir: str, reference: str) -> bytes | None:
    loose = read_bytes(os.path.join(git_dir, reference))
    if loose is None and common_dir != git_dir:
        loose = read_bytes(os.path.join(common_dir, reference))
    if loose is not None:
        return loose
    packed_path = os.path.join(common_dir, "packed-refs")
    packed = read_bytes(packed_path, _packed_size_bytes(packed_path)) or b""
    end = packed.find(b" " + os.fsencode(reference) + b"\n")
    return packed[packed.rfind(b"\n", 0, end) + 1 : end] if end >= 0 else None


def _packed_size_bytes(path: str) -> int:
    try:
        return min(os.path.getsize(path), _MAX_PACKED_BYTES)
    except OSError:
        return 0


def _commit(content: bytes) -> str | None:
    name = content.strip()
    return name.decode("ascii") if len(name) in (40, 64) and _HEX.issuperset(name) else None
