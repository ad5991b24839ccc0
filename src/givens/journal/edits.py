"""The files of what was changed afterwards: one a command, written once, naming the runs. Beside the journals, never in them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from ..codec import dumps
from ..errors import StoreError
from ..records.edits import Identity, RunEdit, is_removed, run_steps, undo_target, undone
from ..records.events import FORMAT, Event
from ..records.scrubs import (
    NO_PATCHES,
    Patches,
    RunScrub,
    Scrubs,
    all_patched,
    effective,
    gone_blobs,
    patched,
    scrubbed_runs,
)
from .layout import WRITER_ID, Store, random_id
from .lines import BadLine, Stamper, clock_after, parse
from .regular_files import open_regular
from .writer import JournalWriter

FOLDER = "edits"
_ALWAYS = (b'{"k":"undo"', b'{"k":"start"', b'{"k":"finish"')
_SCRUB = b'{"k":"scrub"'
_OF_EDITS = b',"of":"edits"'
_LAST_LINE_BYTES = 256  # the finish line is shorter
_TIMES = re.compile(rb'^\{"k":"finish","n":\d+,"t":"([^"]{27})"', re.MULTILINE)
_REMOVALS = ('["remove"]', '["restore"]')


class Command(NamedTuple):
    """One command that changed runs afterwards.

    Args:
        writer: its id, and the name of its file.
        start: its start event; empty when that line is lost.
        events: its edits and undos, in order.
        done: whether its file has its finish line, and never changes again.
        scrubs: what it took out of what others wrote; that cannot be undone.
    """

    writer: str
    start: Event
    events: tuple[Event, ...]
    done: bool = False
    scrubs: tuple[Event, ...] = ()

    @property
    def at(self) -> str:
        """When it was given, in UTC."""
        first = next(iter((*self.events, *self.scrubs)), {})
        return str(self.start.get("t") or first.get("t") or "")

    @property
    def user(self) -> str | None:
        """Who gave it."""
        user = self.start.get("user")
        return user if type(user) is str else None

    def identities(self) -> list[Identity]:
        """Its events."""
        return [(self.writer, number) for number in map(number_of, self.events) if number is not None]

    def runs(self) -> dict[str, list[list[Any]]]:
        """Run id -> the steps for it."""
        found: dict[str, list[list[Any]]] = {}
        for event in self.events:
            if event.get("k") == "edit":
                for run_id, steps in run_steps(event).items():
                    found.setdefault(run_id, []).extend(steps)
        return found

    def targets(self) -> list[Identity]:
        """The events that it undoes."""
        found = [undo_target(event) for event in self.events if event.get("k") == "undo"]
        return [target for target in found if target is not None]

    def scrubbed(self, patches: Patches) -> Command:
        """The same after a later command took something out of it."""
        if not patches:
            return self
        events, scrubs = (tuple(all_patched(list(each), patches)) for each in (self.events, self.scrubs))
        return self._replace(start=patched(self.start, patches), events=events, scrubs=scrubs)


class EditBook:
    """The edits of a store, or those among them that were asked for.

    Args:
        commands: the commands, oldest first.
        bad: lines and files that could not be read.

    Attributes:
        undone: the events without effect.
        removed: the runs that are removed, whether or not their files are there.
        scrubs: what was taken out of events since they were written: writer -> number -> patches.
        gone: the large values that scrubs replaced.
    """

    def __init__(self, commands: list[Command], bad: list[BadLine]) -> None:
        said = [(command.writer, event) for command in commands for event in command.scrubs]
        self.scrubs: Scrubs = effective(said) if said else {}
        self.gone = frozenset(name for _, event in said for name in gone_blobs(event))
        if said:
            commands = [command.scrubbed(self.scrubs.get(command.writer, NO_PATCHES)) for command in commands]
        self._scrubbed = _by_run(commands) if said else {}
        self.commands = commands
        self.bad = bad
        self.undone = undone(_undos(commands))
        self._runs: dict[str, list[RunEdit]] = {}
        for command in commands:
            for event in command.events:
                self._take(command, event)
        for edits in self._runs.values():
            edits.sort(key=lambda edit: edit.order)
        self.removed = frozenset(run_id for run_id, edits in self._runs.items() if is_removed(edits))

    def _take(self, command: Command, event: Event) -> None:
        number = number_of(event)
        if event.get("k") != "edit" or number is None or (command.writer, number) in self.undone:
            return
        for run_id, steps in run_steps(event).items():
            edit = RunEdit(command.writer, number, str(event.get("t", "")), command.user, tuple(steps))
            self._runs.setdefault(run_id, []).append(edit)

    def of(self, run_id: str) -> tuple[RunEdit, ...]:
        """What has an effect on a run, in order."""
        return tuple(self._runs.get(run_id, ()))

    def scrubs_of(self, run_id: str) -> tuple[RunScrub, ...]:
        """What was taken out of a run, in order."""
        return tuple(self._scrubbed.get(run_id, ()))

    def has_effect(self, command: Command) -> bool:
        """Whether anything of a command is not undone."""
        return any(identity not in self.undone for identity in command.identities())


def _by_run(commands: Iterable[Command]) -> dict[str, list[RunScrub]]:
    found: dict[str, list[RunScrub]] = {}
    for command in commands:
        taken: dict[str, dict[str, None]] = {}
        for event in command.scrubs:
            for run_id, places in scrubbed_runs(event).items():
                taken.setdefault(run_id, {}).update(dict.fromkeys(places))
        for run_id, noted in taken.items():
            found.setdefault(run_id, []).append(RunScrub(command.writer, command.at, command.user, tuple(noted)))
    return found


def number_of(event: Event) -> int | None:
    """An event's number; None when it is none that a writer gives."""
    number = event.get("n")
    return number if type(number) is int else None


