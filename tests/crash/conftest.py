"""Scripts that the tests of this folder run, the folders they run in, and what a reader finds afterwards."""

from __future__ import annotations

import json
import os
import shutil
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
        environment = {"GIVENS_DIR": str(tmp_path), "GIVENS_SILENT": "1", "GIVENS_SURROUNDINGS": "0", **os.environ}
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


class FailingFiles:
    """Makes the file layer of the scripts that are run from here on fail, by a plan (see failing_files.c)."""

    def __init__(self, library: Path, patch: pytest.MonkeyPatch, folder: Path) -> None:
        self._library = library
        self._patch = patch
        self._log = folder / "failures"

    def plan(self, *rules: str) -> None:
        """Calls of files that fail."""
        self._patch.setenv("LD_PRELOAD", str(self._library))
        self._patch.setenv("FAILING_FILES", ";".join(rules))
        self._patch.setenv("FAILING_FILES_LOG", str(self._log))

    def step_the_clock(self, *steps: tuple[int, int]) -> None:
        """From the so many-th look at the clock on, it shows so many seconds more."""
        self._patch.setenv("LD_PRELOAD", str(self._library))
        self._patch.setenv("STEPPING_CLOCK", ",".join(f"{look}:{seconds}" for look, seconds in steps))

    def end(self) -> None:
        """Let the scripts that are run from here on be."""
        for name in ("LD_PRELOAD", "FAILING_FILES", "FAILING_FILES_LOG", "STEPPING_CLOCK"):
            self._patch.delenv(name, raising=False)

    @property
    def failures(self) -> list[str]:
        """The calls that failed: ``write /…/runs/x.jsonl``."""
        return self._log.read_text().splitlines() if self._log.exists() else []


@pytest.fixture(scope="session")
def failing_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """failing_files.c, compiled."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if sys.platform != "linux" or compiler is None:
        pytest.skip("a file layer that fails needs Linux and a C compiler (apt-get install gcc libc6-dev)")
    library = tmp_path_factory.mktemp("failing") / "failing_files.so"
    source = Path(__file__).with_name("failing_files.c")
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(source), "-ldl"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        pytest.skip(f"the failing file layer does not compile here: {answer.stderr.strip()[-300:]}")
    return library


@pytest.fixture
def failing(failing_library: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FailingFiles:
    """A file layer that fails by plan; without one, it does not."""
    return FailingFiles(failing_library, monkeypatch, tmp_path)
