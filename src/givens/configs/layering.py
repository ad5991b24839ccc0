"""Laying layers over each other, when a run begins."""

from __future__ import annotations

from ..keys import Path, format_path
from ..records.layer import Layer
from .config import Config
from .door import Door
from .doors import door_of
from .neighbours import Together
from .recording import Write
from .shadowing import say_shadowed
from .watching import watch
from .writes import put_all, same_encoding
from .writing import flattened, writes_of_layer


def lay(config: Config, layers: list[Layer], *, deep: bool = False) -> None:
    """Put layers into an empty config, lowest first, as one line of the journal in which the losers stay visible.

    Top-level keys replace whole; entries with a nested path merge there.

    Args:
        config: the run's root.
        layers: lowest first.
        deep: nested mappings merge instead of replacing.

    Raises:
        CycleError, KeyPathError: a value cannot be taken; nothing was.
    """
    door = door_of(config)
    writes: list[Write] = []
    for layer in layers:
        for write in writes_of_layer(layer):
            writes += flattened(write) if deep else [write]
    if deep:
        writes = _without_empty(writes)
    descriptions = {path: text for layer in layers for path, text in layer.descriptions.items()}
    if writes:
        put_all(door, writes, layering=True, descriptions=descriptions.items())
        say_shadowed(door, [write.path for write in writes])
    watch(door, layers)


def _without_empty(writes: list[Write]) -> list[Write]:
    """Without the empty mappings that would empty a section which an earlier layer gave."""
    sections: set[Path] = set()
    kept: list[Write] = []
    for write in writes:
        if write.path in sections and isinstance(write.value, Config) and not write.value:
            continue
        sections.update(write.path[:length] for length in range(1, len(write.path)))
        kept.append(write)
    return kept


def overridden(staged: Layer, above: list[Layer], door: Door) -> str | None:
    """A line that names staged values which lost to a layer above them; None when none did."""
    winners: dict[Path, str] = {}
    for layer in above:
        for entry in layer.entries:
            winners[entry.path[:1]] = layer.name
    together = Together(staged.entries, door.at, door.redaction)
    lost = [
        f"{format_path(path)} {door.shown(path, together.veiled(value, path))} (set before init)"
        f" lost to {winners[path[:1]]}"
        for path, value, _ in staged.entries
        if path[:1] in winners and not _same(door, path, value)
    ]
    return "; ".join(lost[:5]) + ("; …" if len(lost) > 5 else "") if lost else None


def _same(door: Door, path: Path, value: object) -> bool:
    return same_encoding(door, door.at(path), value, path)
