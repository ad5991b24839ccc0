"""A grid of values: the combinations of some keys' values, one run each."""

from __future__ import annotations

import hashlib
import itertools
import os
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from ..api.asking import Asking
from ..api.run_table import RunTable
from ..api.stored.opening import find_store
from ..codec import encode, same_value
from ..codec.redaction import Redaction
from ..errors import KeyPathError, StoreError, UsageError
from ..journal.layout import STORE_NAME, Store
from ..keys import KeyPath, Path
from ..lifecycle.snapshot import FOLDER
from ..query.nodes import Compare, RunField, joined
from ..records.command_line import command_line
from ..records.encoded import lift, plant
from ..sources.overrides import overrides_layer
from .submitting import as_typed

MOST = 100_000  #: runs of one grid; more is a slip of the finger
_KEPT = os.path.join(os.sep, FOLDER, "")
_FORM = "key=start:stop:step or key=a,b,c"


class Combination(NamedTuple):
    """One point of a grid.

    Args:
        number: from 0.
        overrides: each ``key.path=value``.
    """

    number: int
    overrides: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join(self.overrides)


def grid_of(axes: Iterable[str]) -> list[Combination]:
    """Every combination of some keys' values; the last key's values change first.

    Args:
        axes: each ``key=start:stop:step`` or ``key=start:stop`` (the stop is among the values, where a step meets it), or
            ``key=a,b,c`` with values as YAML types them; brackets and quotes keep a comma together.

    Raises:
        UsageError: an axis that does not read, a key that comes twice, or more than ``MOST`` combinations.
    """
    read = [_axis(axis) for axis in axes]
    keys = [key for key, _ in read]
    for key in keys:
        if keys.count(key) > 1:
            raise UsageError(f"the grid has {key} twice", "give all its values at once")
    size = 1
    for _, values in read:
        size *= len(values)
    if size > MOST:
        raise UsageError(f"the grid has {size:,} combinations", f"{MOST:,} are the most at once")
    points = itertools.product(*([f"{key}={value}" for value in values] for key, values in read))
    return [Combination(number, overrides) for number, overrides in enumerate(points)]


def group_of(command: Iterable[str], axes: Iterable[str]) -> str:
    """The group that the runs of a grid share: the same for the same command and grid, so also over a job array."""
    text = "\0".join((*command, "", *axes)).encode(errors="surrogatepass")
    return f"grid-{hashlib.blake2b(text, digest_size=4).hexdigest()}"


def is_done(overrides: Iterable[str], command: list[str], folder: str) -> bool:
    """Whether a finished run of this command has these values already.

    Args:
        overrides: each ``key.path=value``.
        command: the program and its arguments.
        folder: where the command runs, or that of the store.

    Raises:
        StoreError: the store cannot be read.
    """
    store = _store(folder)
    if store is None:
        return False
    typed = command_line(command) or ""
    entries = overrides_layer(overrides).entries
    wanted: dict[Path, object] = {
        entry.path: plant(encode(entry.value, entry.path, Redaction()).json) for entry in entries
    }
    node = joined(
        "and",
        [
            Compare(RunField("state"), "==", "finished"),
            # paths of a run in a snapshot led into that
            joined("or", [Compare(RunField("command"), "==", typed), Compare(RunField("command"), "contains", _KEPT)]),
        ],
    )
    return any(
        command_line(as_typed(run)) == typed
        and all(same_value(lift(value), lift(_at(run.folded.state.config, path))) for path, value in wanted.items())
        for run in RunTable(Asking(store), node)
    )


def _at(config: object, path: Path) -> object:
    from ..query.evaluator import at_path

    return at_path(config, path)


def _store(folder: str) -> Store | None:
    try:
        return find_store(folder)
    except StoreError:
        if os.path.isdir(os.path.join(folder, STORE_NAME)):
            raise
        return None


def _axis(text: str) -> tuple[str, list[str]]:
    key, equals, values = text.partition("=")
    if not equals or not values.strip():
        raise UsageError(f"--grid {text}", f"write {_FORM}")
    try:
        KeyPath.parse(key.strip())
    except KeyPathError as error:
        raise UsageError(f"--grid {text}: {error}", f"write {_FORM}") from None
    return key.strip(), _range(text, values) or _listed(values)


def _range(text: str, values: str) -> list[str] | None:
    """The values of ``start:stop:step``, exact in decimals; None where it is no range of numbers."""
    parts = values.strip().split(":")
    if len(parts) not in (2, 3):
        return None
    try:
        start, stop, *rest = (Decimal(part.strip()) for part in parts)
    except InvalidOperation:
        return None
    if not all(number.is_finite() for number in (start, stop, *rest)):
        return None
    step = rest[0] if rest else Decimal(1 if stop >= start else -1)
    if not step or (stop - start) / step < 0:
        raise UsageError(f"--grid {text}: no step of {step} leads from {start} to {stop}", f"write {_FORM}")
    count = int((stop - start) / step) + 1
    if count > MOST:
        raise UsageError(f"--grid {text}: {count:,} values", f"{MOST:,} are the most at once")
    whole = not any("." in part or "e" in part.lower() for part in parts)
    numbers = (start + step * at for at in range(count))
    return [str(int(number)) if whole else repr(float(number)) for number in numbers]


_CLOSING = {"[": "]", "{": "}", "(": ")"}


def _listed(values: str) -> list[str]:
    """The values between commas, but for commas in brackets and quotes."""
    found, open_, quote, begin = [], "", "", 0
    for at, letter in enumerate(values):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter in _CLOSING:
            open_ += _CLOSING[letter]
        elif open_ and letter == open_[-1]:
            open_ = open_[:-1]
        elif letter == "," and not open_:
            found.append(values[begin:at].strip())
            begin = at + 1
    return [*found, values[begin:].strip()]
