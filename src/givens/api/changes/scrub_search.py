"""Looking through a store for what is to be scrubbed. Nothing is written; what is found never holds what was found."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

from ...capture.ranks import joins_of
from ...codec.scrub_rules import ScrubRules, Wanted
from ...index.run_fold import FOREIGN
from ...journal.blobs import read_blob
from ...journal.edits import EditBook, edit_files, read_edits
from ...journal.journals import opened_pack, pack_paths
from ...journal.layout import Store
from ...journal.lines import parse
from ...journal.packs import read_members
from ...journal.reader import read_run
from ...journal.regular_files import read_whole
from ...journal.rewriting import writer_of_content
from ...journal.scrubbed_events import EventScrub, blobs_in, scrubbed_bad_line
from ...records.encoded import lift
from ...records.events import Event
from ...records.scrubs import NO_PATCHES, Scrubs, differences, patched
from ...records.state import fold
from .scrub_files import StoreFile, store_files
from .scrub_hints import Hint, HintFile, heads_by_run, scrubbed_head, scrubbed_view, views_of
from .scrub_neighbours import meet

Progress = Callable[[int, int], None]


class Piece(NamedTuple):
    """What is taken out of the journals of one run, or of one other file.

    Args:
        runs: the runs that it concerns, each with what goes: place -> how often.
        scrubs: the patches.
        of_edits: it concerns a command's edits.
    """

    runs: dict[str, dict[str, int]]
    scrubs: Scrubs
    of_edits: bool = False


class Search(NamedTuple):
    """What was found.

    Args:
        pieces: what is taken out of events.
        others: place -> how many files hold something that no run's event is: edits that name no run, heads, saved views.
        hints: files of ``heads/`` and ``views/`` that are to be written anew.
        blobs: large values that come in the place of others: name -> content.
        gone: those that go.
        bad: lines that cannot be read and hold something, and what becomes of them.
        known: what earlier scrubs took out.
        unreadable: files that nobody could look into, with the reason.
    """

    pieces: list[Piece]
    others: dict[str, int]
    hints: list[HintFile]
    blobs: dict[str, bytes]
    gone: set[str]
    bad: dict[bytes, bytes]
    known: Scrubs
    unreadable: list[str]

    def scrubs(self) -> Scrubs:
        """What goes, and what went."""
        found = {writer: dict(numbers) for writer, numbers in self.known.items()}
        for piece in self.pieces:
            for writer, numbers in piece.scrubs.items():
                mine = found.setdefault(writer, {})
                mine.update({number: [*mine.get(number, []), *patches] for number, patches in numbers.items()})
        return found


class Searcher:
    """One look through a store.

    Args:
        store: the store.
        wanted: what is to be taken out.
        only: the runs that are meant; None for the whole store.
    """

    def __init__(self, store: Store, wanted: Wanted, only: frozenset[str] | None) -> None:
        self.store, self.only = store, only
        self.rules = ScrubRules(wanted)
        self.book: EditBook = read_edits(store)
        self.found = Search([], {}, [], {}, set(), {}, self.book.scrubs, [str(bad) for bad in self.book.bad])
        self._read_blob = partial(read_blob, store)
        self._envs: dict[str, list[str]] = {}  # writer of surroundings -> the runs that name it
        self._joins: dict[str, list[str]] = {}  # name that ranks meet under -> the runs whose ranks may have
        self._moved: dict[str, list[str]] = {}
        self._heads = heads_by_run(store, self.found.unreadable)
        self._cleaned: dict[tuple[str, int], Event] = {}

    def search(self, progress: Progress | None = None) -> Search:
        """Look.

        Raises:
            StoreError: a folder cannot be read.
        """
        runs, others = self._contents()
        for done, run_id in enumerate(sorted(runs), 1):
            if progress is not None:
                progress(done, len(runs))
            if self.only is None or run_id in self.only:
                self._run(run_id, [(name, read()) for name, read in runs[run_id]])
        for file, read in others:
            self._other(file, read)
        if self.only is None:
            self._hints()
        self._edits()
        self._earlier_scrubs()
        return self.found

    # --- contents -------------------------------------------------------------------------------------------------

    def _contents(self) -> Any:
        """The journals of runs by run, and all others: names with what reads them. Copies are read one by one."""
        runs: dict[str, list[tuple[str, Callable[[], bytes]]]] = {}
        others: list[tuple[StoreFile, Callable[[], bytes]]] = []
        for file in store_files(self.store):
            if file.kind in ("runs", "trash"):
                runs.setdefault(run_of(file.name), []).append((file.name, partial(self._content, file.path)))
            elif file.kind != "edits":
                others.append((file, partial(self._content, file.path)))
        for path in pack_paths(self.store):
            for name, read in self._packed(path):
                if name.startswith("runs/"):
                    runs.setdefault(run_of(name), []).append((name, read))
                else:
                    others.append((StoreFile(path, name, "env"), read))
        return runs, others

    def _packed(self, path: str) -> Iterator[tuple[str, Callable[[], bytes]]]:
        try:
            pack = opened_pack(path)
        except OSError as error:
            self.found.unreadable.append(f"{path}: {error.strerror or error}")
            return
        for member in pack.members:
            yield member.name, partial(self._member, pack, member)

    def _member(self, pack: Any, member: Any) -> bytes:
        try:
            ((_, found),) = read_members(pack._replace(members=(member,)))
            return found.content
        except OSError as error:
            self.found.unreadable.append(f"{pack.path}: {error.strerror or error}")
            return b""

    def _content(self, path: str) -> bytes:
        try:
            return read_whole(path)
        except FileNotFoundError:
            return b""
        except OSError as error:
            self.found.unreadable.append(f"{path}: {error.strerror or error}")
            return b""

    def _events(self, content: bytes, name: str, rules: ScrubRules) -> tuple[str, list[Event]]:
        """A journal's writer, and its events as readers are told them; lines that are none are counted where they hold something."""
        writer = writer_of_content(content, name)
        patches = self.book.scrubs.get(writer, NO_PATCHES)
        events = []
        lines = content.split(b"\n")
        torn = lines.pop()
        for line in lines:
            event = parse(line) if line else "empty"
            if not isinstance(event, str):
                events.append(patched(event, patches))
            elif line:
                self._bad(line, rules)
        if torn:
            self._bad(torn, rules)
        return writer, events

    def _bad(self, line: bytes, rules: ScrubRules) -> None:
        new = scrubbed_bad_line(line, rules, self._read_blob)
        if new != line:
            self.found.bad[line] = new

    # --- pieces ---------------------------------------------------------------------------------------------------

    def _run(self, run_id: str, contents: list[tuple[str, bytes]]) -> None:
        rules = self.rules.anew()
        journals = [self._events(content, name, rules) for name, content in _different(contents)]
        moved = meet(rules, [events for _, events in journals], self.book.of(run_id), self._read_blob)
        if moved:
            self._moved[run_id] = moved
        for _, events in journals:
            self._note_links(run_id, events)
        scrub = EventScrub(rules, self._read_blob)
        scrubs: Scrubs = {}
        for writer, events in journals:
            self._take(scrub, writer, events, scrubs)
        self._add({run_id: scrub.places}, scrubs, scrub)
        main = journals[0][1] if journals else []
        self._heads_of(run_id, rules, main)

    def _note_links(self, run_id: str, events: list[Event]) -> None:
        start = events[0] if events and events[0].get("k") == "start" else {}
        if type(start.get("env")) is str:
            self._envs.setdefault(start["env"], []).append(run_id)
        for join in joins_of(start) if start else ():
            self._joins.setdefault(join, []).append(run_id)

    def _take(self, scrub: EventScrub, writer: str, events: list[Event], scrubs: Scrubs) -> None:
        for event in events:
            number = event.get("n")
            new = scrub.event(event)
            if new is event or type(number) is not int or number in scrubs.get(writer, NO_PATCHES):
                continue
            patches = differences({key: part for key, part in event.items() if key != "c"}, without_sum(new))
            if patches:
                scrubs.setdefault(writer, {})[number] = patches
                self.found.gone.update(blobs_in(event) - blobs_in(new))
                if writer in self.book.scrubs:
                    self._cleaned[writer, number] = new

    def _add(
        self, runs: dict[str, dict[str, int]], scrubs: Scrubs, scrub: EventScrub, *, of_edits: bool = False
    ) -> None:
        self.found.blobs.update(scrub.blobs)
        self.found.unreadable.extend(f"blobs/{name}: {why}" for name, why in scrub.unread.items())
        if scrubs:
            self.found.pieces.append(Piece(runs, scrubs, of_edits))

    def _other(self, file: StoreFile, read: Callable[[], bytes]) -> None:
        """Surroundings, or the journal of a rank: of the runs that name it."""
        stem = file.name.rpartition("/")[2].partition(".")[0]
        runs = (self._envs if file.kind == "env" else self._joins).get(stem, [])
        if self.only is not None and not runs:
            return
        rules = self.rules.anew()
        writer, events = self._events(read(), file.name, rules)
        meet(rules, [events], (), self._read_blob)
        scrub = EventScrub(rules, self._read_blob)
        scrubs: Scrubs = {}
        self._take(scrub, writer, events, scrubs)
        self._add(dict.fromkeys(runs, scrub.places), scrubs, scrub)
        if scrubs and not runs:
            self.found.others[file.kind] = self.found.others.get(file.kind, 0) + 1

    def _edits(self) -> None:
        for path in edit_files(self.store) if self.only is None else ():
            self._events(self._content(path), f"edits/{os.path.basename(path)}", self.rules.anew())
        for command in self.book.commands:
            runs = list(command.runs())
            if self.only is not None and not self.only.intersection(runs):
                continue
            rules = self.rules.anew()
            for run_id in runs:
                for text in self._moved.get(run_id, ()):
                    rules.add_text(text)
            scrub = EventScrub(rules, self._read_blob)
            scrubs: Scrubs = {}
            events = [command.start, *command.events] if command.start else list(command.events)
            meet(rules, [list(command.events)], (), self._read_blob)
            self._take(scrub, command.writer, events, scrubs)
            self._add(dict.fromkeys(runs, scrub.places), scrubs, scrub, of_edits=True)
            if scrubs and not runs:
                self.found.others["edits"] = self.found.others.get("edits", 0) + 1

    def _earlier_scrubs(self) -> None:
        """What an earlier scrub put in the place of something may hold what this one takes out."""
        scrub = EventScrub(self.rules.anew(), self._read_blob)
        for command in self.book.commands:
            scrubs: Scrubs = {}
            for event in command.scrubs:
                new = {**scrub.event(event)}
                new["p"] = self._as_now(new["p"])
                patches = differences(
                    {"p": event["p"], "runs": event.get("runs")}, {"p": new["p"], "runs": new.get("runs")}
                )
                if patches and type(event.get("n")) is int:
                    scrubs.setdefault(command.writer, {})[event["n"]] = patches
                    self.found.gone.update(blobs_in(event["p"]) - blobs_in(new["p"]))
            self._add({}, scrubs, scrub, of_edits=True)

    def _as_now(self, said: dict[str, Any]) -> dict[str, Any]:
        """The patches of an earlier scrub, with the values that their events have by now."""
        if not self._cleaned:
            return said
        out: dict[str, Any] = {}
        for writer, numbers in said.items():
            out[writer] = numbers
            for number in numbers if type(numbers) is dict else ():
                event = self._cleaned.get((writer, int(number))) if number.isdigit() else None
                if event is not None:
                    renewed = [[pointer, part_at(event, pointer, value)] for pointer, value in numbers[number]]
                    out[writer] = {**out[writer], number: renewed}
        return out

    # --- heads and views ------------------------------------------------------------------------------------------

    def _heads_of(self, run_id: str, rules: ScrubRules, main: list[Event]) -> None:
        folded = partial(self._configs_of, run_id, main) if self.book.scrubs_of(run_id) else None
        for path, said in self._heads.pop(run_id, ()):
            self._hint("heads", said, HintFile(path, partial(self._head, path, run_id, rules, folded)))

    def _head(
        self, path: str, run_id: str, rules: ScrubRules, folded: Callable[[], list[Any]] | None, said: dict[str, Any]
    ) -> Hint | None:
        if str(said.get("run")) == run_id:
            return scrubbed_head(path, said, rules, self._read_blob, folded)
        # another run settled meanwhile
        return scrubbed_head(path, said, self.rules.anew(), self._read_blob, None) if self.only is None else None

    def _configs_of(self, run_id: str, main: list[Event]) -> list[Any]:
        try:
            given = fold(main, self._read_blob).config
            return [lift(given), lift(read_run(self.store, run_id, self.book).state.config)]
        except (*FOREIGN, OSError):  # no reader shows it either
            return []

    def _hints(self) -> None:
        """What no run that is there has anything to do with."""
        for run_id in list(self._heads):
            self._heads_of(run_id, self.rules.anew(), [])
        rules = self.rules.anew()
        for path, said in views_of(self.store, self.found.unreadable):
            look = partial(scrubbed_view, self.store, path, rules=rules)
            self._hint("saved views", said, HintFile(path, look))

    def _hint(self, kind: str, said: dict[str, Any], file: HintFile) -> None:
        if file.look(said) is not None:
            self.found.hints.append(file)
            self.found.others[kind] = self.found.others.get(kind, 0) + 1


def without_sum(event: Event) -> Event:
    """An event without its checksum."""
    return {key: part for key, part in event.items() if key != "c"}


def part_at(event: Event, pointer: list[Any], value: Any) -> Any:
    """What stands at a pointer in an event; ``value`` where it leads nowhere."""
    part: Any = event
    for step in pointer:
        known = type(part) is dict and type(step) is str and step in part
        if not known and not (type(part) is list and type(step) is int and 0 <= step < len(part)):
            return value
        part = part[step]
    return part


def run_of(name: str) -> str:
    """The run that a journal belongs to."""
    return name.rpartition("/")[2].partition(".")[0]


def _different(contents: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """Copies that hold the same are looked at once."""
    return list(dict.fromkeys(contents))
