"""SIGKILL while a store is packed: every run is there, once, as it was, and packing goes on where it ended."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from killing import killed_copies, share_of

from givens.api.stored.opening import runs_of
from givens.api.upkeep import packing
from givens.api.upkeep.packing import pack_store
from givens.index import open_index
from givens.journal.layout import Store
from givens.journal.refs import resolve

if TYPE_CHECKING:
    from ..conftest import StoreOfJournals

STEPS = ("written", "synced", "renamed", "folder synced", "read back", "removed")
RUNS = 24

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")


class Source(NamedTuple):
    """A store, and what is said of it."""

    store: Store
    said: list[tuple[Any, ...]]
    rows: list[tuple[Any, ...]]


def said(store: Store) -> list[tuple[Any, ...]]:
    """What a reader without an index is told."""
    listing = runs_of(store)
    assert listing.unreadable == []
    return [
        (
            run.id,
            run.state,
            run.config.as_dict(),
            dict(run.results),
            run.problems,
            [child.writer for child in run.children],
        )
        for run in listing.runs
    ]


def rows(store: Store) -> list[tuple[Any, ...]]:
    """What an index says: one that was made before the packing goes on from there."""
    with open_index(store, folder=os.path.join(store.path, "index")) as index:
        freshness = index.refresh()
        assert freshness.complete
        assert freshness.unreadable == ()
        return [
            *index.connection.execute(
                "SELECT id, finish, events, bad, children, config FROM run JOIN document USING (run) ORDER BY id"
            ),
            *index.connection.execute("SELECT path, kind, runs FROM key JOIN key_stat USING (key) ORDER BY path, kind"),
            *index.connection.execute("SELECT file, size, events, done FROM source ORDER BY file"),
        ]


@pytest.fixture
def source(journals: StoreOfJournals) -> Source:
    """Runs that are over, with children and surroundings, an index of them, and one run that goes on elsewhere."""
    for number in range(RUNS):
        name = f"run{number:02}"
        value = ("set", {"s": [[["lr"], number / 10, 0], [["n"], number, 0]], "o": [{"kind": "code"}]})
        logged = [("log", {"m": {"loss": turn / 7}, "step": turn}) for turn in range(20)]
        finish = ("finish", {"state": "finished", "code": 0})
        journals.write(name, value, *logged, finish)
        if number % 3 == 0:
            journals.write(name, value, finish, child=f"{number:02}".replace("0", "a").replace("1", "b").ljust(16, "c"))
    journals.write("going", ("log", {"m": {"loss": 1.0}, "step": 1}))
    os.makedirs(os.path.join(journals.store.path, "index"))
    return Source(journals.store, said(journals.store), rows(journals.store))


def check(source: Source, store: Store) -> None:
    """Nothing is lost or doubled; and when it is packed once more, neither."""
    assert said(store) == source.said
    assert in_place(rows(store), store) == in_place(source.rows, source.store)
    pack_store(store)
    assert os.listdir(os.path.join(store.path, "runs")) == ["going.jsonl"]
    assert said(store) == source.said
    assert in_place(rows(store), store) == in_place(source.rows, source.store)
    shutil.rmtree(os.path.join(store.path, "index"))
    os.makedirs(os.path.join(store.path, "index"))
    assert in_place(rows(store), store) == in_place(source.rows, source.store)


def in_place(found: list[tuple[Any, ...]], store: Store) -> list[tuple[Any, ...]]:
    """Rows with the store's own path taken out."""
    return [tuple(str(cell).replace(store.path, "") for cell in row) for row in found]


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_after_each_step_loses_and_doubles_nothing(source: Source, tmp_path: Path, step: str) -> None:
    ((store, was_killed),) = killed_copies("pack", source.store, tmp_path / "trials", [f"step:{step}"])
    assert was_killed
    check(source, store)


def test_a_kill_at_a_random_moment_loses_and_doubles_nothing(source: Source, tmp_path: Path, crash_trials: int) -> None:
    seeds = [str(seed) for seed in range(share_of(crash_trials, 20))]
    stores = killed_copies("pack", source.store, tmp_path / "trials", seeds)
    for store, _ in stores:
        check(source, store)
    assert any(was_killed for _, was_killed in stores), "no packer was killed before it was done"


def test_readers_see_every_run_at_every_moment_of_packing(source: Source) -> None:
    with open_index(source.store, folder=os.path.join(source.store.path, "index")) as index:
        ids = [row[0] for row in index.connection.execute("SELECT id FROM run ORDER BY id")]
        child = os.fork()
        if child == 0:
            packing.PACK_JOURNALS = 2  # many packs, so that it takes a while
            pack_store(source.store)
            os._exit(0)
        looks = 0
        while os.waitpid(child, os.WNOHANG) == (0, 0):
            assert [row[0] for row in sorted(said(source.store), key=lambda row: str(row[0]))] == ids
            assert index.refresh().complete
            assert [row[0] for row in index.connection.execute("SELECT id FROM run ORDER BY id")] == ids
            assert resolve(source.store, "calm-run07") == "run07"
            looks += 1
    assert looks > 0
    assert os.listdir(os.path.join(source.store.path, "runs")) == ["going.jsonl"]
    assert said(source.store) == source.said
