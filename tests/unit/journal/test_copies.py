"""Copies of one journal, made whole: nothing is lost, nothing is doubled, and the order of copies does not matter."""

from __future__ import annotations

import itertools
import json
from zlib import crc32

import pytest

from givens.journal.copies import made_whole


def line(number: int, writer: str | None = None, begun: str = "2026-03-01T10:00:00Z", **members: object) -> bytes:
    kind = {"k": "start", "n": number, "t": begun, "writer": writer} if writer else {"k": "log", "n": number}
    body = json.dumps({**kind, **members}, separators=(",", ":"))[:-1].encode()
    return b'%b,"c":%d}\n' % (body, crc32(body))


START = line(0, "w" * 16)
EVENTS = [START, *(line(number) for number in range(1, 6))]
WHOLE = b"".join(EVENTS)


def torn(content: bytes, at: int) -> bytes:
    """A copy with one bit of one line turned."""
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


@pytest.mark.parametrize(
    ("copies", "whole"),
    [
        ([WHOLE], WHOLE),
        ([WHOLE, WHOLE], WHOLE),
        ([WHOLE[:40], WHOLE, b""], WHOLE),
        ([torn(WHOLE, 5), WHOLE], WHOLE),
        ([torn(WHOLE, 5), torn(WHOLE, len(WHOLE) - 5)], WHOLE),
        ([torn(WHOLE, len(START) + 5), WHOLE[: len(START)]], torn(WHOLE, len(START) + 5)),
        ([b"".join(EVENTS[::2]), b"".join([START, *EVENTS[1::2]])], WHOLE),
        ([torn(WHOLE, 5), torn(WHOLE, 5) + line(6)], torn(WHOLE, 5) + line(6)),
    ],
)
def test_copies_of_one_journal_are_put_together(copies: list[bytes], whole: bytes) -> None:
    for ordered in itertools.permutations(copies):
        assert made_whole(list(ordered)) == (whole, ())


def test_a_line_that_no_copy_has_whole_stays_to_be_told_of() -> None:
    at = len(START) + 5
    content, problems = made_whole([torn(WHOLE, at), torn(WHOLE, at + 1)[: len(WHOLE) - 1] + b"x"])
    assert problems == ()
    assert content.count(b"\n") == 6
    assert content in (torn(WHOLE, at), torn(WHOLE, at + 1))


def test_of_two_runs_with_one_id_the_first_is_shown_and_the_other_named() -> None:
    later = line(0, "x" * 16, begun="2026-04-01T10:00:00Z") + line(1, loss=1)
    for ordered in ([WHOLE, later], [later, WHOLE]):
        assert made_whole(ordered) == (
            WHOLE,
            (f"another run has the same id: its events (writer {'x' * 16}) are left out",),
        )


def test_huge_numbers_in_a_strangers_journal_cost_nothing() -> None:
    strange = START + line(10**15)
    content, _ = made_whole([strange, START + line(3)])
    assert content == START + line(3) + line(10**15)
