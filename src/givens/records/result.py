"""What a run said of one name."""

from __future__ import annotations

from typing import Any

from .change import MISSING


class Result:
    """What a run said of one name: the last value of a metric, its extremes with their steps, or a summary entry."""

    __slots__ = ("count", "last", "last_step", "max", "max_step", "min", "min_step")

    def __init__(self) -> None:
        self.last: Any = MISSING
        self.last_step: Any = None
        self.min: Any = None
        self.min_step: Any = None
        self.max: Any = None
        self.max_step: Any = None
        self.count = 0

    def logged(self, value: Any, step: Any) -> None:
        """Take one logged value; only finite int and float have extremes."""
        self.count += 1
        self.last, self.last_step = value, step
        if type(value) is int or type(value) is float:
            if self.min is None or value < self.min:
                self.min, self.min_step = value, step
            if self.max is None or value > self.max:
                self.max, self.max_step = value, step
