"""Structs of msgspec."""

from __future__ import annotations

import sys
from typing import Any

from ..records.change import MISSING
from .fields import FieldSpec, annotated_text

KIND = "msgspec"


def specs(cls: type) -> list[FieldSpec]:
    """The fields of a struct."""
    msgspec: Any = sys.modules["msgspec"]
    return [_spec(field, msgspec.NODEFAULT) for field in msgspec.structs.fields(cls)]


def _spec(field: Any, nothing: Any) -> FieldSpec:
    default = MISSING if field.default is nothing else field.default
    if field.default_factory in (list, dict, set, tuple):
        default = field.default_factory()
    text = next(annotated_text(field.type), None)
    return FieldSpec(field.name, field.type, field.required, default, text, field.name)


def given(obj: Any) -> set[str] | None:
    """A struct does not know."""
    return None


def extra(obj: Any) -> dict[str, Any]:
    """Nothing."""
    return {}


def build(cls: type, values: dict[str, Any]) -> Any:
    """An instance."""
    return cls(**values)


def check(hint: Any, value: Any) -> str | None:
    """What msgspec has against a value for a field, with its constraints; None when it takes it."""
    msgspec: Any = sys.modules["msgspec"]
    try:
        msgspec.convert(value, hint)
    except msgspec.ValidationError as error:
        return str(error)
    except TypeError:
        return None  # a type of its own, which msgspec leaves to a hook
    return None
