"""Where a value came from, and what it replaced: read off a folded state, live or stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from ..errors import KeyPathError, MissingKeyError
from ..keys import Path, as_path, format_path, key_of
from ..records.change import MISSING, Change
from ..records.encoded import BLOB, TAG, Tree, leaves, lift
from ..records.origin import Origin
from ..records.sessions import alike, began_at, writers_of
from ..records.state import RunState, path_below, unit_of

EDITED = "*edited"  #: the mark of what was changed after the run

_VALUE_WIDTH = 80
_INSIDE_WIDTH = 40
_WHOLE = 1 << 24
_PRESENT_WIDTH = 2000  #: the present value is what was asked for


class Explanation(NamedTuple):
    """Everything that is known of one key, or of one section.

    Args:
        path: the leaf, the list as a whole, or the section.
        value: the present value, encoded; ``MISSING`` when the key was deleted.
        origin: where the present value came from; None for a section and for a deleted key.
        description: the help text, if one was given.
        changes: what happened to the key, newest first. Of a section: to all keys in it.
        locked_by: owner of the lock that holds the key.
        lossy: why the value is not exact; None when it is.
        inside: for a section, the explanation of each key in it, in the order of the config.
        sessions: of a resumed run: writer -> number of its session, in order.
    """

    path: Path
    value: Any
    origin: Origin | None
    description: str | None
    changes: tuple[Change, ...]
    locked_by: str | None
    lossy: str | None
    inside: tuple[Explanation, ...] = ()
    sessions: Mapping[str, int] = MappingProxyType({})

    @property
    def earlier_session(self) -> int | None:
        """Of a resumed run: the session that gave the present value, where it is not the newest."""
        number = None if self.setter is None else self.sessions.get(self.setter.writer)
        return None if number is None or number == max(self.sessions.values()) else number

    @property
    def edited(self) -> bool:
        """Whether an edit changed it after the run; of a section, whether any did in it."""
        return any(change.origin.kind == "edit" for change in self.changes)

    @property
    def setter(self) -> Change | None:
        """The change that gave the present value; None when nothing did (a section, a damaged journal)."""
        if self.value is MISSING or self.inside:
            return None
        return next((change for change in self.changes if change.action in ("set", "splice", "delete")), None)

    def __str__(self) -> str:
        return self.text()

    def text(self, *, whole: bool = False) -> str:
        """What there is to say, in lines.

        Args:
            whole: cut no value, however long.
        """
        most = _WHOLE if whole else None
        return "\n".join(_section_lines(self, most) if self.inside else _lines(self, most))


def explain(state: RunState, key: str | Iterable[Any]) -> Explanation:
    """Explain one key, or every key of a section.

    Args:
        state: a folded run, or a live config's state.
        key: in the grammar of key paths (``train.lr``), or its parts. A place inside a list stands for the list.

    Raises:
        MissingKeyError: the key was never given; it suggests the nearest that was.
    """
    path = find_key(state, key)
    value = _value_at(state, path)
    if type(value) is Tree and value:
        return explain_section(state, path)
    return _explain_unit(state, path, value, writers_of(state))


def explain_section(state: RunState, path: Path) -> Explanation:
    """Explain a section by its keys; ``()`` is the whole configuration."""
    value = _value_at(state, path)
    sessions = writers_of(state)
    inside = tuple(_explain_unit(state, leaf, found, sessions) for leaf, found in leaves(value, path) if leaf != path)
    return Explanation(
        path=path,
        value=MISSING if value is MISSING else lift(value),
        origin=None,
        description=state.descriptions.get(path),
        changes=tuple(reversed(_history_below(state, path))),
        locked_by=_owner(state, path),
        lossy=None,
        inside=inside,
        sessions=sessions,
    )


def history(state: RunState, key: str | Iterable[Any] | None = None) -> list[Change]:
    """What happened to a key, to a section's keys, or to all of them; oldest first.

    Raises:
        MissingKeyError: the key was never given.
    """
    return _history_below(state, () if key is None else find_key(state, key))


def _history_below(state: RunState, path: Path) -> list[Change]:
    found = [
        change
        for unit, changes in state.history.items()
        if unit == path or path_below(unit, path)
        for change in changes
    ]
    # Times of different writers can be compared, their numbers cannot; within one writer numbers are exact.
    # Sessions have an order of their own, so that the clocks of two machines do not matter.
    begins: dict[str, str] = {}
    sessions = writers_of(state)
    for change in found:
        begins[change.writer] = min(begins.get(change.writer, change.at), change.at)
    began = {str(session.start.get("writer")): began_at(session.start) for session in state.sessions}
    if sessions:
        began[next(reversed(sessions))] = began_at(state.start or {})
        times = sorted(began.values())
        begins |= dict(zip(sessions, times, strict=True))
    return sorted(found, key=lambda change: (begins[change.writer], change.writer, change.n))


def find_key(state: RunState, key: str | Iterable[Any]) -> Path:
    """The unit (a leaf, a list as a whole, or a section) that a key names, present or deleted.

    Raises:
        MissingKeyError: the key was never given.
        KeyPathError: the key is empty.
    """
    path = as_path(key)
    if not path and not isinstance(key, str):
        raise KeyPathError("", 0, "a key path cannot be empty")
    # `config["a.b"] = 1` made the key "a.b"; who types a.b means it when there is no b in a
    for candidate in (path, (key,)) if isinstance(key, str) else (path,):
        unit = unit_of(candidate)
        if unit in state.history or (_value_at(state, unit) is not MISSING and _stands(state, candidate, unit)):
            return unit
        if any(path_below(other, candidate) for other in state.history):
            return candidate
    raise MissingKeyError(format_path(path), "", _known(state))


def _known(state: RunState) -> list[str]:
    return [
        format_path(path)
        for path in dict.fromkeys((*(leaf for leaf, _ in leaves(state.config) if leaf), *state.history))
    ]


def _stands(state: RunState, path: Path, unit: Path) -> bool:
    """Whether an index path names a list: ``lr[0]`` of a number names nothing."""
    value = _value_at(state, unit)
    return path == unit or type(value) is list or (type(value) is dict and value.get(TAG) == BLOB)


def _value_at(state: RunState, path: Path) -> Any:
    here: Any = state.config
    for part in path:
        if type(here) is not Tree:
            return MISSING
        here = here.get(key_of(part), MISSING)
    return here


def _owner(state: RunState, path: Path) -> str | None:
    for length in range(len(path) + 1):
        owner = state.locks.get(path[:length])
        if owner is not None:
            return owner
    return None


def _lossy(state: RunState, path: Path) -> str | None:
    if path in state.lossy:
        return state.lossy[path]
    inside = next(((where, why) for where, why in state.lossy.items() if path_below(where, path)), None)
    return f"{format_path(inside[0])}: {inside[1]}" if inside else None


def _explain_unit(state: RunState, path: Path, value: Any, sessions: dict[str, int]) -> Explanation:
    return Explanation(
        path=path,
        value=MISSING if value is MISSING else lift(value),
        origin=state.origins.get(path) if value is not MISSING else None,
        description=state.descriptions.get(path),
        changes=tuple(reversed(state.history.get(path, ()))),
        locked_by=_owner(state, path),
        lossy=_lossy(state, path) if value is not MISSING else None,
        sessions=sessions,
    )


# --- as text ------------------------------------------------------------------------------------------------------


def one_line(text: object) -> str:
    """Text that came from a file, fit for a terminal: control characters and the like are shown, not obeyed."""
    said = str(text)
    if said.isprintable():
        return said
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape", "backslashreplace").decode("ascii")
        for letter in said
    )


def local_time(at: str) -> str:
    """A journal's UTC time as the reader's clock shows it, to the second; text that is no such time stays as it is."""
    import time
    from calendar import timegm

    try:
        return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(timegm(time.strptime(at[:19], "%Y-%m-%dT%H:%M:%S"))))
    except (ValueError, TypeError, OverflowError):
        return one_line(at)


def shown_value(value: Any, limit: int = _VALUE_WIDTH) -> str:
    """A value of the fold, as Python would write it."""
    from ..codec import shown_json

    return "missing" if value is MISSING else one_line(shown_json(lift(value), limit))


def _lines(explanation: Explanation, most: int | None) -> Iterator[str]:
    name = one_line(format_path(explanation.path))
    setter = explanation.setter
    mark = f"  {EDITED}" if explanation.edited else ""
    if explanation.value is MISSING:
        yield f"{name}: not there any more{mark}"
    else:
        yield f"{name} = {shown_value(explanation.value, most or _PRESENT_WIDTH)}{mark}"
        yield f"    from {one_line(explanation.origin or 'unknown')}{_when(setter, explanation)}"
    if explanation.description:
        yield f"    {one_line(explanation.description)}"
    if explanation.locked_by is not None:
        yield f"    locked by {one_line(repr(explanation.locked_by))}"
    if explanation.lossy is not None:
        yield f"    not kept exactly: {one_line(explanation.lossy)}"
    earlier = [change for change in explanation.changes if change is not setter]
    if setter is not None and setter.below is not None:
        earlier = list(explanation.changes)  # a list: the change says what happened in it, the value above does not
    if earlier:
        yield "before, newest first:" if setter is not None and setter.below is None else "what happened, newest first:"
        yield from _table([told_change(change, explanation, most) for change in earlier])


def _when(change: Change | None, explanation: Explanation) -> str:
    if change is None:
        return ""
    session = explanation.sessions.get(change.writer)
    told = "" if session is None else f"  session {session} of {max(explanation.sessions.values())}"
    return f"  {local_time(change.at)}{told}" + ("  changed after the first log" if is_late(change) else "")


def is_late(change: Change) -> bool:
    """Whether a value was changed after the first log; one that came then was not, and is no change."""
    from ..codec import is_change_of_mind

    return change.settled and is_change_of_mind(change.action, change.old, change.new, change.below)


def told_change(change: Change, explanation: Explanation, most: int | None = None) -> tuple[str, str, str, str]:
    """A change in words: what, from where, when, marks; of a value so many characters at most."""
    session = explanation.sessions.get(change.writer)
    marks = [] if session is None else [f"session {session}"]
    if change.action == "refused":
        what = "deletion" if change.new is MISSING else shown_value(change.new, most or _VALUE_WIDTH)
        marks.append("refused" + (f": locked by {one_line(repr(change.owner))}" if change.owner is not None else ""))
    elif change.below is not None:
        what = _inside_text(change, most or _INSIDE_WIDTH)
    elif change.action == "delete":
        what = "deleted"
    else:
        what = shown_value(change.new, most or _VALUE_WIDTH)
    if is_late(change):
        marks.append("changed after the first log")
    return what, one_line(change.origin), local_time(change.at), ", ".join(marks)


def _inside_text(change: Change, most: int) -> str:
    at = one_line(format_path(change.below or ()))
    if change.action != "splice":
        return f"{at}: {shown_value(change.old, most)} -> {shown_value(change.new, most)}"
    went = f"- {shown_value(change.old, most)}" if change.old else ""
    came = f"+ {shown_value(change.new, most)}" if change.new else ""
    return f"{at}: {' '.join(bit for bit in (went, came) if bit) or 'nothing'}"


def _section_lines(explanation: Explanation, most: int | None) -> Iterator[str]:
    count = len(explanation.inside)
    name = one_line(format_path(explanation.path)) or "the configuration"
    yield f"{name}: {count} key{'' if count == 1 else 's'}"
    if explanation.description:
        yield f"    {one_line(explanation.description)}"
    rows = []
    for leaf in explanation.inside:
        replaced = replaced_values(leaf)
        marks = [EDITED] if leaf.edited else []
        marks += [f"{replaced} earlier value{'' if replaced == 1 else 's'}"] if replaced > 0 else []
        left = f"{one_line(format_path(leaf.path))} = {shown_value(leaf.value, most or _INSIDE_WIDTH)}"
        rows.append((left, one_line(leaf.origin or "unknown"), ", ".join(marks)))
    yield from _table(rows)


def replaced_values(leaf: Explanation) -> int:
    """How many earlier values a key had. What a resumed run was given once more, the same, is none."""
    own = [change for change in leaf.changes if change.action == "set"]
    if leaf.sessions:
        own = [change for change in own if change.old is MISSING or not alike(change.old, change.new)]
    return len(own) - 1


def _table(rows: list[Any]) -> Iterator[str]:
    """Rows of cells as aligned lines; a very wide cell does not push the others out."""
    widths = [min(max(len(row[at]) for row in rows), 44) for at in range(len(rows[0]))] if rows else []
    for row in rows:
        yield "    " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
