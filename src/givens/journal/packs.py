"""A pack: many finished journals in one file, ``packs/<sha256 of the file>.jsonl.gz``.

One gzip member a journal, with the journal's name in the member's header, so that ``zcat`` prints them one after the
other. Behind them a member with the table (one line of JSON), and an empty member whose extra field says where the
table begins. A pack is written once and never changed. Where the end is lost, the journals are found by their headers.
"""

from __future__ import annotations

import errno
import json
import os
import re
import zlib
from io import BufferedReader
from typing import IO, Any, NamedTuple

from ..records.events import Event
from .layout import RUN_ID, WRITER_ID
from .lines import parse
from .regular_files import open_regular

FOLDER = "packs"
ENDING = ".jsonl.gz"
PACK_FORMAT = 1
PACK_NAME = re.compile(r"[0-9a-f]{64}\.jsonl\.gz")
#: journals above this stay loose, and nothing in a pack is read beyond it: a stranger's pack may be a bomb
MAX_JOURNAL_BYTES = 64 << 20
#: what a damaged pack is searched through for at most, and the most that its journals may hold together
MAX_PACK_BYTES = 1 << 30

_NAMED = b"\x1f\x8b\x08\x08\0\0\0\0\0\xff"  # a gzip header without time or system; a name follows
_WITH_EXTRA = b"\x1f\x8b\x08\x04\0\0\0\0\0\xff"
_EMPTY = b"\x03\0" + b"\0" * 8  # nothing, deflated, and its checksum and length
_FIELD = b"\x0c\0gv\x08\0"
_FOOTER_BYTES = len(_WITH_EXTRA) + len(_FIELD) + 8 + len(_EMPTY)
_TABLE_NAME = "table.json"
_LONGEST_NAME = 200
_PIECE_BYTES = 1 << 16
_SALVAGE_BYTES = 64


class Member(NamedTuple):
    """One journal in a pack.

    Args:
        name: its path below the store: ``runs/<id>.jsonl``.
        offset: where it begins in the pack, in bytes.
        packed_bytes: how long it is there.
        size_bytes: how long the journal is.
        whole_bytes: offset behind its last whole line.
        head: length and CRC-32 of its first line, ``"<length>:<crc in hex>"``; empty when it has no whole line.
        begun: the time of its start line; empty where that is lost.
        title: the run's name, as its start line says it.
        renamed: the name it was given later, if it was.
        project: the run's project.
    """

    name: str
    offset: int
    packed_bytes: int
    size_bytes: int
    whole_bytes: int
    head: str
    begun: str
    title: str | None
    renamed: str | None
    project: str | None


class Pack(NamedTuple):
    """What a pack holds.

    Args:
        path: the file.
        members: its journals, in the order of the file.
        problems: what is wrong with it.
    """

    path: str
    members: tuple[Member, ...]
    problems: tuple[str, ...]


class Content(NamedTuple):
    """A journal's bytes as far as they can be had, and what is wrong with them."""

    content: bytes
    problems: tuple[str, ...]


def is_journal_name(name: str) -> bool:
    """Whether a path below the store names a journal that a pack may hold; nothing else leaves or enters one."""
    folder, _, rest = name.partition("/")
    stem, _, ending = rest.rpartition(".")
    first, dot, writer = stem.partition(".")
    if ending != "jsonl":
        return False
    if folder == "runs":
        return bool(RUN_ID.fullmatch(first)) and (not dot or bool(WRITER_ID.fullmatch(writer)))
    return folder == "env" and not dot and bool(WRITER_ID.fullmatch(first))


# --- making -------------------------------------------------------------------------------------------------------


def member_of(name: str, content: bytes, offset: int = 0, packed_bytes: int = 0) -> Member:
    """The row of a journal in a pack's table."""
    whole = content.rfind(b"\n") + 1
    first = content[: content.find(b"\n")] if whole else b""
    head = f"{len(first)}:{zlib.crc32(first):08x}" if whole else ""
    start = _event(first)
    start = start if start is not None and start.get("k") == "start" else {}
    renamed = None
    if b'{"k":"meta"' in content:
        for line in content[:whole].split(b"\n"):
            event = _event(line) if line.startswith(b'{"k":"meta"') else None
            if event is not None and "name" in event:
                renamed = event["name"]
    facts = _text(start.get("t")) or "", _text(start.get("name")), _text(renamed), _text(start.get("project"))
    return Member(name, offset, packed_bytes, len(content), whole, head, *facts)


