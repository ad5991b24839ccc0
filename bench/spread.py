"""Several measurements of one thing: median, least and greatest."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import NamedTuple


class Spread(NamedTuple):
    """Median, least and greatest of several measurements, in the row's unit."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        if self.low == self.high:
            return number(self.median)
        return f"{number(self.median)} [{number(self.low)}\u2013{number(self.high)}]"

    def minus(self, other: float) -> Spread:
        """All three less a baseline, none below zero: what is smaller than the baseline's own noise cannot be told from nothing."""
        return Spread(*(max(0.0, each - other) for each in self))


def spread(samples: Sequence[float], scale: float = 1.0) -> Spread:
    """The spread of samples, each multiplied by ``scale`` (1e3 for seconds to milliseconds)."""
    scaled = [sample * scale for sample in samples]
    return Spread(median(scaled), min(scaled), max(scaled))


def quantile(samples: Sequence[float], share: float) -> float:
    """The sample below which ``share`` of all lie (nearest rank)."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def number(value: float) -> str:
    """Three significant digits, thousands separated."""
    size = abs(value)
    if size >= 100:
        return f"{value:,.0f}"
    if size >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if size >= 1 else f"{value:.3g}"
