"""What every test stands on: an environment that nobody's settings reach into."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import textwrap
import time
from calendar import timegm
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from givens.api import StoredRun, runs_of
from givens.journal.layout import Store
from givens.journal.lines import Stamper
from givens.journal.writer import JournalWriter

SRC = Path(__file__).resolve().parent.parent / "src"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--crash-trials",
        type=int,
        default=200,
        help="how often tests/crash kills a process in all (default: %(default)s)",
    )
    parser.addoption("--large", action="store_true", help="also what needs a store of 100,000 runs: some minutes")
    parser.addoption(
        "--all-installed",
        action="store_true",
        help="a test that is skipped because a library is not installed fails",
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """A skip for want of a library is a failure where all of them should be there."""
    return _unless_installed(item.config, (yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, Any, Any]:
    """The same for a whole file of tests."""
    return _unless_installed(collector.config, (yield))


def _unless_installed(config: pytest.Config, report: Any) -> Any:
    reason = str(report.longrepr) if report.skipped else ""
    if config.getoption("--all-installed") and ("not installed" in reason or "could not import" in reason):
        report.outcome = "failed"
        report.longrepr = f"skipped, with --all-installed: {reason}"
    return report


@pytest.fixture(scope="session")
def crash_trials(request: pytest.FixtureRequest) -> int:
    """How many times a crash test is to kill its writer."""
    return int(request.config.getoption("--crash-trials"))


@pytest.fixture(scope="session", autouse=True)
def _clean_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No settings from outside, a config folder of our own, and children that find this givens."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("GIVENS_", "WANDB_"))]:
            patch.delenv(name)
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config-home")))
        patch.setenv("PYTHONPATH", str(SRC), prepend=os.pathsep)
        yield


class StoreOfJournals:
    """A store whose journals are written event by event, by the journal's own writer, on a clock that stands still.

    Each event comes a second after the one before. Nothing of it depends on the machine.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = Store(str(folder / ".givens"))
        self.store.make()

    def write(
        self,
        run_id: str,
        *events: tuple[str, dict[str, Any]],
        began: str = "2026-03-01T10:00:00",
        child: str | None = None,
        start: dict[str, Any] | None = None,
    ) -> Path:
        """One journal: its start line, then the events. ``start`` adds to the start line or replaces."""
        began_s = timegm(time.strptime(began, "%Y-%m-%dT%H:%M:%S"))
        ticks = itertools.count()
        seconds = itertools.count(began_s)
        stamper = Stamper(lambda: next(seconds) * 10**9, lambda: max(0, next(ticks) - 1) * 10**9)
        path = self.store.run_file(run_id, child)
        journal = JournalWriter(path, stamper)
        journal.open()
        first = {
            "format": 1,
            "run": run_id,
            "writer": child or (run_id * 16)[:16],
            "role": "child" if child else "main",
            "project": "digits",
            "name": f"calm-{run_id}",
            "host": "node7",
            "pid": 4711,
            "python": "3.11.7",
            "argv": ["python", "train.py"],
            "cwd": "/home/ada/digits",
            "git": {"root": "/home/ada/digits", "commit": "a" * 40, "branch": "main"},
        }
        for kind, members in [("start", {**first, **(start or {})}), *events]:
            journal.append(kind, "".join(f",{json.dumps(key)}:{json.dumps(value)}" for key, value in members.items()))
        journal.close()
        return Path(path)


@pytest.fixture
def journals(tmp_path: Path) -> StoreOfJournals:
    """An empty store in ``tmp_path``, to write journals into."""
    return StoreOfJournals(tmp_path)


class Folder:
    """A working directory: programs run in it as processes of their own, and what they left is read from here."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, name: str, text: str) -> Path:
        """Put a file into it."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return path

    def run(
        self,
        source: str,
        *args: str,
        code: int = 0,
        script: str = "train.py",
        cwd: str = ".",
        options: tuple[str, ...] = (),
        env: dict[str, str] | None = None,
        stdin: str = "",
        timeout_s: float = 60,
    ) -> subprocess.CompletedProcess[str]:
        """Run a program to its end, which has to be the exit code given.

        Args:
            source: what it says; without indentation of its own.
            args: its command line.
            code: the exit code expected.
            script: the file it is written to.
            cwd: where it runs.
            options: of the interpreter.
            env: further variables.
            stdin: what is typed into it.
            timeout_s: after so long it is ended, and the test fails.
        """
        file = self.write(script, source)
        done = subprocess.run(
            [sys.executable, *options, str(file), *args],
            cwd=self.path / cwd,
            env={**os.environ, **(env or {})},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=timeout_s,
        )
        assert done.returncode == code, f"exit code {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def runs(self, where: str = ".") -> list[StoredRun]:
        """The runs in a store, oldest first."""
        return runs_of(Store(str(self.path / where / ".givens"))).runs[::-1]

    def only(self, where: str = ".") -> StoredRun:
        """The one run in a store."""
        (run,) = self.runs(where)
        return run


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A working directory to run programs in, with a project of its own."""
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    return Folder(tmp_path)


# The same examples in every run of the tests, so that a change is what makes them fail; HYPOTHESIS_PROFILE=explore looks further.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
