"""What pulls write down of what they brought: only what a pack here has is shown, and nothing of it is believed blindly."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from givens.api.upkeep.brought import Brought, keep_brought, read_brought, show_brought
from givens.api.upkeep.merging import all_pieces, merge
from givens.api.upkeep.packing import pack_store
from givens.journal.layout import Store

if TYPE_CHECKING:
    from ....conftest import StoreOfJournals

FINISH: tuple[str, dict[str, Any]] = ("finish", {"state": "finished", "code": 0})


@pytest.fixture
def here(tmp_path: Path) -> Store:
    """The store that is brought to."""
    made = Store(str(tmp_path / "here" / ".givens"))
    made.make()
    return made


def test_what_was_merged_is_written_down_and_what_is_packed_is_shown(
    journals: StoreOfJournals, here: Store, tmp_path: Path
) -> None:
    there = journals.write("aaa", FINISH)
    journals.write("same", FINISH, start={"writer": "a" * 16})
    other = type(journals)(Path(here.path).parent)
    other.write("same", FINISH, start={"writer": "b" * 16}, began="2026-04-01T10:00:00")
    pieces = list(all_pieces(journals.store))
    merged = merge(pieces, here)
    keep_brought(str(tmp_path / "known"), {"runs/old.jsonl": Brought(3, 4)}, pieces, merged)
    known = read_brought(str(tmp_path / "known"))
    stat = there.stat()
    assert known == {"runs/old.jsonl": (3, 4), "runs/aaa.jsonl": (stat.st_size, stat.st_mtime_ns)}, "not a second run"

    shown = tmp_path / "shown"
    show_brought(known, here, str(shown), whole=False)
    assert sorted(os.listdir(shown / "runs")) == [], "what lies loose shows itself"
    pack_store(here)
    show_brought(known, here, str(shown), whole=False)
    (path,) = (shown / "runs").iterdir()
    assert (path.name, path.stat().st_size, path.stat().st_mtime_ns) == ("aaa.jsonl", *known["runs/aaa.jsonl"])
    assert not path.read_bytes().strip(b"\0")
    show_brought(known, here, str(tmp_path / "staged"), whole=True)
    assert (tmp_path / "staged" / "runs" / "aaa.jsonl").read_bytes() == there.read_bytes()
    longer = {"runs/aaa.jsonl": Brought(stat.st_size + 1, stat.st_mtime_ns)}
    show_brought(longer, here, str(tmp_path / "none"), whole=False)
    assert os.listdir(tmp_path / "none" / "runs") == [], "a pack that has less of it stands for nothing"


@pytest.mark.parametrize(
    "said",
    [
        "",
        "{",
        "[1]",
        '{"runs/../../x.jsonl": [1, 2]}',
        '{"runs/a.jsonl": [1]}',
        '{"runs/a.jsonl": [true, 2]}',
        '{"runs/a.jsonl": [-1, 2]}',
        json.dumps({"runs/a.jsonl": [1, 1 << 63]}),
    ],
)
def test_a_damaged_or_planted_note_stands_for_nothing(tmp_path: Path, said: str) -> None:
    (tmp_path / "known").write_text(said)
    assert read_brought(str(tmp_path / "known")) == {}
    assert read_brought(str(tmp_path / "none")) == {}
