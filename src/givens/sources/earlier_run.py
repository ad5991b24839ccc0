"""An earlier run as a source: ``config="run:calm-otter-12"``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

from ..codec import RedactedText, StoredSecret, decode
from ..errors import MissingValueWarning, warn
from ..keys import Path, format_path
from ..records.encoded import leaves, lift
from ..records.layer import Entry, Layer
from ..records.origin import UNKNOWN, Origin
from ..records.state import RunState

PREFIX = "run:"


class Found(NamedTuple):
    """An earlier run, as whoever knows the store found it.

    Args:
        id: its id.
        name: its name.
        state: its folded state.
        read_blob: gives its large values.
    """

    id: str
    name: str
    state: RunState
    read_blob: Callable[[str], bytes] | None = None


#: finds a run by what was typed after ``run:``
FindRun: TypeAlias = "Callable[[str], Found]"


def earlier_run_layer(found: Found) -> Layer:
    """A layer of an earlier run's config, each value with the origin that it had there.

    A secret is left out, since no run keeps one, and one warning names those that have to be given again.

    Raises:
        DamagedValueError: a stored value cannot be read.
    """
    state = found.state
    secret: list[Path] = []
    entries: list[Entry] = []
    origins: dict[Path, Origin] = {}
    for leaf, _ in leaves(state.config):
        origins[leaf] = _origin(found, state, leaf)
    for key, stored in state.config.items():
        path: Path = ((key,) if type(key) is int else key,)
        value = _without_secrets(decode(lift(stored), found.read_blob), path, secret)
        if value is not _SECRET:
            entries.append(Entry(path, value, origins.pop(path, _origin(found, state, path))))
    if secret:
        listed = ", ".join(f"config.{format_path(path)}" for path in secret)
        text = f"run {found.name} kept no secrets: {listed} has to be given again"
        warn(MissingValueWarning(text.replace(" has ", " have ") if len(secret) > 1 else text))
    return Layer(f"{PREFIX}{found.name}", entries, origins=origins, descriptions=dict(state.descriptions))


def _origin(found: Found, state: RunState, path: Path) -> Origin:
    """The run's id, and what it said itself; a run that was itself made from one tells of the first."""
    before = next(
        (state.origins[path[:end]] for end in range(len(path), 0, -1) if path[:end] in state.origins), UNKNOWN
    )
    return Origin("run", name=found.id, note=before.note if before.kind == "run" else str(before))


def without_secrets(values: dict[Any, Any], secret: list[Path]) -> dict[Any, Any]:
    """Decoded values of a configuration without the secrets among them; their paths go to ``secret``."""
    kept: dict[Any, Any] = _without_secrets(values, (), secret)
    return kept


_SECRET: Any = object()


def _without_secrets(value: Any, path: Path, secret: list[Path]) -> Any:
    """A value without the secrets in it; where it holds one in a place that cannot be left out, none of it."""
    if isinstance(value, StoredSecret | RedactedText):
        secret.append(path)
        return _SECRET
    if type(value) is dict:
        kept = {
            key: _without_secrets(child, (*path, (key,) if type(key) is int else key), secret)
            for key, child in value.items()
        }
        return {key: child for key, child in kept.items() if child is not _SECRET}
    if type(value) in (list, tuple):
        inside: list[Path] = []
        for at, child in enumerate(value):
            _without_secrets(child, (*path, at), inside)
        if inside:
            secret.append(path)
            return _SECRET
    return value
