"""Looking through a store: each kind of damage is named with its place, and a sound store has none."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from givens.api.upkeep.checking import check_store
from givens.api.upkeep.packing import pack_store
from givens.journal.blobs import write_blob
from givens.journal.rank_files import rank_file

if TYPE_CHECKING:
    from ....conftest import Folder, StoreOfJournals

GIVEN: tuple[str, dict[str, Any]] = ("set", {"s": [[["lr"], 0.1, 0]], "o": [{"kind": "code"}]})
FINISH: tuple[str, dict[str, Any]] = ("finish", {"state": "finished", "code": 0})


def found(journals: StoreOfJournals) -> list[tuple[str, str]]:
    """What is damaged: places below the store, and problems."""
    start = len(journals.store.path) + 1
    return [(each.place[start:], each.problem) for each in check_store(journals.store).damage]


def test_a_sound_store_has_no_damage_packed_or_not(journals: StoreOfJournals) -> None:
    journals.write("aaa", GIVEN, FINISH)
    journals.write("bbb", GIVEN)
    with open(journals.store.run_file("bbb"), "ab") as file:
        file.write(b'{"k":"log"')  # what a killed process leaves
    assert found(journals) == []
    pack_store(journals.store)
    assert found(journals) == []
    assert check_store(journals.store).runs == 2


def test_a_bad_line_is_named_with_its_number(journals: StoreOfJournals) -> None:
    path = journals.write("aaa", GIVEN, FINISH)
    path.write_bytes(path.read_bytes().replace(b"0.1", b"0.2"))
    assert found(journals) == [("runs/aaa.jsonl:2", "its checksum does not match")]


def test_what_follows_the_end_is_named(journals: StoreOfJournals) -> None:
    path = journals.write("aaa", GIVEN, FINISH)
    path.write_bytes(path.read_bytes() + b"more")
    assert found(journals) == [("runs/aaa.jsonl", "something follows its last event")]


def test_large_values_that_are_missing_or_altered_are_named(journals: StoreOfJournals) -> None:
    contents = [b"kept", b"altered", b"gone"]
    names = [sha256(content).hexdigest() for content in contents]
    for name, content in zip(names[:2], contents, strict=False):
        write_blob(journals.store, name, content)
    Path(journals.store.blob_file(names[1])).write_bytes(b"other")
    values = [[[f"v{at}"], {"~": "blob", "sha256": name, "size": 4, "preview": ""}, 0] for at, name in enumerate(names)]
    journals.write("aaa", ("set", {"s": values, "o": [{"kind": "code"}]}), FINISH)
    assert found(journals) == [
        (f"blobs/{names[1]}", "a large value is not what its name says"),
        (f"blobs/{names[2]}", "a large value is missing"),
    ]


def test_a_damaged_pack_is_named_with_how_much_of_it_is(journals: StoreOfJournals) -> None:
    for name in ("aaa", "bbb", "ccc"):
        journals.write(name, GIVEN, FINISH)
    (pack,) = pack_store(journals.store).packs
    whole = Path(pack).read_bytes()
    Path(pack).write_bytes(whole[:60] + b"\0\0\0" + whole[63:])
    place = f"packs/{os.path.basename(pack)}"
    assert found(journals) == [
        (
            f"{pack}:runs/aaa.jsonl"[len(journals.store.path) + 1 :],
            f"{pack}:runs/aaa.jsonl: its packed form is damaged",
        ),
        (place, "it is not what its name says; 1 of 3 journals are damaged"),
    ]
    Path(pack).write_bytes(whole[:-7])
    assert found(journals) == [
        (place, "its table is damaged or cut off; 3 journals were found without it"),
        (place, "it is not what its name says; 0 of 3 journals are damaged"),
    ]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_named(journals: StoreOfJournals) -> None:
    path = journals.write("aaa", GIVEN, FINISH)
    path.chmod(0)
    assert found(journals) == [("runs/aaa.jsonl", "Permission denied")]


def test_a_folder_where_a_journal_should_be_is_named(journals: StoreOfJournals) -> None:
    Path(journals.store.run_file("bad")).mkdir()
    assert found(journals) == [("runs/bad.jsonl", "Is a directory")]


def test_a_newer_format_is_no_damage_and_is_said(journals: StoreOfJournals) -> None:
    journals.write("aaa", GIVEN, FINISH, start={"format": 7})
    checked = check_store(journals.store)
    assert (checked.damage, checked.newer) == ((), (7,))


def test_secrets_that_were_left_out_are_counted_by_key(folder: Folder) -> None:
    script = """
        import givens
        for turn in range(2):
            givens.init(config={"db": {"password": "correct horse"}, "keys": [{"api_key": "0123456789"}]}).finish()
        """
    import textwrap

    folder.run(textwrap.dedent(script))
    from givens.journal.layout import Store

    assert check_store(Store(str(folder.path / ".givens"))).secrets == {"db.password": 2, "keys[0].api_key": 2}


def test_journals_of_ranks_are_looked_through_too(journals: StoreOfJournals) -> None:
    path = journals.write("aaa", GIVEN, FINISH)
    file = Path(rank_file(journals.store, "j" * 16, "b" * 16))
    file.parent.mkdir(parents=True)
    file.write_bytes(path.read_bytes().replace(b"0.1", b"0.2"))
    assert found(journals) == [(f"ranks/{file.name}:2", "its checksum does not match")]
