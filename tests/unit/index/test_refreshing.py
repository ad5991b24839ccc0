"""Who folds, who waits, and what is left when a process dies at it."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from givens.index import Freshness, Index, open_index
from givens.index.schema import INDICES
from givens.journal.layout import Store
from givens.journal.try_lock import TryLock

if TYPE_CHECKING:
    from ...conftest import Folder, StoreOfJournals

Contents = dict[str, Any]
Open = Callable[..., Index]
Afresh = Callable[[Store], Contents]
Read = Callable[[Index], Contents]

BENCH = Path(__file__).resolve().parents[3] / "bench"
GIVEN: tuple[str, dict[str, Any]] = ("set", {"s": [[["lr"], 0.1, 0]], "o": [{"kind": "code"}]})
FINISH: tuple[str, dict[str, Any]] = ("finish", {"state": "finished", "code": 0})


def generate(folder: Path, runs: int, first: int = 0) -> Store:
    """Runs of a sweep, as the benchmark's generator makes them."""
    command = [sys.executable, str(BENCH / "generate_runs.py"), str(folder), "--runs", str(runs), "--first", str(first)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return Store(str(folder / ".givens"))


def count(index: Index) -> int:
    found: int = index.connection.execute("SELECT count(*) FROM run").fetchone()[0]
    return found


def settle_folder(store: Store) -> None:
    """Let the folder look as if nothing had been made in it for long."""
    os.utime(os.path.join(store.path, "runs"), (1_700_000_000, 1_700_000_000))


def test_a_new_index_is_empty_until_it_is_refreshed(journals: StoreOfJournals, opened: Open) -> None:
    journals.write("aaa", GIVEN, FINISH)
    index = opened(journals.store)
    assert count(index) == 0
    seen: list[tuple[int, int]] = []
    assert index.refresh(lambda done, total: seen.append((done, total))) == Freshness(True, 100, 1)
    assert seen == [(1, 1)]
    assert count(index) == 1


def test_a_refresh_with_nothing_new_folds_nothing(journals: StoreOfJournals, opened: Open) -> None:
    journals.write("aaa", GIVEN, FINISH)
    journals.write("bbb", GIVEN)
    index = opened(journals.store)
    index.refresh()
    before = index.connection.total_changes
    assert index.refresh() == Freshness(True, 100, 0)
    settle_folder(journals.store)
    index.refresh()
    assert index.refresh() == Freshness(True, 100, 0)
    journals.write("ccc", GIVEN)
    assert index.refresh().folded == 1
    assert index.connection.total_changes > before


def test_a_settled_folder_is_not_listed_again(
    journals: StoreOfJournals, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    journals.write("aaa", GIVEN, FINISH)
    index = opened(journals.store)
    settle_folder(journals.store)
    index.refresh()
    listed: list[Any] = []
    real = os.listdir
    monkeypatch.setattr(os, "listdir", lambda path: listed.append(path) or real(path))
    index.refresh()
    assert os.path.join(journals.store.path, "runs") not in listed
    journals.write("bbb", GIVEN, FINISH)
    index.refresh()
    assert os.path.join(journals.store.path, "runs") in listed
    assert count(index) == 2


def test_another_process_at_it_leaves_an_answer_that_says_so(journals: StoreOfJournals, opened: Open) -> None:
    for name in ("aaa", "bbb", "ccc"):
        journals.write(name, GIVEN, FINISH)
    index = opened(journals.store)
    index.refresh()
    journals.write("ddd", GIVEN, FINISH)
    lock = TryLock(os.path.join(index.folder, "fold.lock"))
    assert lock.acquire()
    try:
        assert index.refresh(wait_s=0.05) == Freshness(False, 75, 0)
        assert count(index) == 3
        assert index.refresh(wait_s=0.05, first=["ddd", "none"]) == Freshness(True, 100, 0)
        assert count(index) == 4
    finally:
        lock.release()
    assert index.refresh().complete


def test_own_runs_come_before_all_others(tmp_path: Path, opened: Open) -> None:
    store = generate(tmp_path, 700)
    last = sorted(store.run_files())[-1]
    index = opened(store)
    known: list[bool] = []

    def look(done: int, total: int) -> None:
        known.append(index.connection.execute("SELECT 1 FROM run WHERE id = ?", (last,)).fetchone() is not None)

    index.refresh(look, first=[last])
    assert len(known) >= 2
    assert known[0]


def test_a_store_that_is_gone_is_an_error_and_empties_nothing(journals: StoreOfJournals, opened: Open) -> None:
    from givens.errors import StoreError

    journals.write("aaa", GIVEN, FINISH)
    index = opened(journals.store)
    index.refresh()
    os.rename(journals.store.path, journals.store.path + "-away")
    with pytest.raises(StoreError, match="is not there"):
        index.refresh()
    assert count(index) == 1
    os.rename(journals.store.path + "-away", journals.store.path)
    assert index.refresh().complete


FOLDER_OF_RUNS = """
import sys
from givens.index import open_index
from givens.journal.layout import Store
with open_index(Store(sys.argv[1]), folder=sys.argv[2]) as index:
    print("ready", flush=True)
    sys.stdin.readline()
    while True:
        freshness = index.refresh(lambda done, total: print(done, flush=True), wait_s=30)
        if freshness.complete:
            break
    print("complete", index.connection.execute("SELECT count(*) FROM run").fetchone()[0], flush=True)
"""


def start(store: Store, folder: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", FOLDER_OF_RUNS, store.path, folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def test_two_processes_at_once_make_one_index(tmp_path: Path, opened: Open, afresh: Afresh, contents: Read) -> None:
    store = generate(tmp_path, 1500)
    index = opened(store)
    both = [start(store, index.folder) for _ in range(2)]
    for process in both:
        go(process)
    for process in both:
        out, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        assert out.splitlines()[-1] == "complete 1500"
    assert index.refresh().complete
    assert contents(index) == afresh(store)


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
@pytest.mark.parametrize("seed", range(2))  # tests/crash/test_folding.py kills at any moment
def test_killed_while_folding_the_next_refresh_completes_it(
    seed: int, tmp_path: Path, opened: Open, afresh: Afresh, contents: Read
) -> None:
    store = generate(tmp_path, 2300)  # enough for the large indices to be left for the end
    index = opened(store)
    process = start(store, index.folder)
    go(process)
    assert process.stdout is not None
    for _ in range(random.Random(seed).randint(1, 4)):
        process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait()
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None
        pipe.close()
    assert count(index) > 0
    assert index.refresh().complete
    assert contents(index) == afresh(store)
    names = {name for (name,) in index.connection.execute("SELECT name FROM sqlite_master WHERE type = 'index'")}
    assert names >= set(INDICES)


def test_large_indices_left_out_by_a_process_that_died_are_made(journals: StoreOfJournals, opened: Open) -> None:
    journals.write("aaa", GIVEN, FINISH)
    index = opened(journals.store)
    settle_folder(journals.store)
    index.refresh()
    index.connection.execute("DROP INDEX param_num")
    assert index.refresh().complete
    assert index.connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'param_num'").fetchone()


WRITER = """
import givens, sys
for turn in range(int(sys.argv[1])):
    run = givens.init(project="p", config={"lr": 0.1, "turn": turn})
    for step in range(20):
        run.log({"loss": step})
        run.config.lr = step / 10
    run.finish()
"""


def test_a_reader_beside_writers_never_fails_and_never_sees_half_an_event(
    folder: Folder, opened: Open, afresh: Afresh, contents: Read
) -> None:
    folder.run(WRITER, "1", env={"GIVENS_CHANGES": "record"})
    store = Store(str(folder.path / ".givens"))
    index = opened(store)
    writers = [
        subprocess.Popen(
            [sys.executable, "train.py", "15"],
            cwd=folder.path,
            env={**os.environ, "GIVENS_SILENT": "1"},
            stderr=subprocess.DEVNULL,
        )
        for _ in range(3)
    ]
    before = 0
    while any(writer.poll() is None for writer in writers):
        assert index.refresh().complete
        (steps,) = index.connection.execute("SELECT total(points) FROM summary").fetchone()
        assert steps >= before
        before = steps
        assert index.connection.execute("SELECT count(*) FROM run WHERE bad > 0").fetchone() == (0,)
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    assert index.refresh().complete
    assert contents(index) == afresh(store)
    assert count(index) == 46
    assert index.connection.execute("SELECT total(points) FROM summary").fetchone() == (46 * 20,)


def test_a_snapshot_stays_while_another_folds(journals: StoreOfJournals, opened: Open) -> None:
    journals.write("aaa", GIVEN, FINISH)
    index = opened(journals.store)
    index.refresh()
    other = opened(journals.store)
    with index.reading() as connection:
        assert count(index) == 1
        journals.write("bbb", GIVEN, FINISH)
        other.refresh()
        assert connection.execute("SELECT count(*) FROM run").fetchone() == (1,)
    assert count(index) == 2


def test_what_two_open_indices_fold_in_turn_is_numbered_once(
    journals: StoreOfJournals, opened: Open, afresh: Afresh, contents: Read
) -> None:
    one, two = opened(journals.store), opened(journals.store)
    for turn, index in enumerate((one, two, one, two, one)):
        more: tuple[str, dict[str, Any]] = ("set", {"s": [[[f"key{turn}"], turn, 0]], "o": [{"kind": f"kind{turn}"}]})
        journals.write(f"run{turn}", GIVEN, more, ("log", {"m": {f"m{turn}": 1}, "step": 0}), FINISH)
        assert index.refresh().folded == 1
    assert contents(one) == contents(two) == afresh(journals.store)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_child_has_a_connection_of_its_own(journals: StoreOfJournals, opened: Open) -> None:
    journals.write("aaa", GIVEN, FINISH)
    index = opened(journals.store)
    index.refresh()
    journals.write("bbb", GIVEN, FINISH)
    child = os.fork()
    if child == 0:
        try:
            os._exit(0 if index.refresh().complete and count(index) == 2 else 1)
        except BaseException:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert count(index) == 2
    assert index.refresh() == Freshness(True, 100, 0)


ALIVE = """
import givens, os, sys
run = givens.init(project="p")
run.log({"a": 1})
print(run.id, flush=True)
sys.stdin.readline()
os._exit(9)
"""


def test_states_are_marked_for_runs_that_have_not_ended(
    folder: Folder, opened: Open, journals: StoreOfJournals
) -> None:
    folder.write("train.py", ALIVE)
    process = subprocess.Popen(
        [sys.executable, "train.py"],
        cwd=folder.path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    run_id = process.stdout.readline().strip()
    index = opened(Store(str(folder.path / ".givens")))
    index.refresh()

    def states() -> dict[str, str]:
        index.mark_states()
        return dict(
            index.connection.execute("SELECT r.id, coalesce(r.finish, n.state) FROM run r LEFT JOIN now n USING (run)")
        )

    assert states() == {run_id: "running"}
    process.communicate("\n", timeout=30)
    assert states() == {run_id: "lost"}
    journals.write("ended", FINISH)
    journals.write("torn").write_bytes(b"x\n")
    index.refresh()
    assert states() == {run_id: "lost", "ended": "finished", "torn": "lost"}


def test_a_busy_index_does_not_hold_up_a_reader(journals: StoreOfJournals, opened: Open) -> None:
    journals.write("aaa", GIVEN, FINISH)
    index = opened(journals.store)
    index.refresh()
    writer = sqlite3.connect(index.path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    assert index.refresh() == Freshness(True, 100, 0)
    assert count(index) == 1
    writer.execute("ROLLBACK")
    writer.close()


def test_open_index_closes_with_its_block(journals: StoreOfJournals, tmp_path: Path) -> None:
    with open_index(journals.store, folder=str(tmp_path)) as index:
        index.refresh()
    with pytest.raises(sqlite3.ProgrammingError):
        count(index)
