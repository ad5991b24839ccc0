"""Packing a store: which runs go, which stay, and that every answer is the same before and after."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from givens.api import open_run
from givens.api.stored.opening import open_in, runs_of
from givens.api.upkeep import packing as room
from givens.api.upkeep.packing import pack_store, pack_when_many
from givens.capture.liveness import identity
from givens.errors import RunNotFoundError
from givens.journal.journals import runs_in
from givens.journal.layout import Store
from givens.journal.refs import resolve
from givens.journal.try_lock import TryLock

if TYPE_CHECKING:
    from ....conftest import Folder, StoreOfJournals

GIVEN: tuple[str, dict[str, Any]] = ("set", {"s": [[["lr"], 0.1, 0]], "o": [{"kind": "code"}]})
LOGGED: tuple[str, dict[str, Any]] = ("log", {"m": {"loss": 0.5}, "step": 1})
FINISH: tuple[str, dict[str, Any]] = ("finish", {"state": "finished", "code": 0})


def gone() -> dict[str, Any]:
    """A process of this machine that has ended."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return {**identity()._asdict(), "pid": child.pid, "started": 1}


def loose(store: Store) -> list[str]:
    return sorted(os.listdir(os.path.join(store.path, "runs")))


def said(store: Store) -> list[tuple[Any, ...]]:
    """What a reader is told of all runs."""
    return [
        (run.id, run.name, run.state, run.config.as_dict(), dict(run.results), run.problems, run.exit_code, run.git)
        for run in runs_of(store).runs
    ]


def age(path: str | Path, days: float) -> None:
    then = time.time() - days * 86400
    os.utime(path, (then, then))


def test_finished_and_lost_runs_go_and_running_ones_stay(journals: StoreOfJournals) -> None:
    journals.write("done", GIVEN, FINISH)
    journals.write("lost", GIVEN, start=gone())
    journals.write("here", GIVEN, start=identity()._asdict())
    age(journals.write("there", GIVEN), 1000)  # on another host: silent is not gone
    before = said(journals.store)
    packing = pack_store(journals.store)
    assert (packing.runs, packing.journals, packing.kept) == (2, 2, {"running": 2})
    assert loose(journals.store) == ["here.jsonl", "there.jsonl"]
    assert said(journals.store) == before


def test_a_process_of_another_boot_is_believed_to_be_gone_only_after_days(journals: StoreOfJournals) -> None:
    path = journals.write("old", GIVEN, start={**identity()._asdict(), "boot_id": "another", "pid": 1})
    assert pack_store(journals.store).kept == {"running": 1}
    age(path, 8)
    assert pack_store(journals.store).runs == 1


def test_a_run_goes_with_all_its_writers_or_not_at_all(journals: StoreOfJournals) -> None:
    journals.write("aaa", GIVEN, FINISH)
    child = journals.write("aaa", GIVEN, child="c" * 16, start=identity()._asdict())
    assert pack_store(journals.store).runs == 0
    child.unlink()
    journals.write("aaa", GIVEN, FINISH, child="c" * 16)
    before = said(journals.store)
    assert pack_store(journals.store).journals == 2
    assert said(journals.store) == before
    run = open_run("aaa", dir=journals.folder)
    assert [child.writer for child in run.children] == ["c" * 16]
    assert [file.rpartition(":")[2] for file in run.files] == ["runs/aaa.jsonl", f"runs/aaa.{'c' * 16}.jsonl"]


def test_a_long_journal_that_is_written_to_is_not_held_in_memory(journals: StoreOfJournals) -> None:
    path = journals.write("long", GIVEN, *[LOGGED] * 50_000, start=identity()._asdict())
    tracemalloc.start()
    try:
        packing = pack_store(journals.store)
        _, most_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert packing.kept == {"running": 1}
    assert most_bytes < path.stat().st_size / 4


def test_an_old_copy_of_a_run_goes_though_a_new_writer_of_it_runs(journals: StoreOfJournals) -> None:
    path = journals.write("aaa", GIVEN, FINISH)
    copy = path.read_bytes()
    pack_store(journals.store)
    path.write_bytes(copy)
    child = journals.write("aaa", GIVEN, child="c" * 16, start=identity()._asdict())
    packing = pack_store(journals.store)
    assert (packing.cleared, packing.kept) == (1, {"running": 1})
    assert loose(journals.store) == [child.name]


