"""The fold: events -> state. Pure, total, and the only place where an event's meaning is written.

It works on encoded values, so that reading a run imports nothing that the run had. Deleting what is
absent does nothing; an event of an unknown kind is counted and passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ..keys import Path, from_json, key_of
from .change import MISSING, Change
from .encoded import BLOB, TAG, Tree, copied, leaves, plant
from .events import Event
from .origin import UNKNOWN, Origin
from .result import Result as Result
from .sessions import Session, begin_session, changed_since

ReadBlob = Callable[[str], bytes]


class RunState:
    """What the events of one writer (or one run) add up to.

    Attributes:
        start: the start event, or None when the first line was lost.
        config: the encoded configuration, sections as ``Tree``.
        origins: unit path -> origin of the present value. A unit is a leaf, or a list as a whole.
        descriptions: path -> help text.
        history: unit path -> changes, oldest first.
        locks: locked path -> owner.
        settled: the config as it was when it settled; None before.
        results: name -> ``Result``.
        goals: metric name -> ``min`` or ``max``.
        meta: name, tags, notes where they changed after the start.
        finish: the finish event, or None.
        lossy: path -> why the value is not exact.
        sessions: of a run that was resumed: the sessions before the present one.
        step: the greatest that a ``log`` had, from which a resumed run goes on; None before the first.
        last_s: when the last event came, in seconds since its session began.
    """

    def __init__(self, read_blob: ReadBlob | None = None) -> None:
        self.read_blob = read_blob
        self.start: Event | None = None
        self.config = Tree()
        self.origins: dict[Path, Origin] = {}
        self.descriptions: dict[Path, str] = {}
        self.history: dict[Path, list[Change]] = {}
        self.locks: dict[Path, str] = {}
        self.settled: Tree | None = None
        self.results: dict[str, Result] = {}
        self.goals: dict[str, str] = {}
        self.meta: dict[str, Any] = {}
        self.finish: Event | None = None
        self.exit_code: int | None = None
        self.last_at: str | None = None
        self.lossy: dict[Path, str] = {}
        self.events = 0
        self.unknown_kinds: set[str] = set()
        self.sessions: list[Session] = []
        self.step: int | None = None
        self.last_s: Any = 0.0

    def apply(self, event: Event, writer: str = "") -> None:
        """Take one event. Events of one writer come in the order of its lines."""
        self.events += 1
        if event.get("role") == "session" and self.start is not None:
            begin_session(self, event)
        self.last_at = event.get("t", self.last_at)
        self.last_s = event.get("dt", self.last_s)
        step = _STEPS.get(event.get("k", ""))
        if step is None:
            self.unknown_kinds.add(str(event.get("k")))
        else:
            step(self, event, writer or self._writer())

    def _writer(self) -> str:
        return str(self.start.get("writer", "")) if self.start else ""

    # --- kinds ----------------------------------------------------------------------------------------------------

    def _start(self, event: Event, writer: str) -> None:
        if not self.sessions:  # else it was put together with the first session's
            self.start = event

    def _set(self, event: Event, writer: str) -> None:
        origins = [Origin.from_json(data) for data in event.get("o", ())]
        layering = bool(event.get("l"))
        for path_json, value, number, *rest in event.get("s", ()):
            finer = {from_json(leaf): _numbered(origins, place) for leaf, place in rest[0]} if rest else {}
            path, origin = from_json(path_json), _numbered(origins, number)
            self._exact_again(path)
            self._put(path, plant(value), origin, event, writer, layering=layering, finer=finer)
        for path_json, text in event.get("d", ()):
            self.descriptions[from_json(path_json)] = text

    def _splice(self, event: Event, writer: str) -> None:
        path = from_json(event["p"])
        target = self._at(path)
        if type(target) is not list:
            return
        at = event.get("at", 0)
        gone = target[at : at + event.get("rm", 0)]
        come = [plant(value) for value in event.get("v", ())]
        target[at : at + len(gone)] = come
        origin = Origin.from_json(event.get("o"))
        self._note_inside((*path, at), "splice", gone, copied(come), origin, event, writer)

    def _exact_again(self, path: Path) -> None:
        """What was not exact at or below a path is gone; a value that comes in its place says so itself."""
        if self.lossy:
            for leaf in [leaf for leaf in self.lossy if leaf[: len(path)] == path]:
                del self.lossy[leaf]

    def _delete(self, event: Event, writer: str) -> None:
        origin = Origin.from_json(event.get("o"))
        for path_json in event.get("p", ()):
            self._exact_again(from_json(path_json))
            self._remove(from_json(path_json), origin, event, writer)

    def _lock(self, event: Event, writer: str) -> None:
        for path_json in event.get("p", ()):
            path = from_json(path_json)
            if event.get("by") is None:
                self.locks.pop(path, None)
            else:
                self.locks[path] = str(event["by"])

    def _refuse(self, event: Event, writer: str) -> None:
        path = from_json(event["p"])
        unit = unit_of(path)
        new = plant(event["v"]) if "v" in event else MISSING
        origin = Origin.from_json(event.get("o"))
        self._note(unit, "refused", self._value(unit), new, origin, event, writer, owner=event.get("by"))

    def _settle(self, event: Event, writer: str) -> None:
        if self.settled is None:
            self.settled = copied(self.config)
            if self.sessions:
                self._mark_changed(writer)

    def _mark_changed(self, writer: str) -> None:
        """What this session has changed of what an earlier one had settled is a change of mind."""
        for path in changed_since(self.sessions, self.config):
            entries = self.history.get(path, [])
            for at in range(len(entries) - 1, -1, -1):
                change = entries[at]
                if change.writer != writer:
                    break
                if change.action != "refused" and (change.below is not None or not same(change.old, change.new)):
                    entries[at] = change._replace(settled=True)
                    break

    def _log(self, event: Event, writer: str) -> None:
        step = event.get("step")
        if type(step) is int and (self.step is None or step > self.step):
            self.step = step
        for name, value in event.get("m", {}).items():
            result = self.results.get(name)
            if result is None:
                result = self.results[name] = Result()
            result.logged(value, step)

    def _summary(self, event: Event, writer: str) -> None:
        for name, value in event.get("m", {}).items():
            result = self.results.get(name)
            if result is None:
                result = self.results[name] = Result()
            result.last, result.last_step = value, None
        for name in event.get("x", ()):
            self.results.pop(name, None)

    def _metric(self, event: Event, writer: str) -> None:
        self.goals[str(event.get("name"))] = str(event.get("goal"))

    def _meta(self, event: Event, writer: str) -> None:
        self.meta.update({key: event[key] for key in ("name", "tags", "notes") if key in event})

    def _lossy(self, event: Event, writer: str) -> None:
        for path_json, reason in event.get("p", ()):
            self.lossy[from_json(path_json)] = reason

    def _exit(self, event: Event, writer: str) -> None:
        self.exit_code = event.get("code")

    def _finish(self, event: Event, writer: str) -> None:
        self.finish = event
        self._settle(event, writer)

    def _nothing(self, event: Event, writer: str) -> None:
        """A kind that another view reads."""

    # --- the tree -------------------------------------------------------------------------------------------------

    def _put(
        self,
        path: Path,
        new: Any,
        origin: Origin,
        event: Event,
        writer: str,
        *,
        layering: bool,
        finer: dict[Path, Origin],
    ) -> None:
        unit = unit_of(path)
        if len(unit) < len(path):
            self._put_in_list(path, new, origin, event, writer)
            return
        parent = self._section(path[:-1])
        key = key_of(path[-1])
        old = parent.get(key, MISSING)
        parent[key] = new
        if type(old) is not Tree and type(new) is not Tree:  # the common case, without walking
            if layering or old is MISSING or not same(old, new):
                self.origins[path] = origin
                self._note(path, "set", old, copied(new), origin, event, writer)
            return
        before = dict(leaves(old, path)) if old is not MISSING else {}
        after = dict(leaves(new, path))
        for leaf, value in before.items():
            if leaf not in after:
                self.origins.pop(leaf, None)
                if type(value) is not Tree and not any(path_below(leaf, other) for other in after):
                    self._note(leaf, "delete", value, MISSING, origin, event, writer)
        for leaf, value in after.items():
            was = before.get(leaf, MISSING)
            if layering or was is MISSING or not same(was, value):
                self.origins[leaf] = place = finer.get(leaf, origin)
                if type(value) is not Tree:
                    self._note(leaf, "set", was, copied(value), place, event, writer)

    def _put_in_list(self, path: Path, new: Any, origin: Origin, event: Event, writer: str) -> None:
        holder = self._at(path[:-1])
        key = key_of(path[-1])
        if type(holder) is list:
            if not isinstance(key, int) or not -len(holder) <= key < len(holder):
                return
            old = holder[key]
        elif type(holder) is Tree:
            old = holder.get(key, MISSING)
        else:
            return
        holder[key] = new
        self._note_inside(path, "set", old, copied(new), origin, event, writer)

    def _remove(self, path: Path, origin: Origin, event: Event, writer: str) -> None:
        unit = unit_of(path)
        holder = self._at(path[:-1])
        key = key_of(path[-1])
        if len(unit) < len(path):
            if type(holder) is Tree and key in holder:
                self._note_inside(path, "delete", holder.pop(key), MISSING, origin, event, writer)
            return
        if type(holder) is not Tree or key not in holder:
            return
        for leaf, value in leaves(holder.pop(key), path):
            self.origins.pop(leaf, None)
            if type(value) is not Tree:
                self._note(leaf, "delete", value, MISSING, origin, event, writer)

    def _section(self, path: Path) -> Tree:
        """The section at a path, made where it is missing; a leaf in the way is replaced, as the write was accepted."""
        here = self.config
        for part in path:
            key = key_of(part)
            child = here.get(key)
            if type(child) is not Tree:
                child = here[key] = Tree()
            here = child
        return here

    def _at(self, path: Path) -> Any:
        """The container at a path, with a blob on the way read in; MISSING when there is none."""
        here: Any = self.config
        for depth, part in enumerate(path):
            key = key_of(part)
            try:
                child = here[key]
            except (KeyError, IndexError, TypeError):
                return MISSING
            if type(child) is dict and child.get(TAG) == BLOB:
                child = self._read_in(child)
                here[key] = child
            if type(child) is not Tree and type(child) is not list:
                return child if depth == len(path) - 1 else MISSING
            here = child
        return here

    def _value(self, path: Path) -> Any:
        if not path:
            return MISSING
        holder = self._at(path[:-1])
        return holder.get(key_of(path[-1]), MISSING) if type(holder) is Tree else MISSING

    def _read_in(self, blob: dict[str, Any]) -> Any:
        import json

        if self.read_blob is None:
            return blob
        return plant(json.loads(self.read_blob(str(blob.get("sha256")))))

    # --- history --------------------------------------------------------------------------------------------------

    def _note_inside(
        self, path: Path, action: str, old: Any, new: Any, origin: Origin, event: Event, writer: str
    ) -> None:
        """Note a write inside a list under the list: what changed there, not two copies of a list that may be long."""
        unit = unit_of(path)
        self.origins[unit] = origin
        self._note(unit, action, old, new, origin, event, writer, below=path[len(unit) :])

    def _note(
        self,
        path: Path,
        action: str,
        old: Any,
        new: Any,
        origin: Origin,
        event: Event,
        writer: str,
        *,
        owner: str | None = None,
        below: Path | None = None,
    ) -> None:
        entries = self.history.get(path)
        if entries is None:
            entries = self.history[path] = []
        n, at = event.get("n", 0), event.get("t", "")
        settled = self.settled is not None and origin.kind != "edit"  # an edit is no change of mind of the run's
        entries.append(Change(path, action, old, new, origin, at, writer, n, settled, owner, below))


_STEPS: dict[str, Callable[[RunState, Event, str], None]] = {
    "start": RunState._start,
    "set": RunState._set,
    "splice": RunState._splice,
    "delete": RunState._delete,
    "lock": RunState._lock,
    "refuse": RunState._refuse,
    "settle": RunState._settle,
    "log": RunState._log,
    "summary": RunState._summary,
    "metric": RunState._metric,
    "meta": RunState._meta,
    "lossy": RunState._lossy,
    "exit": RunState._exit,
    "finish": RunState._finish,
    "dirty": RunState._nothing,
}


def fold(events: Iterable[Event], read_blob: ReadBlob | None = None, writer: str = "") -> RunState:
    """Fold events into the state they add up to.

    Args:
        events: in the order of their lines.
        read_blob: gives the bytes of a blob by its sha256; needed only where a write goes inside one.
        writer: id of the writer, where the start line does not say it.
    """
    state = RunState(read_blob)
    for event in events:
        state.apply(event, writer)
    return state


def _numbered(origins: list[Origin], number: int) -> Origin:
    return origins[number] if 0 <= number < len(origins) else UNKNOWN


def unit_of(path: Path) -> Path:
    """The path at which history and locks are kept: a list counts as a whole."""
    for at, part in enumerate(path):
        if type(part) is int:
            return path[:at]
    return path


def path_below(path: Path, prefix: Path) -> bool:
    """Whether ``path`` is strictly below ``prefix``."""
    return len(path) > len(prefix) and path[: len(prefix)] == prefix


def same(a: Any, b: Any) -> bool:
    """Whether two planted values have the same typed encoding: 2 is not 2.0, True is not 1, -0.0 is not 0.0."""
    if type(a) is not type(b):
        return False
    if isinstance(a, dict):
        return len(a) == len(b) and all(k == m and same(a[k], b[m]) for k, m in zip(a, b, strict=True))
    if type(a) is list:
        return len(a) == len(b) and all(map(same, a, b))
    if type(a) is float:
        return bool(a.hex() == b.hex())
    return bool(a == b)
