"""Models of pydantic 2, and settings of pydantic-settings."""

from __future__ import annotations

import sys
from typing import Annotated, Any

from ..records.change import MISSING
from .fields import FieldSpec

KIND = "pydantic"


def specs(cls: Any) -> list[FieldSpec]:
    """The fields of a model, its computed ones after them."""
    fields = [_spec(name, field) for name, field in cls.model_fields.items()]
    computed = [
        FieldSpec(name, field.return_type, False, MISSING, field.description)
        for name, field in cls.model_computed_fields.items()
    ]
    return fields + computed


def _spec(name: str, field: Any) -> FieldSpec:
    undefined = sys.modules["pydantic_core"].PydanticUndefined
    default = MISSING if field.default is undefined else field.default
    hint: Any = field.annotation
    for constraint in field.metadata:
        hint = Annotated[hint, constraint]
    return FieldSpec(name, hint, field.is_required(), default, field.description, name)


def given(obj: Any) -> set[str] | None:
    """The names that were given, as the model remembers them; computed fields never are."""
    return set(obj.model_fields_set)


def extra(obj: Any) -> dict[str, Any]:
    """What a model with ``extra="allow"`` was given besides."""
    return dict(obj.model_extra or {})


def build(cls: Any, values: dict[str, Any]) -> Any:
    """An instance; everything the model checks is checked."""
    return cls(**values)


def aliases(cls: Any) -> dict[str, str]:
    """Alias -> field, where a field may be given by another name."""
    names: dict[str, str] = {}
    for name, field in cls.model_fields.items():
        for alias in (field.alias, field.validation_alias):
            for text in getattr(alias, "choices", [alias]):
                if isinstance(text, str):
                    names[text] = name
    return names


def check(hint: Any, value: Any) -> str | None:
    """What pydantic has against a value for a field, with its constraints; None when it takes it."""
    pydantic: Any = sys.modules["pydantic"]
    try:
        pydantic.TypeAdapter(hint).validate_python(value)
    except pydantic.ValidationError as error:
        return "; ".join(str(one["msg"]) for one in error.errors(include_url=False, include_input=False))
    except pydantic.PydanticUserError:
        return None  # a type that only its own model knows how to check
    return None


def whole(cls: Any, value: Any) -> tuple[Any, list[tuple[tuple[Any, ...], str, Any, bool]]]:
    """A model of a mapping, and everything pydantic has against it: (path, problem, value, whether it is missing)."""
    pydantic: Any = sys.modules["pydantic"]
    try:
        try:
            return cls.model_validate(value, by_alias=True, by_name=True), []
        except TypeError as error:  # before pydantic 2.11
            if "by_alias" not in str(error):
                raise
            return cls.model_validate(value), []
    except pydantic.ValidationError as error:
        found = []
        for one in error.errors(include_url=False, include_context=False):
            missing = one["type"] == "missing"
            at = _located(one["loc"], value)
            wrong = MISSING if missing or not at else one["input"]
            found.append((at, "missing" if missing else str(one["msg"]), wrong, missing))
        return value, found


def _located(loc: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    """A place as pydantic tells it, without the names of the union's members on the way."""
    path: list[Any] = []
    for at, part in enumerate(loc):
        if isinstance(value, dict) and (part in value or at == len(loc) - 1):
            path.append(part if type(part) is str else (part,))
            value = value.get(part)
        elif isinstance(value, list | tuple) and type(part) is int and part < len(value):
            path.append(part)
            value = value[part]
    return tuple(path)
