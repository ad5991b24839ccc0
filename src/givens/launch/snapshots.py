"""Snapshots: a project's code as it is when a command is submitted, in a folder of its own that the command runs in.

``snapshots/<id>/`` in the store holds the copy (``<name of the project>/``), ``snapshot.json``, what was copied
(``manifest.json``), the runs that used it (``runs``), whether its command is over (``ended``), a configuration file from
elsewhere (``given/``), and of a git tree a repository of its own (``git/``), so that git in the snapshot answers as it
would have then.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import suppress

from ..capture.git import head
from ..capture.project import is_below, project_root
from ..errors import SnapshotError
from ..journal.layout import Store, random_id
from ..lifecycle.snapshot import FACTS, FOLDER, ID, RUNS, Snapshot
from .code_files import CodeFiles, code_files
from .snapshot_git import keep_git, write_text

MANIFEST = "manifest.json"
ENDED = "ended"
GIVEN = "given"
_PART = ".part"
_PART_S = 86_400  # a copy that has not ended after a day never will
_NAMES = (FACTS, RUNS, MANIFEST, ENDED, GIVEN, "git")
_SCRIPTS = (".py", ".sh", ".bash", ".zsh", ".sbatch", ".slurm", ".pbs", ".r", ".jl", ".ipynb")


def project_of(command: list[str], cwd: str) -> str:
    """The folder that is copied: the git tree or project of the working directory, or of a script outside of it."""
    here = _top(cwd)
    for word in command:
        path = os.path.normpath(os.path.join(cwd, word))
        if word.lower().endswith(_SCRIPTS) and os.path.isfile(path) and not is_below(path, here):
            return _top(os.path.dirname(path))
    return here


def _top(folder: str) -> str:
    tree = head(folder)
    return os.path.realpath(tree.root if tree is not None else project_root(folder) or folder)


def tree_name(root: str) -> str:
    """What the copy of a project is called: as the project, so that messages and logs read as they would have."""
    name = os.path.basename(root)
    return name if name and name not in _NAMES else "tree"


def take_snapshot(store: Store, root: str, named: frozenset[str] = frozenset(), given: str | None = None) -> Snapshot:
    """Copy a project.

    Args:
        store: the store that it goes into.
        root: the project's folder.
        named: absolute paths of files that the command names.
        given: a configuration file; where it is not among what is copied, it is kept beside that.

    Raises:
        SnapshotError: it is too much, or cannot be copied; nothing is left of it.
    """
    made = random_id(10)
    folder = os.path.join(os.path.realpath(store.path), FOLDER, made)
    partial = folder + _PART
    name = tree_name(root)
    try:
        tree = head(root)
        tree = tree if tree is not None and os.path.realpath(tree.root) == root else None
        files = code_files(root, in_git=tree is not None, named=named)
        copy = os.path.join(folder, name)
        paths = [os.path.join(copy, os.path.relpath(path, root)) for path in _import_folders(root)]
        store.make()
        sweep(store)
        manifest = _copy(root, os.path.join(partial, name), files)
        _keep_given(partial, root, files, given)
        write_text(os.path.join(partial, MANIFEST), json.dumps(manifest))
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        commit, branch = (tree.commit, tree.branch) if tree is not None else (None, None)
        if commit is not None:
            keep_git(partial, os.path.join(partial, name), root, commit, files.linked)
        snapshot = Snapshot(made, copy, root, commit, branch, at, len(manifest), files.size_bytes, paths, files.opened)
        write_text(os.path.join(partial, FACTS), json.dumps(snapshot._asdict()))
        os.rename(partial, folder)
    except SnapshotError:  # an OSError as well, and it says all
        raise
    except OSError as error:
        where = str(error.filename or root)
        raise SnapshotError(root, f"{where}: {error.strerror or error}", "nothing was started") from error
    finally:
        if os.path.lexists(partial):
            shutil.rmtree(partial, ignore_errors=True)
    return snapshot


def sweep(store: Store) -> None:
    """Remove what copies have left that were killed on their way."""
    folder = os.path.join(store.path, FOLDER)
    for name in os.listdir(folder) if os.path.isdir(folder) else ():
        path = os.path.join(folder, name)
        if name.endswith(_PART) and ID.fullmatch(name.removesuffix(_PART)):
            with suppress(FileNotFoundError):  # whoever made it has ended it just now
                found = os.lstat(path)
                if stat.S_ISDIR(found.st_mode) and found.st_mtime < time.time() - _PART_S:
                    shutil.rmtree(path, ignore_errors=True)


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
    return os.path.relpath(leads, os.path.dirname(link)) if is_below(leads, root) else leads


def _keep_given(folder: str, root: str, files: CodeFiles, given: str | None) -> None:
    """Copy a configuration file that the copy has not; where there is none, reading it tells."""
    if given is None or not os.path.isfile(given):
        return
    if not is_below(given, root) or os.path.relpath(given, root) not in files.copied:
        os.mkdir(os.path.join(folder, GIVEN))
        shutil.copy2(given, os.path.join(folder, GIVEN, os.path.basename(given)))


def _import_folders(root: str) -> Iterator[str]:
    """Folders of the project that this Python imports from by an editable installation: the copy has to come first."""
    from importlib.metadata import distributions

    found: set[str] = set()
    for distribution in distributions():
        try:
            folder = _editable(distribution.read_text("direct_url.json"))
        except (OSError, ValueError, RecursionError):  # of some other package, which is not ours to judge
            continue
        if folder is not None and is_below(folder, root):
            source = os.path.join(folder, "src")
            found.add(source if os.path.isdir(source) else folder)
    return iter(sorted(found))


def _editable(said: str | None) -> str | None:
    """The folder that a ``direct_url.json`` says is imported from where it lies."""
    from urllib.parse import unquote, urlparse

    about = json.loads(said) if said else None
    if not isinstance(about, dict):
        return None
    directory = about.get("dir_info")
    if not isinstance(directory, dict) or not directory.get("editable"):
        return None
    url = urlparse(str(about.get("url", "")))
    return os.path.realpath(unquote(url.path)) if url.scheme == "file" else None
