"""Readers during writers: never an error, never half an event, never a step back, and everything at the end."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from indexed import content, made_anew
from watching_writers import Watcher

from givens.index import open_index
from givens.journal.layout import Store

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="it cannot fork")

WRITERS = Path(__file__).with_name("watching_writers.py")
MANY_LOOKS = 50_000
MANY_TRIALS = 1_000  # as continuous integration has it


class Load(NamedTuple):
    """How much is written: processes, runs of each, steps of each run; and how many readers beside this one."""

    writers: int
    runs: int
    steps: int
    readers: int


@pytest.fixture
def load(full_size: bool, crash_trials: int) -> Load:
    """64 writers wherever crashes are tried in earnest; in the daily tests fewer, with more events each."""
    if full_size:
        return Load(64, 4, 60, 64)
    return Load(64, 2, 20, 2) if crash_trials >= MANY_TRIALS else Load(8, 2, 40, 2)


def watch_writers(folder: Path, load: Load, watcher: Watcher, look: Callable[[], object]) -> None:
    """Look at writers until they have ended. They go on from the middle of their first run when one has been seen there."""
    command = [sys.executable, str(WRITERS), str(folder), *map(str, load[:3])]
    heard, said = os.pipe()
    with subprocess.Popen(command, cwd=folder, stdin=heard, stderr=subprocess.PIPE) as writers:
        os.close(heard)
        while writers.poll() is None:
            look()
            if said >= 0 and (watcher.unfinished or watcher.looks > MANY_LOOKS):
                os.close(said)
                said = -1
        assert writers.stderr is not None
        assert (writers.returncode, writers.stderr.read()) == (0, b"")
    assert watcher.unfinished > 0


def read_during(folder: Path, load: Load) -> None:
    """Writers, and readers in processes of their own beside the one that is here; at the end all is there."""
    store = Store(str(folder / ".givens"))
    store.make()
    watcher = Watcher(store)
    script = f"import sys; sys.path.insert(0, {str(WRITERS.parent)!r}); from watching_writers import watch; watch()"
    command = [sys.executable, "-c", script, store.path, str(load.readers)]
    readers = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=folder
    )
    with open_index(store) as index:
        watch_writers(folder, load, watcher, lambda: watcher.look_at_index(index))
        said, _ = readers.communicate(b"over")  # the end of its input is the end of its work
        assert (readers.returncode, said) == (0, b""), said.decode()
        assert watcher.look_at_index(index).complete
        found = content(index)
    assert watcher.problems == []
    assert watcher.seen == {
        f"w{number}-{turn}": load.steps for number in range(load.writers) for turn in range(load.runs)
    }
    assert made_anew(store, folder / "anew") == found


def test_readers_of_the_index_see_whole_events_of_writers_that_never_pause(tmp_path: Path, load: Load) -> None:
    read_during(tmp_path, load)


def test_64_readers_see_whole_events_of_writers_that_never_pause(tmp_path: Path) -> None:
    read_during(tmp_path, Load(2, 2, 10, 64))


def test_a_reader_of_journals_sees_whole_events_of_writers_that_never_pause(tmp_path: Path, load: Load) -> None:
    store = Store(str(tmp_path / ".givens"))
    store.make()
    watcher = Watcher(store)
    watch_writers(tmp_path, load, watcher, watcher.look_at_journals)
    watcher.look_at_journals()
    assert watcher.problems == []
    assert set(watcher.seen.values()) == {load.steps}
    assert len(watcher.seen) == load.writers * load.runs
