"""A pack: what goes in comes out, and no damage to it does more than hide what it touches."""

from __future__ import annotations

import gzip
import json
import os
import zlib
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from givens.journal.packing import Loose, pack, write_pack
from givens.journal.packs import (
    MAX_JOURNAL_BYTES,
    Member,
    is_journal_name,
    may_hold,
    member_of,
    open_pack,
    packed,
    read_member,
    read_members,
    table_of,
)

if TYPE_CHECKING:
    from ...conftest import StoreOfJournals

GIVEN: tuple[str, dict[str, Any]] = ("set", {"s": [[["lr"], 0.1, 0]], "o": [{"kind": "code"}]})
FINISH: tuple[str, dict[str, Any]] = ("finish", {"state": "finished", "code": 0})


def loose_of(journals: StoreOfJournals, *names: str) -> list[Loose]:
    folder = Path(journals.store.path)
    return [Loose(name, (folder / name).read_bytes()) for name in names]


def packed_three(journals: StoreOfJournals) -> tuple[Path, dict[str, bytes]]:
    journals.write("aaa", GIVEN, FINISH)
    journals.write("bbb", *[GIVEN] * 8, ("meta", {"name": "renamed"}), FINISH, began="2026-04-01T00:00:00")
    journals.write("ccc", GIVEN, FINISH)
    three = loose_of(journals, "runs/aaa.jsonl", "runs/bbb.jsonl", "runs/ccc.jsonl")
    return Path(write_pack(journals.store, three)), {each.name: each.content for each in three}


def as_pack(folder: Path, content: bytes) -> Path:
    path = folder / "packs" / f"{sha256(content).hexdigest()}.jsonl.gz"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return path


def test_what_goes_in_comes_out_and_the_table_says_what_it_is(journals: StoreOfJournals) -> None:
    path, contents = packed_three(journals)
    found = open_pack(str(path))
    assert found.problems == ()
    assert {member.name: content.content for member, content in read_members(found)} == contents
    assert all(not content.problems for _, content in read_members(found))
    second = found.members[1]
    assert (second.title, second.renamed, second.project) == ("calm-bbb", "renamed", "digits")
    assert second.begun == "2026-04-01T00:00:00.000000Z"
    assert second.size_bytes == second.whole_bytes == len(contents["runs/bbb.jsonl"])


def test_its_name_is_the_hash_of_the_file_and_the_same_journals_give_the_same_pack(journals: StoreOfJournals) -> None:
    path, contents = packed_three(journals)
    assert path.name == sha256(path.read_bytes()).hexdigest() + ".jsonl.gz"
    again = write_pack(journals.store, [Loose(name, contents[name]) for name in contents])
    assert again == str(path)
    assert os.listdir(path.parent) == [path.name]


def test_any_gzip_reads_it_journal_after_journal(journals: StoreOfJournals) -> None:
    path, contents = packed_three(journals)
    with gzip.open(path) as file:
        text = file.read()
    assert text.startswith(b"".join(contents.values()))
    table = json.loads(text[sum(map(len, contents.values())) :])
    assert (table["k"], table["format"], len(table["members"])) == ("pack", 1, 3)


def test_the_tables_text_tells_whether_a_journal_may_be_in_it(journals: StoreOfJournals) -> None:
    path, _ = packed_three(journals)
    assert may_hold(str(path), "runs/bbb.")
    assert not may_hold(str(path), "runs/bb.")
    path.write_bytes(b"nothing")
    assert may_hold(str(path), "runs/zzz.")


def test_cut_at_any_byte_it_gives_whole_journals_and_beginnings_of_them(journals: StoreOfJournals) -> None:
    path, contents = packed_three(journals)
    whole = path.read_bytes()
    ends = [member.offset + member.packed_bytes for member in open_pack(str(path)).members]
    for cut in range(len(whole)):
        path.write_bytes(whole[:cut])
        found = open_pack(str(path))
        assert found.problems
        read = {member.name: content for member, content in read_members(found)}
        assert all(contents[name].startswith(content.content) for name, content in read.items())
        for name, end in zip(contents, ends, strict=True):
            if end <= cut:
                assert read[name].content == contents[name]
                assert not read[name].problems


def test_a_changed_byte_anywhere_is_noticed_or_changes_nothing(journals: StoreOfJournals) -> None:
    path, contents = packed_three(journals)
    whole = path.read_bytes()
    for at in range(0, len(whole), 3):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        found = open_pack(str(path))
        for member, content in read_members(found):
            assert content.problems or content.content == contents[member.name]


@pytest.mark.parametrize(
    "content", [b"", b"\x1f\x8b", b"garbage" * 1000, gzip.compress(b"{}\n", mtime=0), b"\0" * 5000]
)
def test_what_is_no_pack_at_all_is_a_pack_without_journals(tmp_path: Path, content: bytes) -> None:
    found = open_pack(str(as_pack(tmp_path, content)))
    assert found.members == ()
    assert found.problems == ("its table is damaged or cut off; 0 journals were found without it",)