def _undos(commands: Iterable[Command]) -> dict[Identity, Identity]:
    found: dict[Identity, Identity] = {}
    for command in commands:
        for event in command.events:
            number, target = number_of(event), undo_target(event) if event.get("k") == "undo" else None
            if number is not None and target is not None:
                found[command.writer, number] = target
    return found


# --- reading ------------------------------------------------------------------------------------------------------


def edit_file(store: Store, writer: str) -> str:
    """The file of one command's edits."""
    return os.path.join(store.path, FOLDER, f"{writer}.jsonl")


def edit_files(store: Store) -> list[str]:
    """The files of all edits; those whose names are none of givens' are left out.

    Raises:
        StoreError: the folder is there and cannot be read.
    """
    folder = os.path.join(store.path, FOLDER)
    try:
        names = sorted(os.listdir(folder))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StoreError(folder, error.strerror or str(error), "check its permissions") from error
    return [os.path.join(folder, name) for name in names if writer_of_edits(name) is not None]


def writer_of_edits(name: str) -> str | None:
    """The writer in the name of a file of edits; None when it is no such name."""
    writer, ending = os.path.splitext(name)
    return writer if ending == ".jsonl" and WRITER_ID.fullmatch(writer) else None


def read_edits(store: Store, mention: str | None = None, writers: Iterable[str] = ()) -> EditBook:
    """Read what was changed afterwards.

    Args:
        store: the store.
        mention: only the events that name this run; None for all. Lines about other runs are not even parsed.
        writers: with ``mention``: also the scrubs that name one of these writers.

    Raises:
        StoreError: the folder of edits cannot be read.
    """
    return _read(store, None if mention is None else tuple(map(dumps, (mention, *writers))))


def read_scrubs(store: Store, writers: Iterable[str]) -> Scrubs:
    """What was taken out of the journals of some writers.

    Raises:
        StoreError: the folder of edits cannot be read.
    """
    return _read(store, tuple(map(dumps, writers))).scrubs


def removed_runs(store: Store) -> frozenset[str]:
    """The runs that are removed; see ``EditBook.removed``.

    Raises:
        StoreError: the folder of edits cannot be read.
    """
    return _read(store, _REMOVALS).removed


