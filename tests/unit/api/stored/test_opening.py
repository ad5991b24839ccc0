"""Opening one run, and listing a store's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from givens.api import find_store, open_run, runs_of
from givens.errors import AmbiguousRunError, RunNotFoundError, StoreError


def test_a_run_is_opened_by_id_name_prefix_or_last(journals: Any) -> None:
    journals.write("abc", began="2026-03-01T10:00:00")
    journals.write("xyz", began="2026-03-02T10:00:00")
    folder = journals.folder
    assert [open_run(ref, dir=folder).id for ref in ("abc", "calm-abc", "a", "last")] == ["abc", "abc", "abc", "xyz"]
    assert open_run(dir=str(folder)).id == "xyz"


def test_last_goes_by_the_project_one_is_in(journals: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    journals.write("abc", began="2026-03-01T10:00:00", start={"project": "letters"})
    journals.write("xyz", began="2026-03-02T10:00:00")
    monkeypatch.setenv("GIVENS_PROJECT", "letters")
    assert open_run("last", dir=journals.folder).id == "abc"


def test_the_store_is_found_from_a_folder_below(journals: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    below = journals.folder / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert find_store() == journals.store


def test_no_store_is_an_error_that_names_the_folder(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        open_run("last", dir=tmp_path / "nothing")
    assert str(tmp_path / "nothing") in str(caught.value)


def test_references_that_fit_none_or_several_are_errors(journals: Any) -> None:
    journals.write("aa1")
    journals.write("aa2")
    with pytest.raises(RunNotFoundError):
        open_run("zz", dir=journals.folder)
    with pytest.raises(AmbiguousRunError):
        open_run("aa", dir=journals.folder)


def test_a_journal_that_cannot_be_read_is_a_store_error(journals: Any) -> None:
    Path(journals.store.run_file("abc")).mkdir()
    with pytest.raises(StoreError, match="abc"):
        open_run("abc", dir=journals.folder)


def test_runs_come_newest_first_and_at_most_as_many_as_asked(journals: Any) -> None:
    for day, run_id in ((2, "bbb"), (3, "ccc"), (1, "aaa")):
        journals.write(run_id, began=f"2026-03-0{day}T10:00:00")
    assert [run.id for run in runs_of(journals.store).runs] == ["ccc", "bbb", "aaa"]
    listing = runs_of(journals.store, limit=2)
    assert ([run.id for run in listing.runs], listing.total) == (["ccc", "bbb"], 3)


def test_an_unreadable_run_is_named_and_stands_in_nobodys_way(journals: Any) -> None:
    journals.write("abc")
    path = Path(journals.store.run_file("bad"))
    path.mkdir()
    listing = runs_of(journals.store)
    assert [run.id for run in listing.runs] == ["abc"]
    assert len(listing.unreadable) == 1
    assert str(path) in listing.unreadable[0]
