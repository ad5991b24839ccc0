"""One event, one line: how it is put together and how it is taken apart.

A line is a JSON object whose last member ``c`` is the decimal CRC-32 of the bytes before ``,"c":``.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from typing import NamedTuple
from zlib import crc32

from ..records.encoded import TAG
from ..records.event_shapes import problem_of
from ..records.events import Event


class BadLine(NamedTuple):
    """A line that could not be read, and why. Such a line breaks no other. Line 0: the file as a whole."""

    file: str
    line: int
    problem: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.problem}" if self.line else f"{self.file}: {self.problem}"


_TIME = re.compile(r"([0-8]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{6})Z")


def clock_after(at: str, wall_ns: Callable[[], int] = time.time_ns) -> Callable[[], int]:
    """A clock that shows the time, and never one that is not after an event's: for events whose order is that of their times.

    Clocks are set back, and another machine's may go ahead.

    Args:
        at: the ``t`` of an event, in UTC; one that is no such time bounds nothing.
        wall_ns: nanoseconds since the epoch.
    """
    from calendar import timegm  # not when a run begins: it is slow to import

    match = _TIME.fullmatch(at)
    try:
        second = timegm(time.strptime(match[1], "%Y-%m-%dT%H:%M:%S")) if match else 0
    except ValueError:  # a thirteenth month
        second = 0
    if match is None or not second:
        return wall_ns
    earliest_ns = second * 10**9 + (int(match[2]) + 1) * 1000
    return lambda: max(wall_ns(), earliest_ns)


class Stamper:
    """Puts number and time on events. One to a journal.

    Args:
        wall_ns: nanoseconds since the epoch.
        monotonic_ns: nanoseconds of a clock that never goes back; ``dt`` counts from the making of this object.
    """

    __slots__ = ("_begin_ns", "_monotonic_ns", "_next_number", "_prefix", "_second", "_wall_ns")

    def __init__(
        self, wall_ns: Callable[[], int] = time.time_ns, monotonic_ns: Callable[[], int] = time.monotonic_ns
    ) -> None:
        self._wall_ns = wall_ns
        self._monotonic_ns = monotonic_ns
        self._begin_ns = monotonic_ns()
        self._next_number = 0
        self._second = -1
        self._prefix = ""

    def line(self, kind: str, members: str) -> bytes:
        """The bytes of one event's line, newline included. ``members`` is JSON text that begins with a comma, or empty."""
        number = self._next_number
        self._next_number = number + 1  # no call between the two lines: a signal handler cannot get the same number
        second, ns = divmod(self._wall_ns(), 1_000_000_000)
        if second != self._second:
            self._prefix = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))
            self._second = second
        dt = (self._monotonic_ns() - self._begin_ns) / 1e9
        text = f'{{"k":"{kind}","n":{number},"t":"{self._prefix}.{ns // 1000:06d}Z","dt":{dt:.6f}{members}'
        body = text.encode()
        return b'%b,"c":%d}\n' % (body, crc32(body))

    @property
    def elapsed_s(self) -> float:
        """Seconds since this object was made."""
        return (self._monotonic_ns() - self._begin_ns) / 1e9


_CONSTANTS = {"NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"}


def as_written(name: str) -> dict[str, str]:
    """NaN and infinities as givens writes them: a journal made by hand may hold Python's own words."""
    return {TAG: "float", "v": _CONSTANTS[name]}


_DECODER = json.JSONDecoder(parse_constant=as_written)


def parse(line: bytes) -> Event | str:
    """An event from the bytes of a line (newline stripped), or what is wrong with the line."""
    at = line.rfind(b',"c":')
    if at < 0 or not line.endswith(b"}"):
        return "no checksum at its end"
    try:
        expected = int(line[at + 5 : -1])
    except ValueError:
        return "its checksum is no number"
    if crc32(line[:at]) != expected:
        return "its checksum does not match"
    try:
        event = _DECODER.decode(line.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError):
        return "it is no JSON"
    if not isinstance(event, dict):
        return "it is no JSON object"
    problem = problem_of(event)
    return event if problem is None else problem