def _read(store: Store, mentions: tuple[str, ...] | None) -> EditBook:
    wanted = None if mentions is None else tuple(mention.encode() for mention in mentions)
    commands: list[Command] = []
    bad: list[BadLine] = []
    for path in edit_files(store):
        try:
            commands.append(read_command(path, bad, wanted))
        except FileNotFoundError:
            continue
        except OSError as error:
            bad.append(BadLine(path, 0, error.strerror or str(error)))
    commands.sort(key=lambda command: (command.at, command.writer))
    return EditBook(commands, bad)


def read_command(path: str, bad: list[BadLine], wanted: tuple[bytes, ...] | None = None) -> Command:
    """One file of edits.

    Args:
        path: the file.
        bad: takes the lines that cannot be read; one without its newline is not there yet.
        wanted: parse only lines that hold one of these, besides starts, undos and scrubs of edits.

    Raises:
        OSError: it cannot be read.
    """
    start: Event = {}
    events: list[Event] = []
    scrubs: list[Event] = []
    done = False
    with open_regular(path) as file:
        for number, line in enumerate(_whole(file), 1):
            if wanted is not None and not _is_wanted(line, wanted):
                continue
            event = parse(line[:-1])
            if isinstance(event, str):
                bad.append(BadLine(path, number, event))
            elif event.get("k") == "start":
                start = event
            elif event.get("k") in ("edit", "undo"):
                events.append(event)
            elif event.get("k") == "scrub":
                scrubs.append(event)
            elif event.get("k") == "finish":
                done = True
    return Command(os.path.basename(path)[: -len(".jsonl")], start, tuple(events), done, tuple(scrubs))


def _is_wanted(line: bytes, wanted: tuple[bytes, ...]) -> bool:
    always = line.startswith(_ALWAYS) or (line.startswith(_SCRUB) and _OF_EDITS in line)
    return always or any(part in line for part in wanted)


def _whole(lines: Iterable[bytes]) -> Iterator[bytes]:
    return (line for line in lines if line.endswith(b"\n") and line != b"\n")


# --- writing ------------------------------------------------------------------------------------------------------


def write_command(store: Store, start: dict[str, Any], events: Iterable[tuple[str, dict[str, Any]]]) -> str:
    """Write the file of one command: a start line, its events, a finish line. It survives a loss of power.

    Args:
        store: the store.
        start: members of the start line, beside format, writer and role; those that are None are left out.
        events: kind and members of each, ``edit``, ``undo`` or ``scrub``.

    Returns:
        The writer's id.

    Raises:
        StoreError: it cannot be written; what was begun of it is taken away.
    """
    writer = random_id(16)
    path = edit_file(store, writer)
    journal = JournalWriter(path, Stamper(clock_after(_last_at(store))), sync=True, strict=True)
    first = {"format": FORMAT, "writer": writer, "role": "edit", **start}
    lines = [("start", first), *events, ("finish", {"state": "finished"})]
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        journal.open()
        for kind, members in lines:
            journal.append(kind, _members(members))
        journal.close()
    except OSError as error:
        journal.abandon()
        if os.path.exists(path):
            os.unlink(path)
        problem = error.problem if isinstance(error, StoreError) else error.strerror or str(error)
        raise StoreError(path, problem, "nothing was changed") from error
    return writer


def _last_at(store: Store) -> str:
    """The time of the last event that any command wrote; empty when there is none.

    Edits are laid over a run in the order of their times: one that is made now has to come last, whatever the clock says.
    """
    last = ""
    try:
        paths = edit_files(store)
    except StoreError:
        return ""  # then nothing can be written either, which says more
    for path in paths:
        try:
            with open_regular(path) as file:
                file.seek(max(0, os.fstat(file.fileno()).st_size - _LAST_LINE_BYTES))
                times = _TIMES.findall(file.read())
        except OSError:
            continue  # readers name it
        last = max([last, *(text.decode() for text in times)])
    return last


def _members(members: dict[str, Any]) -> str:
    return "".join(f",{dumps(name)}:{dumps(value)}" for name, value in members.items() if value is not None)
