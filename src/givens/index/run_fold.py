"""The fold as the index needs it: what ``RunState`` adds up to, without history before the config settled.

``RunState`` says what events mean. This class takes short cuts where they cannot be told from it, and a test holds
that: a key set for the first time leaves no history anybody asks the index for, and the settled config is copied only
when something is about to change it.
"""

from __future__ import annotations

from typing import Any

from ..codec import is_change_of_mind
from ..errors import GivensError
from ..keys import Path, from_json
from ..records.change import MISSING
from ..records.encoded import TAG, Tree, copied, leaves, lift, plant
from ..records.events import Event
from ..records.origin import Origin
from ..records.sessions import changed_since, earlier_s
from ..records.state import ReadBlob, Result, RunState

#: what a journal's line may raise when it checks but was not written by givens
FOREIGN = (KeyError, IndexError, TypeError, ValueError, AttributeError, RecursionError, OverflowError, GivensError)

_CONFIG_EVENTS = frozenset(("set", "splice", "delete", "refuse"))
_RESULT_EVENTS = frozenset(("log", "summary"))


class Noted:
    """Something that happened to a key which the index tells of: a change of mind, or a refused write."""

    __slots__ = ("action", "at", "path")

    def __init__(self, path: Path, action: str, at: str) -> None:
        self.path, self.action, self.at = path, action, at


class Points:
    """The points of one metric: steps, seconds since the run's start, encoded values."""

    __slots__ = ("seconds", "steps", "values")

    def __init__(self) -> None:
        self.steps: list[Any] = []
        self.seconds: list[Any] = []
        self.values: list[Any] = []


