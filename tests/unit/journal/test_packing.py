"""Making a pack: what there is at every step, and what is left when a step fails."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from givens.errors import StoreError
from givens.journal.journals import journals_of, runs_in
from givens.journal.packing import Loose, pack
from givens.journal.packs import open_pack
from givens.journal.reader import read_run

if TYPE_CHECKING:
    from ...conftest import StoreOfJournals

GIVEN: tuple[str, dict[str, Any]] = ("set", {"s": [[["lr"], 0.1, 0]], "o": [{"kind": "code"}]})
FINISH: tuple[str, dict[str, Any]] = ("finish", {"state": "finished", "code": 0})


class Stopped(Exception):
    """Raised where a test wants packing to end."""


def two(journals: StoreOfJournals) -> list[Loose]:
    return [
        Loose(f"runs/{path.name}", path.read_bytes())
        for path in (journals.write("aaa", GIVEN, FINISH), journals.write("bbb", GIVEN, FINISH))
    ]


def test_the_steps_come_in_an_order_that_loses_nothing(journals: StoreOfJournals) -> None:
    steps: list[str] = []
    path = pack(journals.store, two(journals), steps.append)
    assert steps == [
        *("written", "synced", "renamed", "folder synced", "read back"),
        *("removed runs/aaa.jsonl", "removed runs/bbb.jsonl"),
    ]
    assert [member.name for member in open_pack(path).members] == ["runs/aaa.jsonl", "runs/bbb.jsonl"]
    assert os.listdir(os.path.join(journals.store.path, "runs")) == []


@pytest.mark.parametrize(
    "last", ["written", "synced", "renamed", "folder synced", "read back", "removed runs/aaa.jsonl"]
)
def test_a_step_that_fails_leaves_every_run_once(journals: StoreOfJournals, last: str) -> None:
    chosen = two(journals)

    def stop(step: str) -> None:
        if step == last:
            raise Stopped

    with pytest.raises(Stopped):
        pack(journals.store, chosen, stop)
    runs = runs_in(journals.store)
    assert list(runs) == ["aaa", "bbb"]
    assert [read_run(journals.store, run_id).state.events for run_id in runs] == [3, 3]
    assert not [name for name in os.listdir(os.path.join(journals.store.path, "packs")) if name.endswith(".part")]


def test_a_file_that_grew_meanwhile_stays_and_both_are_one_run(journals: StoreOfJournals) -> None:
    chosen = two(journals)
    path = Path(journals.store.run_file("aaa"))

    def grow(step: str) -> None:
        if step == "read back":
            path.write_bytes(path.read_bytes() + b"more\n")

    pack(journals.store, chosen, grow)
    assert path.exists()
    (journal,) = journals_of(journals.store, "aaa")
    assert journal.loose == str(path)
    assert len(journal.packed) == 1
    run = read_run(journals.store, "aaa")
    assert run.state.events == 3
    assert [line.problem for line in run.bad] == ["no checksum at its end"]


def test_a_pack_that_does_not_read_back_removes_nothing(journals: StoreOfJournals) -> None:
    chosen = two(journals)

    def damage(step: str) -> None:
        if step == "folder synced":
            (made,) = (Path(journals.store.path) / "packs").iterdir()
            made.write_bytes(made.read_bytes()[:40] + b"\0" + made.read_bytes()[41:])

    with pytest.raises(StoreError, match="does not read back as it was written"):
        pack(journals.store, chosen, damage)
    assert sorted(os.listdir(os.path.join(journals.store.path, "runs"))) == ["aaa.jsonl", "bbb.jsonl"]


def test_a_disk_that_says_no_is_one_clear_error(journals: StoreOfJournals) -> None:
    chosen = two(journals)
    (Path(journals.store.path) / "packs").write_text("a file where the folder should be")
    with pytest.raises(StoreError, match="cannot pack: .*; nothing was lost"):
        pack(journals.store, chosen)
    assert len(os.listdir(os.path.join(journals.store.path, "runs"))) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="modes of Unix")
def test_a_pack_is_as_closed_as_the_most_closed_journal_in_it(journals: StoreOfJournals) -> None:
    chosen = two(journals)
    os.chmod(journals.store.run_file("bbb"), 0o600)
    assert stat.S_IMODE(os.stat(pack(journals.store, chosen)).st_mode) == 0o600
