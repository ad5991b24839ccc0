"""Running a stored run again: the same command in the same code, then everything that came out different."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from ..api import StoredRun, diff
from ..api.difference import Diff
from ..api.stored.opening import open_in
from ..api.stored.run_facts import touched_words
from ..capture.changes import changes_of
from ..capture.git import head
from ..capture.project import counterpart, is_below
from ..errors import CannotRerunError
from ..journal.layout import Store
from ..lifecycle.snapshot import FOLDER, ID
from .forms import argv_of
from .inputs import bring_inputs, changed_inputs, overrides_of, variables_of
from .running import Asked, Launched, launch

_LOOKED_AT_S = 10.0
_PAUSE_S = 0.05
_COMMIT = re.compile(r"[0-9a-f]{4,64}")


class Again(NamedTuple):
    """A rerun that has ended.

    Args:
        launched: the command's end.
        before: the run that was repeated.
        after: the run that it made.
        difference: of their configs, code, packages.
        results: name -> (before, after), of results that are not the same.
        inputs: what its configuration files said that is not what they said then.
    """

    launched: Launched
    before: StoredRun
    after: StoredRun
    difference: Diff
    results: dict[str, tuple[object, object]]
    inputs: list[str]

    @property
    def same(self) -> bool:
        """Whether config and results are as they were."""
        return not self.difference and not self.results


def rerun(run: StoredRun, *, overrides: tuple[str, ...] = (), where: str | None = None) -> Again:
    """Repeat a run.

    Args:
        run: the stored run.
        overrides: ``key=value`` to change. These are locked, and what a launcher had locked then.
        where: ``here``: in the working tree as it is; ``worktree``: in a fresh one with the run's commit and patch;
            None: here, if the tree is as it was.

    Raises:
        CannotRerunError: the code is another, or gone; it says what to do.
        SecretMissingError: the command line held secrets.
        LaunchError: the command cannot be started.
    """
    command = argv_of(run)
    if not command:
        raise CannotRerunError(run.name, "its command line is not known", f"givens command {run.id} --as yaml")
    if where is None:
        problem = tree_differs(run)
        if problem:
            advice = "--here runs in the tree as it is, --worktree in a fresh one with the run's commit"
            raise CannotRerunError(run.name, problem, advice)
    given, variables = overrides_of(run, overrides), variables_of(run)
    with _folder(run, where) as cwd:
        inputs = changed_inputs(run, cwd)
        if inputs and where != "here":
            raise CannotRerunError(run.name, "; ".join(inputs), "--here runs it with the files as they are")
        asked = Asked(
            (*given, *overrides),
            cwd=cwd,
            store=run.store.path,
            rerun_of=run.id,
            project=run.project,
            snapshot=_snapshot(run, cwd),
            variables=variables,
        )
        launched = launch(_found(command, run, cwd), asked)
        if where == "worktree":
            _looked_at(launched)
    store = Store(launched.store) if launched.store else run.store
    after = open_in(store, str(launched.run_id))
    return Again(launched, run, after, diff(run, after), differing_results(run, after), inputs)


def tree_differs(run: StoredRun) -> str | None:
    """What is not as it was in the run's folder; None when the code is the same, or nothing is known of it."""
    cwd = run.cwd or ""
    if not os.path.isdir(cwd):
        return f"its folder {cwd or '(unknown)'} is not there" + (", a snapshot of then" if run.snapshot else "")
    if run.git.commit is None:
        return None
    touched = touched_words(run)
    if touched:
        return touched
    now = head(_code_folder(run))
    if now is None or now.commit != run.git.commit:
        found = now.commit[:12] if now and now.commit else "no commit"
        return f"it ran on commit {run.git.commit[:12]}, and {found} is checked out"
    patch = changes_of(now.root, commit=now.commit).patch
    if (run.patch or "").encode("utf-8", "surrogateescape") != (patch or b""):
        return "tracked files have other changes than then"
    return None


def differing_results(before: StoredRun, after: StoredRun) -> dict[str, tuple[object, object]]:
    """Results of two runs that are not equal; NaN is NaN."""
    was, now = before.summary, after.summary
    names = [*was, *(name for name in now if name not in was)]
    found = {name: (was.get(name), now.get(name)) for name in names}
    return {name: pair for name, pair in found.items() if pair[0] != pair[1] and repr(pair[0]) != repr(pair[1])}


