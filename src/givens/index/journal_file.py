"""Reading a journal's bytes for the index: whole lines only, from an offset, with what tells the file again."""

from __future__ import annotations

import json
import os
from typing import NamedTuple
from zlib import crc32

from ..journal.lines import as_written, parse
from ..journal.regular_files import open_descriptor
from ..records.event_shapes import problem_of
from ..records.events import Event

_PIECE_BYTES = 65536


class Lines(NamedTuple):
    """What was read.

    Args:
        lines: whole lines, newlines stripped.
        end: offset behind the last whole line.
        head: what tells the file's first line from another; empty when there is no whole line.
        bad: how many things are wrong with the journal as a whole.
        loose: whether it has a file of its own.
    """

    lines: list[bytes]
    end: int
    head: str
    bad: int = 0
    loose: bool = True


def read_whole(path: str) -> Lines:
    """A journal from its start.

    Raises:
        OSError: it cannot be read.
    """
    return lines_of(_read(path, 0))


def lines_of(content: bytes) -> Lines:
    """The lines of a journal's bytes."""
    lines = content.split(b"\n")
    torn = lines.pop()
    return Lines(lines, len(content) - len(torn), head_of(lines[0]) if lines else "")


def read_tail(path: str, offset: int) -> list[bytes] | None:
    """The whole lines behind an offset; None when there is no line's end before it, so that it is another file."""
    content = _read(path, offset - 1)
    if not content.startswith(b"\n"):
        return None
    return content[1:].split(b"\n")[:-1]


def head_of(line: bytes) -> str:
    """What tells a first line from another: its length and checksum."""
    return f"{len(line)}:{crc32(line):08x}"


def has_head(path: str, head: str) -> bool:
    """Whether a file begins with the line that ``head`` was made of."""
    length = int(head.partition(":")[0])
    descriptor = open_descriptor(path, whole=False)
    try:
        line = _exactly(descriptor, length + 1)
    finally:
        os.close(descriptor)
    return line.endswith(b"\n") and head_of(line[:-1]) == head


def events_of(lines: list[bytes]) -> tuple[list[Event], int]:
    """The events of whole lines, and how many lines are bad."""
    events: list[Event] = []
    bad = 0
    for line in lines:
        if not line:
            continue
        event = _quick(line) or parse(line)
        if isinstance(event, str):
            bad += 1
        else:
            events.append(event)
    return events, bad


def _quick(line: bytes) -> Event | None:
    """What ``parse`` gives for a good line, in half the time; None where it has to be asked."""
    at = line.rfind(_CHECKSUM)
    if at < 0 or line[at + 5 : -1] != b"%d" % crc32(line[:at]):
        return None
    try:
        text = line.decode()
        event, end = _scan(text, 0)
    except (ValueError, StopIteration, RecursionError):
        return None
    return event if type(event) is dict and end == len(text) and problem_of(event) is None else None


_CHECKSUM = b',"c":'
_scan = json.JSONDecoder(parse_constant=as_written).scan_once  # type: ignore[attr-defined]


def _read(path: str, offset: int) -> bytes:
    descriptor = open_descriptor(path)
    try:
        if offset:
            os.lseek(descriptor, offset, os.SEEK_SET)
        return _exactly(descriptor, None)
    finally:
        os.close(descriptor)


def _exactly(descriptor: int, length: int | None) -> bytes:
    """So many bytes, or all there are."""
    pieces: list[bytes] = []
    left = length
    while left is None or left > 0:
        piece = os.read(descriptor, _PIECE_BYTES if left is None else min(left, _PIECE_BYTES))
        if not piece:
            break
        pieces.append(piece)
        if left is not None:
            left -= len(piece)
        elif len(piece) < _PIECE_BYTES:
            break  # the end of a regular file
    return b"".join(pieces)
