"""Events as a scrub leaves them: which of their members hold values, command lines, names, and which are texts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from ..codec import BLOB_BYTES, dumps, loads, to_blob
from ..codec.scrub_rules import ScrubRules
from ..errors import GivensError
from ..keys import Path, format_path, from_json
from ..records.encoded import BLOB, TAG, section_items, section_of
from ..records.event_shapes import is_path
from ..records.events import Event
from ..records.scrubs import FIXED

ReadBlob = Callable[[str], bytes]

_NO_EVENT = (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError)
_BEHIND_KEY = re.compile(r'((?:"(?P<key>[^"\\]{1,100})"\],\s{0,3}))"(?:[^"\\]|\\.){8,4096}"?')

#: member -> what people call it
_CALLED = {"o": "origins", "d": "descriptions", "p": "paths", "by": "lock owner", "git": "git remote", "e": "edits"}


class EventScrub:
    """Takes out of the events of one run, or of one file.

    Args:
        rules: what is taken out.
        read_blob: gives the content of a large value.

    Attributes:
        places: what it was taken out of, in order: ``config.db.password``, ``argv``; -> how often.
        blobs: large values that came in the place of others: name -> content.
        unread: large values that could not be read, with the reason.
    """

    def __init__(self, rules: ScrubRules, read_blob: ReadBlob) -> None:
        self.rules = rules
        self.places: dict[str, int] = {}
        self.blobs: dict[str, bytes] = {}
        self.unread: dict[str, str] = {}
        self._read_blob = read_blob

    def event(self, event: Event) -> Event:
        """An event without what goes; the same object when nothing does."""
        kind = event.get("k")
        out = event
        for name, member in event.items():
            if name in FIXED:
                continue
            take = _MEMBERS.get((kind, name)) if type(kind) is str else None
            new = self._texts(member, _CALLED.get(name, name)) if take is None else take(self, member, event)
            if new is not member and new != member:
                out = dict(event) if out is event else out
                out[name] = new
        return out

    # --- values ---------------------------------------------------------------------------------------------------

    def value(self, json: Any, path: Path, space: str = "config", first: int = 0) -> Any:
        """An encoded value without what goes, large values looked into.

        Args:
            json: the value.
            path: where it stands.
            space: ``config`` or ``summary``.
            first: of elements that come into a list: the index of the first.
        """
        new = self.rules.value(json, path)
        if type(new) in (dict, list) and blobs_in(new):
            new = self._with_blobs(new, path)
        if new is not json:
            for place in _places(json, new, path):
                if first and len(place) > len(path):
                    place = (*path, int(place[len(path)]) + first, *place[len(path) + 1 :])  # type: ignore[arg-type]
                self._note(f"{space}.{format_path(place)}" if place else space)
        return new

    def _with_blobs(self, json: Any, path: Path) -> Any:
        if type(json) is dict and json.get(TAG) == BLOB:
            return self._blob(json, path)
        items = section_items(json)
        if items is not None:
            new = [(key, self._with_blobs(child, (*path, key if type(key) is str else (key,)))) for key, child in items]
            return json if all(one[1] is two[1] for one, two in zip(items, new, strict=True)) else section_of(new)
        if type(json) is list:
            listed = [self._with_blobs(item, (*path, at)) for at, item in enumerate(json)]
            return json if all(one is two for one, two in zip(json, listed, strict=True)) else listed
        return json

    def _blob(self, json: dict[str, Any], path: Path) -> Any:
        try:
            content = loads(self._read_blob(str(json.get("sha256"))))
        except (GivensError, OSError) as error:
            self.unread[str(json.get("sha256"))] = str(error)
            return json
        new = self.rules.value(content, path)
        if new is content:
            return json
        text = dumps(new)
        if len(text.encode()) <= BLOB_BYTES:
            return new
        stored, name, made = to_blob(text)
        self.blobs[name] = made
        return stored

    def _rows(self, rows: Any, event: Event) -> Any:
        out = []
        for row in rows:
            path_json, value, *rest = row
            new = self.value(value, from_json(path_json))
            out.append([self._keys(path_json), new, *map(self._keys, rest)])
        return out

    def _spliced(self, values: Any, event: Event) -> Any:
        return self.value(values, from_json(event["p"]), first=event.get("at", 0))

    def _refused(self, value: Any, event: Event) -> Any:
        return self.value(value, from_json(event["p"]))

    def _results(self, results: Any, event: Event) -> Any:
        out: dict[str, Any] = {}
        for name, value in results.items():
            shown = self.rules.name(name)
            if shown != name:
                self._note("name of a result")
            out[shown if shown not in out else f"{shown}{len(out)}"] = self.value(value, (name,), "summary")
        return results if all(out.get(name) is value for name, value in results.items()) else out

    def _names(self, names: Any, event: Event) -> Any:
        return [self.rules.name(name) if type(name) is str else name for name in names]

    def _result_name(self, name: Any, event: Event) -> Any:
        return self.rules.name(name) if type(name) is str else name

    def _steps(self, pairs: Any, event: Event) -> Any:
        """The steps of an edit."""
        if type(pairs) is not list:
            return pairs
        return [
            [pair[0], [self._step(step) for step in pair[1]]]
            if type(pair) is list and len(pair) == 2 and type(pair[1]) is list
            else pair
            for pair in pairs
        ]

    def _step(self, step: Any) -> Any:
        if type(step) is not list or not step:
            return step
        verb, *rest = step
        if verb == "set" and len(rest) > 1 and is_path(rest[0]):
            return [verb, self._keys(rest[0]), self.value(rest[1], from_json(rest[0])), *self._texts(rest[2:], "edits")]
        if verb in ("delete", "rename"):
            return [verb, *(self._keys(each) if type(each) is list else each for each in rest)]
        return [verb, *self._texts(rest, str(verb))]

    # --- texts ----------------------------------------------------------------------------------------------------

    def _texts(self, json: Any, place: str) -> Any:
        """Every text in a member, at any depth."""
        if type(json) is str:
            new = self.rules.text(json)
            if new == json:
                return json
            self._note(place)
            return new
        if type(json) is list:
            listed = [self._texts(item, place) for item in json]
            return json if all(one is two for one, two in zip(json, listed, strict=True)) else listed
        if type(json) is dict:
            made = {self.rules.key(name): self._texts(item, place) for name, item in json.items()}
            return json if made.keys() == json.keys() and all(made[key] is json[key] for key in json) else made
        return json

    def _words(self, words: Any, event: Event) -> Any:
        new = self.rules.words(words) if type(words) is list else words
        if new is not words:
            self._note("argv")
        return new

    def _keys(self, path: Any) -> Any:
        """A key path, or lists of some: keys stay, but for a text that was given."""
        if not self.rules.has_texts:
            return path
        if type(path) is str:
            new = self.rules.key(path)
            if new != path:
                self._note("a key")
            return path if new == path else new
        if type(path) is not list:
            return path
        made = [self._keys(part) for part in path]
        return path if all(one is two for one, two in zip(path, made, strict=True)) else made

    def _paths(self, paths: Any, event: Event) -> Any:
        return self._keys(paths)

    def _told(self, told: Any, event: Event) -> Any:
        """Paths, each with a text."""
        return [[self._keys(path), self._texts(text, "descriptions")] for path, text in told]

    def _patch(self, patch: Any, event: Event) -> Any:
        return self._text_blob(patch, "patch")

    def _cells(self, cells: Any, event: Event) -> Any:
        return self._text_blob(cells, "cells")

    def _text_blob(self, said: Any, place: str) -> Any:
        """What is said of a text that lies among the large values: the working tree's patch, a notebook's cells."""
        if type(said) is not dict or type(said.get("sha256")) is not str:
            return said
        try:
            text = self._read_blob(said["sha256"]).decode("utf-8", "surrogateescape")
        except (GivensError, OSError) as error:
            self.unread[said["sha256"]] = str(error)
            return said
        shown = self.rules.text(text)
        if shown == text:
            return said
        from hashlib import sha256

        content = shown.encode("utf-8", "surrogateescape")
        name = sha256(content).hexdigest()
        self.blobs[name] = content
        self._note(place)
        made = {**said, "sha256": name, "bytes": len(content)}
        return {**made, "complete": False} if "complete" in said else made

    def _note(self, place: str) -> None:
        self.places[place] = self.places.get(place, 0) + 1


def scrubbed_bad_line(line: bytes, rules: ScrubRules, read_blob: ReadBlob) -> bytes:
    """A line that cannot be read, without what goes: as the event that it may have been, else as a text.

    Args:
        line: without its newline.
        rules: of its run.
        read_blob: gives the content of a large value.
    """
    text = line.decode("utf-8", "surrogateescape")
    with suppress(*_NO_EVENT):
        event = json.loads(text)
        new = EventScrub(rules, read_blob).event(event)
        if new is not event:
            text = dumps(new)
    # a value behind the path of its key, in what is left of a line
    shown = _BEHIND_KEY.sub(lambda found: f'{found[1]}"***"' if rules.is_secret_key(found["key"]) else found[0], text)
    return rules.text(shown).encode("utf-8", "surrogateescape")


def blobs_in(json: Any) -> set[str]:
    """The names of the large values that a part of an event refers to."""
    found: set[str] = set()
    waiting = [json]
    while waiting:
        here = waiting.pop()
        if type(here) is dict:
            if type(here.get("sha256")) is str:
                found.add(here["sha256"])
            waiting += [each for each in here.values() if type(each) in (dict, list)]
        elif type(here) is list:
            waiting += [each for each in here if type(each) in (dict, list)]
    return found


def _places(old: Any, new: Any, path: Path) -> Iterator[Path]:
    """The paths at which two encoded values differ: leaves, where both are sections or lists."""
    if old is new:
        return
    before, after = section_items(old), section_items(new)
    if before is not None and after is not None and len(before) == len(after):
        for (key, one), (_, two) in zip(before, after, strict=True):
            yield from _places(one, two, (*path, key if type(key) is str else (key,)))
    elif type(old) is list and type(new) is list and len(old) == len(new):
        for at, (one, two) in enumerate(zip(old, new, strict=True)):
            yield from _places(one, two, (*path, at))
    else:
        yield path


_MEMBERS: dict[tuple[str, str], Callable[[EventScrub, Any, Event], Any]] = {
    ("start", "argv"): EventScrub._words,
    ("start", "cells"): EventScrub._cells,
    ("set", "s"): EventScrub._rows,
    ("set", "d"): EventScrub._told,
    ("splice", "p"): EventScrub._paths,
    ("splice", "v"): EventScrub._spliced,
    ("delete", "p"): EventScrub._paths,
    ("lock", "p"): EventScrub._paths,
    ("refuse", "p"): EventScrub._paths,
    ("refuse", "v"): EventScrub._refused,
    ("log", "m"): EventScrub._results,
    ("summary", "m"): EventScrub._results,
    ("summary", "x"): EventScrub._names,
    ("metric", "name"): EventScrub._result_name,
    ("lossy", "p"): EventScrub._told,
    ("finish", "cells"): EventScrub._cells,
    ("finish", "refused"): EventScrub._paths,
    ("finish", "unread"): EventScrub._paths,
    ("finish", "asked"): EventScrub._paths,
    ("finish", "meant"): EventScrub._paths,
    ("edit", "e"): EventScrub._steps,
    ("undo", "of"): EventScrub._paths,
    ("code", "patch"): EventScrub._patch,
}
