"""ml_collections' ConfigDict: references resolved and named, placeholders said."""

from __future__ import annotations

import sys
from typing import Any

from ..errors import CycleError, MissingValueWarning, warn
from ..keys import Path, format_path, part_for
from ..records.layer import Entry, Layer
from ..records.origin import Origin
from .marks import leaf_values


def is_config_dict(obj: object) -> bool:
    """Whether this is a ConfigDict, frozen or not."""
    module = sys.modules.get("ml_collections.config_dict")
    return module is not None and isinstance(obj, module.ConfigDict)


def config_dict_layer(config: Any, *, code: Origin) -> Layer:
    """A layer of a ConfigDict.

    A placeholder without a value is None; one that is required and has none is None as well, and one warning names
    all of those. A value that other keys share says so, as does one that is computed from another.

    Raises:
        CycleError: a ConfigDict contains itself.
    """
    walk = _Walk(code)
    values = walk.section(config, ())
    if walk.required:
        listed = ", ".join(f"config.{format_path(path)}" for path in walk.required[:5])
        more = f" and {len(walk.required) - 5} more" if len(walk.required) > 5 else ""
        warn(MissingValueWarning(f"{listed}{more}: required placeholders without a value; give one before init"))
    entries = [Entry((part_for(key),), value, walk.origins.pop((part_for(key),))) for key, value in values.items()]
    return Layer("ConfigDict", entries, origins=walk.origins, watched=config, reread=_reread)


def _reread(config: Any) -> dict[Path, Any]:
    return leaf_values(_Walk(Origin("code")).section(config, ()))


class _Walk:
    """One way through a ConfigDict."""

    def __init__(self, code: Origin) -> None:
        self.module: Any = sys.modules["ml_collections.config_dict"]
        self.code = code
        self.origins: dict[Path, Origin] = {}
        self.required: list[Path] = []
        self.seen: dict[int, Path] = {}  # references by identity, with the path where each was first met
        self.around: list[int] = []

    def section(self, config: Any, path: Path) -> dict[Any, Any]:
        """A ConfigDict as a dict."""
        if id(config) in self.around:
            raise CycleError(format_path(path))
        self.around.append(id(config))
        made = {key: self.child(child, (*path, part_for(key))) for key, child in _items(config)}
        self.around.pop()
        return made

    def child(self, child: Any, path: Path) -> Any:
        """What one key has: a value, or a reference to one."""
        if not isinstance(child, self.module.FieldReference):
            self._say(path, None)
            return self.value(child, path)
        note = self._note(child, path)
        try:
            value = child.get()
        except self.module.RequiredValueError:
            self.required.append(path)
            self._say(path, "required placeholder without a value")
            return None
        if value is None and note is None:
            note = f"placeholder: {getattr(child.get_type(), '__name__', child.get_type())}"
        self._say(path, note)
        return self.value(value, path)

    def value(self, value: Any, path: Path) -> Any:
        """A value, ConfigDicts in it as dicts."""
        if isinstance(value, self.module.ConfigDict):
            return self.section(value, path)
        if type(value) is list or type(value) is tuple:
            items = [self.value(item, (*path, at)) for at, item in enumerate(value)]
            return value if all(new is old for new, old in zip(items, value, strict=True)) else type(value)(items)
        return value

    def _note(self, reference: Any, path: Path) -> str | None:
        first = self.seen.setdefault(id(reference), path)
        if first != path:
            return f"reference to {format_path(first)}"
        above = getattr(reference, "_value", None)  # what a computed reference stands on
        if isinstance(above, self.module.FieldReference):
            known = self.seen.get(id(above))
            return f"computed from {format_path(known)}" if known else "computed"
        return None

    def _say(self, path: Path, note: str | None) -> None:
        if not any(type(part) is int for part in path):
            self.origins[path] = Origin("ml_collections", self.code.file, self.code.line, note=note)


def _items(config: Any) -> list[tuple[Any, Any]]:
    try:
        found: list[tuple[Any, Any]] = list(config.items(preserve_field_references=True))
    except TypeError:  # a FrozenConfigDict has no references to preserve
        found = list(config.items())
    return found
