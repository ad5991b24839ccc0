"""Whole processes: what each used of the processor, what a tool's measurement says, and what it leaves running."""

from __future__ import annotations

import atexit
import functools
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import uuid4

from environments import HERE, SRC

MARK = "GIVENS_BENCH_CHILD"  #: in the environment of every process that is started here, and so of all that it starts
LONGEST_S = 400.0
SETTLES_S = 20.0  # a service may still be writing when its client has ended
_TRACKERS = ("GIVENS_", "WANDB_", "MLFLOW_", "TRACKIO_", "AIM_", "SWANLAB_", "SACRED_", "CLEARML_", "TRAINS_", "PYTHON")


class Used(NamedTuple):
    """What one process used, from its start to its end: its own processor time (and that of children it waited for)."""

    cpu_s: float
    wall_s: float


class Trouble(Exception):
    """A measured process failed; the text is what it said."""


def environment(extra: Mapping[str, str]) -> dict[str, str]:
    """Ours without settings of any tracker, and with this working tree's givens to be found."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(_TRACKERS)}
    return {**kept, "PYTHONPATH": SRC, **extra}


def use_of(command: list[str], *, cwd: str, extra: Mapping[str, str]) -> Used:
    """Run a command to its end and say what it used; what it leaves running is not waited for.

    Raises:
        Trouble: it failed.
    """
    begin_s = time.perf_counter()
    with open(os.path.join(cwd, "stderr.txt"), "w+b") as errors:
        child = subprocess.Popen(
            command, cwd=cwd, env=environment(extra), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors
        )
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        wall_s = time.perf_counter() - begin_s
        if child.returncode != 0:
            errors.seek(0)
            raise Trouble(_last_words(errors.read().decode(errors="replace")) or f"exit code {child.returncode}")
    return Used(usage.ru_utime + usage.ru_stime, wall_s)


def use_of_tool(tool: Any, arguments: list[str], cwd: str) -> Used:
    """What the interpreter of a tool used for a script or a ``-c``; what it left running is ended then.

    Raises:
        Trouble: it failed.
    """
    mark = uuid4().hex
    try:
        return use_of([tool.interpreter(), *arguments], cwd=cwd, extra={**tool.environment(cwd), MARK: mark})
    finally:
        end_rest(mark)


def ask(tool: Any, measurement: str, *arguments: object, cwd: str, longest_s: float = LONGEST_S) -> Any:
    """Run one measurement of a tool in an interpreter of its own; what it found, from JSON.

    Raises:
        Trouble: it failed, or took too long.
    """
    mark = uuid4().hex
    answer_file = os.path.join(cwd, f"answer-{mark}.json")
    with open(os.path.join(cwd, "stderr.txt"), "w+b") as errors:
        child = subprocess.Popen(
            command_of(tool, measurement, *arguments, answer_file=answer_file),
            cwd=cwd,
            env=environment({**tool.environment(cwd), MARK: mark}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        try:
            child.wait(longest_s)
        except subprocess.TimeoutExpired:
            raise Trouble(f"no end in {longest_s:.0f} s") from None
        finally:
            child.kill()
            child.wait()
            end_rest(mark)
        errors.seek(0)
        said = errors.read().decode(errors="replace")
    if not os.path.exists(answer_file):
        raise Trouble(_last_words(said) or f"exit code {child.returncode}")
    with open(answer_file, encoding="utf-8") as file:
        return json.load(file)


def command_of(tool: Any, measurement: str, *arguments: object, answer_file: str = os.devnull) -> list[str]:
    """The command line that runs one measurement of a tool."""
    return [tool.interpreter(), _script(), tool.name, answer_file, measurement, *map(json.dumps, arguments)]


@functools.cache
def _script() -> str:
    """measure.py and what it needs, copied to where no git tree is: in one, some tools look for commits and changes."""
    folder = tempfile.mkdtemp(prefix="givens-bench-scripts-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name in ("adapters", "measurements"):
        shutil.copytree(os.path.join(HERE, name), os.path.join(folder, name))
    for name in ("environments.py", "tools.py", "measure.py"):
        shutil.copy(os.path.join(HERE, name), folder)
    return os.path.join(folder, "measure.py")


def end_rest(mark: str, settles_s: float = 2.0) -> None:
    """Let the processes that a marked one has left behind end; after a while, end those that are still there."""
    until_s = time.monotonic() + settles_s
    while left := _marked(mark):
        if time.monotonic() > until_s:
            for pid in left:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue
        time.sleep(0.02)


def _marked(mark: str) -> list[int]:
    """Processes with the mark in their environment; none where the system does not tell."""
    words = f"{MARK}={mark}".encode()
    found = []
    for name in os.listdir("/proc") if os.path.isdir("/proc") else ():
        if name.isdigit():
            try:
                with open(f"/proc/{name}/environ", "rb") as file:
                    if words in file.read():
                        found.append(int(name))
            except OSError:
                continue
    return found


def _last_words(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[-1][:200] if lines else ""
