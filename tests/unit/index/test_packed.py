"""Packs in the index: what it says does not depend on where journals lie, and moving them folds nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from givens.index import Freshness, Index
from givens.journal.layout import Store
from givens.journal.packing import Loose, pack, write_pack

if TYPE_CHECKING:
    from ...conftest import StoreOfJournals

Contents = dict[str, Any]
Open = Callable[..., Index]
Afresh = Callable[[Store], Contents]
Read = Callable[[Index], Contents]

GIVEN: tuple[str, dict[str, Any]] = ("set", {"s": [[["lr"], 0.1, 0]], "o": [{"kind": "code"}]})
LOGGED: tuple[str, dict[str, Any]] = ("log", {"m": {"loss": 0.5}, "step": 1})
FINISH: tuple[str, dict[str, Any]] = ("finish", {"state": "finished", "code": 0})
CHILD = "c" * 16


def loose_of(store: Store, *names: str) -> list[Loose]:
    return [Loose(f"runs/{name}.jsonl", (Path(store.path) / "runs" / f"{name}.jsonl").read_bytes()) for name in names]


@pytest.fixture
def three(journals: StoreOfJournals) -> Store:
    """A finished run with a child, a lost one with a torn end, a running one."""
    journals.write("aaa", GIVEN, LOGGED, FINISH)
    journals.write("aaa", GIVEN, child=CHILD)
    journals.write("bbb", GIVEN, LOGGED)
    with open(journals.store.run_file("bbb"), "ab") as file:
        file.write(b'{"k":"log","n":3')
    journals.write("ccc", GIVEN, LOGGED)
    return journals.store


def all_names() -> tuple[str, ...]:
    return ("aaa", f"aaa.{CHILD}", "bbb")


def test_moving_runs_into_a_pack_folds_nothing_and_changes_nothing(
    three: Store, opened: Open, contents: Read, afresh: Afresh
) -> None:
    index = opened(three)
    index.refresh()
    before = contents(index)
    pack(three, loose_of(three, *all_names()))
    assert index.refresh() == Freshness(True, 100, 0)
    assert contents(index) == before == afresh(three)
    assert index.refresh() == Freshness(True, 100, 0)


@pytest.mark.parametrize("last", ["written", "renamed", "read back", "removed runs/aaa.jsonl"])
def test_an_interrupted_move_is_seen_once_at_every_step(
    three: Store, opened: Open, contents: Read, afresh: Afresh, last: str
) -> None:
    index = opened(three)
    index.refresh()
    before = contents(index)

    def stop(step: str) -> None:
        if step == last:
            raise InterruptedError

    with pytest.raises(OSError, match="."):
        pack(three, loose_of(three, *all_names()), stop)
    assert index.refresh().complete
    assert contents(index) == before == afresh(three)
    pack(three, loose_of(three, *[name for name in all_names() if os.path.exists(f"{three.path}/runs/{name}.jsonl")]))
    assert index.refresh().complete
    assert contents(index) == before == afresh(three)


def test_a_pack_that_comes_brings_its_runs_and_one_that_goes_takes_them(
    three: Store, opened: Open, contents: Read, afresh: Afresh, tmp_path: Path
) -> None:
    path = Path(write_pack(three, loose_of(three, "aaa", f"aaa.{CHILD}")))
    other = Store(str(tmp_path / "other" / ".givens"))
    other.make()
    index = opened(other)
    index.refresh()
    empty = contents(index)
    (Path(other.path) / "packs").mkdir()
    shutil.copy(path, Path(other.path) / "packs")
    assert index.refresh().folded == 1
    assert contents(index) == afresh(other)
    assert set(contents(index)["run"]) == {"aaa"}
    (Path(other.path) / "packs" / path.name).unlink()
    index.refresh()
    assert contents(index)["run"] == empty["run"]


def test_a_run_in_two_packs_and_loose_is_one_and_stays_while_a_copy_does(
    three: Store, opened: Open, contents: Read, afresh: Afresh
) -> None:
    index = opened(three)
    index.refresh()
    before = contents(index)
    first = write_pack(three, loose_of(three, *all_names()))
    second = write_pack(three, loose_of(three, "aaa", f"aaa.{CHILD}"))
    third = write_pack(three, loose_of(three, "bbb"))
    index.refresh()
    assert contents(index) == before == afresh(three)
    for name in all_names():
        os.unlink(f"{three.path}/runs/{name}.jsonl")
    index.refresh()
    os.unlink(first)
    index.refresh()
    assert contents(index) == before == afresh(three)
    os.unlink(second)
    index.refresh()
    assert set(contents(index)["run"]) == {"bbb", "ccc"}
    os.unlink(third)
    index.refresh()
    assert set(contents(index)["run"]) == {"ccc"}


def test_a_longer_copy_in_a_pack_is_taken_in_and_a_shorter_loose_one_hides_nothing(
    three: Store, opened: Open, contents: Read, afresh: Afresh
) -> None:
    whole = loose_of(three, "aaa")
    path = Path(three.run_file("aaa"))
    path.write_bytes(whole[0].content[:-30])
    index = opened(three)
    index.refresh()
    assert contents(index)["run"]["aaa"]["finish"] is None
    write_pack(three, whole)
    index.refresh()
    assert contents(index)["run"]["aaa"]["finish"] == "finished"
    assert contents(index) == afresh(three)
    path.unlink()
    index.refresh()
    path.write_bytes(whole[0].content[:300])
    index.refresh()
    assert contents(index) == afresh(three)


def test_a_good_copy_in_a_pack_mends_a_damaged_loose_one(
    three: Store, opened: Open, contents: Read, afresh: Afresh
) -> None:
    whole = loose_of(three, "aaa")
    path = Path(three.run_file("aaa"))
    at = whole[0].content.index(b'"loss"')
    path.write_bytes(whole[0].content[:at] + b"#" + whole[0].content[at + 1 :])
    index = opened(three)
    index.refresh()
    assert contents(index)["run"]["aaa"]["bad"] == 1
    write_pack(three, whole)
    index.refresh()
    assert contents(index)["run"]["aaa"]["bad"] == 0
    assert contents(index) == afresh(three)


def test_a_pack_that_is_damaged_is_named_and_gives_what_is_left(
    three: Store, opened: Open, contents: Read, afresh: Afresh
) -> None:
    path = Path(pack(three, loose_of(three, *all_names())))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    index = opened(three)
    found = index.refresh()
    assert found.complete
    assert [each.file for each in found.unreadable] == [f"packs/{path.name}"]
    assert {"aaa", "ccc"} <= set(contents(index)["run"])
    assert contents(index) == afresh(three)


def test_looking_again_at_finished_files_looks_into_packs(three: Store, opened: Open, contents: Read) -> None:
    index = opened(three)
    index.refresh()
    pack(three, loose_of(three, *all_names()))
    index.refresh()
    before = contents(index)
    index.refresh(verify=True)
    assert contents(index) == before
