"""Times and durations as people write them."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from givens.query.moments import parse_duration, parse_time

NOON = 1_772_366_400.0  # 2026-03-01 12:00 UTC, a Sunday


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine whose local time is an hour ahead of UTC, two in summer."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
        time.tzset()
        yield
    time.tzset()


def utc(text: str) -> float:
    from calendar import timegm

    return float(timegm(time.strptime(text, "%Y-%m-%d %H:%M")))


@pytest.mark.usefixtures("berlin")
@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("2026", "2025-12-31 23:00", "2026-12-31 23:00"),
        ("2026-03", "2026-02-28 23:00", "2026-03-31 22:00"),  # summer time begins in it
        ("2026-12", "2026-11-30 23:00", "2026-12-31 23:00"),
        ("2026-02-28", "2026-02-27 23:00", "2026-02-28 23:00"),
        ("2026-03-29", "2026-03-28 23:00", "2026-03-29 22:00"),  # a day of 23 hours
        ("2026-07-01 14", "2026-07-01 12:00", "2026-07-01 13:00"),
        ("2026-07-01T14:30", "2026-07-01 12:30", "2026-07-01 12:31"),
        ("2026-07-01T23:59", "2026-07-01 21:59", "2026-07-01 22:00"),
        ("2026-07-01T14:30Z", "2026-07-01 14:30", "2026-07-01 14:31"),
        ("2026-07-01 14:30+02:00", "2026-07-01 12:30", "2026-07-01 12:31"),
        ("today", "2026-02-28 23:00", "2026-03-01 23:00"),
        ("Yesterday", "2026-02-27 23:00", "2026-02-28 23:00"),
        ("this week", "2026-02-22 23:00", "2026-03-01 23:00"),
        ("this month", "2026-02-28 23:00", "2026-03-31 22:00"),
        ("this year", "2025-12-31 23:00", "2026-12-31 23:00"),
    ],
)
def test_a_date_is_a_stretch_of_local_time(text: str, begin: str, end: str) -> None:
    period = parse_time(text, NOON)
    assert period is not None
    assert (period.begin_s, period.end_s) == (utc(begin), utc(end))


def test_seconds_and_fractions() -> None:
    second = parse_time("2026-03-01T12:00:01Z", 0.0)
    assert second is not None
    assert (second.begin_s, second.end_s) == (NOON + 1, NOON + 2)
    tenth = parse_time("2026-03-01T12:00:01.5Z", 0.0)
    assert tenth is not None
    assert (tenth.begin_s, tenth.end_s) == (NOON + 1.5, NOON + 1.6)


@pytest.mark.parametrize(
    ("text", "ago_s"), [("2h ago", 7200), ("1 week ago", 604_800), ("1h 30m ago", 5400), ("now", 0)]
)
def test_a_moment_is_counted_back_from_now(text: str, ago_s: float) -> None:
    moment = parse_time(text, NOON)
    assert moment is not None
    assert moment.begin_s == moment.end_s == NOON - ago_s


@pytest.mark.parametrize(
    "text", ["", "March", "2026-13", "2026-02-30", "2026-03-01T25:00", "0000", "x ago", "20260301", "2026-03-01Z"]
)
def test_what_is_no_time(text: str) -> None:
    assert parse_time(text, NOON) is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("1.5h", 5400),
        ("2 days", 172_800),
        ("1h30m", 5400),
        ("500ms", 0.5),
        ("1w 1d", 691_200),
        ("10 Min", 600),
    ],
)
def test_durations(text: str, seconds: float) -> None:
    span = parse_duration(text)
    assert span is not None
    assert span.seconds == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["", "5", "h", "5 months", "-2h", "2h later"])
def test_what_is_no_duration(text: str) -> None:
    assert parse_duration(text) is None
