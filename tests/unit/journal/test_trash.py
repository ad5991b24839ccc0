"""The trash: what goes there, from loose files and from packs, and back."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from givens.api.upkeep.packing import pack_store
from givens.journal.journals import journals_of
from givens.journal.trash import from_trash, in_trash, to_trash, trash_dir

FINISH = ("finish", {"state": "finished", "code": 0})


def test_files_move_there_and_back(journals: Any) -> None:
    first, child = journals.write("abc", FINISH), journals.write("abc", FINISH, child="c" * 16)
    before = {path: path.read_bytes() for path in (first, child)}
    assert to_trash(journals.store, "abc") == []
    assert not first.exists()
    assert in_trash(journals.store) == ["abc"]
    assert from_trash(journals.store, "abc") == []
    assert {path: path.read_bytes() for path in (first, child)} == before
    assert in_trash(journals.store) == []


def test_nothing_there_is_nothing_to_do(journals: Any) -> None:
    assert to_trash(journals.store, "nobody") == []
    assert from_trash(journals.store, "nobody") == []
    assert in_trash(journals.store) == []


def test_of_a_packed_journal_a_copy_goes_there_and_the_pack_stays(journals: Any) -> None:
    path = journals.write("abc", FINISH)
    content = path.read_bytes()
    assert pack_store(journals.store).runs == 1
    assert not path.exists()
    assert to_trash(journals.store, "abc") == []
    copy = Path(trash_dir(journals.store, "abc"), "runs", "abc.jsonl")
    assert copy.read_bytes() == content
    assert from_trash(journals.store, "abc") == []
    assert not copy.exists()
    (journal,) = journals_of(journals.store, "abc")
    assert journal.loose is None


def test_outputs_that_are_there_already_are_not_overwritten(journals: Any) -> None:
    journals.write("abc", FINISH)
    outputs = Path(journals.store.output_dir("abc"))
    for text in ("first", "second"):
        outputs.mkdir(parents=True)
        (outputs / "model").write_text(text)
        assert to_trash(journals.store, "abc") == []
    outputs.mkdir()
    assert from_trash(journals.store, "abc") == []
    found = [Path(root, name).read_text() for root, _, names in os.walk(outputs.parent) for name in names]
    assert sorted(found) == ["first", "second"]
