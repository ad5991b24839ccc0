"""An environment for each tool, in ``bench/.envs``: made when it is missing, the same way for all."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

HERE = os.path.dirname(os.path.abspath(__file__))
SRC = os.path.join(os.path.dirname(HERE), "src")
_LONGEST_S = 1800


def python_of(home: str) -> str:
    """The interpreter of an environment; of the running one when ``home`` is empty."""
    if not home:
        return sys.executable
    return os.path.join(HERE, ".envs", home, "Scripts" if os.name == "nt" else "bin", "python")


def install(home: str, packages: Sequence[str]) -> str | None:
    """Make the environment and put the packages into it, unless it has the first; what went wrong, or None."""
    python = python_of(home)
    if version(home, packages[0]) is not None:
        return None
    commands = [[sys.executable, "-m", "pip", "--python", python, "install", "-q", "pip", *packages]]
    if not os.path.exists(python):
        commands.insert(0, [sys.executable, "-m", "venv", "--without-pip", os.path.join(HERE, ".envs", home)])
    for command in commands:
        try:
            answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_LONGEST_S)
        except subprocess.TimeoutExpired:
            return f"no end of the installation in {_LONGEST_S} s"
        if answer.returncode != 0:
            return " ".join((answer.stderr or answer.stdout).split())[-300:]
    return None if version(home, packages[0]) is not None else "it is installed and cannot be found"


def version(home: str, package: str) -> str | None:
    """Which version of a package an environment has; None when it is not there."""
    python = python_of(home)
    if not os.path.exists(python):
        return None
    asked = f"import importlib.metadata as m; print(m.version({package!r}))"
    answer = subprocess.run([python, "-c", asked], capture_output=True, text=True, check=False)
    return answer.stdout.strip() if answer.returncode == 0 else None
