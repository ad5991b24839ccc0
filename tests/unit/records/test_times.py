from __future__ import annotations

from datetime import UTC, datetime

import pytest

from givens.records.times import epoch_s

NOON_S = datetime(2026, 3, 1, 12, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("at", "seconds"),
    [
        ("2026-03-01T12:00:00.250000Z", NOON_S + 0.25),
        ("2026-03-01T12:00:00Z", NOON_S),
        ("2026-03-01T12:00:00", NOON_S),
        ("1969-12-31T23:59:59.5Z", -0.5),
        ("2024-02-29T00:00:00Z", datetime(2024, 2, 29, tzinfo=UTC).timestamp()),
        ("2026-13-01T10:00:00Z", None),
        ("2026-03-01 10:00:00Z", None),
        ("2026-03-01T10:00:0xZ", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_a_journals_time_is_read_as_utc(at: str | None, seconds: float | None) -> None:
    assert epoch_s(at) == seconds
