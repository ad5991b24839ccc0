"""The guard: is a new value layering, or a change of mind, and what happens then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ..errors import GivensWarning, ValueChangedError, ValueChangedWarning
from ..keys import Path, format_path
from ..records.change import MISSING

POLICIES = ("warn", "record", "error")


class Difference(NamedTuple):
    """One value that a write would change: where, and both values as they are (not yet fit to be shown).

    Args:
        path: of the value; of the list, where elements of one are spliced.
        old: the value that stood; the elements that leave.
        new: the value that is written; the elements that come.
        at: the index of the first spliced element; None where it is no splice.
    """

    path: Path
    old: Any
    new: Any
    at: int | None = None


#: makes a value at a path fit to be shown
Show = Callable[[Path, Any], str]


class Guard:
    """Decides about changed values. Until the config settles, changing one is layering.

    Args:
        policy: what a change of mind does: ``warn`` (once a key), ``record`` (silently), ``error``.
        allow: ``allow_val_change`` of the whole run: True silences, False raises, settled or not; None decides
            by policy.
    """

    __slots__ = ("_warned", "allow", "changed", "policy", "settled")

    def __init__(self, policy: str = "warn", allow: bool | None = None) -> None:
        self.policy = policy
        self.allow = allow
        self.settled = False
        self.changed = 0
        self._warned: set[Path] = set()

    def check(self, differences: list[Difference], allow: bool | None, show: Show) -> GivensWarning | None:
        """Judge one write.

        Args:
            differences: the values it would change.
            allow: ``allow_val_change`` of the call; it wins over that of the run.
            show: called for what a message shows, so that a write nobody hears of costs no text.

        Returns:
            A warning to issue once the write is done, or None.

        Raises:
            ValueChangedError: nothing of the write may be applied.
        """
        verdict = self.allow if allow is None else allow
        if verdict is False or (verdict is None and self.settled and self.policy == "error"):
            raise ValueChangedError(
                [(format_path(d.path), show(d.path, d.old), show(d.path, d.new)) for d in differences]
            )
        if not self.settled:
            return None
        self.changed += len(differences)
        if verdict is True or self.policy != "warn":
            return None
        fresh = [d for d in differences if d.path not in self._warned]
        if not fresh:
            return None
        self._warned.update(d.path for d in fresh)
        return ValueChangedWarning(f"{summary(fresh, show)} after the first log; recorded")


def summary(differences: list[Difference], show: Show) -> str:
    """``2 values changed: lr 0.1→0.01, …``, for one line."""
    listed = ", ".join(_told(d, show) for d in differences[:5])
    count = f"{len(differences)} values" if len(differences) > 1 else "1 value"
    return f"{count} changed: {listed}{', …' if len(differences) > 5 else ''}"


def _told(difference: Difference, show: Show) -> str:
    path, old, new, at = difference
    name = format_path(path)
    if at is None:
        return f"{name} {show(path, old)}→{show(path, new)}"
    if old is MISSING:
        return f"{name} + {show(path, new)}"
    if new is MISSING:
        return f"{name} - {show(path, old)}"
    return f"{name}[{at}:{at + len(old)}] {show(path, old)}→{show(path, new)}"
