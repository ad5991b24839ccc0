"""What the working tree has beyond its commit: the patch of tracked files, the names of untracked ones.

This starts git, which takes tens of milliseconds to seconds: for the detached child, never for ``init``.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import subprocess

_MISLEADING = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX")
_ANSWER_BYTES = 4 * 1024 * 1024
PATCH_BYTES = 1024 * 1024
UNTRACKED = 200


class Changes(NamedTuple):
    """What git says of a working tree; None wherever it did not answer in time.

    Args:
        dirty: whether tracked files differ from the commit.
        remote: where the branch is pulled from; credentials in it are the caller's to hide.
        patch: the difference to the commit as ``git apply`` takes it; without the content of binary files.
        patch_complete: whether that is the whole of it.
        untracked: files that git neither tracks nor ignores, at most ``UNTRACKED``.
        untracked_total: how many there are, as far as git was read.
        touched: tracked files that were written to since a moment, at most ``UNTRACKED``: what they held then is not
            what the patch says.
    """

    dirty: bool | None
    remote: str | None
    patch: bytes | None
    patch_complete: bool
    untracked: tuple[str, ...] | None
    untracked_total: int
    touched: tuple[str, ...]


class Answer(NamedTuple):
    """What a git command printed, and whether that was all."""

    text: bytes
    complete: bool


def changes_of(
    root: str,
    *,
    commit: str | None = None,
    since_ns: int | None = None,
    limit_s: float = 2.0,
    patch_bytes: int = PATCH_BYTES,
) -> Changes:
    """Ask git, all questions together within the limit.

    Args:
        root: the working tree's top folder.
        commit: what the patch is the difference to; the one that is checked out when it is not given.
        since_ns: from when on a write to a tracked file is told, in nanoseconds since the epoch; none is when left out.
        limit_s: seconds that git has for all of it.
        patch_bytes: a longer patch is cut at a line.
    """
    until_s = time.monotonic() + limit_s
    if commit is None or not commit.isalnum():  # the name of one may come from a stranger's file, and be an option
        status = ask(root, ["status", "--porcelain", "--untracked-files=no"], until_s)
        dirty = None if status is None else bool(status.text.strip())
        patch = ask(root, [*_DIFF, "HEAD", "--"], until_s, patch_bytes) if dirty else None
    else:
        patch = ask(root, [*_DIFF, commit, "--"], until_s, patch_bytes)
        dirty = None if patch is None else bool(patch.text)
    if patch is not None and not patch.text:
        patch = None
    files = ask(root, _FILES, until_s)
    others, tracked = _named(files.text) if files else ([], [])
    remote = ask(root, ["remote", "get-url", _remote_name(root, until_s)], until_s)
    return Changes(
        dirty,
        os.fsdecode(remote.text.strip()) if remote and remote.text.strip() else None,
        patch.text if patch else None,
        patch is not None and patch.complete and b"\nBinary files " not in patch.text,
        None if files is None else tuple(others[:UNTRACKED]),
        len(others),
        () if since_ns is None else tuple(islice(_touched(root, tracked, since_ns), UNTRACKED)),
    )


def _named(listed: bytes) -> tuple[list[str], list[bytes]]:
    """What ``_FILES`` printed: names of untracked files, and of tracked ones, which may be very many."""
    lines = [line for line in listed.split(b"\0") if line]
    others = [os.fsdecode(line[2:]) for line in lines if line.startswith(b"? ")]
    return others, [line[2:] for line in lines if not line.startswith(b"? ")]


def _touched(root: str, names: list[bytes], since_ns: int) -> Iterator[str]:
    """The files that were written to, or put in their place, since a moment; those that are gone are not known of."""
    above = os.fsencode(root) + b"/"
    for name in names:
        try:
            about = os.lstat(above + name)
        except OSError:
            continue
        if max(about.st_mtime_ns, about.st_ctime_ns) >= since_ns and not stat.S_ISDIR(about.st_mode):
            yield os.fsdecode(name)


# --no-ext-diff, --no-textconv: what a user's settings would start instead is neither quick nor a patch
_DIFF = "diff --no-ext-diff --no-textconv --no-color --full-index --src-prefix=a/ --dst-prefix=b/".split()
_FILES = "ls-files -z -t --others --cached --exclude-standard".split()  # a letter before each; the untracked come first


def _remote_name(root: str, until_s: float) -> str:
    """The remote that the branch follows, else the first one, else git's usual name."""
    followed = ask(root, ["rev-parse", "--abbrev-ref", "@{upstream}"], until_s)
    if followed and b"/" in followed.text:
        return os.fsdecode(followed.text.partition(b"/")[0])
    names = ask(root, ["remote"], until_s)
    return os.fsdecode(names.text.split()[0]) if names and names.text.split() else "origin"


def ask(root: str, arguments: list[str], until_s: float, most_bytes: int = _ANSWER_BYTES) -> Answer | None:
    """What ``git`` prints.

    Args:
        root: the working tree.
        arguments: after ``git``.
        until_s: by when it has to be done, on the monotonic clock.
        most_bytes: what comes after these is left, from the last whole line on.

    Returns:
        None when git is not installed, refuses, or does not answer in time.
    """
    import subprocess

    left_s = until_s - time.monotonic()
    if left_s <= 0:
        return None
    # variables that a git hook sets would point the question at another tree
    environ = {name: value for name, value in os.environ.items() if name not in _MISLEADING}
    environ["GIT_OPTIONAL_LOCKS"] = "0"  # a status that rewrites the index would get in the way of the user's own git
    command = ["git", "-C", root, "-c", "core.fsmonitor=false", "-c", "core.quotepath=false", *arguments]
    none = subprocess.DEVNULL
    try:
        with subprocess.Popen(command, env=environ, stdin=none, stdout=subprocess.PIPE, stderr=none) as git:
            return _read(git, left_s, most_bytes)
    except (OSError, ValueError):
        return None


def _read(git: subprocess.Popen[bytes], left_s: float, most_bytes: int) -> Answer | None:
    from threading import Timer

    late = Timer(left_s, git.kill)  # a read has no timeout of its own
    late.start()
    try:
        text = git.stdout.read(most_bytes + 1) if git.stdout else b""
        if len(text) > most_bytes:
            git.kill()
            return Answer(text[: text.rfind(b"\n", 0, most_bytes) + 1], False)
        return Answer(text, True) if git.wait() == 0 else None
    finally:
        late.cancel()
