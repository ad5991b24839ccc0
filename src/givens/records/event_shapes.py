"""The shapes that an event's members have: what checks and folds may rely on, whoever wrote the line.

A checksum says that a line is as it was written, not that givens wrote it. An event whose kind needs a member of
another shape is no event of that kind: its line is told as damaged, and breaks no other. What only describes a run (its
name, its host) is left out where it has another shape: readers do without it as they do where it is missing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .events import Event

Check = Callable[[Any], bool]

MAX_DEPTH = 300  # of sections and lists inside each other; the codec writes none deeper than a third of that


def problem_of(event: Event) -> str | None:
    """What is wrong with an event that its reader could not do without; None when nothing is.

    Members that only describe are taken out of it where they have another shape.
    """
    kind = event.get("k", "")
    if type(kind) is not str:
        return "its kind is no text"
    for name, check in _COMMON:
        if name in event and not check(event[name]):
            return f"its {name} is {_named(event[name])}"
    descriptive = _DESCRIPTIVE.get(kind)
    if descriptive is not None:
        for name in [name for name, check in descriptive if name in event and not check(event[name])]:
            del event[name]
        return None
    for name, check, needed in _NEEDED.get(kind, ()):
        if name in event:
            if not check(event[name]):
                return f"its {name} is not what an event of the kind {kind} has"
        elif needed:
            return f"it has no {name}, which an event of the kind {kind} has"
    return None


def _named(value: Any) -> str:
    return {dict: "an object", list: "a list", str: "a text", bool: "a boolean"}.get(type(value), "no number")


def _is_text(value: Any) -> bool:
    return type(value) is str


def _is_text_or_none(value: Any) -> bool:
    return value is None or type(value) is str


def _is_whole(value: Any) -> bool:
    return type(value) is int and -(2**63) <= value < 2**63


def _is_place(value: Any) -> bool:
    return type(value) is int and 0 <= value < 2**63


def _is_number(value: Any) -> bool:
    return type(value) is float or _is_whole(value)


def _is_moment(value: Any) -> bool:
    return value is None or (type(value) in (int, float) and -1e15 < value < 1e15)


def _is_whole_or_none(value: Any) -> bool:
    return value is None or _is_whole(value)


def _is_bool(value: Any) -> bool:
    return type(value) is bool


def _is_mapping(value: Any) -> bool:
    return type(value) is dict


def _is_list(value: Any) -> bool:
    return type(value) is list


def _is_texts(value: Any) -> bool:
    return type(value) is list and all(type(each) is str for each in value)


def _is_texts_or_none(value: Any) -> bool:
    return value is None or _is_texts(value)


def is_path(value: Any) -> bool:
    """Whether JSON is a path as a journal holds it: text, an index, or an int key in a list of its own."""
    if type(value) is not list or not 0 < len(value) <= MAX_DEPTH:
        return False
    for part in value:
        kind = type(part)
        if kind is str or (kind is int and part >= 0):
            continue
        if kind is not list or len(part) != 1 or type(part[0]) is not int:
            return False
    return True


def _is_paths(value: Any) -> bool:
    return type(value) is list and all(map(is_path, value))


def _is_told_paths(value: Any) -> bool:
    return type(value) is list and all(
        type(pair) is list and len(pair) == 2 and is_path(pair[0]) and type(pair[1]) is str for pair in value
    )


def _is_rows(value: Any) -> bool:
    """The rows of a set: path, value, origin number, and perhaps leaves with origins of their own."""
    if type(value) is not list:
        return False
    for row in value:
        if type(row) is not list or len(row) < 3 or type(row[2]) is not int or not is_path(row[0]):
            return False
        if not _is_value(row[1]):
            return False
        if len(row) > 3 and not (type(row[3]) is list and all(map(_is_finer, row[3]))):
            return False
    return True


def _is_finer(pair: Any) -> bool:
    return type(pair) is list and len(pair) == 2 and is_path(pair[0]) and type(pair[1]) is int


def is_shallow(value: Any) -> bool:
    """Whether a value is nested no deeper than ``MAX_DEPTH``, since folding it goes down as deep, and all of it is JSON."""
    level, depth = [value], 0
    while level:
        if depth > MAX_DEPTH:
            return False
        below: list[Any] = []
        for node in level:
            for child in node.values() if type(node) is dict else node:
                kind = type(child)
                if kind is dict or kind is list:
                    below.append(child)
                elif kind is float and child - child != 0.0:
                    return False
        level, depth = below, depth + 1
    return True


def _is_value(value: Any) -> bool:
    """A number too large for JSON's reader (``1e999``) is none that a writer of givens writes."""
    kind = type(value)
    if kind is float:
        return bool(value - value == 0.0)
    return (kind is not dict and kind is not list) or is_shallow(value)


def _is_values(value: Any) -> bool:
    return type(value) is list and is_shallow(value)


def _is_results(value: Any) -> bool:
    return type(value) is dict and all(map(_is_value, value.values()))


_COMMON: tuple[tuple[str, Check], ...] = (("n", _is_place), ("t", _is_text), ("dt", _is_moment))

#: kind -> member, its shape, whether the event says nothing without it
_NEEDED: dict[str, tuple[tuple[str, Check, bool], ...]] = {
    "set": (("s", _is_rows, False), ("o", _is_list, False), ("d", _is_told_paths, False)),
    "splice": (("p", is_path, True), ("at", _is_place, False), ("rm", _is_place, False), ("v", _is_values, False)),
    "delete": (("p", _is_paths, False),),
    "lock": (("p", _is_paths, False), ("by", _is_text_or_none, False)),
    "refuse": (("p", is_path, True), ("v", _is_value, False), ("by", _is_text_or_none, False)),
    "log": (("m", _is_results, False), ("step", _is_whole_or_none, False)),
    "summary": (("m", _is_results, False), ("x", _is_texts, False)),
    "lossy": (("p", _is_told_paths, False),),
    "scrub": (("p", _is_mapping, True), ("runs", _is_mapping, False), ("gone", _is_texts, False)),
}

_TEXTS = (
    *("run", "writer", "parent", "role", "host", "boot_id", "pid_namespace", "user", "script", "cwd", "python"),
    *("project", "name", "group", "job_type", "notes", "env", "join", "rerun_of", "launcher"),
)
#: kind -> members that describe
_DESCRIPTIVE: dict[str, tuple[tuple[str, Check], ...]] = {
    "start": (
        *((name, _is_text_or_none) for name in _TEXTS),
        *((name, _is_whole_or_none) for name in ("format", "pid", "session", "rank", "turn")),
        *((name, _is_mapping) for name in ("git", "jobs", "snapshot", "cells")),
        *((name, _is_list) for name in ("argv", "logs")),
        *(("started", _is_moment), ("tags", _is_texts_or_none)),
    ),
    "meta": (("name", _is_text_or_none), ("tags", _is_texts_or_none), ("notes", _is_text_or_none)),
    "exit": (("code", _is_whole_or_none),),
    "finish": (
        *((name, _is_text_or_none) for name in ("state", "error")),
        *((name, _is_whole_or_none) for name in ("code", "changes", "unread_total")),
        *((name, _is_list) for name in ("refused", "unread", "asked", "meant")),
        ("cells", _is_mapping),
    ),
}
