"""What every error of givens is."""

from __future__ import annotations


class GivensError(Exception):
    """Base of all errors. ``str(error)`` says what, where, and what to do."""

    def __str__(self) -> str:
        return self.text()

    def text(self) -> str:
        """The message, put together when it is asked for."""
        return " ".join(str(arg) for arg in self.args)
