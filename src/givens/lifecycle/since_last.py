"""What differs from the project's last run before this job: one line, at init or at the first log."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from ..codec import encode
from ..configs import place as places
from ..errors import GivensError
from ..journal.heads import Head, read_head, write_head
from ..keys import Path, format_path
from ..records.change import MISSING
from ..records.encoded import leaves, plant
from .current import current
from .lines import say

if TYPE_CHECKING:
    from ..configs.door import Door
    from .run import Run

_LONG = 10_000  # items or characters; a hint is not worth encoding more

#: a loop of short runs writes a head this often, and its last one at the end
_PAUSE_S = 1.0


class _Difference(NamedTuple):
    """Where a run and its project's last one differ: the values of both at each path."""

    before: Any
    now: Any


def say_at_start(run: Run) -> str | None:
    """For the start line, where the config came with ``init``: what of it differs from the last run.

    Keys that only the last run has are left for the first log: the script may be about to set them.

    Returns:
        ``2 keys differ from calm-otter-k7f2: lr 0.1→0.01, …``; None without an earlier run, or without a difference.
    """
    if run.disabled or run.settings.silent or not len(run.config):
        return None
    found = _differences(run)
    run.differences_said = {path: each for path, each in found.items() if each.now is not MISSING}
    return _line(run, run.differences_said)


def _differences(run: Run) -> dict[Path, _Difference]:
    head = _head(run)
    if head is None:
        return {}
    before = dict(leaves(plant(head.config)))
    try:
        now = dict(leaves(plant(_encoded(run.door))))
    except GivensError:  # such as an object that was made to contain itself: what it is now is nothing to compare
        return {}
    pairs = {path: _Difference(before.get(path, MISSING), now.get(path, MISSING)) for path in {**before, **now} if path}
    # what has become too long for a hint is not gone
    differing = {
        path: pair
        for path, pair in pairs.items()
        if not _alike(pair) and not (pair.now is MISSING and run.door.at(path) is not MISSING)
    }
    if differing and run.settings.ignore:
        from ..keys import covered

        differing = {path: pair for path, pair in differing.items() if not covered(path, run.settings.ignore)}
    return differing


def _line(run: Run, differences: dict[Path, _Difference], *, more: bool = False) -> str | None:
    head = _head(run)
    if head is None or not differences:
        return None
    first = [f"{format_path(path)} {_shown(pair.before)}→{_shown(pair.now)}" for path, pair in differences.items()][:5]
    verb = "key differs" if len(differences) == 1 else "keys differ"
    count = f"{len(differences)} {'more ' if more else ''}{verb}"
    return f"{count} from {head.name}: {', '.join(first)}{', …' if len(differences) > 5 else ''}"


def _line_after(run: Run) -> str | None:
    """What the start line did not say, or said and is no longer so: ``init`` may see half of a config."""
    said, differing = run.differences_said, _differences(run)
    fresh = {path: pair for path, pair in differing.items() if not _said(said.get(path), pair)}
    text = _line(run, fresh, more=bool(said))
    head, alike = _head(run), [format_path(path) for path in said if path not in differing]
    if not alike or head is None:
        return text
    names = f"{', '.join(alike[:5])}{', …' if len(alike) > 5 else ''}"
    return f"{text}; the same after all: {names}" if text else f"the same as in {head.name} after all: {names}"


def settled(run: Run) -> None:
    """The config is complete: say what differs if that was not said yet, and make the run its project's head."""
    if run.disabled or run.pid != os.getpid():
        return
    if run.rank:  # the project's last run is what rank 0 says it is
        from .ranks import compare_with_leader

        compare_with_leader(run)
        return
    if not run.settings.silent:
        text = _line_after(run)
        if text:
            say(text)
    _head(run)  # what was there before this process is read before it is replaced
    now_s = time.monotonic()
    key = (run.store.path, run.project)
    if now_s - current.heads_written_at_s.get(key, -_PAUSE_S) < _PAUSE_S:
        current.heads_waiting[key] = run
        return
    current.heads_waiting.pop(key, None)
    current.heads_written_at_s[key] = now_s
    _write(run)


def write_what_waits() -> None:
    """At the end of the program: the heads that were put off."""
    for run in current.heads_waiting.values():
        if run.pid == os.getpid():
            _write(run)
    current.heads_waiting.clear()


def _write(run: Run) -> None:
    try:
        write_head(run.store, run.project, str(run.start["host"]), Head(run.id, run.name, _encoded(run.door)))
    except (OSError, GivensError):
        return  # a hint; the journal has said what is wrong with the store


def _head(run: Run) -> Head | None:
    if run.earlier is not None:  # a resumed run is held against its own session before
        return run.earlier
    key = (run.store.path, run.project)
    if key not in current.heads_before:
        current.heads_before[key] = read_head(run.store, run.project, str(run.start["host"]))
    return current.heads_before[key]


def _alike(pair: _Difference) -> bool:
    return pair.before is not MISSING and pair.now is not MISSING and _same(pair.before, pair.now)


def _said(said: _Difference | None, pair: _Difference) -> bool:
    return said is not None and pair.now is not MISSING and _same(said.now, pair.now)


def _same(one: Any, other: Any) -> bool:
    from ..codec import same_value  # a project's first run has nothing to compare

    return same_value(one, other)


def _shown(value: Any) -> str:
    from ..codec import shown_json  # the largest file of the room, for runs that differ only

    return "nothing" if value is MISSING else shown_json(value, 40)


def _encoded(door: Door) -> dict[str, Any]:
    """The config as encoded sections, without what is too long for a hint."""
    root: Any = door.root
    encoded: dict[str, Any] = encode(_short(root), (), door.redaction).json
    return encoded


def _short(section: Any) -> dict[Any, Any]:
    out: dict[Any, Any] = {}
    for key, value in list(dict.items(section)):
        if isinstance(value, dict) and places.is_container(value):
            out[key] = _short(value)
        elif not _is_long(value):
            out[key] = value
    return out


def _is_long(value: Any) -> bool:
    size = getattr(value, "nbytes", None)
    if size is None:
        size = len(value) if isinstance(value, str | bytes | list | tuple | dict | set | frozenset) else 0
    return not isinstance(size, int) or size > _LONG
