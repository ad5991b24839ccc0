"""Dataclasses, and what tyro, simple-parsing, draccus and transformers make of a command line: instances of them."""

from __future__ import annotations

import sys
from typing import Any

from ..records.change import MISSING
from .fields import FieldSpec, annotated_text, hints_of

KIND = "dataclass"


def specs(cls: type) -> list[FieldSpec]:
    """The fields of a dataclass. Those neither given nor shown are its own bookkeeping and are left out."""
    dataclasses: Any = sys.modules["dataclasses"]
    hints = hints_of(cls)
    return [
        _spec(dataclasses, field, hints.get(field.name, Any))
        for field in dataclasses.fields(cls)
        if field.init or field.repr
    ]


def _spec(dataclasses: Any, field: Any, hint: Any) -> FieldSpec:
    default, factory = field.default, field.default_factory
    if default is dataclasses.MISSING:
        default = factory() if factory in _EMPTY else MISSING
    required = field.init and field.default is dataclasses.MISSING and factory is dataclasses.MISSING
    return FieldSpec(
        field.name,
        hint,
        required,
        default,
        text_of(field.metadata, getattr(field, "doc", None)) or next(annotated_text(hint), None),
        field.name if field.init else None,
    )


#: what may be called to learn a default: any other function may have effects
_EMPTY = (list, dict, set, tuple)


def text_of(metadata: Any, doc: Any = None) -> str | None:
    """The description in a field's metadata: ``help`` as for argparse and transformers, ``description``, ``doc``."""
    for text in (*(metadata.get(name) for name in ("help", "description", "doc", "desc")), doc):
        if isinstance(text, str) and text:
            return text
    return None


def given(obj: Any) -> set[str] | None:
    """A dataclass does not know."""
    return None


def extra(obj: Any) -> dict[str, Any]:
    """Nothing: what is set on a dataclass besides its fields is no part of it."""
    return {}


def build(cls: type, values: dict[str, Any]) -> Any:
    """An instance."""
    return cls(**values)
