"""Journals folded into SQL: a disposable index beside the runs that finds them; ``open_index`` is the way in."""

from __future__ import annotations

from .discarding import discard_indexes
from .facts import KeyFacts, Point
from .opened import Index, open_index
from .refreshing import Freshness

__all__ = ["Freshness", "Index", "KeyFacts", "Point", "discard_indexes", "open_index"]