def packed(name: str, content: bytes) -> bytes:
    """A journal as a gzip member. The same journal gives the same bytes."""
    deflater = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = deflater.compress(content) + deflater.flush()
    ending = zlib.crc32(content).to_bytes(4, "little") + (len(content) & 0xFFFFFFFF).to_bytes(4, "little")
    return b"".join((_NAMED, name.encode("ascii"), b"\0", body, ending))


def table_of(members: list[Member], offset: int) -> bytes:
    """The end of a pack: the table, and the member that says where the table begins."""
    rows = [[member.name, *member[2:]] for member in members]
    text = json.dumps({"k": "pack", "format": PACK_FORMAT, "members": rows}, separators=(",", ":")) + "\n"
    return packed(_TABLE_NAME, text.encode()) + _WITH_EXTRA + _FIELD + offset.to_bytes(8, "little") + _EMPTY


def _event(line: bytes) -> Event | None:
    event = parse(line)
    return None if isinstance(event, str) else event


def _text(value: Any) -> str | None:
    return value if type(value) is str else None


# --- reading ------------------------------------------------------------------------------------------------------


def open_pack(path: str) -> Pack:
    """What a pack holds, by its table; by looking for its journals where the table is lost.

    Raises:
        OSError: it cannot be read.
    """
    with open_file(path) as file:
        size = os.fstat(file.fileno()).st_size
        members = _by_table(file, size)
        if members is not None:
            return Pack(path, members, ())
        found = _by_search(path, size)
    journals = "1 journal was" if len(found) == 1 else f"{len(found)} journals were"
    return Pack(path, found, (f"its table is damaged or cut off; {journals} found without it",))


def read_member(path: str, member: Member) -> Content:
    """A journal out of a pack: all of it, or what comes before the damage.

    Raises:
        OSError: the pack cannot be read.
    """
    with open_file(path) as file:
        return _read(file, member)


def read_members(pack: Pack) -> list[tuple[Member, Content]]:
    """Every journal of a pack, one after the other.

    Raises:
        OSError: the pack cannot be read.
    """
    with open_file(pack.path) as file:
        return [(member, _read(file, member)) for member in pack.members]


def _read(file: IO[bytes], member: Member) -> Content:
    file.seek(member.offset)
    stored = file.read(min(member.packed_bytes, _longest(MAX_JOURNAL_BYTES)))
    header = _NAMED + member.name.encode("ascii") + b"\0"
    if not stored.startswith(header):
        return Content(b"", ("it is not where the pack's table says",))
    content, _, problem = _inflate(stored, MAX_JOURNAL_BYTES)
    if problem is None and len(content) != member.size_bytes:
        problem = f"it has {len(content)} bytes where the pack's table says {member.size_bytes}"
    return Content(content, () if problem is None else (problem,))


def _longest(size_bytes: int) -> int:
    """What a gzip member of so much content takes at most: deflate's stored blocks, header and name."""
    return size_bytes + size_bytes // 1000 + 4096


def _inflate(stored: bytes, limit: int) -> tuple[bytes, int, str | None]:
    """Content, bytes used, and what is wrong: a member that is damaged gives what comes before the damage."""
    inflater = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        content = inflater.decompress(stored, limit + 1)
        content += b"" if len(content) > limit else inflater.decompress(inflater.unconsumed_tail, 1)
    except zlib.error:
        return _salvaged(stored, limit), 0, "its packed form is damaged"
    if len(content) > limit:
        return b"", 0, f"it is larger than anything that givens packs ({limit >> 20} MiB)"
    if not inflater.eof:
        return content, 0, "its packed form is cut off"
    return content, len(stored) - len(inflater.unused_data), None


def _salvaged(stored: bytes, limit: int) -> bytes:
    """The content before the damage: in small steps, since a step that fails gives nothing."""
    inflater = zlib.decompressobj(16 + zlib.MAX_WBITS)
    found: list[bytes] = []
    total = 0
    at = 0
    try:
        while at < len(stored) and total <= limit and not inflater.eof:
            piece = inflater.decompress(stored[at : at + _SALVAGE_BYTES], limit + 1 - total)
            at += _SALVAGE_BYTES
            found.append(piece)
            total += len(piece)
    except zlib.error:
        pass  # the damage that is being looked for
    return b"".join(found) if total <= limit else b""


