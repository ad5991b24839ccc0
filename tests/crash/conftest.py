"""Scripts that the tests of this folder run, the folders they run in, and what a reader finds afterwards."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the scripts and the tests share modules of this folder

from killing import Killer

FULL_TRIALS = 10_000


class Ran:
    """What a script said: ``told`` is the JSON on its standard output, ``warnings`` the lines of givens' warnings."""

    def __init__(self, answer: subprocess.CompletedProcess[str]) -> None:
        self.code = answer.returncode
        self.errors = answer.stderr
        self.out = answer.stdout
        self.warnings = [line for line in answer.stderr.splitlines() if "Warning: " in line]

    @property
    def told(self) -> Any:
        """What the script printed, from JSON."""
        return json.loads(self.out)


@pytest.fixture
def run_script(tmp_path: Path) -> Callable[..., Ran]:
    """Run a script in an interpreter of its own; its store is ``tmp_path/.givens`` unless it says otherwise."""

    def run(text: str, *arguments: object, expect: int | None = 0, options: tuple[str, ...] = ()) -> Ran:
        file = tmp_path / "script.py"
        file.write_text(textwrap.dedent(text), encoding="utf-8")
        environment = {"GIVENS_DIR": str(tmp_path), "GIVENS_SILENT": "1", **os.environ}
        command = [sys.executable, *options, str(file), *map(str, arguments)]
        ran = Ran(
            subprocess.run(
                command, capture_output=True, text=True, check=False, cwd=tmp_path, env=environment, timeout=60
            )
        )
        assert expect is None or ran.code == expect, ran.errors
        return ran

    return run


@pytest.fixture(scope="session")
def full_size(crash_trials: int) -> bool:
    """Whether this is `make crash`, which takes its time."""
    return crash_trials >= FULL_TRIALS


@pytest.fixture
def killer() -> Iterator[Callable[[str, str], Killer]]:
    """A function: what kills a work (its name in kill_commands.py) on a store (its folder) again and again."""
    made: list[Killer] = []

    def start(work: str, store: str) -> Killer:
        made.append(Killer(work, store))
        return made[-1]

    yield start
    for each in made:
        each.end()


class Tmpfs:
    """A real, small file system."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def remount(self, options: str) -> None:
        """Change it: ``ro``, ``rw``."""
        subprocess.run(["mount", "-o", f"remount,{options}", str(self.folder)], check=True)


@pytest.fixture
def tmpfs(tmp_path: Path) -> Iterator[Tmpfs]:
    """A file system of 256 KiB in ``tmp_path/small``."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("a small file system can be mounted by root on Linux only")
    folder = tmp_path / "small"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        pytest.skip(f"mounting is not allowed here: {answer.stderr.strip()}")
    try:
        yield Tmpfs(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
