"""The writer of one journal file: one ``write()`` an event, and no event lost when the disk says no."""

from __future__ import annotations

import json
import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator

from ..errors import StoreError
from ..records.events import Event
from .lines import Stamper, parse

#: how often a writer looks whether its file still has a name: each look is a system call
_LOOK_EVERY_S = 1.0

_CHUNK_BYTES = 1 << 20

_RESULTS = (b'{"k":"log"', b'{"k":"summary"')  # how their lines begin


class JournalWriter:
    """Appends events to one file that nobody else ever writes.

    The file is opened with ``O_EXCL | O_APPEND``. When it cannot be opened or written, events wait in memory in
    their order and are tried again with every later event and at ``close``. A file that somebody removes meanwhile is
    written again with all that was in it: it is looked for once a second, and at ``close``.

    Args:
        path: the file; its folder must exist.
        stamper: numbers and times.
        sync: fdatasync after every event (``durability="power"``).
        strict: raise StoreError instead of waiting.
        on_trouble: called once with a sentence when events begin to wait.
        clock: seconds that only go forward.
    """

    __slots__ = (
        *("_clock", "_fd", "_look_s", "_on_trouble", "_strict", "_sync", "_torn"),
        *("closed", "path", "stamper", "waiting"),
    )

    def __init__(
        self,
        path: str,
        stamper: Stamper,
        *,
        sync: bool = False,
        strict: bool = False,
        on_trouble: Callable[[str], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.path = path
        self.stamper = stamper
        self.waiting: deque[bytes] = deque()
        self.closed = False
        self._fd = -1
        self._torn = False
        self._sync = sync
        self._strict = strict
        self._on_trouble = on_trouble
        self._clock = clock
        self._look_s = clock() + _LOOK_EVERY_S

    def open(self) -> None:
        """Create the file.

        Raises:
            FileExistsError: somebody else has it.
            OSError: it cannot be made; ``append`` tries again.
        """
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND | getattr(os, "O_CLOEXEC", 0)
        self._fd = os.open(self.path, flags | getattr(os, "O_BINARY", 0), 0o666)
        if self._sync:
            self._sync_folder()

    def append(self, kind: str, members: str) -> None:
        """Write one event; it is in the file when this returns, or waits in memory and that has been said.

        Raises:
            StoreError: only with ``strict``.
        """
        self._take([self.stamper.line(kind, members)])

    def begin(self, events: Iterable[tuple[str, str]]) -> None:
        """Write the first events (kind and members) in one piece: a kill leaves all of them, or an empty file.

        Raises:
            StoreError: only with ``strict``.
        """
        self._take([self.stamper.line(kind, members) for kind, members in events])

    def _take(self, lines: list[bytes]) -> None:
        if self.waiting:
            self.waiting.extend(lines)
            self.retry()
            return
        try:
            self._write(lines[0] if len(lines) == 1 else b"".join(lines))
        except OSError as error:
            if self._strict:
                raise StoreError(self.path, f"cannot write: {error.strerror or error}", "strict=True") from error
            self.waiting.extend(lines)
            if self._on_trouble is not None:
                self._on_trouble(f"{self.path}: {error.strerror or error}; events are kept in memory and tried again")

    def retry(self) -> bool:
        """Try to write what waits; True when nothing waits any more."""
        while self.waiting:
            try:
                self._write(self.waiting[0])
            except OSError:
                return False
            self.waiting.popleft()
        return True

    def _write(self, line: bytes) -> None:
        if self._fd < 0:
            self._reopen()
        elif self._clock() >= self._look_s:
            self._look()
        if self._torn:
            # a torn line could not be cut off: end it, so that it spoils no other; and so that it is damaged for certain,
            # since all but its newline may be there, and what waits is written again
            line = b"~\n" + line
        written = os.write(self._fd, line)
        if written != len(line):
            self._cut_back(written)
            raise OSError(28, "no space left on device")
        self._torn = False
        if self._sync:
            self._sync_file()

    def _sync_file(self) -> None:
        try:
            getattr(os, "fdatasync", os.fsync)(self._fd)
        except OSError as error:  # the line is whole in the file: writing it again would double it
            if self._on_trouble is not None:
                self._on_trouble(
                    f"{self.path}: {error.strerror or error}; written, but a loss of power may take it back"
                )

    def _cut_back(self, written: int) -> None:
        try:
            os.ftruncate(self._fd, os.fstat(self._fd).st_size - written)
        except OSError:
            self._torn = True

    def _reopen(self) -> None:
        folder = os.path.dirname(self.path)
        if not os.path.isdir(folder):
            os.makedirs(folder, exist_ok=True)
        self.open()

    def _look(self) -> None:
        """When somebody has removed the file, write it again: nobody would ever read what goes to one without a name."""
        self._look_s = self._clock() + _LOOK_EVERY_S
        gone = self._fd
        if os.fstat(gone).st_nlink or os.path.exists(self.path):  # some file systems count no links
            return
        try:
            self._reopen()
            _copy(gone, self._fd)
        except OSError:
            if self._fd != gone:
                os.close(self._fd)
                os.unlink(self.path)
                self._fd = gone
            raise
        os.close(gone)
        if self._on_trouble is not None:
            self._on_trouble(f"{self.path}: it was removed while the run was writing it; it is there again, whole")

    def _sync_folder(self) -> None:
        if os.name == "posix":
            folder = os.open(os.path.dirname(self.path), os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    @property
    def size_bytes(self) -> int:
        """How long the file is by now."""
        return os.fstat(self._fd).st_size if self._fd >= 0 else 0

    def beside(self, path: str) -> JournalWriter:
        """A writer of another file with the same options: for a forked child."""
        return JournalWriter(path, Stamper(), sync=self._sync, strict=self._strict, on_trouble=self._on_trouble)

    def events(self, until: int | None = None, *, results: bool = True) -> Iterator[Event]:
        """What this writer has been given, from its file and from memory.

        Args:
            until: the byte of the file to read to; its end if left out.
            results: False leaves out what was logged, unread: most of a long run's file.
        """
        from .reader import read_events

        if os.path.exists(self.path):
            yield from read_events(self.path, until=until, without=() if results else _RESULTS).events
        yield from self._waiting_events()

    def _waiting_events(self) -> list[Event]:
        events = (parse(line.rstrip(b"\n")) for line in tuple(self.waiting))
        return [event for event in events if not isinstance(event, str)]

    def close(self) -> bool:
        """Write what waits and close the file; False when events could not be written and are lost with the process.

        Raises:
            StoreError: only with ``strict``: the file cannot be closed.
        """
        written = self.retry()
        if self._fd >= 0:
            try:
                self._look()
            except OSError:
                written = False
            self._let_go()
        self.closed = True
        return written

    def _let_go(self) -> None:
        """Close the file. A network file system may say only now that it could not take what was written."""
        descriptor, self._fd = self._fd, -1
        try:
            os.close(descriptor)
        except OSError as error:
            reason = error.strerror or str(error)
            if self._strict:
                raise StoreError(self.path, f"cannot close: {reason}", "strict=True") from error
            if self._on_trouble is not None:
                self._on_trouble(f"{self.path}: {reason}, when it was closed; its last events may be missing")

    def abandon(self) -> list[Event]:
        """Let go of the file without writing: in a forked child, where it belongs to the parent.

        Returns:
            The events that had not reached the file.
        """
        waited = self._waiting_events()
        if self._fd >= 0:
            os.close(self._fd)
        self._fd = -1
        self.waiting.clear()
        self.closed = True
        return waited


def _copy(source: int, target: int) -> None:
    """Copy a file from its beginning."""
    at = 0
    while chunk := os.pread(source, _CHUNK_BYTES, at):
        at += len(chunk)
        while chunk:
            chunk = chunk[os.write(target, chunk) :]


class MemoryJournal:
    """The same, kept in memory: for a config without a run, staging, and ``mode="disabled"``."""

    __slots__ = ("closed", "lines", "stamper")

    def __init__(self, stamper: Stamper) -> None:
        self.stamper = stamper
        self.lines: list[bytes] = []
        self.closed = False

    def append(self, kind: str, members: str) -> None:
        """Keep one event."""
        self.lines.append(self.stamper.line(kind, members))

    def begin(self, events: Iterable[tuple[str, str]]) -> None:
        """Keep the first events."""
        for kind, members in events:
            self.append(kind, members)

    def events(self, *, results: bool = True) -> Iterator[Event]:
        """What was kept; ``results=False`` leaves out what was logged."""
        for line in tuple(self.lines):
            if results or not line.startswith(_RESULTS):
                yield json.loads(line)

    def close(self) -> bool:
        """Nothing to write."""
        self.closed = True
        return True

    def abandon(self) -> list[Event]:
        """A forked child keeps its copy."""
        return []
