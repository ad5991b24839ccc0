"""Classes made by attrs."""

from __future__ import annotations

import sys
from typing import Any

from ..records.change import MISSING
from .dataclass_fields import text_of
from .fields import FieldSpec, annotated_text, hints_of

KIND = "attrs"


def specs(cls: type) -> list[FieldSpec]:
    """The fields of an attrs class."""
    nothing = sys.modules["attr"].NOTHING
    hints = hints_of(cls)
    return [_spec(field, hints.get(field.name, field.type), nothing) for field in cls.__attrs_attrs__]  # type: ignore[attr-defined]


def _spec(field: Any, hint: Any, nothing: Any) -> FieldSpec:
    default = field.default
    factory = getattr(default, "factory", None) if type(default).__name__ == "Factory" else None
    known = MISSING if default is nothing or factory else default
    if factory in (list, dict, set, tuple):
        known = factory()
    hint = Any if hint is None or isinstance(hint, str) else hint
    return FieldSpec(
        field.name,
        hint,
        field.init and default is nothing,
        known,
        text_of(field.metadata) or next(annotated_text(hint), None),
        getattr(field, "alias", field.name.lstrip("_")) if field.init else None,  # before attrs 22.2, none
    )


def given(obj: Any) -> set[str] | None:
    """An attrs object does not know."""
    return None


def extra(obj: Any) -> dict[str, Any]:
    """Nothing."""
    return {}


def build(cls: type, values: dict[str, Any]) -> Any:
    """An instance; its validators and converters run."""
    return cls(**values)
