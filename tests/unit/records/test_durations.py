"""How long something took."""

from __future__ import annotations

import pytest

from givens.records.durations import duration_text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 ms"),
        (0.0094, "9 ms"),
        (0.9996, "1.0 s"),
        (12.34, "12.3 s"),
        (59.96, "1 min 00 s"),
        (3599.7, "1 h 00 min"),
        (3780, "1 h 03 min"),
        (86_399.9, "1 d 0 h"),
        (180_000, "2 d 2 h"),
        (-1.0, "-1.0"),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
    ],
)
def test_durations_are_told_in_the_units_that_matter(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text
