"""SIGKILL while a store is scrubbed: every run is there, once, with all that was no secret; and a second scrub goes on."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from killing import killed_copies, share_of

from givens.api.changes.scrubbing import scrub_of
from givens.api.stored.opening import runs_of
from givens.api.upkeep.packing import pack_store
from givens.codec import StoredSecret, to_blob
from givens.index import open_index
from givens.journal.blobs import write_blob
from givens.journal.heads import Head, write_head
from givens.journal.layout import Store

if TYPE_CHECKING:
    from ..conftest import StoreOfJournals

STEPS = (
    *("blobs written", "hints written", "event written", "written", "synced", "renamed", "folder synced"),
    *(
        "pack written",
        "pack synced",
        "pack renamed",
        "pack folder synced",
        "pack read back",
        "removed",
        "blobs removed",
    ),
    "index renewed",
)
RUNS = 6
SECRET = "correct-horse-battery"

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Store, bool]]:
    """Step -> the store that a scrub left which was killed after it, and whether it was."""
    from ..conftest import StoreOfJournals

    folder = tmp_path_factory.mktemp("killed")
    source = made(StoreOfJournals(folder))
    trials = [f"step:{step}" for step in STEPS]
    return dict(zip(STEPS, killed_copies("scrub", source, folder / "trials", trials), strict=True))


def made(journals: StoreOfJournals) -> Store:
    """Runs with a secret each, half of them in a pack; one with a large value, one with a forked child; a head, an index."""
    store = journals.store
    blob, name, content = to_blob(json.dumps({"api_key": SECRET, "text": "x" * 70_000}, separators=(",", ":")))
    write_blob(store, name, content)
    for number in range(RUNS):
        value = ("set", {"s": [[["api_key"], f"{SECRET}-{number}", 0], [["n"], number, 0]], "o": [{"kind": "code"}]})
        large = ("set", {"s": [[["large"], blob, 0]], "o": [{"kind": "code"}]})
        logged = ("log", {"m": {"loss": number / 7}, "step": 1})
        finish = ("finish", {"state": "finished", "code": 0})
        journals.write(f"run{number}", value, *([large] if number in (1, 4) else []), logged, finish)
        if number == 0:
            journals.write("run0", value, finish, child="c" * 16)
        if number == RUNS // 2 - 1:
            pack_store(store)
    write_head(store, "digits", "node7", Head("run5", "calm-run5", {"api_key": f"{SECRET}-5", "n": 5}))
    os.makedirs(os.path.join(store.path, "index"))
    with open_index(store) as index:
        index.refresh()
    return store


def said(store: Store) -> list[tuple[Any, ...]]:
    """What a reader is told, the secrets aside."""
    listing = runs_of(store)
    assert listing.unreadable == []
    return [(run.id, run.state, shown(run.config.as_dict()), dict(run.results), run.problems) for run in listing.runs]


def shown(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: shown(each) for key, each in value.items()}
    is_secret = isinstance(value, StoredSecret) or (isinstance(value, str) and SECRET in value)
    return "a secret" if is_secret else value


def holding(store: Store) -> list[str]:
    """The files with the secret in them."""
    found = []
    for path in Path(store.path).rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            found += (
                [str(path)]
                if SECRET.encode() in (gzip.decompress(content) if path.suffix == ".gz" else content)
                else []
            )
    return found


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_after_each_step_loses_and_doubles_nothing(
    killed: dict[str, tuple[Store, bool]], journals: StoreOfJournals, step: str
) -> None:
    store, was_killed = killed[step]
    assert was_killed
    expected = said(made(journals))
    if STEPS.index(step) >= STEPS.index("event written"):
        assert not any(SECRET in str(run.config.as_dict()) for run in runs_of(store).runs)
    check(store, expected)


def test_a_kill_at_a_random_moment_loses_and_doubles_nothing(
    journals: StoreOfJournals, tmp_path: Path, crash_trials: int
) -> None:
    source = made(journals)
    expected = said(source)
    seeds = [str(seed) for seed in range(share_of(crash_trials, 20))]
    stores = killed_copies("scrub", source, tmp_path / "trials", seeds)
    for store, _ in stores:
        check(store, expected)
    assert any(was_killed for _, was_killed in stores), "no scrub was killed before it was done"


def check(store: Store, expected: list[tuple[Any, ...]]) -> None:
    """Nothing is lost or doubled, and a second scrub goes on to where no secret is left."""
    assert said(store) == expected
    done = scrub_of(store).do()
    assert done.left == done.unreadable == ()
    assert said(store) == expected
    # a draft that the kill left is younger than an hour, and holds what was scrubbed already
    assert holding(store) == []
    assert scrub_of(store).plan().is_empty
    with open_index(store) as index:
        assert index.refresh().complete
        assert index.connection.execute("SELECT count(*), sum(bad) FROM run").fetchone() == (RUNS, 0)
