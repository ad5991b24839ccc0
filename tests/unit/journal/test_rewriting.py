"""A journal's bytes without what was taken out: other lines stay byte for byte, and a line that cannot be read is a text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from givens.journal.layout import Store
from givens.journal.lines import parse
from givens.journal.reader import read_events
from givens.journal.replacing import remove_drafts, replace_file
from givens.journal.rewriting import line_of, rewritten, writer_of_content

if TYPE_CHECKING:
    from ...conftest import StoreOfJournals

PATCHES = {1: [[["s", 0, 1], "***"]]}


@pytest.fixture
def journal(journals: StoreOfJournals) -> Path:
    value = ("set", {"s": [[["a"], "needle", 0]], "o": [{"kind": "code"}]})
    return journals.write("aaa", value, ("log", {"m": {"loss": 1.0}, "step": 1}))


def test_other_lines_stay_byte_for_byte(journal: Path) -> None:
    content = journal.read_bytes()
    writer = writer_of_content(content, "runs/aaa.jsonl")
    new = rewritten(content, "runs/aaa.jsonl", {writer: PATCHES})
    before, after = content.split(b"\n"), new.split(b"\n")
    assert [one == two for one, two in zip(before, after, strict=True)] == [True, False, True, True]
    journal.write_bytes(new)
    assert [event["k"] for event in read_events(str(journal)).events] == ["start", "set", "log"]
    assert read_events(str(journal)).bad == [] and b"needle" not in new
    assert rewritten(new, "runs/aaa.jsonl", {writer: PATCHES}) is new
    assert rewritten(content, "runs/aaa.jsonl", {"another": PATCHES}) is content


def test_a_journal_without_its_first_line_is_known_by_its_name(journal: Path) -> None:
    content = journal.read_bytes().partition(b"\n")[2]
    assert writer_of_content(content, "runs/aaa.jsonl") == "?runs/aaa.jsonl"
    assert writer_of_content(content, f"runs/aaa.{'b' * 16}.jsonl") == "b" * 16
    assert b"needle" not in rewritten(content, "runs/aaa.jsonl", {"?runs/aaa.jsonl": PATCHES})


def test_lines_that_cannot_be_read_are_texts(journal: Path) -> None:
    content = journal.read_bytes().replace(b'"c":', b'"c":9') + b'{"k":"log","m":{"x":"needle"'

    bad = {line: line.replace(b"needle", b"***") for line in content.split(b"\n")}
    new = rewritten(content, "runs/aaa.jsonl", {}, bad)
    assert b"needle" not in new and new.count(b"\n") == content.count(b"\n")


def test_pythons_own_words_for_numbers_become_givens_own() -> None:
    event: dict[str, Any] = {"k": "log", "n": 1, "m": {"loss": float("nan"), "a": [float("-inf")]}, "c": 1}
    read = parse(line_of(event))
    assert not isinstance(read, str)
    assert read["m"] == {"loss": {"~": "float", "v": "nan"}, "a": [{"~": "float", "v": "-inf"}]}


# --- putting the file in place ----------------------------------------------------------------------------------------


def test_a_file_is_replaced_with_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"old")
    path.chmod(0o640)
    steps: list[str] = []
    replace_file(str(path), b"new", steps.append)
    assert path.read_bytes() == b"new" and path.stat().st_mode & 0o777 == 0o640
    assert steps == [f"{step} a.jsonl" for step in ("written", "synced", "renamed", "folder synced")]
    assert list(tmp_path.iterdir()) == [path]


def test_one_that_cannot_be_replaced_stands(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"old")

    def full(step: str) -> None:
        raise OSError(28, "no space left on device")

    with pytest.raises(OSError, match="no space"):
        replace_file(str(path), b"new", full)
    assert path.read_bytes() == b"old" and list(tmp_path.iterdir()) == [path]


def test_drafts_of_processes_killed_long_ago_go(journals: StoreOfJournals) -> None:
    import os

    store: Store = journals.store
    old, young = (Path(store.path) / "runs" / f"{name}.jsonl.abcdefgh.part" for name in ("old", "young"))
    for draft in (old, young):
        draft.write_text(json.dumps("needle"))
    os.utime(old, (1, 1))
    remove_drafts(store)
    assert not old.exists() and young.exists()
