"""Files of one store taken into another: nothing is lost on either side."""

from __future__ import annotations

import os
import shutil
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from givens.api.changes.editing import edit_runs
from givens.api.changes.scrubbing import scrub_of
from givens.api.stored.opening import open_in, runs_of
from givens.api.upkeep.merging import all_pieces, is_piece, merge, pieces_of
from givens.api.upkeep.packing import pack_store
from givens.journal.layout import Store

if TYPE_CHECKING:
    from ..conftest import StoreOfJournals

FINISH: tuple[str, dict[str, Any]] = ("finish", {"state": "finished", "code": 0})


def given(**values: Any) -> tuple[str, dict[str, Any]]:
    return "set", {"s": [[[key], value, 0] for key, value in values.items()], "o": [{"kind": "code"}]}


@pytest.fixture
def here(tmp_path: Path) -> Store:
    """The store that is merged into."""
    made = Store(str(tmp_path / "here" / ".givens"))
    made.make()
    return made


def test_a_shorter_copy_takes_nothing_away_and_a_longer_one_goes_on(journals: StoreOfJournals, here: Store) -> None:
    path = journals.write("aaa", given(lr=0.1), FINISH)
    whole = path.read_bytes()
    first = whole[: whole.index(b"\n") + 1]
    place = Path(here.run_file("aaa"))
    place.write_bytes(whole)
    path.write_bytes(first)
    assert merge(all_pieces(journals.store), here)[:3] == ([], [], 1)
    assert place.read_bytes() == whole
    place.write_bytes(first)
    path.write_bytes(whole)
    assert merge(all_pieces(journals.store), here).grown == ["runs/aaa.jsonl"]
    assert place.read_bytes() == whole and os.stat(place).st_mtime_ns == os.stat(path).st_mtime_ns


def test_two_runs_with_one_id_are_both_kept_and_named(journals: StoreOfJournals, here: Store) -> None:
    journals.write("same", given(lr=0.1), FINISH, start={"writer": "a" * 16})
    (there := type(journals)(Path(here.path).parent)).write(
        "same", given(lr=0.2), FINISH, start={"writer": "b" * 16}, began="2026-04-01T10:00:00"
    )
    assert there.store == here
    (problem,) = merge(all_pieces(journals.store), here).problems
    assert problem == "runs/same.jsonl: another run has the same id: it is kept beside it in a pack"
    run = open_in(here, "same")
    assert run.config.lr == 0.1 and "another run has the same id" in str(run.problems)  # the one that began first
    assert merge(all_pieces(journals.store), here).taken == []


def test_a_copy_that_was_damaged_here_is_mended(journals: StoreOfJournals, here: Store) -> None:
    path = journals.write("aaa", given(lr=0.1), given(depth=2), FINISH)
    lines = path.read_bytes().split(b"\n")
    lines[1] = lines[1].replace(b"0.1", b"0.9")
    Path(here.run_file("aaa")).write_bytes(b"\n".join(lines))
    assert open_in(here, "aaa").problems
    assert merge(all_pieces(journals.store), here).grown == ["runs/aaa.jsonl"]
    assert open_in(here, "aaa").config.as_dict() == {"lr": 0.1, "depth": 2}
    assert not open_in(here, "aaa").problems


def test_a_pack_or_large_value_that_is_not_what_its_name_says_stays_out(journals: StoreOfJournals, here: Store) -> None:
    journals.write("aaa", given(lr=0.1), FINISH)
    pack_store(journals.store)
    (pack,) = (journals.folder / ".givens" / "packs").glob("*.gz")
    pack.write_bytes(pack.read_bytes()[:-1])
    blob = journals.folder / ".givens" / "blobs" / sha256(b"right").hexdigest()
    blob.parent.mkdir()
    blob.write_bytes(b"wrong")
    merged = merge(all_pieces(journals.store), here)
    assert not merged.taken and len(merged.problems) == 2
    assert all("not what its name says" in problem for problem in merged.problems)


def test_what_was_changed_and_removed_elsewhere_holds_here(journals: StoreOfJournals, here: Store) -> None:
    journals.write("aaa", given(lr=0.1), FINISH)
    journals.write("bbb", given(lr=0.2), FINISH)
    shutil.copytree(os.path.join(journals.store.path, "runs"), os.path.join(here.path, "runs"), dirs_exist_ok=True)
    edit_runs("run.id == 'aaa'", set={"lr": 0.5}, dir=journals.folder)
    merge(pieces_of(journals.store, ["aaa"]), here)
    assert {run.id: run.config.lr for run in runs_of(here).runs} == {"aaa": 0.5, "bbb": 0.2}


@pytest.mark.parametrize(
    "name",
    [
        "runs/../../x.jsonl",
        "runs/a.jsonl.part",
        "index/runs.sqlite",
        "edits/x.jsonl",
        "blobs/x",
        "outputs/a",
        "views/.x.json",
        "views/a\\..\\..\\..\\evil.json",
        "views/\\evil.json",
        "views/C:evil.json",
        "views/a\n.json",
        "views/\x1b[2J.json",
        "views/a.json\n",
        "views/a/../../x.json",
        "packs/x.gz",
        "runs",
        "trash/a",
    ],
)
def test_nothing_else_of_a_strangers_store_comes_in(name: str) -> None:
    assert not is_piece(name)


def test_what_was_scrubbed_here_does_not_come_back_in(journals: StoreOfJournals, here: Store) -> None:
    journals.write("aaa", given(api_key="correct-horse", lr=0.1), FINISH)
    merge(all_pieces(journals.store), here)
    assert scrub_of(here).do().files == 1
    assert merge(all_pieces(journals.store), here)[:3] == ([], [], 1)
    assert not list(Path(here.path).glob("packs/*.gz")) and "horse" not in Path(here.run_file("aaa")).read_text()


def test_a_scrub_goes_along_with_the_runs_that_it_concerns(journals: StoreOfJournals, here: Store) -> None:
    journals.write("aaa", given(api_key="correct-horse", lr=0.1))  # running: its file is as it was
    scrub_of(journals.store).do()
    merge(pieces_of(journals.store, ["aaa"]), here)
    assert "horse" not in str(open_in(here, "aaa").config.as_dict())


def test_a_pack_longer_than_any_is_left_without_reading_it(journals: StoreOfJournals, here: Store) -> None:
    packs = Path(journals.store.path) / "packs"
    packs.mkdir()
    with open(packs / f"{'c' * 64}.jsonl.gz", "wb") as file:
        file.truncate(1 << 40)
    (problem,) = merge(all_pieces(journals.store), here).problems
    assert problem == f"packs/{'c' * 64}.jsonl.gz: it is longer than any pack that givens writes"
