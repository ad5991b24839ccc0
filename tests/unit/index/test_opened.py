"""An index that is not what it should be is made anew beside the old one; and what it answers without a filter."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from givens.errors import StoreError
from givens.index import Index, database, open_index
from givens.index import opened as opening
from givens.index.schema import VERSION
from givens.journal.layout import Store

if TYPE_CHECKING:
    from ...conftest import StoreOfJournals

Contents = dict[str, Any]
Open = Callable[..., Index]
Afresh = Callable[[Store], Contents]
Read = Callable[[Index], Contents]

FINISH: tuple[str, dict[str, Any]] = ("finish", {"state": "finished", "code": 0})


def given(**values: Any) -> tuple[str, dict[str, Any]]:
    return "set", {"s": [[[key], value, 0] for key, value in values.items()], "o": [{"kind": "code"}]}


def count(index: Index) -> int:
    found: int = index.connection.execute("SELECT count(*) FROM run").fetchone()[0]
    return found


@pytest.fixture
def store(journals: StoreOfJournals) -> Store:
    """A store with three runs."""
    for number in range(3):
        journals.write(f"run{number}", given(lr=number, name="x" * 300), ("log", {"m": {"loss": 1}, "step": 0}), FINISH)
    return journals.store


def folded(opened: Open, store: Store) -> str:
    """An index that was folded and closed; its path."""
    index = opened(store)
    assert index.refresh().complete
    index.close()
    return index.path


def set_meta(path: str, name: str, value: str) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("UPDATE meta SET value = ? WHERE name = ?", (value, name))
    connection.close()


def test_an_index_that_fits_is_used_again(store: Store, opened: Open) -> None:
    path = folded(opened, store)
    index = opened(store)
    assert index.path == path
    assert count(index) == 3


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("version", str(VERSION + 1)),
        ("store", '"/elsewhere"'),
        ("folder", "0"),
        ("host", '"another"'),
        ("patterns", "[[],[]]x"),
    ],
)
def test_an_index_that_is_for_something_else_is_made_anew_beside_it(
    name: str, value: str, store: Store, opened: Open, afresh: Afresh, contents: Read
) -> None:
    path = folded(opened, store)
    set_meta(path, name, value)
    index = opened(store)
    assert index.path > path
    assert os.path.basename(index.path) == f"v{VERSION}-000002.sqlite"
    assert not os.path.exists(path)
    assert index.refresh().complete
    assert contents(index) == afresh(store)


def test_an_index_of_another_version_is_left_alone(store: Store, opened: Open) -> None:
    path = folded(opened, store)
    other = path.replace(f"v{VERSION}-", f"v{VERSION + 1}-")
    os.rename(path, other)
    index = opened(store)
    assert index.path == path
    assert count(index) == 0
    assert os.path.exists(other)


def test_a_copied_store_does_not_believe_the_copied_index(
    store: Store, tmp_path: Path, afresh: Afresh, contents: Read
) -> None:
    with open_index(store) as index:
        index.refresh()
        assert index.folder == os.path.join(store.path, "index")
    copy = Store(str(tmp_path / "copy" / ".givens"))
    shutil.copytree(store.path, copy.path)
    os.unlink(copy.run_file("run1"))
    with open_index(copy) as index:
        assert index.path.startswith(copy.path)
        assert count(index) == 0
        index.refresh()
        assert contents(index) == afresh(copy)
        assert count(index) == 2


def test_an_index_that_was_put_there_is_not_believed_and_a_moved_folder_of_it_is(store: Store) -> None:
    with open_index(store) as index:
        index.refresh()
        folder, made = index.folder, os.path.basename(index.path)
    os.rename(folder, f"{folder}.own")
    shutil.copytree(f"{folder}.own", folder)  # it says that it is for this path, host and version
    with open_index(store) as index:
        assert (os.path.basename(index.path) > made, count(index)) == (True, 0)
    shutil.rmtree(folder)
    os.rename(f"{folder}.own", folder)
    with open_index(store) as index:
        assert (os.path.basename(index.path), count(index)) == (made, 3)


def test_readers_whose_folder_was_put_in_anothers_place_use_one_index(store: Store, opened: Open) -> None:
    index = opened(store)
    index.refresh()
    other = opened(store)
    os.rename(index.folder, f"{index.folder}.old")  # so that the new one has another number
    os.makedirs(index.folder)
    assert index.refresh().complete and other.refresh().complete
    assert index.refresh().complete and count(index) == count(other) == 3
    assert index.path == other.path


def test_other_ignored_keys_make_another_index(store: Store, opened: Open, tmp_path: Path) -> None:
    path = folded(opened, store)
    (tmp_path / "pyproject.toml").write_text('[tool.givens]\nignore = ["lr"]\n')
    index = opened(store)
    assert index.path != path
    index.refresh()
    assert len(set(index.connection.execute("SELECT fingerprint FROM run"))) == 1


@pytest.mark.parametrize("content", [b"", b"no database at all" * 500, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_is_no_index_is_replaced(
    content: bytes, store: Store, opened: Open, afresh: Afresh, contents: Read
) -> None:
    path = folded(opened, store)
    Path(path).write_bytes(content)
    index = opened(store)
    index.refresh()
    assert index.path > path
    assert contents(index) == afresh(store)


def damage(path: str) -> None:
    """Overwrite what a bad disk might: the tables with the runs' values, of which opening an index sees nothing."""
    connection = sqlite3.connect(path)
    pages = connection.execute("SELECT rootpage FROM sqlite_master WHERE name IN ('param', 'key', 'run')").fetchall()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    with open(path, "r+b") as file:
        for (page,) in pages:
            file.seek((page - 1) * size)
            file.write(b"\xff" * size)


