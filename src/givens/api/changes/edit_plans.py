"""What an edit of many runs would change, run by run, before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from ...codec import Redaction, encode
from ...configs.explanation import one_line, shown_value
from ...configs.neighbours import veiled
from ...configs.recording import StoreBlob, blobbed
from ...keys import Path, format_path
from ...query.known import UnknownKey
from ...records.change import MISSING
from ...records.edits import RunEdit, apply_edits, value_at
from ...records.encoded import Tree, lift, plant
from ...records.state import ReadBlob, RunState, same, unit_of
from .edit_requests import Wanted
from .retyping import Misfit, retyped

_SHOWN_RUNS = 20
_VALUE_WIDTH = 40


class KeyChange(NamedTuple):
    """One thing that changes in one run.

    Args:
        action: ``set``, ``rename``, ``retype``, ``delete``, ``tag``, ``notes``, ``name``, ``remove`` or ``restore``.
        what: ``config.lr``, ``tags``, ``notes`` … as text; empty for a run as a whole.
        old: what stands there now, encoded; ``MISSING`` for nothing.
        new: what will.
        to: the new key of a rename, as text.
    """

    action: str
    what: str
    old: Any = MISSING
    new: Any = MISSING
    to: str | None = None

    def __str__(self) -> str:
        if self.action == "rename":
            return f"{self.what} -> {self.to} ({shown_value(self.old, _VALUE_WIDTH)})"
        if not self.what:
            return self.action
        if self.action == "delete":
            return f"{self.what}: {shown_value(self.old, _VALUE_WIDTH)} deleted"
        return f"{self.what}: {shown_value(self.old, _VALUE_WIDTH)} -> {shown_value(self.new, _VALUE_WIDTH)}"


class RunChange(NamedTuple):
    """What changes in one run.

    Args:
        id: its id.
        name: its name.
        changes: what changes; empty when nothing does.
        skipped: what was asked for and cannot be done here, each with the reason.
        steps: what is written, as ``records.edits`` reads it.
    """

    id: str
    name: str
    changes: tuple[KeyChange, ...]
    skipped: tuple[str, ...]
    steps: tuple[list[Any], ...]


class EditPlan(NamedTuple):
    """What an edit changes, or, with ``edit_id`` None, would change.

    Args:
        runs: the runs in which something changes.
        skipped: the runs in which something asked for cannot be done; some of them are in ``runs`` as well.
        looked_at: how many runs were looked at.
        edit_id: the id of the edit once it is written; ``givens.undo_edit`` takes it.
        problems: what went wrong on the way without stopping it, such as a file that could not be moved.
        unknown: keys that were named and that no run has.
    """

    runs: tuple[RunChange, ...]
    skipped: tuple[RunChange, ...]
    looked_at: int
    edit_id: str | None = None
    problems: tuple[str, ...] = ()
    unknown: tuple[UnknownKey, ...] = ()

    def __str__(self) -> str:
        return "\n".join(self.lines())

    @property
    def notes(self) -> tuple[str, ...]:
        """A sentence for each key that was named and that no run has."""
        return tuple(map(str, self.unknown))

    def lines(self, limit: int = _SHOWN_RUNS) -> Iterator[str]:
        """The plan for people: a line a change, at most so many runs."""
        for run in self.runs[:limit]:
            for change in run.changes:
                yield one_line(f"{run.id}  {run.name}  {change}")
        if len(self.runs) > limit:
            yield f"… and {len(self.runs) - limit} more runs"
        for run in self.skipped[:limit]:
            for reason in run.skipped:
                yield one_line(f"{run.id}  {run.name}  left alone: {reason}")
        if len(self.skipped) > limit:
            yield f"… and {len(self.skipped) - limit} more runs left alone"
        yield self.tally()

    def tally(self) -> str:
        """One line: how many runs change."""
        if not self.runs:
            return f"nothing to change in {self.looked_at} run{'' if self.looked_at == 1 else 's'}"
        count = "1 run" if len(self.runs) == 1 else f"{len(self.runs)} runs"
        verb = "changed" if self.edit_id else "would change"
        line = f"{count} of {self.looked_at} {verb}"
        return f"{line}; `givens undo {self.edit_id[:8]}` takes it back" if self.edit_id else line

    def to_json(self) -> dict[str, Any]:
        """``{"edit", "looked_at", "runs": [{"id", "name", "changes", "skipped"}], "skipped": […], "problems", "notes"}``."""
        return {
            "edit": self.edit_id,
            "looked_at": self.looked_at,
            "runs": [_run_json(run) for run in self.runs],
            "skipped": [_run_json(run) for run in self.skipped],
            "problems": list(self.problems),
            "notes": list(self.notes),
        }


def _run_json(run: RunChange) -> dict[str, Any]:
    from ..shapes import value_json

    return {
        "id": run.id,
        "name": run.name,
        "changes": [
            {
                "action": change.action,
                "what": change.what,
                "old": value_json(change.old),
                "new": value_json(change.new),
                "to": change.to,
            }
            for change in run.changes
        ],
        "skipped": list(run.skipped),
    }


class Planner:
    """Plans the same changes for one run after another.

    Args:
        wanted: what is asked for.
        redaction: what is secret in the values that come.
        read_blob: gives large values back.
        store_blob: takes large values; None while nothing is to be written.
    """

    def __init__(
        self, wanted: Wanted, redaction: Redaction, read_blob: ReadBlob, store_blob: StoreBlob | None = None
    ) -> None:
        self.wanted = wanted
        self.redaction = redaction
        self.read_blob = read_blob
        self.store_blob = store_blob
        self._encoded = {path: encode(value, path, redaction) for path, value in wanted.set.items()}

    def plan(
        self, run_id: str, name: str, config: dict[str, Any], tags: Iterable[str] = (), notes: str | None = None
    ) -> RunChange:
        """What changes in one run, whose configuration is given encoded."""
        one = _OneRun(self, config)
        for old, new in self.wanted.rename.items():
            one.rename(old, new)
        for path, kind in self.wanted.retype.items():
            one.retype(path, kind)
        for path in self.wanted.set:
            one.put(path)
        for path in self.wanted.delete:
            one.delete(path)
        one.say(name, list(tags), notes)
        return RunChange(run_id, name, tuple(one.changes), tuple(one.skipped), tuple(one.steps))

    def value_for(self, state: RunState, path: Path) -> tuple[Any, tuple[tuple[Path, str], ...]]:
        """The encoded value to set at a path of one run, and what of it is lossy: what stands beside it may make it secret."""
        encoded = self._encoded[path]
        value = self.wanted.set[path]
        beside = value_at(state, path[:-1]) if len(path) > 1 else state.config
        shown = veiled(beside, value, path, self.redaction) if type(beside) in (Tree, list) else value
        json = encoded.json if shown is value else encode(shown, path, self.redaction).json
        return blobbed(json, self.store_blob), encoded.lossy


class _OneRun:
    """One run's changes, each made on what the ones before left."""

    def __init__(self, planner: Planner, config: dict[str, Any]) -> None:
        self.planner = planner
        self.state = RunState(planner.read_blob)
        planted = plant(config)
        self.state.config = planted if type(planted) is Tree else Tree()
        self.changes: list[KeyChange] = []
        self.skipped: list[str] = []
        self.steps: list[list[Any]] = []

    def _do(self, change: KeyChange, *steps: list[Any]) -> None:
        self.changes.append(change)
        self.steps += steps
        apply_edits(self.state, [RunEdit("", 0, "", None, steps)])

    def _skip(self, path: Path, reason: str) -> None:
        self.skipped.append(f"config.{format_path(path)}: {reason}")

    def rename(self, old: Path, new: Path) -> None:
        """Move a key or section."""
        value = value_at(self.state, old)
        if value is MISSING or old == new:
            return
        standing = value_at(self.state, new)
        if standing is not MISSING and not self.planner.wanted.replace:
            self._skip(old, f"config.{format_path(new)} is there already ({shown_value(standing, _VALUE_WIDTH)})")
            return
        blocked = None if new[: len(old)] == old else self._blocked(new)
        if blocked is not None:
            self._skip(old, blocked)
            return
        change = KeyChange("rename", _named(old), lift(value), lift(value), _named(new))
        self._do(change, ["rename", list(old), list(new)])

    def retype(self, path: Path, kind: str) -> None:
        """Give a value another type."""
        value = value_at(self.state, path)
        if value is MISSING:
            return
        old = lift(value)
        new = retyped(old, kind)
        if isinstance(new, Misfit):
            self._skip(path, f"{shown_value(old, _VALUE_WIDTH)} as {kind}: {new.reason}")
        elif not same(value, plant(new)):
            self._do(KeyChange("retype", _named(path), old, new), ["set", list(path), new, f"as {kind}"])

    def put(self, path: Path) -> None:
        """Set a value."""
        new, lossy = self.planner.value_for(self.state, path)
        old = value_at(self.state, path)
        if old is not MISSING and same(old, plant(new)):
            return
        if unit_of(path) != path and old is MISSING:
            self._skip(path, "there is no such place")
            return
        blocked = self._blocked(path)
        if blocked is not None:
            self._skip(path, blocked)
            return
        inexact = [["lossy", list(leaf), reason] for leaf, reason in lossy]
        self._do(KeyChange("set", _named(path), _lifted(old), new), ["set", list(path), new], *inexact)

    def delete(self, path: Path) -> None:
        """Take a key or section out."""
        old = value_at(self.state, path)
        if old is not MISSING:
            self._do(KeyChange("delete", _named(path), lift(old)), ["delete", list(path)])

    def say(self, name: str, tags: list[str], notes: str | None) -> None:
        """Tags, notes and name."""
        wanted, hide = self.planner.wanted, self.planner.redaction.text
        come, go = [hide(tag) for tag in wanted.tag], list(wanted.untag)
        kept = [tag for tag in tags if tag not in go]
        after = [*kept, *(tag for tag in dict.fromkeys(come) if tag not in kept)]
        if after != tags:
            self._do(KeyChange("tag", "tags", tags, after), ["tag", come, go])
        new = MISSING if wanted.notes is None else hide(wanted.notes) or None
        if new is not MISSING and new != notes:
            self._do(KeyChange("notes", "notes", MISSING if notes is None else notes, new), ["notes", new])
        if wanted.name is not None and wanted.name != name:
            self._do(KeyChange("name", "name", name, hide(wanted.name)), ["name", hide(wanted.name)])

    def _blocked(self, path: Path) -> str | None:
        """What stands in the way of a path: a value where a section would have to be."""
        for length in range(1, len(path)):
            above = value_at(self.state, path[:length])
            if above is MISSING:
                return None
            if type(above) is not Tree and type(above) is not list:
                return f"config.{format_path(path[:length])} is {shown_value(above, _VALUE_WIDTH)}, no section"
        return None


def _named(path: Path) -> str:
    return f"config.{format_path(path)}"


def _lifted(value: Any) -> Any:
    return value if value is MISSING else lift(value)