def _code_folder(run: StoredRun) -> str:
    git = (run.folded.state.start or {}).get("git")
    root = git.get("root") if isinstance(git, dict) else None
    return str(root or run.cwd or "")


def _snapshot(run: StoredRun, cwd: str) -> str | None:
    """The folder of the snapshot that a run was in, when it runs there again."""
    made = str(run.snapshot.get("id", ""))
    folder = os.path.join(os.path.realpath(run.store.path), FOLDER, made)
    return folder if ID.fullmatch(made) and is_below(os.path.realpath(cwd), folder) else None


def _found(command: list[str], run: StoredRun, cwd: str) -> list[str]:
    """The command; a program that lies below the run's folder and not in a fresh tree, as an environment does, by its path."""
    program = command[0]
    if os.path.basename(program) == program or os.path.exists(os.path.join(cwd, program)):
        return command
    return [os.path.join(run.cwd or cwd, program), *command[1:]]


def _looked_at(launched: Launched) -> None:
    """Wait until what looks at a run's code has done so, in a tree that is removed next; for some seconds at most."""
    if launched.store is None or launched.run_id is None:
        return
    until_s = time.monotonic() + _LOOKED_AT_S
    while time.monotonic() < until_s:
        run = open_in(Store(launched.store), launched.run_id)
        if not isinstance((run.folded.state.start or {}).get("env"), str) or "packages" in run.surroundings:
            return  # nobody looks, or the code is done with
        time.sleep(_PAUSE_S)


def _here(run: StoredRun) -> str:
    """The run's folder; of one in a snapshot that is gone, its counterpart in the project."""
    cwd = run.cwd or os.getcwd()
    if run.snapshot and not os.path.isdir(cwd):
        return os.path.normpath(os.path.join(_repository(run), os.path.relpath(cwd, _code_folder(run))))
    return cwd


def _repository(run: StoredRun) -> str:
    """The git tree that has the run's commit: its own, or what its snapshot was copied from."""
    root = _code_folder(run)
    return str(run.snapshot.get("root")) if run.snapshot and not os.path.isdir(root) else root


@contextmanager
def _folder(run: StoredRun, where: str | None) -> Iterator[str]:
    """Where the command runs: the run's own folder, or its counterpart in a worktree that is removed afterwards."""
    if where != "worktree":
        here = _here(run)
        if not os.path.isdir(here):
            raise CannotRerunError(run.name, f"its folder {here} is not there", "make it, or run the command elsewhere")
        yield here
        return
    cwd, root, repository = run.cwd or os.getcwd(), _code_folder(run), _repository(run)
    if run.git.commit is None:
        raise CannotRerunError(run.name, "it ran outside of git", "--here runs it in its folder")
    if not _COMMIT.fullmatch(run.git.commit):
        raise CannotRerunError(run.name, f"{run.git.commit[:60]!r} is no commit", "--here runs it in its folder")
    said = run.surroundings.get("patch")
    if run.git.dirty and not (isinstance(said, dict) and said.get("complete")):
        raise CannotRerunError(run.name, "its uncommitted changes were not kept whole", "--here runs it as the tree is")
    touched = touched_words(run)
    if touched:
        raise CannotRerunError(run.name, touched, "--here runs it as the tree is")
    with tempfile.TemporaryDirectory(prefix="givens-rerun-") as folder:
        tree = os.path.join(folder, os.path.basename(root) or "tree")
        _git(run, repository, "worktree", "add", "--detach", "--quiet", tree, run.git.commit)
        try:
            if run.patch:
                _git(run, tree, "apply", "--whitespace=nowarn", "-", given=run.patch)
            there = counterpart(cwd, root, tree) or cwd
            bring_inputs(run, _here(run), there)
            yield there
        finally:
            _git(run, repository, "worktree", "remove", "--force", tree)


def _git(run: StoredRun, folder: str, *arguments: str, given: str | None = None) -> None:
    command = ["git", "-C", folder, *arguments]
    content = None if given is None else given.encode("utf-8", "surrogateescape")
    try:
        done = subprocess.run(command, input=content, capture_output=True, check=False)
    except OSError as error:
        raise CannotRerunError(run.name, f"git cannot be started: {error.strerror}", "install git") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise CannotRerunError(
            run.name, f"git {arguments[0]}: {said[-1] if said else 'failed'}", "--here runs it in the tree as it is"
        )
