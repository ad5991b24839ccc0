"""Starting programs: with overrides, again, or as a line to copy."""

from __future__ import annotations

from .running import Asked, Launched, launch

__all__ = ["Asked", "Launched", "launch"]