class RunFold(RunState):
    """One writer's events, as the index needs them.

    ``config`` and ``origins`` are filled by ``plant_all``: until an event asks for more, the configuration is ``raw``.

    Attributes:
        raw: the configuration as the journal holds it, while all there is of it are top-level keys set once.
        places: for each key of ``raw``, the origin of its values, and of leaves with one of their own.
        noted: changes of mind and refused writes, oldest first.
        points: metric name -> what was logged, of the events applied here.
        failed: how many events could not be applied.
        before_s: how long the sessions before the present one went on, in seconds.
        edited_until: time of the edits that are laid over it already.
    """

    def __init__(self, read_blob: ReadBlob | None = None) -> None:
        super().__init__(read_blob)
        self.raw: dict[str, Any] | None = {}
        self.places: dict[str, tuple[Origin, dict[Path, Origin]]] = {}
        self.noted: list[Noted] = []
        self.points: dict[str, Points] = {}
        self.failed = 0
        self.before_s = 0.0
        self.edited_until = ""
        self._settled_is_config = False

    def take(self, event: Event) -> None:
        """Apply one event; one that is not what its kind says is counted and passed over."""
        kind = event.get("k")
        try:
            if kind == "log":
                self._count(event)
                self._log(event, "-")
            elif kind == "set" and self.settled is None:
                self._count(event)
                self._set(event, "-")
            elif kind == "settle":
                self._count(event)
                self._settle(event, "-")
            else:
                if kind == "start" and self.start is not None:
                    self._resume()
                if kind in _CONFIG_EVENTS:
                    self.plant_all()
                    if self._settled_is_config:
                        self.settled, self._settled_is_config = copied(self.config), False
                self.apply(event, "-")
        except FOREIGN:
            self.failed += 1

    def _resume(self) -> None:
        """Another session begins: what the one before settled is kept for it to be held against."""
        self.plant_all()
        if self._settled_is_config:
            self.settled, self._settled_is_config = copied(self.config), False
        lasted_s = self.last_s if isinstance(self.last_s, int | float) else 0.0
        self.before_s = earlier_s(self.sessions) + lasted_s

    def take_again(self, event: Event) -> None:
        """Apply an event that was folded before, when only the configuration is to be put together again."""
        if event.get("k") not in _RESULT_EVENTS:
            self.take(event)

    @property
    def settled_config(self) -> Tree | None:
        """The configuration as it settled, where it is another than the present one."""
        return None if self._settled_is_config else self.settled

    @property
    def document(self) -> Any:
        """The configuration, encoded."""
        return self.raw if self.raw is not None and TAG not in self.raw else lift(self.plant_all().config)

    def plant_all(self) -> RunFold:
        """Fill ``config`` and ``origins``, as ``RunState`` would have."""
        if self.raw is not None:
            raw, self.raw = self.raw, None
            for key, value in raw.items():
                origin, finer = self.places[key]
                self._plant(key, plant(value), origin, finer)
        return self

    def _plant(self, key: str, new: Any, origin: Origin, finer: dict[Path, Origin]) -> None:
        path = (key,)
        self.config[key] = new
        if type(new) is Tree:
            for leaf, _ in leaves(new, path):
                self.origins[leaf] = finer.get(leaf, origin)
        else:
            self.origins[path] = origin

    # --- short cuts -----------------------------------------------------------------------------------------------

    def _count(self, event: Event) -> None:
        self.events += 1
        self.last_at = event.get("t", self.last_at)
        self.last_s = event.get("dt", self.last_s)

    def _settle(self, event: Event, writer: str) -> None:
        if self.settled is None:
            self.settled, self._settled_is_config = self.config, True
            if self.sessions:
                now = dict(leaves(self.config))
                for path in changed_since(self.sessions, self.config):
                    self.noted.append(Noted(path, "set" if path in now else "delete", str(event.get("t", ""))))

    def _set(self, event: Event, writer: str) -> None:
        rows = event.get("s", ())
        taken = self._take_raw(rows, event) if self.raw is not None and not self.lossy else 0
        if taken < len(rows):
            self.plant_all()
            super()._set({**event, "s": rows[taken:]}, writer)
        elif "d" in event:
            super()._set({"d": event["d"]}, writer)

    def _take_raw(self, rows: list[Any], event: Event) -> int:
        """Take the first rows of an event as long as each sets a top-level key for the first time; how many."""
        origins = [_origin(members) for members in event.get("o", ())]
        count, raw, places = len(origins), self.raw, self.places
        assert raw is not None
        for taken, row in enumerate(rows):
            path_json, value, number = row[0], row[1], row[2]
            key = path_json[0]
            if len(path_json) != 1 or type(key) is not str or key in raw or not 0 <= number < count:
                return taken
            finer = _NONE
            if len(row) > 3:
                if not all(0 <= place < count for _, place in row[3]):
                    return taken
                finer = {from_json(leaf): origins[place] for leaf, place in row[3]}
            places[key] = origins[number], finer
            raw[key] = value
        return len(rows)

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
        late = self.settled is not None and origin.kind != "edit"
        if action == "refused" or (late and is_change_of_mind(action, old, new, below)):
            self.noted.append(Noted(path, action, str(event.get("t", ""))))

    # --- results --------------------------------------------------------------------------------------------------

    def _log(self, event: Event, writer: str) -> None:
        step, seconds = event.get("step"), event.get("dt")
        if self.before_s and isinstance(seconds, float):
            seconds += self.before_s
        results, courses = self.results, self.points
        for name, value in event.get("m", {}).items():
            result = results.get(name)
            if result is None:
                result = results[name] = Result()
            result.logged(value, step)
            points = courses.get(name)
            if points is None:
                points = courses[name] = Points()
            points.steps.append(step)
            points.seconds.append(seconds)
            points.values.append(value)

    def carried(self) -> list[Any]:
        """What the results of a growing file are carried on from, as JSON."""
        return [
            [
                *(name, None if found.last is MISSING else found.last, found.last_step, found.min, found.min_step),
                *(found.max, found.max_step, found.count),
            ]
            for name, found in self.results.items()
        ]

    def carry_on(self, carried: list[Any]) -> None:
        """Begin with results that were folded before."""
        for name, last, last_step, low, low_step, high, high_step, count in carried:
            found = self.results[name] = Result()
            found.last, found.last_step, found.count = last, last_step, count
            found.min, found.min_step, found.max, found.max_step = low, low_step, high, high_step


_NONE: dict[Path, Origin] = {}
_origins: dict[tuple[Any, ...], Origin] = {}
_MANY_ORIGINS = 8192


def _origin(members: Any) -> Origin:
    """An origin from its JSON; the runs of a project share most of theirs."""
    try:
        key = tuple(members.items())
        found = _origins.get(key)
    except (TypeError, AttributeError):  # no origin that givens wrote
        return Origin.from_json(members)
    if found is None:
        if len(_origins) >= _MANY_ORIGINS:
            _origins.clear()
        found = _origins[key] = Origin.from_json(members)
    return found