def test_damage_that_a_refresh_meets_is_repaired_by_folding_again(
    store: Store, journals: StoreOfJournals, opened: Open, afresh: Afresh, contents: Read
) -> None:
    path = folded(opened, store)
    damage(path)
    journals.write("run9", given(lr=9), FINISH)
    index = opened(store)
    assert index.path == path
    assert index.refresh().complete
    assert index.path > path
    assert contents(index) == afresh(store)


def test_damage_that_a_reader_meets_can_be_repaired_by_it(
    store: Store, opened: Open, afresh: Afresh, contents: Read
) -> None:
    path = folded(opened, store)
    damage(path)
    index = opened(store)
    with pytest.raises(sqlite3.DatabaseError) as met:
        index.connection.execute("SELECT count(num), count(txt) FROM param NOT INDEXED").fetchall()
    assert database.is_damage(met.value)
    index.renew()
    assert index.refresh().complete
    assert contents(index) == afresh(store)


def test_a_table_that_is_missing_is_damage(store: Store, journals: StoreOfJournals, opened: Open) -> None:
    path = folded(opened, store)
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE summary")
    connection.close()
    journals.write("run9", given(lr=9), ("log", {"m": {"loss": 1}, "step": 0}), FINISH)
    index = opened(store)
    assert index.refresh().complete
    assert index.path > path
    assert count(index) == 4


def test_a_reader_goes_over_to_a_newer_file(store: Store, opened: Open) -> None:
    one, two = opened(store), opened(store)
    one.refresh()
    two.renew()
    assert count(one) == 3  # what it has open stays
    two.refresh()
    one.refresh()
    assert one.path == two.path
    assert count(one) == 3


def test_an_index_removed_under_a_reader_is_made_again(store: Store, opened: Open) -> None:
    index = opened(store)
    index.refresh()
    shutil.rmtree(index.folder)
    os.makedirs(index.folder)
    assert index.refresh().complete
    assert count(index) == 3


@pytest.mark.skipif(not hasattr(os, "fork"), reason="it cannot fork")
def test_the_log_of_an_index_whose_file_alone_was_deleted_is_not_replayed(
    store: Store, opened: Open, tmp_path: Path
) -> None:
    child = os.fork()
    if child == 0:
        opened(store).refresh()
        os._exit(0)  # without closing it, so that its log stays
    assert os.waitpid(child, 0)[1] == 0
    (file,) = (tmp_path / "index-folder").glob("*.sqlite")
    file.unlink()
    assert Path(f"{file}-wal").stat().st_size > 0
    index = opened(store)
    assert index.path == str(file)
    assert count(index) == 0
    index.refresh()
    assert count(index) == 3


def test_only_one_of_many_that_find_an_unfit_index_makes_a_new_one(store: Store, opened: Open) -> None:
    path = folded(opened, store)
    set_meta(path, "host", '"another"')
    assert {opened(store).path for _ in range(3)} == {path.replace("000001", "000002")}


def test_a_full_disk_is_an_error_that_names_the_index(store: Store, journals: StoreOfJournals, opened: Open) -> None:
    index = opened(store)
    index.connection.execute("PRAGMA max_page_count = 1")  # as few as there are: it cannot grow
    journals.write("large", given(**{f"key{n}": "x" * 200 for n in range(2000)}), FINISH)
    with pytest.raises(StoreError, match="cannot be used: database or disk is full"):
        index.refresh()
    index.connection.execute("PRAGMA max_page_count = 1000000")
    assert index.refresh().complete
    assert count(index) == 4


def test_a_lock_held_for_ever_is_an_error(store: Store, opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folded(opened, store)
    set_meta(path, "host", '"another"')
    monkeypatch.setattr(opening, "_LOCK_S", 0.05)
    lock = opening.TryLock(os.path.join(os.path.dirname(path), "fold.lock"))
    assert lock.acquire()
    with pytest.raises(StoreError, match="another process"):
        opened(store)
    lock.release()


# --- answers ----------------------------------------------------------------------------------------------------------


def test_configurations_come_in_the_order_asked_for(store: Store, opened: Open) -> None:
    index = opened(store)
    index.refresh()
    found = index.document(["run2", "nobody", "run0"])
    assert list(found) == ["run2", "run0"]
    assert found["run2"] == {"lr": 2, "name": "x" * 300}
    assert len(index.document([*(f"none{n}" for n in range(1200)), "run1"])) == 1


def test_keys_have_kinds_counts_and_ranges(store: Store, journals: StoreOfJournals, opened: Open) -> None:
    journals.write("run9", given(lr="fast", layers=[1, 2]), FINISH, start={"project": "a\0b"})
    index = opened(store)
    index.refresh()
    keys = {(facts.project, facts.path): facts for facts in index.keys()}
    assert list(keys) == [("a\0b", "layers"), ("a\0b", "lr"), ("digits", "lr"), ("digits", "name")]
    lr = keys["digits", "lr"]
    assert (lr.kinds, lr.runs, lr.low, lr.high) == ({"int": 3}, 3, 0.0, 2.0)
    assert keys["a\0b", "lr"].kinds == {"str": 1}
    assert (keys["a\0b", "layers"].low, keys["a\0b", "layers"].kinds) == (None, {"list": 1})
    inside = [facts.path for facts in index.keys("a\0b", inside=True)]
    assert inside == ["layers", "layers[0]", "layers[1]", "lr"]
    assert [(facts.path, facts.low) for facts in index.keys("digits", "summary")] == [("loss", 1.0)]


def test_the_course_of_a_metric_that_nobody_logged_is_empty(store: Store, opened: Open) -> None:
    index = opened(store)
    index.refresh()
    assert index.history("run0", "none") == []
    assert index.history("nobody", "loss") == []
    assert [point.value for point in index.history("run0", "loss")] == [1]
