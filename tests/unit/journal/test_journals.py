"""Where journals lie: loose, in packs, or both; and what may not be read is named, not raised."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from givens.api.stored.opening import runs_of
from givens.errors import RunNotFoundError, StoreError
from givens.index import open_index
from givens.journal.journals import PackedNames, is_packed, journal_of, journals_of, pack_paths, read_journal, runs_in
from givens.journal.packing import Loose, pack, write_pack
from givens.journal.reader import read_run

if TYPE_CHECKING:
    from ...conftest import StoreOfJournals

GIVEN: tuple[str, dict[str, Any]] = ("set", {"s": [[["lr"], 0.1, 0]], "o": [{"kind": "code"}]})
FINISH: tuple[str, dict[str, Any]] = ("finish", {"state": "finished", "code": 0})
CHILD = "c" * 16


def loose_of(journals: StoreOfJournals, *names: str) -> list[Loose]:
    return [Loose(name, (Path(journals.store.path) / name).read_bytes()) for name in names]


def test_a_journal_is_found_wherever_it_lies(journals: StoreOfJournals) -> None:
    journals.write("aaa", GIVEN, FINISH)
    journals.write("bbb", GIVEN, FINISH)
    made = pack(journals.store, loose_of(journals, "runs/aaa.jsonl"))
    twice = write_pack(journals.store, loose_of(journals, "runs/bbb.jsonl"))
    (first,), (second,) = runs_in(journals.store).values()
    assert (first.loose, [copy.pack for copy in first.packed]) == (None, [made])
    assert (second.loose, [copy.pack for copy in second.packed]) == (journals.store.run_file("bbb"), [twice])
    assert first.place == f"{made}:runs/aaa.jsonl"
    assert journals_of(journals.store, "aaa") == [first]
    assert journal_of(journals.store, "runs/bbb.jsonl") == second
    assert journal_of(journals.store, "runs/ccc.jsonl") is None
    assert [is_packed(journals.store, run_id) for run_id in ("aaa", "bbb", "a", "ccc")] == [True, True, False, False]


def test_the_first_writer_comes_first_wherever_it_lies(journals: StoreOfJournals) -> None:
    journals.write("zzz", GIVEN, FINISH)
    journals.write("zzz", GIVEN, child=CHILD)
    pack(journals.store, loose_of(journals, "runs/zzz.jsonl"))
    assert [journal.writer for journal in journals_of(journals.store, "zzz")] == [None, CHILD]
    assert [journal.writer for journal in runs_in(journals.store)["zzz"]] == [None, CHILD]


def test_a_run_that_moves_between_listing_and_reading_is_read_from_its_new_place(journals: StoreOfJournals) -> None:
    journals.write("aaa", GIVEN, FINISH)
    listed = runs_in(journals.store)["aaa"]
    made = pack(journals.store, loose_of(journals, "runs/aaa.jsonl"))
    assert read_run(journals.store, "aaa", journals=listed).state.finish is not None
    moved = journals_of(journals.store, "aaa")
    os.unlink(made)
    with pytest.raises(FileNotFoundError):
        read_journal(moved[0])
    with pytest.raises(RunNotFoundError):
        read_run(journals.store, "aaa", journals=moved)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes in folders")
@pytest.mark.parametrize(
    ("make", "problem"),
    [(os.mkdir, "Is a directory"), (getattr(os, "mkfifo", None), "it is no regular file")],
    ids=["folder", "pipe"],
)
def test_what_only_bears_a_packs_name_is_named_and_stands_in_no_ones_way(
    journals: StoreOfJournals, make: Any, problem: str
) -> None:
    journals.write("aaa", GIVEN, FINISH)
    path = Path(journals.store.path) / "packs" / f"{'0' * 64}.jsonl.gz"
    path.parent.mkdir()
    make(path)
    (path.parent / "notes.txt").write_text("no pack")
    assert pack_paths(journals.store) == [str(path)]
    listing = runs_of(journals.store)
    assert [run.id for run in listing.runs] == ["aaa"]
    assert listing.unreadable == [f"{path}: {problem}"]
    assert not is_packed(journals.store, "bbb")
    folder = journals.folder / "index"
    folder.mkdir()
    with open_index(journals.store, folder=str(folder)) as index:
        freshness = index.refresh()
        assert freshness.complete
        assert [(each.file, each.problem) for each in freshness.unreadable] == [(f"packs/{path.name}", problem)]
        assert index.refresh().complete


def test_packs_looked_through_once_say_what_a_look_for_each_journal_says(journals: StoreOfJournals) -> None:
    store = journals.store
    packed = PackedNames(store)

    def same() -> bool:
        runs = ("aaa", "aa", "bbb", "ccc")
        names = ("runs/aaa.jsonl", f"runs/aaa.{'w' * 16}.jsonl", "runs/bbb.jsonl")
        return all(journals_of(store, run, packed) == journals_of(store, run) for run in runs) and all(
            journal_of(store, name, packed) == journal_of(store, name) for name in names
        )

    journals.write("aaa", GIVEN, FINISH)
    assert same()
    first = write_pack(store, [Loose("runs/aaa.jsonl", Path(store.run_file("aaa")).read_bytes())])
    assert same() and len(journals_of(store, "aaa", packed)[0].packed) == 1
    write_pack(store, [Loose(f"runs/aaa.{'w' * 16}.jsonl", b"{}\n"), Loose("runs/bbb.jsonl", b"{}\n")])
    assert same() and len(journals_of(store, "aaa", packed)) == 2
    os.unlink(first)
    assert same() and not journals_of(store, "aaa", packed)[0].packed


def test_a_folder_of_packs_that_is_none_is_a_clear_error(journals: StoreOfJournals) -> None:
    (Path(journals.store.path) / "packs").write_text("")
    with pytest.raises(StoreError, match="Not a directory; check its permissions"):
        runs_in(journals.store)