def test_a_later_writer_of_a_packed_run_is_found_beside_it(journals: StoreOfJournals) -> None:
    journals.write("aaa", GIVEN, FINISH)
    pack_store(journals.store)
    journals.write("aaa", GIVEN, child="c" * 16)
    run = open_run("aaa", dir=journals.folder)
    assert run.state == "finished"
    assert [child.writer for child in run.children] == ["c" * 16]


def test_a_trial_says_what_would_go_and_touches_nothing(journals: StoreOfJournals) -> None:
    journals.write("done", GIVEN, FINISH)
    packing = pack_store(journals.store, dry_run=True)
    assert (packing.runs, packing.packs, packing.packed_bytes) == (1, (), None)
    assert loose(journals.store) == ["done.jsonl"]
    assert not os.path.exists(os.path.join(journals.store.path, "packs"))


def test_names_ids_and_beginnings_of_ids_find_packed_runs(journals: StoreOfJournals) -> None:
    journals.write("abc123", GIVEN, FINISH)
    journals.write("abd456", ("meta", {"name": "renamed"}), GIVEN, FINISH, began="2026-05-01T00:00:00")
    refs = {
        ref: resolve(journals.store, ref) for ref in ("abc123", "abc", "calm-abc123", "calm-abd456", "renamed", "last")
    }
    assert set(refs.values()) == {"abc123", "abd456"}
    pack_store(journals.store)
    assert {ref: resolve(journals.store, ref) for ref in refs} == refs
    with pytest.raises(RunNotFoundError, match="did you mean 'calm-abc123'"):
        resolve(journals.store, "calm-abc12")


def test_surroundings_go_along_and_are_still_known(journals: StoreOfJournals) -> None:
    journals.write("aaa", GIVEN, FINISH, start={"env": "e" * 16})
    env = Path(journals.store.env_file("e" * 16))
    env.parent.mkdir()
    journals.write("zzz", ("dirty", {"dirty": True})).rename(env)
    assert open_run("aaa", dir=journals.folder).git.dirty is True
    pack_store(journals.store)
    assert env.exists()  # it may be written to still
    age(env, 1)
    assert pack_store(journals.store).journals == 1
    assert not env.exists()
    assert open_run("aaa", dir=journals.folder).git.dirty is True


def test_a_run_that_is_packed_keeps_its_id(folder: Folder) -> None:
    script = "import givens\ngivens.init(id='mine', config={'lr': 1}).finish()"
    folder.run(script)
    pack_store(Store(str(folder.path / ".givens")))
    done = folder.run(script, code=1)
    assert "run 'mine' is already in" in done.stderr


def test_packing_twice_does_nothing_and_leftovers_of_a_crash_go(journals: StoreOfJournals) -> None:
    path = journals.write("aaa", GIVEN, FINISH)
    content = path.read_bytes()
    pack_store(journals.store)
    assert pack_store(journals.store)[:4] == ((), 0, 0, 0)
    path.write_bytes(content)
    packing = pack_store(journals.store)
    assert (packing.cleared, packing.packs, loose(journals.store)) == (1, (), [])


def test_an_old_copy_of_a_packed_run_goes(journals: StoreOfJournals) -> None:
    path = journals.write("aaa", GIVEN, LOGGED, FINISH)
    lines = path.read_bytes().splitlines(keepends=True)
    pack_store(journals.store)
    path.write_bytes(b"".join(lines[:2]))  # an older copy, brought back
    assert open_in(journals.store, "aaa").state == "finished"
    packing = pack_store(journals.store)
    assert (packing.cleared, packing.kept, loose(journals.store)) == (1, {}, [])
    assert open_in(journals.store, "aaa").state == "finished"


