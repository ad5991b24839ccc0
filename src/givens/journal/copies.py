"""Several copies of one journal, made whole: stores are merged by copying files, so one may lie in many places.

An event is known by its writer and number. Of copies that only grew, the longest holds all; where one was damaged,
its good lines and those of the others are put together.
"""

from __future__ import annotations

from typing import NamedTuple

from ..records.events import Event
from .lines import parse


class Line(NamedTuple):
    """A whole line that checks: its number, and its bytes without the newline."""

    number: int
    text: bytes


class Copy(NamedTuple):
    """One copy, taken apart.

    Args:
        content: its bytes.
        writer: who wrote it; None where its first line is lost.
        begun: the time of its first line; empty where that is lost.
        good: its lines that check.
        bad: the others, a torn end included.
    """

    content: bytes
    writer: str | None
    begun: str
    good: tuple[Line, ...]
    bad: tuple[bytes, ...]


def made_whole(contents: list[bytes]) -> tuple[bytes, tuple[str, ...]]:
    """One journal out of its copies, and what could not be taken up in it.

    Args:
        contents: the copies' bytes; at least one.

    Returns:
        The journal, and problems: copies that another run with the same id left.
    """
    # by length and content, so that the answer does not depend on the order in which a folder lists its files
    different = sorted(set(contents), key=lambda content: (-len(content), content))
    longest = different[0]
    if all(longest.startswith(content) for content in different[1:]):
        return longest, ()
    copies = [_taken_apart(content) for content in different]
    first = min(copies, key=lambda copy: (copy.writer is None, copy.begun, copy.writer or ""))
    own = [copy for copy in copies if copy.writer in (first.writer, None)]
    others = {copy.writer for copy in copies if copy not in own}
    problems = tuple(
        f"another run has the same id: its events (writer {writer}) are left out" for writer in sorted(map(str, others))
    )
    return _together(own), problems


def _taken_apart(content: bytes) -> Copy:
    lines = content.split(b"\n")
    torn = lines.pop()
    good: list[Line] = []
    bad: list[bytes] = []
    start: Event = {}
    for line in lines:
        event = parse(line) if line else ""
        if isinstance(event, str):
            bad += [line] if line else []
            continue
        number = event.get("n")
        good.append(Line(number if type(number) is int else -1, line))
        if event.get("k") == "start" and not start:
            start = event
    writer, begun = start.get("writer"), start.get("t")
    return Copy(
        content,
        writer if type(writer) is str else None,
        begun if type(begun) is str else "",
        tuple(good),
        (*bad, torn) if torn else tuple(bad),
    )


def _together(copies: list[Copy]) -> bytes:
    """The copy with most good lines, and between them the good ones that only others have."""
    best = max(copies, key=lambda copy: (len(copy.good), len(copy.content), copy.content))
    lines = list(best.good)
    numbers = {line.number for line in lines}
    for copy in copies:
        for line in copy.good:
            if line.number not in numbers:
                numbers.add(line.number)
                at = next((at for at, one in enumerate(lines) if one.number > line.number), len(lines))
                lines.insert(at, line)
    if len(lines) == len(best.good):
        return best.content
    gaps = max(numbers) + 1 - sum(number >= 0 for number in numbers)
    kept = [bad for bad in best.bad if bad != best.content.rpartition(b"\n")[2]]
    # a bad line whose event another copy has whole is mended; what stays bad stays to be told of
    mended = [line.text for line in lines] + kept[: min(len(kept), gaps)]
    return b"".join(text + b"\n" for text in mended)
