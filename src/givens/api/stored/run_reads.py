"""What a finished run says of its reads, where they were noted (``track_reads``)."""

from __future__ import annotations

from typing import Any, NamedTuple

from ...keys import format_path, from_json
from ...records.events import Event


class ReadRecord(NamedTuple):
    """Which keys a run read, by its own account.

    Args:
        unread: keys that were given and never read.
        unread_total: how many there were; of very many, ``unread`` has the first.
        asked: keys that were asked for and never given, each with how: ``attribute``, ``item``, ``get``, ``in``.
        meant: pairs of both kinds whose names are much alike: (given, asked for).
    """

    unread: tuple[str, ...]
    unread_total: int
    asked: tuple[tuple[str, str], ...]
    meant: tuple[tuple[str, str], ...]


def reads_of(finish: Event | None) -> ReadRecord | None:
    """What a finish event says of reads; None where they were not noted."""
    said = finish or {}
    unread, total = said.get("unread"), said.get("unread_total")
    if not isinstance(unread, list):
        return None
    shown = tuple(map(_shown, unread))
    return ReadRecord(
        shown,
        total if type(total) is int else len(shown),
        tuple((_shown(path), str(how)) for path, how in _pairs(said.get("asked"))),
        tuple((_shown(given), _shown(asked)) for given, asked in _pairs(said.get("meant"))),
    )


def _pairs(said: Any) -> list[list[Any]]:
    return [pair for pair in said if isinstance(pair, list) and len(pair) == 2] if isinstance(said, list) else []


def _shown(path: Any) -> str:
    return format_path(from_json(path)) if isinstance(path, list) else str(path)
