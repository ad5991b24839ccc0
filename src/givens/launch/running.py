"""Running a command with overrides: its first ``init`` takes them up; a command without one is a run all the same."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, NamedTuple

from ..capture.project import counterpart, project_root
from ..errors import LaunchError
from ..lifecycle.launched import record_launched
from ..lifecycle.ordering import OVERRIDES, OVERRIDES_FILE, order_in
from ..lifecycle.snapshot import SNAPSHOT, Snapshot, read_snapshot

OWNER = "cli"


class Asked(NamedTuple):
    """What the launched run is to be given.

    Args:
        overrides: each ``key.path=value``.
        config: a configuration file; what it gives are overrides too.
        name, project, group, notes: of the run; None: what the script says.
        tags: of the run.
        as_wandb: ``import wandb`` in the program is ``givens.wandb``.
        cwd: where the command runs; None: here.
        rerun_of: the id of the run that is repeated.
        store: the folder that holds ``.givens``; None: as the program finds it.
        snapshot: the folder of the snapshot that it runs in.
        variables: further variables of its environment; those that are set already stay.
    """

    overrides: tuple[str, ...] = ()
    config: str | None = None
    name: str | None = None
    project: str | None = None
    group: str | None = None
    notes: str | None = None
    tags: tuple[str, ...] = ()
    as_wandb: bool = False
    cwd: str | None = None
    store: str | None = None
    rerun_of: str | None = None
    snapshot: str | None = None
    variables: Mapping[str, str] = MappingProxyType({})


class Launched(NamedTuple):
    """What came of it.

    Args:
        exit_code: of the command; 128 and the signal's number when one killed it.
        run_id: the run that the command's first ``init`` began, or that was made for it.
        store: path of the ``.givens`` folder it lies in.
        by_itself: whether the command called ``init``.
    """

    exit_code: int
    run_id: str | None
    store: str | None
    by_itself: bool


def launch(command: list[str], asked: Asked) -> Launched:
    """Run a command to its end, as if it had been typed: terminal, standard streams and signals are its own.

    Args:
        command: the program and its arguments.
        asked: what its run is given.

    Raises:
        LaunchError: the command cannot be started.
        SourceError: the configuration file or an override cannot be read.
        StoreError: the run of a command without ``init`` cannot be recorded.
    """
    if is_submission(command):
        return _submit(command, asked)
    descriptor, report = tempfile.mkstemp(prefix="givens-launch-")
    os.close(descriptor)
    try:
        environ = environment_for(asked, report)
        order_in(dict(environ), project_root(asked.cwd or os.getcwd()) or os.getcwd())  # raises what cannot be read
        began = (time.time_ns(), time.monotonic_ns())
        code = _run(command, environ, asked.cwd)
        told = _told(report)
    finally:
        os.unlink(report)
    if told is not None:
        return Launched(code, told["run"], told["store"], True)
    run_id, store = record_launched(command, environ, code, began, asked.cwd)
    return Launched(code, run_id, store, False)


#: programs that hand a command to a queue and end: the run begins with the job
SUBMITTERS = frozenset("sbatch qsub bsub msub oarsub condor_submit tsp".split())


def is_submission(command: list[str]) -> bool:
    """Whether a command only puts another one into a queue."""
    return os.path.basename(command[0]) in SUBMITTERS


def _submit(command: list[str], asked: Asked) -> Launched:
    """Run a submission. Its job finds in its environment what its run is given; nobody waits for that one."""
    environ = environment_for(asked)
    order_in(dict(environ), project_root(asked.cwd or os.getcwd()) or os.getcwd())
    return Launched(_run(command, environ, asked.cwd), None, None, False)


def environment_for(asked: Asked, report: str | None = None) -> dict[str, str]:
    """The environment that the command starts in."""
    order: dict[str, Any] = {"set": list(asked.overrides), "owner": OWNER}
    for name in ("name", "project", "group", "notes", "rerun_of"):
        if getattr(asked, name):
            order[name] = getattr(asked, name)
    if asked.tags:
        order["tags"] = list(asked.tags)
    if report is not None:
        order["report"] = report
    environ = {**asked.variables, **os.environ, OVERRIDES: json.dumps(order)}
    environ.pop(OVERRIDES_FILE, None)
    if asked.config is not None:
        environ[OVERRIDES_FILE] = os.path.abspath(asked.config)
    if asked.store is not None:
        environ["GIVENS_DIR"] = asked.store
    face = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "as_wandb")] if asked.as_wandb else []
    snapshot = None if asked.snapshot is None else read_snapshot(asked.snapshot)
    kept = [] if snapshot is None else _import_paths(snapshot, environ)
    if snapshot is not None:
        environ[SNAPSHOT] = snapshot.folder
    if face or kept:
        before = environ.get("PYTHONPATH", "").split(os.pathsep)
        environ["PYTHONPATH"] = os.pathsep.join(path for path in (*face, *kept, *before) if path)
    return environ


def _import_paths(snapshot: Snapshot, environ: dict[str, str]) -> list[str]:
    """Folders of a snapshot that come first in imports: those of editable installations, and of PYTHONPATH itself."""
    found = list(snapshot.python_path)
    for path in environ.get("PYTHONPATH", "").split(os.pathsep):
        copy = counterpart(os.path.realpath(path), snapshot.root, snapshot.tree) if os.path.isabs(path) else None
        if copy is not None and os.path.isdir(copy):
            found.append(copy)
    return list(dict.fromkeys(found))


def _run(command: list[str], environ: dict[str, str], cwd: str | None) -> int:
    try:
        child = subprocess.Popen(command, env=environ, cwd=cwd)
    except OSError as error:
        raise LaunchError(command[0], error.strerror or str(error)) from error
    with _signals_for(child):
        code = child.wait()
    return code if code >= 0 else 128 - code


@contextmanager
def _signals_for(child: subprocess.Popen[bytes]) -> Iterator[None]:
    """While the command runs, a signal that asks to end is its own affair: it is handed on, and its end awaited.

    Ctrl-C reaches the command by itself, since the terminal sends it to both.
    """

    def hand_on(number: int, frame: object) -> None:
        child.send_signal(number)

    before = {signal.SIGINT: signal.signal(signal.SIGINT, lambda number, frame: None)}
    for name in ("SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2"):
        number = getattr(signal, name, None)
        if number is not None:
            before[number] = signal.signal(number, hand_on)
    try:
        yield
    finally:
        for number, action in before.items():
            signal.signal(number, action)


def _told(report: str) -> dict[str, str] | None:
    """The first run that the command's processes reported."""
    with open(report, encoding="utf-8") as file:
        line = file.readline()
    return json.loads(line) if line.endswith("\n") else None
