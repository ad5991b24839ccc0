"""What every error of givens is, and the nearest known name for one that is not."""

from __future__ import annotations

from collections.abc import Iterable


class GivensError(Exception):
    """Base of all errors. ``str(error)`` says what, where, and what to do."""

    def __str__(self) -> str:
        return self.text()

    def text(self) -> str:
        """The message, put together when it is asked for."""
        return " ".join(str(arg) for arg in self.args)


def suggestion(name: str, known: Iterable[str]) -> str:
    """``"; did you mean 'lr'?"`` for the nearest known name, or the empty string."""
    import difflib

    nearest = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"; did you mean {nearest[0]!r}?" if nearest else ""
