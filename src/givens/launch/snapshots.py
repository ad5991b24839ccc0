"""Snapshots: a project's code as it is when a command is submitted, in a folder of its own that the command runs in.

``snapshots/<id>/`` in the store holds the copy (``<name of the project>/``), ``snapshot.json``, what was copied
(``manifest.json``), the ids of the runs that used it (``runs``), and in a git tree git's own state of it (``git/``), so that
git in the snapshot answers as it would have then.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from ..api.stored.opening import open_by_id
from ..capture.git import GitHead, head
from ..capture.project import project_root
from ..capture.snapshot import FACTS, FOLDER, Snapshot, noted_runs, read_snapshot
from ..errors import RunNotFoundError, SnapshotError
from ..journal.layout import Store, random_id
from .code_files import CodeFiles, code_files

_MANIFEST = "manifest.json"
_SCRIPTS = (".py", ".sh", ".bash", ".zsh", ".sbatch", ".slurm", ".pbs", ".r", ".jl", ".ipynb")
_GIT_S = 120.0


class Kept(NamedTuple):
    """A snapshot in a store.

    Args:
        snapshot: the snapshot.
        runs: id -> state of the runs that used it; ``gone`` of those that are not there any more.
        written: files in it that were made or changed since, below its tree.
    """

    snapshot: Snapshot
    runs: dict[str, str]
    written: list[str]

    @property
    def is_done(self) -> bool:
        """Whether runs used it, all of them are over, and nothing was written into it."""
        return bool(self.runs) and "running" not in self.runs.values() and not self.written


def project_of(command: list[str], cwd: str) -> str:
    """The folder that is copied: the git tree or project of the working directory, or of a script outside of it."""
    here = _top(cwd)
    for word in command:
        path = os.path.normpath(os.path.join(cwd, word))
        if word.lower().endswith(_SCRIPTS) and os.path.isfile(path) and not _is_below(path, here):
            return _top(os.path.dirname(path))
    return here


def _top(folder: str) -> str:
    tree = head(folder)
    return os.path.realpath(tree.root if tree is not None else project_root(folder) or folder)


def take_snapshot(store: Store, root: str, named: frozenset[str] = frozenset()) -> Snapshot:
    """Copy a project.

    Args:
        store: the store that it goes into.
        root: the project's folder.
        named: absolute paths of files that the command names.

    Raises:
        SnapshotError: it is too much, or cannot be copied; nothing is left of it.
    """
    tree = head(root)
    tree = tree if tree is not None and os.path.realpath(tree.root) == root else None
    files = code_files(root, in_git=tree is not None, named=named)
    made = random_id(10)
    folder = os.path.join(store.path, FOLDER, made)
    partial = f"{folder}.part"
    copy = os.path.join(folder, os.path.basename(root) or "tree")
    try:
        store.make()
        manifest = _copy(root, os.path.join(partial, os.path.basename(copy)), files)
        _write_json(os.path.join(partial, _MANIFEST), manifest)
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        commit, branch = (tree.commit, tree.branch) if tree is not None else (None, None)
        paths = [os.path.join(copy, os.path.relpath(path, root)) for path in _import_folders(root)]
        snapshot = Snapshot(made, copy, root, commit, branch, at, len(manifest), files.size_bytes, paths)
        _write_json(os.path.join(partial, FACTS), snapshot._asdict())
        os.rename(partial, folder)
        if tree is not None:
            _keep_git(snapshot, tree)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        where = str(error.filename or root)
        raise SnapshotError(root, f"{where}: {error.strerror or error}", "nothing was started") from error
    return snapshot


def _copy(root: str, target: str, files: CodeFiles) -> dict[str, list[int]]:
    """Copy files and link the rest; size and time of each copy."""
    made: set[str] = set()
    manifest: dict[str, list[int]] = {}
    os.makedirs(target)
    for path in [*files.copied, *files.linked]:
        source, place = os.path.join(root, path), os.path.join(target, path)
        folder = os.path.dirname(place)
        if folder not in made:
            os.makedirs(folder, exist_ok=True)
            made.add(folder)
        if path not in files.copied:
            os.symlink(source, place)
        elif os.path.islink(source):
            os.symlink(_link_target(root, source), place)
        else:
            shutil.copy2(source, place)
        if path in files.copied:
            found = os.lstat(place)
            manifest[path] = [found.st_size, found.st_mtime_ns]
    return manifest


def _link_target(root: str, link: str) -> str:
    """Where the copy of a symbolic link leads: inside the project to the copy, else to where it led."""
    said = os.readlink(link)
    leads = os.path.normpath(os.path.join(os.path.dirname(link), said))
    return os.path.relpath(leads, os.path.dirname(link)) if _is_below(leads, root) else leads


def _keep_git(snapshot: Snapshot, tree: GitHead) -> None:
    """Give the copy git's state of this moment: commit and index; objects are those of the repository.

    It is what `git worktree` makes, but that the repository is not told of it. Where git cannot do it (a submodule,
    whose repository names its one tree), the copy is no git tree; commit and branch are in ``snapshot.json``.
    """
    said = _git(snapshot.root, "rev-parse", "--absolute-git-dir", "--git-common-dir")
    if tree.commit is None or said is None or _git(snapshot.root, "config", "--get", "core.worktree") is not None:
        return
    own, common = said.splitlines()
    folder = os.path.join(snapshot.folder, "git")
    with suppress(FileExistsError):
        os.mkdir(folder)
    for name, text in (("HEAD", tree.commit), ("commondir", os.path.join(snapshot.root, common))):
        _write_text(os.path.join(folder, name), f"{text}\n")
    _write_text(os.path.join(snapshot.tree, ".git"), f"gitdir: {folder}\n")
    if os.path.exists(os.path.join(own, "index")):
        shutil.copyfile(os.path.join(own, "index"), os.path.join(folder, "index"))
    # files that were copied have other inodes: once looked at, a later status need not read them all again
    if _git(snapshot.tree, "status", "--porcelain", "--untracked-files=no") is None:
        _git(snapshot.tree, "read-tree", "HEAD")


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


def _import_folders(root: str) -> Iterator[str]:
    """Folders of the project that this Python imports from by an editable installation: the copy has to come first."""
    from importlib.metadata import distributions
    from urllib.parse import unquote, urlparse

    found: set[str] = set()
    for distribution in distributions():
        said = distribution.read_text("direct_url.json")
        about = json.loads(said) if said else {}
        url = urlparse(str(about.get("url", "")))
        folder = os.path.realpath(unquote(url.path))
        if url.scheme == "file" and about.get("dir_info", {}).get("editable") and _is_below(folder, root):
            source = os.path.join(folder, "src")
            found.add(source if os.path.isdir(source) else folder)
    return iter(sorted(found))


def _is_below(path: str, folder: str) -> bool:
    return f"{path}{os.sep}".startswith(f"{folder.rstrip(os.sep)}{os.sep}")


def _write_json(path: str, content: object) -> None:
    _write_text(path, json.dumps(content))


def _write_text(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(text)


# --- those that are there -----------------------------------------------------------------------------------------


def snapshots_in(store: Store) -> list[Kept]:
    """The snapshots of a store, the oldest first.

    Raises:
        StoreError: its runs cannot be read.
    """
    folder = os.path.join(store.path, FOLDER)
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    found = [read_snapshot(os.path.join(folder, name)) for name in names if not name.endswith(".part")]
    kept = [snapshot for snapshot in found if snapshot is not None]
    return [
        Kept(snapshot, {run_id: _state(store, run_id) for run_id in noted_runs(snapshot)}, _written(snapshot))
        for snapshot in sorted(kept, key=lambda each: (each.made_at, each.id))
    ]


def _state(store: Store, run_id: str) -> str:
    try:
        return open_by_id(store, run_id).state
    except RunNotFoundError:
        return "gone"


def _written(snapshot: Snapshot) -> list[str]:
    """Files that were made or changed since; compiled Python does not count."""
    try:
        with open(os.path.join(snapshot.folder, _MANIFEST), encoding="utf-8") as file:
            manifest = json.load(file)
    except (OSError, ValueError):
        manifest = {}
    found = []
    for folder, folders, names in os.walk(snapshot.tree):
        folders[:] = [name for name in folders if name != "__pycache__"]
        for name in names:
            path = os.path.join(folder, name)
            stat = os.lstat(path)
            below = os.path.relpath(path, snapshot.tree)
            if below != ".git" and not os.path.islink(path) and manifest.get(below) != [stat.st_size, stat.st_mtime_ns]:
                found.append(below)
    return found


def remove_snapshot(snapshot: Snapshot) -> None:
    """Remove a snapshot with all that lies in it; what it linked stays.

    Raises:
        SnapshotError: it cannot be removed.
    """
    try:
        shutil.rmtree(snapshot.folder)
    except OSError as error:
        where = str(error.filename or snapshot.folder)
        raise SnapshotError(snapshot.root, f"{where}: {error.strerror or error}", "remove it by hand") from error
