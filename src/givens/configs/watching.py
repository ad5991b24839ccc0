"""The record must not lie: objects a config was read from are compared with it later.

A script that reads ``args.lr`` while the record says otherwise (an override, ``args.lr /= 2``) is the worst
failure of a record.
"""

from __future__ import annotations

import weakref
from functools import partial
from typing import TYPE_CHECKING, Any

from ..codec import encode as encode_value
from ..errors import CycleError, SourceDriftWarning, TooDeepError
from ..keys import Path, format_path
from ..records.change import MISSING
from ..records.layer import Layer

if TYPE_CHECKING:
    from .door import Door


class Watched:
    """One object that was read, held weakly if it can be, and how to read it again.

    Args:
        layer: what was read of it.
        prefix: path of the section that it was read into.
    """

    __slots__ = ("name", "prefix", "reference", "reread", "said")

    def __init__(self, layer: Layer, prefix: Path = ()) -> None:
        self.name = _CALLED.get(layer.name, layer.name)
        self.prefix = prefix
        self.reread: Any = layer.reread
        self.said = False
        try:
            self.reference: Any = weakref.ref(layer.watched)
        except TypeError:  # a SimpleNamespace cannot be held weakly: it stays alive until the run has finished
            self.reference = partial(_held, layer.watched)


#: what scripts call the object behind a layer
_CALLED = {"argparse": "args", "flags": "FLAGS"}


def _held(source: Any) -> Any:
    return source


def watch(door: Door, layers: list[Layer], prefix: Path = ()) -> None:
    """Remember, weakly, the objects that the script may go on reading instead of the config.

    Args:
        door: of the config.
        layers: what was read.
        prefix: path of the section it was read into.
    """
    for layer in layers:
        if layer.watched is not None and layer.reread is not None:
            door.watched.append(Watched(layer, prefix))


def compare_watched(door: Door) -> list[SourceDriftWarning]:
    """One warning for each watched object that differs from the config by now."""
    warnings: list[SourceDriftWarning] = []
    with door:
        for watched in door.watched:
            source = watched.reference()
            if source is None or watched.said:
                continue
            lines: list[str] = []
            from ..codec import same_value

            for below, value in watched.reread(source).items():
                path = (*watched.prefix, *below)
                recorded = door.at(path)
                if recorded is MISSING or recorded is value:
                    continue
                try:
                    a = encode_value(recorded, path, door.redaction).json
                    b = encode_value(value, path, door.redaction).json
                    differs = not same_value(a, b)
                except (CycleError, TooDeepError):  # no value that was ever recorded
                    differs = True
                if differs:
                    ours, theirs = door.shown(path, recorded), door.shown(path, value)
                    lines.append(
                        f"config.{format_path(path)} is {ours}, {watched.name}.{format_path(below)} is {theirs}"
                    )
            if lines:
                watched.said = True
                more = f" (and {len(lines) - 3} more)" if len(lines) > 3 else ""
                text = f"{'; '.join(lines[:3])}{more}: the script may be reading {watched.name}"
                warnings.append(SourceDriftWarning(text))
    return warnings
