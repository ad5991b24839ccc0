"""PyYAML learns to write our classes as plain mappings and sequences. It is never imported for that."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

_taught: dict[type, Any] = {}  # class -> the module that knows it: a test may load another one


def teach(kind: type) -> None:
    """Give PyYAML's representers, and those of dumpers made from them, a class of ours. Without PyYAML, nothing."""
    representer: Any = sys.modules.get("yaml.representer")
    if representer is None or _taught.get(kind) is representer or not hasattr(representer, "Representer"):
        return
    function = _as_sequence if issubclass(kind, list) else _as_mapping
    for dumper in _with_tables_of_their_own(representer.SafeRepresenter):
        if kind not in dumper.yaml_representers:
            dumper.add_representer(kind, function)
    _taught[kind] = representer


def _with_tables_of_their_own(base: Any) -> list[Any]:
    found: list[Any] = [base] if "yaml_representers" in base.__dict__ else []
    for kind in base.__subclasses__():
        found += _with_tables_of_their_own(kind)
    return found


def _as_mapping(dumper: Any, config: Mapping[Any, Any]) -> Any:
    return dumper.represent_dict(config)


def _as_sequence(dumper: Any, values: list[Any]) -> Any:
    return dumper.represent_list(values)
