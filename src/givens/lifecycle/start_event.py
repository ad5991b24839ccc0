"""The start event of a journal: whose run it is, where it runs and what it was called with."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from ..capture import entry, git, liveness, scheduler
from ..codec import Redaction, dumps
from ..journal.layout import Store, random_id
from ..records.events import FORMAT
from . import snapshot, surroundings
from .current import current
from .place import working_directory

if TYPE_CHECKING:
    from .run import Identity


class Command(NamedTuple):
    """A command that another program ran and records.

    Args:
        argv: the program and its arguments.
        cwd: where it ran; None: here.
        environ: what it was started in.
    """

    argv: list[str]
    cwd: str | None
    environ: Mapping[str, str]


def members_of(start: dict[str, Any]) -> str:
    """The start event's members as JSON text, those that are None left out."""
    return "".join(f",{dumps(key)}:{dumps(value)}" for key, value in start.items() if value is not None)


def start_members(
    identity: Identity,
    redaction: Redaction,
    store: Store,
    root: str,
    *,
    looks: bool,
    command: Command | None = None,
) -> dict[str, Any]:
    """What the first writer of a run says about itself.

    Args:
        identity: of the run.
        redaction: what is hidden.
        store: where it is recorded.
        root: the project's folder.
        looks: whether the detached capture starts, with the process's first run in a store.
        command: what runs, when it is not this program.
    """
    here = liveness.identity()
    cwd, file = working_directory(), entry.script()
    if command is not None:
        cwd, file = command.cwd or cwd, None
    # the commit of the code that runs; a console entry point lies outside of any repository
    tree = (git.head(os.path.dirname(file)) if file else None) or git.head(cwd)
    kept = snapshot.snapshot_around(os.environ if command is None else command.environ, cwd, file)
    if kept is not None:  # the commit and branch of then; above a copy that is no git tree of its own lies today's
        own = tree is not None and os.path.realpath(tree.root) == os.path.realpath(kept.tree)
        tree = git.GitHead(kept.tree, kept.commit, kept.branch) if own or kept.commit else None
    if kept is not None:
        snapshot.note_run(kept, identity.id, store.path)
    return {
        "format": FORMAT,
        "run": identity.id,
        "writer": identity.writer,
        "role": "main",
        "project": identity.project,
        "name": identity.name,
        "group": identity.group,
        "job_type": identity.job_type,
        "tags": list(identity.tags) or None,
        "notes": identity.notes,
        **here._asdict(),
        "user": entry.user(),
        "python": sys.version.partition(" ")[0],
        "argv": redaction.argv(entry.argv() if command is None else command.argv),
        "launched": command is not None or None,
        "script": relative_to(file, root),
        "cwd": cwd,
        "git": None if tree is None else {"root": tree.root, "commit": tree.commit, "branch": tree.branch},
        "snapshot": None if kept is None else {"id": kept.id, "root": kept.root},
        "logs": entry.scheduler_logs() or None,
        "jobs": scheduler.jobs(os.environ) or None,
        "turn": current.turn if current.turn > 1 else None,
        "env": _surroundings(store, tree, file or "") if looks else None,
    }


def relative_to(file: str | None, root: str) -> str | None:
    """A file's path below the project's folder, where it lies in it."""
    return file[len(root) + 1 :] if file and root and file.startswith(root + os.sep) else file


def _surroundings(store: Store, tree: git.GitHead | None, script: str) -> str | None:
    """The writer id of this process's detached capture, started with its first run in a store."""
    capture = current.surroundings
    if capture is None or (capture.parent, capture.store) != (os.getpid(), store.path):
        writer = random_id(16)
        root, commit = (tree.root, tree.commit or "") if tree else ("", "")
        since_ns = str(surroundings.since_ns(script))
        asked = surroundings.Asked(store.env_file(writer), writer, root, commit, script, since_ns)
        child = surroundings.spawn(asked)
        if child is None:
            return None
        capture = current.surroundings = surroundings.Capture(writer, child, os.getpid(), store.path)
    return capture.writer