def open_file(path: str) -> BufferedReader:
    """A pack's file; never read whole.

    Raises:
        OSError: it is no regular file, or cannot be read.
    """
    file = open_regular(path, whole=False)
    if os.fstat(file.fileno()).st_size > MAX_PACK_BYTES + 2 * MAX_JOURNAL_BYTES:  # its journals, and its table
        file.close()
        raise OSError(errno.EFBIG, "it is longer than any pack that givens writes", path)
    return file


def may_hold(path: str, beginning: str) -> bool:
    """Whether a pack may hold a journal whose name begins so: told by the table's text, without taking it apart.

    Raises:
        OSError: it cannot be read.
    """
    with open_file(path) as file:
        found = _table_text(file, os.fstat(file.fileno()).st_size)
    return found is None or b'["%b' % beginning.encode() in found[0]


def _table_text(file: IO[bytes], size: int) -> tuple[bytes, int] | None:
    """The text of the table and where it begins; None where there is none."""
    if size < _FOOTER_BYTES:
        return None
    file.seek(size - _FOOTER_BYTES)
    footer = file.read(_FOOTER_BYTES)
    at = len(_WITH_EXTRA) + len(_FIELD)
    if footer[:at] != _WITH_EXTRA + _FIELD or footer[at + 8 :] != _EMPTY:
        return None
    offset = int.from_bytes(footer[at : at + 8], "little")
    if offset > size - _FOOTER_BYTES or size - offset > MAX_JOURNAL_BYTES:
        return None
    file.seek(offset)
    text, _, problem = _inflate(file.read(size - _FOOTER_BYTES - offset), MAX_JOURNAL_BYTES)
    return None if problem is not None else (text, offset)


def _by_table(file: IO[bytes], size: int) -> tuple[Member, ...] | None:
    """The members, where the table is there and describes this file; else None."""
    found = _table_text(file, size)
    if found is None:
        return None
    try:
        table = json.loads(found[0])
    except (ValueError, RecursionError):
        return None
    rows = table.get("members") if isinstance(table, dict) else None
    return _checked(rows, found[1]) if isinstance(rows, list) else None


def _checked(rows: list[Any], end: int) -> tuple[Member, ...] | None:
    """The rows of a table as members: side by side, none twice, no larger than allowed; None when they are not."""
    members: list[Member] = []
    names: set[str] = set()
    offset = total = 0
    for row in rows:
        if not _is_row(row) or row[0] in names or not 0 <= row[3] <= row[2] <= MAX_JOURNAL_BYTES:
            return None
        members.append(Member(row[0], offset, *row[1:9]))
        names.add(row[0])
        offset += row[1]
        total += row[2]
    return tuple(members) if offset == end and total <= MAX_PACK_BYTES else None


def _is_row(row: Any) -> bool:
    if not isinstance(row, list) or len(row) < 9:
        return False
    return (
        all(type(number) is int for number in row[1:4])
        and row[1] > 0
        and all(type(text) is str for text in (row[0], row[4], row[5]))
        and all(text is None or type(text) is str for text in row[6:9])
        and is_journal_name(row[0])
    )


def _by_search(path: str, size: int) -> tuple[Member, ...]:
    """The members that can be found by their headers."""
    import mmap

    if not size:
        return ()
    members: dict[str, Member] = {}
    seen = at = 0
    with open_file(path) as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        while seen < MAX_PACK_BYTES:
            at = mapped.find(_NAMED, at)
            if at < 0:
                break
            begin = at + len(_NAMED)
            name, ended, _ = mapped[begin : begin + _LONGEST_NAME].partition(b"\0")
            following = mapped.find(_NAMED, begin)
            stop = size if following < 0 else following
            if not ended or not is_journal_name(name.decode("latin-1")):
                at = begin
                continue
            stored = mapped[at : min(stop, at + _longest(MAX_JOURNAL_BYTES))]
            content, used, problem = _inflate(stored, MAX_JOURNAL_BYTES)
            seen += len(content) + _PIECE_BYTES
            member = member_of(name.decode("latin-1"), content, at, used or stop - at)
            members.setdefault(member.name, member)
            at = begin if problem is not None else at + used
    return tuple(members.values())
