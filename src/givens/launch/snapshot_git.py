"""What git says in a snapshot: a repository of its own beside the copy, with the objects and settings of the project's.

It is told of every reference as it is now, so that a commit or a branch that a job makes is nobody else's. Settings are
included, not copied: there may be passwords in them.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable

_FOLDER = "git"
_GIT_S = 120.0
#: what git has to know before it includes anything; references are in files here, whatever they are in the project's
_FORMAT = ("core.repositoryformatversion", "extensions.")
_NOT_OURS = ("extensions.refstorage", "extensions.worktreeconfig", "extensions.relativeworktrees")


def keep_git(folder: str, copy: str, root: str, commit: str, linked: Iterable[str]) -> None:
    """Give a copy git's state of this moment: commit, index and references.

    Where git does not answer, the copy is no git tree.

    Args:
        folder: the snapshot's folder.
        copy: the copy's folder in it.
        root: what was copied.
        commit: what is checked out there.
        linked: paths below it that the copy has links for.

    Raises:
        OSError: it cannot be written.
    """
    said = _git(root, "rev-parse", "--absolute-git-dir", "--git-common-dir")
    references = _git(root, "for-each-ref", "--format=%(objectname) %(refname)")
    if said is None or references is None or len(said.splitlines()) != 2:
        return
    own, common = (os.path.normpath(os.path.join(root, path)) for path in said.splitlines())
    place = os.path.join(folder, _FOLDER)
    for name in ("refs", "info", os.path.join("objects", "info")):
        os.makedirs(os.path.join(place, name))
    texts = {
        "HEAD": f"{commit}\n",
        "packed-refs": references,
        "config": _settings(own, common),
        os.path.join("objects", "info", "alternates"): f"{os.path.join(common, 'objects')}\n",
        os.path.join("info", "exclude"): _excluded(root, common, linked),
    }
    for name, text in texts.items():
        write_text(os.path.join(place, name), text)
    for above, name in ((common, "shallow"), (own, os.path.join("info", "sparse-checkout")), (own, "index")):
        if os.path.exists(os.path.join(above, name)):
            shutil.copyfile(os.path.join(above, name), os.path.join(place, name))
    write_text(os.path.join(copy, ".git"), f"gitdir: ../{_FOLDER}\n")
    # files that were copied have other inodes: once looked at, a later status need not read them all again
    if _git(copy, "status", "--porcelain", "--untracked-files=no") is None:
        _git(copy, "read-tree", "HEAD")


def _settings(own: str, common: str) -> str:
    """The text of a ``config`` that includes the project's."""
    files = [os.path.join(common, "config"), os.path.join(own, "config.worktree")]
    said = _git(common, "config", "--file", files[0], "--null", "--list") or ""
    lines = []
    for key, _, value in (entry.partition("\n") for entry in said.split("\0")):
        section, _, name = key.partition(".")
        if key.startswith(_FORMAT) and key not in _NOT_OURS:
            lines.append(f"[{section}]\n\t{name} = {_quoted(value)}\n")
    lines += [f"[include]\n\tpath = {_quoted(file)}\n" for file in files if os.path.exists(file)]
    return "".join((*lines, "[core]\n\tbare = false\n\tfsmonitor = false\n"))


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _excluded(root: str, common: str, linked: Iterable[str]) -> str:
    """The project's own ``info/exclude``, and the links for folders: ``data/`` in a .gitignore is not said of a link."""
    text = ""
    if os.path.exists(path := os.path.join(common, "info", "exclude")):
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            text = file.read()
    folders = [path for path in linked if "\n" not in path and os.path.isdir(os.path.join(root, path))]
    return "\n".join((text, *("/" + re.sub(r"([\\*?\[ ])", r"\\\1", path) for path in folders), ""))


def _git(folder: str, *arguments: str) -> str | None:
    """What git says; None when it refuses."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(
            ["git", "-C", folder, *arguments], capture_output=True, env=environ, timeout=_GIT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return None if done.returncode else os.fsdecode(done.stdout)


def write_text(path: str, text: str) -> None:
    """Write a small file of a snapshot.

    Raises:
        OSError: it cannot be written.
    """
    with open(path, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(text)
