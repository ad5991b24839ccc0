"""Where things lie in a store."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from givens.errors import StoreError
from givens.journal.layout import RUN_ID, WRITER_ID, Store, random_id, store_above, writer_of


def touch(store: Store, *names: str) -> None:
    for name in names:
        (Path(store.path) / "runs" / name).touch()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(str(tmp_path / ".givens"))
    made.make()
    return made


def test_a_new_store_is_ignored_by_git_and_says_its_format(store: Store) -> None:
    assert (Path(store.path) / ".gitignore").read_text() == "*\n"
    assert json.loads((Path(store.path) / "store.json").read_text()) == {"format": 1}


def test_making_a_store_that_is_there_alters_nothing(store: Store) -> None:
    (Path(store.path) / ".gitignore").write_text("mine\n")
    assert store.make() is False
    assert (Path(store.path) / ".gitignore").read_text() == "mine\n"


def test_runs_come_with_their_first_writer_first(store: Store) -> None:
    touch(store, "abc.1111111111111111.jsonl", "abc.jsonl", "abc.zzzzzzzzzzzzzzzz.jsonl", "b-c_d.jsonl")
    names = {run: [Path(path).name for path in paths] for run, paths in store.run_files().items()}
    assert names == {
        "abc": ["abc.jsonl", "abc.1111111111111111.jsonl", "abc.zzzzzzzzzzzzzzzz.jsonl"],
        "b-c_d": ["b-c_d.jsonl"],
    }


def test_files_that_are_no_journals_are_left_out(store: Store) -> None:
    touch(store, "notes.txt", "UPPER.jsonl", "abc.short.jsonl", "a b.jsonl", ".jsonl", "abc.jsonl~", "abc.jsonl.swp")
    assert store.run_files() == {}


def test_a_store_without_runs_has_none(tmp_path: Path) -> None:
    assert Store(str(tmp_path / "nothing")).run_files() == {}


def test_a_runs_folder_that_cannot_be_listed_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file")
    with pytest.raises(StoreError, match="runs") as caught:
        Store(str(tmp_path)).run_files()
    assert caught.value.path.endswith("runs")


def test_the_writer_is_read_from_the_file_name(store: Store) -> None:
    assert writer_of(store.run_file("abc")) is None
    assert writer_of(store.run_file("abc", "1111111111111111")) == "1111111111111111"


@pytest.mark.parametrize("name", ["../../etc/passwd", "f" * 63, "F" * 64, "f" * 64 + "/x", ""])
def test_a_blob_name_from_a_strangers_journal_leads_nowhere_else(store: Store, name: str) -> None:
    with pytest.raises(StoreError, match="no SHA-256"):
        store.blob_file(name)


def test_made_ids_are_well_formed_and_differ() -> None:
    ids = {random_id(10) for _ in range(500)}
    assert len(ids) == 500
    assert all(RUN_ID.fullmatch(made) and not set(made) & set("il01ou") for made in ids)
    assert WRITER_ID.fullmatch(random_id(16))


def test_the_nearest_store_upward_is_found(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / ".givens").mkdir()
    assert store_above(str(inner)) == str(tmp_path / ".givens")
    (tmp_path / "a" / ".givens").mkdir()
    assert store_above(str(inner)) == str(tmp_path / "a" / ".givens")


def test_a_file_called_like_a_store_is_none(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / ".givens").mkdir()
    (tmp_path / "a" / ".givens").touch()
    assert store_above(str(tmp_path / "a")) == str(tmp_path / ".givens")


def test_one_runs_journals_are_found_whatever_came_since_the_folder_was_listed(tmp_path: Path) -> None:
    store = Store(str(tmp_path / ".givens"))
    store.make()
    first, child = store.run_file("one"), store.run_file("one", "b" * 16)
    Path(first).touch()
    Path(store.run_file("other", "c" * 16)).touch()
    Path(store.run_file("one", "notawriter")).touch()
    long_ago = 10**9
    os.utime(Path(first).parent, ns=(long_ago, long_ago))
    assert store.files_of("one") == [first]
    assert store.files_of("one") == [first]
    Path(child).touch()
    earlier = store.run_file("one", "a" * 16)
    Path(earlier).touch()
    assert store.files_of("one") == [first, earlier, child]
    Path(first).unlink()
    assert store.files_of("one") == [earlier, child]
    assert store.files_of("../one") == store.files_of("none") == []
