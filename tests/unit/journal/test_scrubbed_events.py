"""Events as a scrub leaves them: whatever may refer to a large value is looked into."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from typing import Any

import pytest

from givens.codec import to_blob
from givens.codec.scrub_rules import ScrubRules, Wanted
from givens.journal.scrubbed_events import EventScrub, blobs_in
from givens.records.events import KINDS

SECRET = "correct-horse-battery"
#: what refers to a large text, by the format's reference: kind and member
TEXTS = [
    (kind, member)
    for kind, members in KINDS.items()
    for member in re.findall(r"(\w+): (?:\{sha256 of the blob|as in start)", members)
]
#: and to a value: kind -> its members with a place for one
VALUES: dict[str, Any] = {
    "set": lambda value: {"s": [[["a"], value, 0]], "o": [{"kind": "code"}]},
    "splice": lambda value: {"p": ["a"], "at": 0, "v": [value]},
    "refuse": lambda value: {"p": ["a"], "v": value},
    "log": lambda value: {"m": {"loss": value}, "step": 1},
    "summary": lambda value: {"m": {"loss": value}},
    "edit": lambda value: {"e": [[["aaa"], [["set", ["a"], value]]]]},
}


def scrub_of(blobs: dict[str, bytes]) -> EventScrub:
    return EventScrub(ScrubRules(Wanted(None, (), (SECRET,))), lambda name: blobs[name])


def test_the_reference_names_what_refers_to_a_text() -> None:
    assert TEXTS == [("start", "cells"), ("finish", "cells"), ("code", "patch")]
    told = {kind for kind, members in KINDS.items() if re.search(r"\bvalues?\b", members)}
    assert told <= {*VALUES, "start", "machine", "scrub"}  # variables of schedulers, and what scrubs put in place


@pytest.mark.parametrize(("kind", "member"), TEXTS)
def test_a_text_among_the_large_values_is_looked_into(kind: str, member: str) -> None:
    text = f"# In [1]\nlogin({SECRET!r})\n".encode() + b"\xe9\n"
    name = sha256(text).hexdigest()
    scrub = scrub_of({name: text})
    event = {"k": kind, "n": 1, member: {"sha256": name, "bytes": len(text), "count": 1}}
    new = scrub.event(event)
    (made,) = scrub.blobs.values()
    assert made == text.replace(SECRET.encode(), b"***") and blobs_in(new) == set(scrub.blobs)
    assert new[member] == {"sha256": sha256(made).hexdigest(), "bytes": len(made), "count": 1}
    assert scrub.places == {member: 1} and scrub_of(scrub.blobs).event(new) is new


@pytest.mark.parametrize("kind", VALUES)
def test_a_large_value_is_looked_into(kind: str) -> None:
    stored, name, content = to_blob(json.dumps({"note": f"see {SECRET}", "text": "x" * 70_000}, separators=(",", ":")))
    scrub = scrub_of({name: content})
    new = scrub.event({"k": kind, "n": 1, **VALUES[kind](stored)})
    (made,) = scrub.blobs.values()
    assert SECRET.encode() not in made and blobs_in(new) == set(scrub.blobs)


def test_one_that_cannot_be_read_is_named_and_stays() -> None:
    def gone(name: str) -> bytes:
        raise FileNotFoundError(2, "No such file", name)

    scrub = EventScrub(ScrubRules(Wanted(None, (), (SECRET,))), gone)
    event = {"k": "start", "n": 0, "cells": {"sha256": "a" * 64, "bytes": 7, "count": 1}}
    assert scrub.event(event) is event and list(scrub.unread) == ["a" * 64]