def test_a_longer_copy_of_a_packed_run_is_packed_too(journals: StoreOfJournals) -> None:
    path = journals.write("aaa", GIVEN, LOGGED, start=gone())
    content = path.read_bytes()
    path.write_bytes(b"".join(content.splitlines(keepends=True)[:2]))
    pack_store(journals.store)
    path.write_bytes(content)
    assert pack_store(journals.store).runs == 1
    assert loose(journals.store) == []
    assert open_in(journals.store, "aaa").summary == {"loss": 0.5}


def test_while_another_process_packs_nothing_is_done(journals: StoreOfJournals) -> None:
    journals.write("aaa", GIVEN, FINISH)
    os.makedirs(os.path.join(journals.store.path, "packs"))
    lock = TryLock(os.path.join(journals.store.path, "packs", "pack.lock"))
    assert lock.acquire()
    try:
        assert pack_store(journals.store).busy
        assert loose(journals.store) == ["aaa.jsonl"]
    finally:
        lock.release()
    assert pack_store(journals.store).runs == 1


def test_too_many_for_one_pack_make_several(journals: StoreOfJournals, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("aaa", "bbb", "ccc", "ddd", "eee"):
        journals.write(name, GIVEN, FINISH)
    before = said(journals.store)
    monkeypatch.setattr(room, "PACK_JOURNALS", 2)
    assert len(pack_store(journals.store).packs) == 3
    assert said(journals.store) == before


def test_by_itself_it_packs_only_where_many_lie_loose(
    journals: StoreOfJournals, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("aaa", "bbb", "ccc"):
        journals.write(name, GIVEN, FINISH)
    assert pack_when_many(journals.store) is None
    monkeypatch.setattr(room, "MANY_LOOSE", 2)
    packing = pack_when_many(journals.store)
    assert packing is not None
    assert packing.runs == 3


def test_by_itself_it_does_not_look_again_at_once_where_nothing_could_go(
    journals: StoreOfJournals, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("aaa", "bbb", "ccc"):
        journals.write(name, GIVEN)
    monkeypatch.setattr(room, "MANY_LOOSE", 2)
    assert pack_when_many(journals.store) is not None
    assert pack_when_many(journals.store) is None


@pytest.mark.parametrize("packed", ["neither", "first", "second", "both"])
def test_two_stores_become_one_by_copying_files(journals: StoreOfJournals, tmp_path: Path, packed: str) -> None:
    """Some runs are in one, some in the other, one in both, of which one copy is older."""
    from ....conftest import StoreOfJournals as Make

    (tmp_path / "other").mkdir()
    (tmp_path / "all").mkdir()
    other, every = Make(tmp_path / "other"), Make(tmp_path / "all")
    for where in (journals, every):
        where.write("aaa", GIVEN, FINISH)
    for where in (other, every):
        where.write("bbb", GIVEN, LOGGED, FINISH)
    for where in (journals, other, every):
        where.write("both", GIVEN, LOGGED, FINISH)
    if packed in ("first", "both"):
        pack_store(journals.store)
    if packed in ("second", "both"):
        pack_store(other.store)
    shutil.copytree(other.store.path, journals.store.path, dirs_exist_ok=True)
    assert list(runs_in(journals.store)) == ["aaa", "bbb", "both"]
    assert said(journals.store) == said(every.store)
    pack_store(journals.store)
    assert loose(journals.store) == []
    assert said(journals.store) == said(every.store)


def test_what_is_changed_afterwards_holds_for_packed_runs(journals: StoreOfJournals) -> None:
    import givens

    journals.write("aaa", GIVEN, LOGGED, FINISH)
    journals.write("bbb", GIVEN, LOGGED, FINISH)
    pack_store(journals.store)
    with givens.edit("aaa", dir=journals.folder) as run:
        run.config["lr"] = 7.5
    assert open_in(journals.store, "aaa").config.lr == 7.5
    givens.remove_runs(runs="bbb", dir=journals.folder)
    assert [run.id for run in runs_of(journals.store).runs] == ["aaa"]
    givens.restore_runs("bbb", dir=journals.folder)
    assert {run.id for run in givens.runs("loss == 0.5", dir=journals.folder)} == {"aaa", "bbb"}
    assert [run.id for run in givens.runs("lr == 7.5", dir=journals.folder)] == ["aaa"]
