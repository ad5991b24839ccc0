"""The benchmark's generator makes what a real sweep leaves."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from givens.api import runs_of
from givens.journal.layout import Store
from givens.journal.reader import read_events

if TYPE_CHECKING:
    from ...conftest import Folder

GENERATOR = Path(__file__).resolve().parents[3] / "bench" / "generate_runs.py"


def generated(folder: Path, *options: str) -> Store:
    command = [sys.executable, str(GENERATOR), str(folder), *options]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return Store(str(folder / ".givens"))


def test_runs_read_as_runs_with_so_many_keys(tmp_path: Path) -> None:
    listing = runs_of(generated(tmp_path, "--runs", "120", "--keys", "50", "--points", "2"))
    assert (listing.total, len(listing.runs), listing.unreadable) == (120, 120, [])
    for run in listing.runs:
        assert run.problems == ()
        assert len(run.folded.state.origins) == 50
        assert run.results["loss"].times == 2
    assert {run.state for run in listing.runs} >= {"finished", "failed"}
    assert len({run.fingerprint for run in listing.runs}) > 50


def test_the_same_numbers_give_the_same_files(tmp_path: Path) -> None:
    stores = [generated(tmp_path / name, "--runs", "5", "--keys", "40") for name in "ab"]
    contents = [
        {Path(file).name: Path(file).read_bytes() for files in store.run_files().values() for file in files}
        for store in stores
    ]
    assert contents[0] == contents[1]


def test_a_start_line_has_what_a_real_one_has(folder: Folder) -> None:
    folder.run("import givens\ngivens.init(project='p', config={'a': 1}, tags=['x'], group='g').finish()")
    real = folder.only().folded.state.start
    made = runs_of(generated(folder.path / "made", "--runs", "1")).runs[0].folded.state.start
    assert real is not None and made is not None
    assert set(made) - {"git"} <= set(real)
    assert set(real) - set(made) <= {"logs", "env"}


def test_the_fast_path_writes_the_lines_that_givens_itself_writes(tmp_path: Path) -> None:
    quick = generated(tmp_path / "quick", "--runs", "3", "--first", "100", "--points", "2")
    real = generated(tmp_path / "real", "--runs", "3", "--first", "100", "--points", "2", "--real")
    assert quick.run_files().keys() == real.run_files().keys()
    for run_id, (path,) in quick.run_files().items():
        ours, theirs = read_events(path).events, read_events(real.run_file(run_id)).events
        assert [list(event) for event in ours[1:]] == [list(event) for event in theirs[1:]]
        assert [event["k"] for event in ours] == [event["k"] for event in theirs]
        assert [event.get("m") for event in ours] == [event.get("m") for event in theirs]
        assert [row[:2] for row in ours[1]["s"]] == [row[:2] for row in theirs[1]["s"]]
