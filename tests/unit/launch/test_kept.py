"""Snapshots that are there: which of them are still needed, and what removing one touches."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from givens.journal.layout import Store
from givens.launch.kept import note_end, remove_snapshot, snapshots_in
from givens.launch.running import Launched
from givens.launch.snapshots import take_snapshot
from givens.lifecycle.snapshot import note_run, read_snapshot

TRAIN = "import givens; givens.init(config={'seed': 0})\n"
#: a queue that starts what was submitted twice, as an array does, when it is told to
SBATCH = """#!/bin/sh
{ printf 'cd %s\\n' "$PWD"; export -p; printf '. %s\\n' "$PWD/$1"; } > "$QUEUE"
"""
BY_ITSELF = Launched(0, "aaaaaaaaaa", "/x", True)


def cli(folder: Any, *arguments: str, env: dict[str, str] | None = None) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "givens", *arguments],
        cwd=folder.path,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done


@pytest.fixture
def project(folder: Any) -> Any:
    folder.write("train.py", TRAIN)
    return folder


@pytest.fixture
def store(project: Any) -> Store:
    return Store(str(project.path / ".givens"))


def change_facts(folder: str, **facts: Any) -> None:
    place = Path(folder, "snapshot.json")
    place.write_text(json.dumps({**json.loads(place.read_text()), **facts}))


def test_what_is_removed_lies_where_the_snapshot_was_found(project: Any, store: Store, tmp_path: Path) -> None:
    taken = take_snapshot(store, str(project.path))
    outside = tmp_path / "outside" / "thesis"
    outside.mkdir(parents=True)
    change_facts(taken.folder, id="zzzzzzzzzz", tree=str(outside), python_path=["/etc", f"{outside}/src"])
    (kept,) = snapshots_in(store)
    assert (kept.snapshot.id, kept.snapshot.folder) == (taken.id, taken.folder)
    assert kept.snapshot.python_path == [f"{taken.folder}/thesis/src"]
    remove_snapshot(kept.snapshot)
    assert outside.is_dir() and snapshots_in(store) == [] and not os.path.exists(taken.folder)


def test_the_copy_of_a_store_removes_its_own_snapshot(project: Any, store: Store, tmp_path: Path) -> None:
    taken = take_snapshot(store, str(project.path))
    shutil.copytree(store.path, tmp_path / "copy", symlinks=True)
    (kept,) = snapshots_in(Store(str(tmp_path / "copy")))
    remove_snapshot(kept.snapshot)
    assert os.path.isfile(f"{taken.tree}/train.py") and not os.path.exists(tmp_path / "copy" / "snapshots" / taken.id)


@pytest.mark.parametrize(
    "facts",
    [
        {"tree": 7},
        {"tree": None},
        {"tree": "/"},
        {"tree": "/a/.."},
        {"tree": "a\0b"},
        {"tree": "\ud800"},
        {"made_at": 1},
        {"commit": 1},
        {"files": "1"},
        {"python_path": "src"},
        {"python_path": [1]},
    ],
)
def test_what_no_snapshot_says_is_no_snapshot(project: Any, store: Store, facts: dict[str, Any]) -> None:
    taken = take_snapshot(store, str(project.path))
    change_facts(taken.folder, **facts)
    assert read_snapshot(taken.folder) is None and snapshots_in(store) == []


def test_links_and_pipes_in_a_store_are_not_followed_nor_waited_for(project: Any, store: Store, tmp_path: Path) -> None:
    taken, other = (take_snapshot(store, str(project.path)) for _ in range(2))
    elsewhere = tmp_path / "elsewhere"
    shutil.move(taken.tree, elsewhere)
    os.symlink(elsewhere, taken.tree)
    moved = tmp_path / other.id
    shutil.move(other.folder, moved)
    os.symlink(moved, other.folder)
    assert snapshots_in(store) == []
    third = take_snapshot(store, str(project.path))
    for name in ("runs", "ended"):
        os.mkfifo(f"{third.folder}/{name}")
    os.remove(f"{third.folder}/manifest.json")
    os.mkfifo(f"{third.folder}/manifest.json")
    (kept,) = snapshots_in(store)
    assert not kept.is_left and kept.written
    notes = tmp_path / "notes"
    notes.write_text("mine\n")
    os.remove(f"{third.folder}/runs")
    os.symlink(notes, f"{third.folder}/runs")
    note_run(third, "aaaaaaaaaa", store.path)
    assert notes.read_text() == "mine\n"


def test_a_submission_is_not_done_with_the_first_of_its_jobs(project: Any, store: Store) -> None:
    queue = project.path.parent / f"{project.path.name}-queue"
    project.write("job.sh", f"{sys.executable} train.py\n")
    project.write("bin/sbatch", SBATCH).chmod(0o755)
    env = {"PATH": f"{project.path}/bin:{os.environ['PATH']}", "QUEUE": str(queue)}
    cli(project, "run", "--snapshot", "--", "sbatch", "job.sh", env=env)
    for _ in range(2):
        subprocess.run(["sh", str(queue)], check=True, capture_output=True, cwd="/")
        said = cli(project, "snapshots", "--remove-done")
        assert said.stdout == "removed 0 snapshots\n" and "jobs of it may be waiting" in said.stderr
    (kept,) = snapshots_in(store)
    assert list(kept.runs.values()) == ["finished", "finished"] and kept.is_left and not kept.is_done
    assert cli(project, "snapshots", "--remove-submitted").stdout == "removed 1 snapshot\n"


def test_a_grid_keeps_its_snapshot_to_its_last_run(project: Any, store: Store) -> None:
    clear = [sys.executable, "-m", "givens", "snapshots", "--remove-done"]
    project.write("train.py", f"{TRAIN}givens.finish()\nimport subprocess; subprocess.run({clear}, check=True)\n")
    done = cli(project, "run", "--snapshot", "--grid", "seed=1,2", "--", sys.executable, "train.py")
    assert "still runs" in done.stderr
    (kept,) = snapshots_in(store)
    assert list(kept.runs.values()) == ["finished", "finished"] and kept.is_done


def test_a_program_that_records_no_run_may_have_submitted_jobs(project: Any, store: Store) -> None:
    cli(project, "run", "--snapshot", "--", "true")
    (kept,) = snapshots_in(store)
    assert list(kept.runs.values()) == ["finished"] and kept.ended == "submitted" and not kept.is_done


def test_a_run_that_is_gone_or_elsewhere_is_not_known_to_be_over(project: Any, store: Store) -> None:
    gone, elsewhere = (take_snapshot(store, str(project.path)) for _ in range(2))
    note_run(gone, "aaaaaaaaaa", store.path)
    note_run(elsewhere, "bbbbbbbbbb", "/elsewhere/.givens")
    for taken in (gone, elsewhere):
        note_end(taken.folder, [BY_ITSELF])
    kept = {each.snapshot.id: each for each in snapshots_in(store)}
    assert kept[gone.id].runs == {"aaaaaaaaaa": "gone"} and not kept[gone.id].is_done
    assert kept[elsewhere.id].runs == {"bbbbbbbbbb": "elsewhere"} and not kept[elsewhere.id].is_done
    assert kept[elsewhere.id].stores == {"bbbbbbbbbb": "/elsewhere/.givens"}
    said = cli(project, "snapshots", "--remove-submitted")
    assert said.stdout == "removed 0 snapshots\n" and "stands in /elsewhere/.givens" in said.stderr


def test_a_file_that_a_job_deletes_meanwhile_is_passed_over(
    project: Any, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = take_snapshot(store, str(project.path))
    Path(taken.tree, "partial.tmp").touch()
    walk = os.walk

    def deleting(top: str) -> Iterator[Any]:
        for found in walk(top):
            Path(top, "partial.tmp").unlink(missing_ok=True)
            yield found

    monkeypatch.setattr(os, "walk", deleting)
    assert snapshots_in(store)[0].written == []


def test_what_a_killed_copy_left_is_swept_when_it_is_old(project: Any, store: Store) -> None:
    take_snapshot(store, str(project.path))
    for name in ("abcdefghjk", "mnpqrstvwx"):
        project.write(f".givens/snapshots/{name}.part/work/train.py", "")
    old = time.time() - 2 * 86_400
    os.utime(f"{store.path}/snapshots/abcdefghjk.part", (old, old))
    take_snapshot(store, str(project.path))
    assert [name for name in os.listdir(f"{store.path}/snapshots") if name.endswith(".part")] == ["mnpqrstvwx.part"]
