"""Objects of classes with declared fields: dataclass, attrs, pydantic, msgspec; nested, also in one another.

What is particular to each library is in a file of its own, an *adapter*, which has ``KIND`` (the kind of origin),
``specs(cls)`` (its fields), ``given(obj)`` (which of them were given, where the library knows), ``extra(obj)``
(values beside the fields) and ``build(cls, values)``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from ..errors import CycleError
from ..keys import Path, format_path, is_section_key, part_for
from ..records.change import MISSING
from ..records.layer import Entry, Layer
from ..records.origin import Origin
from .mappings import plain
from .marks import leaf_values


class FieldSpec(NamedTuple):
    """One field that a class declares.

    Args:
        name: its name, which is its key.
        hint: its type, as the class says it; ``Any`` where it says none that can be resolved.
        required: it has no default.
        default: its default value; MISSING where there is none, or only a function that makes one.
        description: what the class says of it.
        argument: what the class's constructor calls it; None for a field that is no argument.
    """

    name: str
    hint: Any
    required: bool
    default: Any = MISSING
    description: str | None = None
    argument: str | None = None


def adapter_of(cls: type) -> Any | None:
    """The adapter for a class; None when it is of none of these libraries, which are not imported to look."""
    pydantic = sys.modules.get("pydantic.main")
    if (
        pydantic is not None and issubclass(cls, pydantic.BaseModel) and hasattr(cls, "model_fields")
    ):  # not of pydantic 1
        from . import pydantic_models

        return pydantic_models
    if hasattr(cls, "__dataclass_fields__"):
        from . import dataclass_fields

        return dataclass_fields
    if ("attr" in sys.modules) and hasattr(cls, "__attrs_attrs__"):
        from . import attrs_fields

        return attrs_fields
    msgspec = sys.modules.get("msgspec")
    if msgspec is not None and issubclass(cls, msgspec.Struct):
        from . import msgspec_structs

        return msgspec_structs
    return None


def described(cls: type, specs: list[FieldSpec]) -> list[FieldSpec]:
    """The fields with descriptions from the class's source where they have none of their own."""
    if all(spec.description for spec in specs):
        return specs
    from .docstrings import field_texts

    texts = field_texts(cls)
    return [spec if spec.description else spec._replace(description=texts.get(spec.name)) for spec in specs]


def class_name(cls: type) -> str:
    """The class as people call it, without the function that it was made in."""
    return cls.__qualname__.rpartition("<locals>.")[2]


def object_layer(obj: Any, *, code: Origin) -> Layer | None:
    """A layer of an object's fields, nested objects as sections; None when its class declares no fields.

    Args:
        obj: anything.
        code: the caller's line.

    Raises:
        CycleError: an object contains itself.
    """
    if isinstance(obj, type) or adapter_of(type(obj)) is None:
        return None
    walk = _Walk(obj, code)
    values = walk.fields(obj, ())
    entries = [Entry((name,), value, walk.origins.pop((name,), code)) for name, value in values.items()]
    return Layer(
        class_name(type(obj)),
        entries,
        origins=walk.origins,
        descriptions=walk.descriptions,
        watched=obj,
        reread=_reread,
    )


def _reread(watched: Any) -> dict[Path, Any]:
    try:
        values = _Walk(None, Origin("code")).fields(watched, ())
    except _FOREIGN:  # a property that no longer works, a cycle made since: there is nothing to compare with
        return {}
    return leaf_values(values)


_FOREIGN = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RuntimeError, OSError)


