"""What a config looks like: in a terminal, in a notebook, as its repr. Secrets are never shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..codec import shown, shown_json
from ..keys import Path, format_path, key_of, part_for
from ..records.origin import LIBRARY_DEFAULT
from ..records.state import unit_of
from . import place as places
from .doors import door_of
from .neighbours import hidden_by_neighbours

if TYPE_CHECKING:
    from .config import Config
    from .door import Door

_REPR_LIMIT = 10_000


def as_repr(config: Config) -> str:
    """A dict's repr, with secrets hidden."""
    return _repr(config, places.path_of(config), door_of(config))


def _repr(value: Any, path: Path, door: Door) -> str:
    if not places.is_container(value):
        return shown(path, value, door.redaction, limit=_REPR_LIMIT)
    if isinstance(value, list):
        return f"[{', '.join(_child(value, at, child, (*path, at), door) for at, child in enumerate(list(value)))}]"
    items = list(dict.items(value))
    pairs = (f"{key!r}: {_child(value, key, child, (*path, part_for(key)), door)}" for key, child in items)
    return f"{{{', '.join(pairs)}}}"


def _child(container: Any, key: Any, value: Any, path: Path, door: Door) -> str:
    if type(value) is str:
        hidden = hidden_by_neighbours(container, key, value, path, door.redaction)
        if hidden is not None:
            return shown_json(hidden, _REPR_LIMIT)
    return _repr(value, path, door)


def as_tree(config: Config) -> str:
    """One line a leaf, sections indented; flags that libraries define themselves, left alone, are one line."""
    lines: list[str] = []
    _tree(config, places.path_of(config), door_of(config), 0, lines, library_defaults(config))
    return "\n".join(lines)


def _tree(config: Config, path: Path, door: Door, depth: int, lines: list[str], folded: set[Path]) -> None:
    hidden = 0
    for key, value in list(dict.items(config)):
        leaf = (*path, part_for(key))
        if leaf in folded:
            hidden += 1
            continue
        name = "  " * depth + format_path((part_for(key),))
        if isinstance(value, dict) and places.is_container(value) and value:
            lines.append(f"{name}:")
            _tree(value, leaf, door, depth + 1, lines, folded)  # type: ignore[arg-type]
        else:
            lines.append(f"{name}: {_short(config, key, value, leaf, door)}")
    if hidden:
        lines.append(f"({hidden} flags of libraries, at their defaults)")


def _short(section: Config, key: Any, value: Any, path: Path, door: Door) -> str:
    if places.is_container(value):
        return _repr(value, path, door)
    hidden = hidden_by_neighbours(section, key, value, path, door.redaction) if type(value) is str else None
    return door.shown(path, value) if hidden is None else shown_json(hidden)


def library_defaults(config: Config) -> set[Path]:
    """The paths of flags that absl or TensorFlow define themselves and that nobody set."""
    if len(config) < _WORTH_FOLDING:
        return set()
    door = door_of(config)
    if door.folded is not None:
        return {path for path, origin in door.folded.origins.items() if origin.note == LIBRARY_DEFAULT}
    return {path for path, value in list(door.library_defaults.items()) if door.at(path) is value}


_WORTH_FOLDING = 10  # absl alone defines some twenty flags


def _leaves(section: Config, path: Path) -> Iterator[tuple[Path, Config, Any]]:
    for key, value in list(dict.items(section)):
        leaf = (*path, part_for(key))
        if isinstance(value, dict) and places.is_container(value) and value:
            yield from _leaves(value, leaf)  # type: ignore[arg-type]
        else:
            yield leaf, section, value


def as_html(config: Config) -> str:
    """A table for notebooks: key, value, origin."""
    from html import escape

    from .functions import state_of
    from .html_style import framed

    origins = state_of(config).origins
    prefix = places.path_of(config)
    door = door_of(config)
    rows: list[str] = []
    for path, section, value in _leaves(config, prefix):
        shown_value = _child(section, key_of(path[-1]), value, path, door)
        cells = (format_path(path[len(prefix) :]), shown_value, str(origins.get(unit_of(path), "")))
        key, shown, origin = map(escape, cells)
        rows.append(f'<tr><td>{key}</td><td class="v">{shown}</td><td class="soft">{origin}</td></tr>')
    head = "<thead><tr><th>key</th><th>value</th><th>origin</th></tr></thead>"
    return framed(f"<table>{head}<tbody>{''.join(rows)}</tbody></table>")
