"""How long something took, as people say it: the same words in start lines, tables and pages."""

from __future__ import annotations


def duration_text(seconds: float) -> str:
    """Seconds in the two units that matter: ``9 ms``, ``12.3 s``, ``3 min 05 s``, ``2 h 14 min``, ``3 d 4 h``."""
    if not 0 <= seconds < float("inf"):
        return str(seconds)
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {rest:02} s"
