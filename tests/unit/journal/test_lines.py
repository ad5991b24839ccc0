"""One event, one line."""

from __future__ import annotations

import json
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from givens.journal.lines import Stamper, clock_after, parse

SECOND = 10**9
BEGAN = 1_772_359_200 * SECOND  # 2026-03-01T10:00:00Z


def stamper(wall_ns: int = BEGAN, *monotonic_ns: int) -> Stamper:
    ticks = iter(monotonic_ns or (0, 0, 0, 0))
    return Stamper(lambda: wall_ns, lambda: next(ticks))


def test_a_line_carries_kind_number_time_and_checksum() -> None:
    line = stamper(BEGAN + 123_456_789, 5 * SECOND, 7 * SECOND).line("log", ',"m":{"loss":0.5}')
    body = '{"k":"log","n":0,"t":"2026-03-01T10:00:00.123456Z","dt":2.000000,"m":{"loss":0.5}'
    assert line == f'{body},"c":{crc32(body.encode())}}}\n'.encode()


def test_lines_are_numbered_from_zero() -> None:
    stamped = stamper()
    events = [parse(stamped.line("settle", "")[:-1]) for _ in range(3)]
    assert [event["n"] for event in events if isinstance(event, dict)] == [0, 1, 2]


def test_the_time_follows_the_clock_over_the_second() -> None:
    times = iter([BEGAN, BEGAN + SECOND - 1, BEGAN + SECOND, BEGAN])
    stamped = Stamper(lambda: next(times), lambda: 0)
    said = [json.loads(stamped.line("settle", ""))["t"][17:] for _ in range(4)]
    assert said == ["00.000000Z", "00.999999Z", "01.000000Z", "00.000000Z"]


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=20) | st.integers() | st.none(), max_size=3))
def test_what_was_written_is_read_back(members: dict[str, object]) -> None:
    line = stamper().line("summary", f',"m":{json.dumps(members, ensure_ascii=False)}')
    event = parse(line[:-1])
    assert isinstance(event, dict)
    assert event["m"] == members


@given(st.data())
def test_any_altered_byte_is_found(data: st.DataObject) -> None:
    line = bytearray(stamper().line("set", ',"s":[[["lr"],0.1,0]]')[:-1])
    at = data.draw(st.integers(0, len(line) - 1))
    line[at] ^= data.draw(st.integers(1, 255))
    event = parse(bytes(line))
    whole = parse(stamper().line("set", ',"s":[[["lr"],0.1,0]]')[:-1])
    # a checksum may be written in more than one way ("c":+5); what it guards must be the same
    assert isinstance(event, str) or event == whole


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"", "no checksum"),
        (b'{"k":"log"}', "no checksum"),
        (b'{"k":"log","c":x}', "no number"),
        (b'{"k":"log","c":1}', "does not match"),
        (b'[1,"c":%d}' % crc32(b"[1"), "no JSON"),
        (b'{"a"\xff,"c":%d}' % crc32(b'{"a"\xff'), "no JSON"),
    ],
)
def test_a_damaged_line_says_what_is_wrong(line: bytes, problem: str) -> None:
    event = parse(line)
    assert isinstance(event, str)
    assert problem in event


def test_a_line_nested_without_end_is_damaged_and_raises_nothing() -> None:
    body = b'{"k":"set","v":' + b"[" * 200_000
    assert isinstance(parse(b'%b,"c":%d}' % (body, crc32(body))), str)


def test_a_clock_that_goes_on_after_an_event_is_never_before_it() -> None:
    now = [BEGAN]
    clock = clock_after("2200-01-01T00:00:00.000007Z", lambda: now[0])
    assert Stamper(clock, lambda: 0).line("log", "").startswith(b'{"k":"log","n":0,"t":"2200-01-01T00:00:00.000008Z"')
    now[0] = clock() + 5_000
    assert clock() == now[0]


@pytest.mark.parametrize(
    "at", ["", "soon", "2026-13-01T00:00:00.000000Z", "9999-12-31T23:59:59.999999Z", "2026-03-01T10:00:00Z"]
)
def test_what_is_no_time_bounds_no_clock(at: str) -> None:
    assert clock_after(at, lambda: 5)() == 5
