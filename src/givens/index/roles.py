"""Whose a run's journals are: its first writer's, a later session's, or a forked child's."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from ..journal.lines import parse
from ..records.events import Event
from ..records.sessions import in_order
from .journal_file import Lines
from .packed import PackRows

#: a journal and what it holds
Read: TypeAlias = "tuple[str, Lines]"


def by_role(
    packs: PackRows, files: Iterable[str], cannot_read: Callable[[str, OSError], None]
) -> tuple[list[Read], list[Read]]:
    """What a run's journals hold: its sessions', in their order, and its forked children's.

    Args:
        packs: reads journals, wherever they lie.
        files: their paths below the store; those that are gone are left out.
        cannot_read: told of those that are there and cannot be read.
    """
    first: list[Read] = []
    sessions: list[Read] = []
    children: list[Read] = []
    for file in files:
        try:
            content = packs.read(file)
        except FileNotFoundError:
            continue
        except OSError as error:
            cannot_read(file, error)
            continue
        if is_main(file):
            first.append((file, content))
        elif _start_of_session(content) is None:
            children.append((file, content))
        else:
            sessions.append((file, content))
    order = in_order([_start_of_session(content) or {} for _, content in sessions])
    return [*first, *(sessions[at] for at in order)], children


def is_session(packs: PackRows, file: str) -> bool:
    """Whether a journal is a later session's of its run."""
    try:
        return _start_of_session(packs.read(file)) is not None
    except OSError:
        return False


def session_began(file: str, content: Lines) -> str | None:
    """When a later session began, in UTC; None for a run's first writer."""
    start = None if is_main(file) else _start_of_session(content)
    return None if start is None else str(start.get("t", ""))


def is_main(file: str) -> bool:
    """Whether a journal is a run's first writer's: its name has no writer in it."""
    return file.count(".") == 1


def _start_of_session(content: Lines) -> Event | None:
    if not content.lines or b'"role":"session"' not in content.lines[0]:
        return None
    event = parse(content.lines[0])
    return event if not isinstance(event, str) and event.get("role") == "session" else None
