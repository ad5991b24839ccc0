"""A journal's bytes without what was taken out of it: lines that nothing was taken out of stay as they are, byte for byte."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zlib import crc32

from ..codec import dumps
from ..records.encoded import TAG
from ..records.events import Event
from ..records.scrubs import NO_PATCHES, Patches, Scrubs, patched, writer_of
from .lines import parse

_START = b'{"k":"start"'

BadLines = Mapping[bytes, bytes]  #: a line that cannot be read -> the same without what goes


def writer_of_lines(lines: list[bytes], name: str) -> str:
    """Who wrote a journal, as scrubs call it.

    Args:
        lines: the journal's, without their newlines.
        name: its path below the store.
    """
    event = parse(lines[0]) if lines and lines[0].startswith(_START) else ""
    return writer_of(None if isinstance(event, str) else event, name)


def writer_of_content(content: bytes, name: str) -> str:
    """The same for a journal's bytes."""
    return writer_of_lines([content[: max(content.find(b"\n"), 0)]], name)


def rewritten(content: bytes, name: str, scrubs: Scrubs, bad: BadLines | None = None) -> bytes:
    """A journal without what was taken out of it; the same object when nothing was.

    Args:
        content: the journal.
        name: its path below the store.
        scrubs: what was taken out.
        bad: what becomes of lines that cannot be read.
    """
    patches = scrubs.get(writer_of_content(content, name), NO_PATCHES)
    if not patches and not bad:
        return content
    lines = content.split(b"\n")
    new = [_line(line, patches, bad or {}, is_torn=at == len(lines) - 1) for at, line in enumerate(lines)]
    return content if all(map(_is, lines, new)) else b"\n".join(new)


def _is(one: object, other: object) -> bool:
    return one is other


def _line(line: bytes, patches: Patches, bad: BadLines, *, is_torn: bool) -> bytes:
    event = "torn" if is_torn else parse(line) if line else "empty"
    if isinstance(event, str):
        return bad.get(line, line)
    new = patched(event, patches)
    return line if new is event else line_of(new)


def line_of(event: Event) -> bytes:
    """The line of an event, without its newline."""
    members = {name: _finite(member) for name, member in event.items() if name != "c"}
    body = dumps(members)[:-1].encode()
    return b'%b,"c":%d}' % (body, crc32(body))


def _finite(json: Any) -> Any:
    """A journal made by hand may hold Python's own words for NaN and infinities."""
    if type(json) is float:
        return json if json - json == 0 else {TAG: "float", "v": repr(json)}
    if type(json) is dict:
        return {name: _finite(member) for name, member in json.items()}
    return [_finite(item) for item in json] if type(json) is list else json
