"""What was worked out of an index, kept in memory as long as the index stays as it is."""

from __future__ import annotations

from typing import Any

MOST_BYTES = 128 * 1024 * 1024


class Kept:
    """Values by name; all go when the index changes, and the oldest when they take too much room.

    Args:
        most_bytes: how much may be kept.
    """

    __slots__ = ("_found", "_moment", "_size_bytes", "most_bytes")

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes = most_bytes
        self._moment: object = None
        self._found: dict[Any, tuple[Any, int]] = {}
        self._size_bytes = 0

    def at(self, moment: object) -> Kept:
        """The same, for an index that stands at a moment: what was kept at another is forgotten."""
        if moment != self._moment:
            self._moment, self._size_bytes = moment, 0
            self._found.clear()
        return self

    def get(self, name: Any) -> Any:
        """What was kept under a name; None where nothing was."""
        found = self._found.get(name)
        return None if found is None else found[0]

    def put(self, name: Any, value: Any, size_bytes: int) -> None:
        """Keep something, if there is room for it at all."""
        if size_bytes > self.most_bytes:
            return
        self._found[name] = value, size_bytes
        self._size_bytes += size_bytes
        while self._size_bytes > self.most_bytes:
            oldest = next(iter(self._found))
            self._size_bytes -= self._found.pop(oldest)[1]
