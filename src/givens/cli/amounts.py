"""How many and how much, in words."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """``1 run``, ``12 runs``."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def size_text(size_bytes: int) -> str:
    """A size in the unit that fits: ``17.2 MB``."""
    if size_bytes < 1000:
        return f"{size_bytes} B"
    size = float(size_bytes)
    for unit in ("kB", "MB", "GB"):
        size /= 1000
        if size < 999.95 or unit == "GB":
            break
    return f"{size:.1f} {unit}"
