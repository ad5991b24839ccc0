"""A journal's times as numbers."""

from __future__ import annotations

import time
from calendar import timegm
from functools import lru_cache


def epoch_s(at: str | None) -> float | None:
    """A journal's time in seconds since the epoch; None when it is none."""
    if at is None or len(at) < 19:
        return None
    minute_s = _minute_s(at[:17])
    if minute_s is None:
        return None
    try:
        fraction = at[19:].rstrip("Z")
        return minute_s + int(at[17:19]) + (float(fraction) if fraction else 0.0)
    except ValueError:
        return None


@lru_cache(maxsize=4096)  # runs come in the order of their ids, and begin at any time
def _minute_s(minute: str) -> int | None:
    day_s = _day_s(minute[:10])
    try:
        if day_s is None or minute[10] != "T" or minute[13] != ":" or minute[16] != ":":
            return None
        return day_s + int(minute[11:13]) * 3600 + int(minute[14:16]) * 60
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def _day_s(day: str) -> int | None:
    try:
        return timegm(time.strptime(day, "%Y-%m-%d"))
    except ValueError:
        return None