def with_table(pieces: list[bytes], rows: list[Any]) -> bytes:
    """A pack with members and a table of any content."""
    body = b"".join(pieces)
    ending = table_of([], len(body))
    text = json.dumps({"k": "pack", "format": 1, "members": rows}).encode() + b"\n"
    return body + packed("table.json", text) + ending[ending.rfind(b"\x1f\x8b\x08\x04") :]


PIECE = packed("runs/aaa.jsonl", b"{}\n")
ROW: list[Any] = ["runs/aaa.jsonl", len(PIECE), 3, 3, "2:0", "", None, None, None]


def test_a_table_made_by_hand_is_read_like_ours(tmp_path: Path) -> None:
    path = str(as_pack(tmp_path, with_table([PIECE], [[*ROW, "what a later version adds"]])))
    assert [member.name for member in open_pack(path).members] == ["runs/aaa.jsonl"]
    assert open_pack(path).problems == ()


@pytest.mark.parametrize(
    "rows",
    [
        [ROW, ROW],
        [["../../evil.jsonl", *ROW[1:]]],
        [["runs/../../evil.jsonl", *ROW[1:]]],
        [["runs/AAA.jsonl", *ROW[1:]]],
        [[ROW[0], len(PIECE) + 1, *ROW[2:]]],
        [[ROW[0], -1, *ROW[2:]]],
        [[*ROW[:2], MAX_JOURNAL_BYTES + 1, *ROW[3:]]],
        [[*ROW[:2], True, *ROW[3:]]],
        [[*ROW[:3], 4, *ROW[4:]]],
        [ROW[:5]],
        [7],
    ],
)
def test_a_table_that_lies_is_not_believed(tmp_path: Path, rows: list[Any]) -> None:
    found = open_pack(str(as_pack(tmp_path, with_table([PIECE], rows))))
    assert found.problems
    assert [member.name for member in found.members] == ["runs/aaa.jsonl"]
    assert read_member(found.path, found.members[0]).content == b"{}\n"


def test_a_member_with_the_wrong_length_in_the_table_is_named(tmp_path: Path) -> None:
    found = open_pack(str(as_pack(tmp_path, with_table([PIECE], [[*ROW[:2], 30, 30, *ROW[4:]]]))))
    (content,) = [content for _, content in read_members(found)]
    assert content.problems == ("it has 3 bytes where the pack's table says 30",)


def bomb() -> bytes:
    """A journal of a few hundred kB that unpacks to more than anything that is packed."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = b"\0" * (1 << 20)
    count = (MAX_JOURNAL_BYTES >> 20) + 1
    body = b"".join(deflater.compress(piece) for _ in range(count)) + deflater.flush()
    return packed("runs/aaa.jsonl", b"")[:25] + body + b"\0" * 8


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    content = bomb()
    found = open_pack(str(as_pack(tmp_path, with_table([content], [[ROW[0], len(content), 3, 3, *ROW[4:]]]))))
    (read,) = [content for _, content in read_members(found)]
    assert read.content == b""
    assert read.problems == ("it is larger than anything that givens packs (64 MiB)",)


def test_a_bomb_without_a_table_is_not_unpacked_either(tmp_path: Path) -> None:
    found = open_pack(str(as_pack(tmp_path, bomb() * 3)))
    assert sum(len(content.content) for _, content in read_members(found)) == 0


def test_a_bomb_as_a_table_is_no_table(tmp_path: Path) -> None:
    content = bomb().replace(b"runs/aaa.jsonl", b"table.json\0\0\0\0", 1)
    footer = table_of([], 0)
    path = as_pack(tmp_path, content + footer[footer.rfind(b"\x1f\x8b\x08\x04") :])
    assert open_pack(str(path)).members == ()


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("runs/abc.jsonl", True),
        ("runs/abc.2222222222222222.jsonl", True),
        ("env/2222222222222222.jsonl", True),
        ("env/abc.jsonl", False),
        ("edits/2222222222222222.jsonl", False),
        ("runs/abc.json", False),
        ("runs/a/b.jsonl", False),
        ("runs/.jsonl", False),
        ("runs/abc..jsonl", False),
        ("/runs/abc.jsonl", False),
        ("runs/abc.jsonl\n", False),
        ("abc.jsonl", False),
    ],
)
def test_only_names_of_journals_go_in_and_come_out(name: str, allowed: bool) -> None:
    assert is_journal_name(name) is allowed


def test_what_has_no_whole_line_is_packed_as_it_is(journals: StoreOfJournals) -> None:
    path = Path(journals.store.run_file("torn"))
    path.write_bytes(b'{"k":"start"')
    member = member_of("runs/torn.jsonl", path.read_bytes())
    assert member == Member("runs/torn.jsonl", 0, 0, 12, 0, "", "", None, None, None)
    made = pack(journals.store, loose_of(journals, "runs/torn.jsonl"))
    ((_, content),) = read_members(open_pack(made))
    assert content.content == b'{"k":"start"'
    assert not path.exists()
