"""An index after a scrub: made anew wherever it lies, and no byte of the old files stays."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from givens.index import Index, discard_indexes, open_index
from givens.index.columns import ColumnFile
from givens.index.place import candidates
from givens.journal.edits import write_command
from givens.journal.layout import Store

SECRET = "correct-horse-battery"
HIDDEN = {"~": "secret", "id": "1"}
Opened = Callable[..., Index]


def given(value: Any) -> tuple[str, dict[str, Any]]:
    return "set", {"s": [[["api_key"], value, 0]], "o": [{"kind": "code"}], "d": [[["api_key"], f"like {value}"]]}


@pytest.fixture
def store(journals: Any) -> Store:
    for number in range(12):
        journals.write(f"r{number:02}", given(f"{SECRET}-{number}"), ("finish", {"state": "finished"}))
    found: Store = journals.store
    return found


def scrub(store: Store) -> None:
    """The event of a scrub, and nothing else: as when it comes with a copy of another machine's edits."""
    patches = [[["s", 0, 1], HIDDEN], [["d", 0, 1], "like ***"]]
    said = {(f"r{number:02}" * 16)[:16]: {"1": patches} for number in range(12)}
    write_command(store, {"user": "ada"}, [("scrub", {"p": said, "runs": {"r00": ["config.api_key"]}})])


def held(folder: str) -> list[str]:
    return [path.name for path in Path(folder).rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]


def test_an_index_is_made_anew_when_a_scrub_comes(store: Store, opened: Opened) -> None:
    index, other = opened(store), opened(store)
    index.refresh()
    other.refresh()
    old = index.path
    assert held(index.folder)
    scrub(store)
    assert index.refresh().complete and index.path != old
    assert not os.path.exists(old) and held(index.folder) == []
    assert index.document(["r03"])["r03"] == {"api_key": HIDDEN}
    other.refresh()
    assert other.path == index.path
    assert [facts.description for facts in index.keys()] == ["like ***"]


def test_a_journal_that_is_folded_afterwards_is_folded_without_it(store: Store, journals: Any, opened: Opened) -> None:
    scrub(store)
    index = opened(store)
    index.refresh()
    made = index.path
    journal = Path(store.run_file("r05"))
    journal.write_bytes(journal.read_bytes() + b'{"k":"log"')
    index.refresh(verify=True)
    assert index.path == made and held(index.folder) == []


def test_the_copy_by_column_goes_too(store: Store, opened: Opened) -> None:
    pytest.importorskip("duckdb")
    index = opened(store)
    index.columns = ColumnFile(index.folder, 10)
    index.refresh()
    assert any("columns" in name for name in os.listdir(index.folder))
    scrub(store)
    index.refresh()
    assert held(index.folder) == [] and not any(name.endswith(".duckdb") for name in os.listdir(index.folder))


def test_every_place_and_every_version_is_looked_into(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with open_index(store) as index:
        index.refresh()
        used = index.folder
    for folder in candidates(store)[:2]:
        os.makedirs(folder, exist_ok=True)
        for name in (
            "v1-000009.sqlite",
            "v1-000009.sqlite-wal",
            "v7-000001.columns-2.duckdb",
            "v7-000001.columns-2.duckdb.part.csv",
        ):
            Path(folder, name).write_text(SECRET)
        Path(folder, "of somebody.txt").write_text("kept")
    scrub(store)
    assert discard_indexes(store) == []
    with open_index(store) as index:
        index.refresh()
        assert index.folder == used
    for folder in candidates(store)[:2]:
        assert held(folder) == [] and "of somebody.txt" in os.listdir(folder)