class _Walk:
    """One way through an object.

    Args:
        root: the object, to find out which values came from outside (flags, environment); None not to look.
        code: the caller's line.
    """

    def __init__(self, root: Any, code: Origin) -> None:
        self.root, self.code = root, code
        self.origins: dict[Path, Origin] = {}
        self.descriptions: dict[Path, str] = {}
        self.around: list[int] = []
        self.outside: list[Callable[[Path, Any], Origin | None]] = _outside(root) if root is not None else []

    def fields(self, obj: Any, path: Path) -> dict[str, Any]:
        """An object's fields as a dict."""
        adapter = adapter_of(type(obj))
        assert adapter is not None
        self._enter(obj, path)
        specs = adapter.specs(type(obj))
        if self.root is not None:
            specs = described(type(obj), specs)
        given = adapter.given(obj)
        values: dict[str, Any] = {}
        for spec in specs:
            value = getattr(obj, spec.name, MISSING)
            if value is MISSING:
                continue
            inside = (*path, spec.name)
            if spec.description and not _in_list(inside):
                self.descriptions[inside] = spec.description
            self._say(inside, value, adapter.KIND, obj, spec, given)
            values[spec.name] = self.value(value, inside)
        for name, value in adapter.extra(obj).items():
            inside = (*path, name)
            if not _in_list(inside):
                self.origins[inside] = self._origin(adapter.KIND, obj, name, "extra")
            values[name] = self.value(value, inside)
        self.around.pop()
        return values

    def value(self, value: Any, path: Path) -> Any:
        """A value, objects with fields in it as dicts."""
        kind = type(value)
        if kind in _SCALARS:
            return value
        if not isinstance(value, type) and adapter_of(kind) is not None:
            return self.fields(value, path)
        if kind is dict and all(map(is_section_key, value)):
            self._enter(value, path)
            made = {key: self.value(child, (*path, part_for(key))) for key, child in value.items()}
        elif kind is list or kind is tuple:
            self._enter(value, path)
            items = [self.value(child, (*path, at)) for at, child in enumerate(value)]
            same = all(new is old for new, old in zip(items, value, strict=True))
            made = value if same else kind(items)
        else:
            return plain(value, path)
        self.around.pop()
        return made

    def _enter(self, obj: Any, path: Path) -> None:
        if id(obj) in self.around:
            raise CycleError(format_path(path))
        self.around.append(id(obj))

    def _say(self, path: Path, value: Any, kind: str, obj: Any, spec: FieldSpec, given: set[str] | None) -> None:
        """Note where one field's value came from. Inside a list the list itself has the origin."""
        if self.root is None or _in_list(path):
            return
        found = next(filter(None, (look(path, value) for look in self.outside)), None)
        if given is not None:
            note: str | None = "given" if spec.name in given else "default"
        else:
            note = "default" if spec.default is not MISSING and _same(value, spec.default) else None
        self.origins[path] = found or self._origin(kind, obj, spec.name, note)

    def _origin(self, kind: str, obj: Any, name: str, note: str | None) -> Origin:
        return Origin(kind, self.code.file, self.code.line, name=f"{class_name(type(obj))}.{name}", note=note)


def _in_list(path: Path) -> bool:
    return any(type(part) is int for part in path)


def _outside(root: Any) -> list[Callable[[Path, Any], Origin | None]]:
    """What may know better than the class where a value came from."""
    looks: list[Callable[[Path, Any], Origin | None]] = []
    if "pydantic_settings" in sys.modules:
        from .pydantic_environment import variables

        looks += variables(root)
    from .parsed_classes import typed_flags

    return looks + typed_flags()


def _same(value: Any, default: Any) -> bool:
    """Whether a value is its default. Objects that are not plain values are asked by identity only."""
    if value is default:
        return True
    kind = type(value)
    return kind is type(default) and (kind in _PLAIN) and bool(value == default)


_SCALARS = frozenset((str, int, float, bool, type(None)))
_PLAIN = _SCALARS | {list, dict, tuple, set, frozenset, bytes}


def hints_of(cls: type) -> dict[str, Any]:
    """The types of a class's fields; where one cannot be resolved (it is imported for type checkers only), none."""
    import inspect
    from typing import get_type_hints

    try:
        return get_type_hints(cls, include_extras=True)
    except (NameError, TypeError, AttributeError):
        return {
            name: hint
            for base in reversed(cls.__mro__)
            for name, hint in inspect.get_annotations(base).items()
            if not isinstance(hint, str)
        }


def annotated_text(hint: Any) -> Iterator[str]:
    """The texts that a type is annotated with: ``Annotated[float, Doc("step size")]``, ``msgspec.Meta(description=…)``."""
    for extra in getattr(hint, "__metadata__", ()):
        text = getattr(extra, "description", None) or getattr(extra, "documentation", None)
        if isinstance(text, str):
            yield text
