"""Whether values fit the types that classes declare, and typed objects made of them. All mismatches are collected."""

from __future__ import annotations

import enum
import typing
from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Any, NamedTuple

from ..errors import suggestion
from ..keys import Path, part_for
from ..records.change import MISSING
from .fields import FieldSpec, adapter_of, class_name
from .hints import MAPPINGS, SCALAR_TYPES, choices_of, is_listed, item_of, type_text, unwrapped


class Mismatch(NamedTuple):
    """One value that does not fit.

    Args:
        path: where.
        problem: what was expected.
        value: what stands there, not yet fit to be shown; MISSING where that is not the point.
        missing: nothing stands there, and something has to.
    """

    path: Path
    problem: str
    value: Any = MISSING
    missing: bool = False


class Conforming:
    """One check of values against types.

    Args:
        partial: what is not there may still come: required fields may be missing.
        extra: keys that a class has no field for are ignored.

    Attributes:
        found: the mismatches.
    """

    def __init__(self, *, partial: bool = False, extra: bool = False) -> None:
        self.partial, self.extra = partial, extra
        self.found: list[Mismatch] = []

    def below(self, value: Any, hint: Any, path: Path, at: Path = ()) -> None:
        """Check a value against the type that stands at a path below a type; where none is declared, anything fits."""
        if not path:
            self.value(value, hint, at)
            return
        part, here = path[0], (*at, path[0])
        hint = unwrapped(hint)
        for choice in choices_of(hint):
            adapter = adapter_of(choice) if isinstance(choice, type) else None
            if adapter is not None:
                specs = {spec.name: spec for spec in adapter.specs(choice)}
                if part in specs:
                    self._field(adapter, specs[str(part)], value, here, path[1:])
                elif not self._takes_more(choice):
                    self._unknown(choice, str(part), specs, here)
                return
            origin, args = typing.get_origin(choice) or choice, typing.get_args(choice)
            if type(part) is int and args and (item := item_of(origin, args, part)) is not None:
                self.below(value, item, path[1:], here)
                return
            if type(part) is not int and origin in MAPPINGS and len(args) == 2:
                self.below(value, args[1], path[1:], here)
                return
            if choice in SCALAR_TYPES:
                continue
            return
        self.found.append(Mismatch(at, f"expected {type_text(hint)}, not a section"))

    def value(self, value: Any, hint: Any, path: Path) -> Any:
        """A value as its type has it; the value itself where it does not fit, which is then in ``found``."""
        hint = unwrapped(hint)
        choices = choices_of(hint)
        if len(choices) > 1:
            return self._union(value, hint, choices, path)
        fit = _fit_of(choices[0])
        made = fit(self, value, choices[0], path) if fit else value
        if made is MISSING:
            self.found.append(Mismatch(path, f"expected {type_text(hint)}", value))
            return value
        return made

    def _union(self, value: Any, hint: Any, choices: list[Any], path: Path) -> Any:
        """The first choice that the value fits; one that it fits as it is goes before one that would convert it."""
        first: tuple[Any, list[Mismatch]] | None = None
        for choice in choices:
            trial = Conforming(partial=self.partial, extra=self.extra)
            made = trial.value(value, choice, path)
            if not trial.found:
                if type(made) is type(value):
                    return made
                first = first or (made, [])
            elif isinstance(value, Mapping) and isinstance(choice, type) and adapter_of(choice):
                first = first or (value, trial.found)
        if first is None:
            self.found.append(Mismatch(path, f"expected {type_text(hint)}", value))
            return value
        self.found += first[1]
        return first[0]

    # --- classes with fields --------------------------------------------------------------------------------------

    def object(self, value: Any, cls: type, path: Path) -> Any:
        """An instance of a class with fields, of a mapping."""
        if isinstance(value, cls):
            return value
        if not isinstance(value, Mapping):
            return MISSING
        adapter: Any = adapter_of(cls)
        whole = getattr(adapter, "whole", None)
        if whole is not None and not self.partial:
            return self._by_library(whole, cls, value, path)
        specs = {spec.name: spec for spec in adapter.specs(cls)}
        by_argument = {spec.argument: spec.name for spec in specs.values() if spec.argument}
        before, values = len(self.found), {}
        for key, child in value.items():
            name = key if key in specs else by_argument.get(key, key)
            here = (*path, part_for(key) if type(key) is int else str(key))
            spec = specs.get(name)
            if spec is None:
                if not (self.extra or self._takes_more(cls)):
                    self._unknown(cls, str(key), specs, here)
                continue
            made = self._field(adapter, spec, child, here)
            if spec.argument:
                values[spec.argument] = made
        if self.partial:
            return value
        for spec in specs.values():
            if spec.required and spec.argument not in values:
                text = f"missing, expected {type_text(spec.hint)}"
                self.found.append(Mismatch((*path, spec.name), text, missing=True))
        if len(self.found) > before:
            return value
        return self._built(adapter, cls, values, path)

    def _built(self, adapter: Any, cls: type, values: dict[str, Any], path: Path) -> Any:
        try:
            return adapter.build(cls, values)
        except (ValueError, TypeError, ArithmeticError, LookupError, AttributeError, AssertionError) as error:
            # what the class itself checks: __post_init__, validators
            self.found.append(Mismatch(path, f"{class_name(cls)} refuses it: {error}"))
            return values

    def _by_library(self, whole: Callable[..., Any], cls: type, value: Any, path: Path) -> Any:
        made, problems = whole(cls, value)
        for below, problem, wrong, missing in problems:
            self.found.append(Mismatch((*path, *below), problem, wrong, missing))
        if not self.extra and not self._takes_more(cls):
            self._check_names(value, cls, path)
        return made

    def _check_names(self, value: Mapping[Any, Any], cls: type, path: Path) -> None:
        """Keys that a model would pass over in silence, where a typing error may hide."""
        adapter: Any = adapter_of(cls)
        specs = {spec.name: spec for spec in adapter.specs(cls)}
        aliases = adapter.aliases(cls)
        for key, child in value.items():
            name = key if key in specs else aliases.get(key)
            if name is None:
                if not any(one.path == (*path, str(key)) for one in self.found):
                    self._unknown(cls, str(key), specs, (*path, str(key)))
                continue
            for choice in choices_of(unwrapped(specs[name].hint)):
                inner = adapter_of(choice) if isinstance(choice, type) else None
                if inner is adapter and isinstance(child, Mapping) and not self._takes_more(choice):
                    self._check_names(child, choice, (*path, str(key)))

    def _field(self, adapter: Any, spec: FieldSpec, value: Any, path: Path, rest: Path = ()) -> Any:
        check = getattr(adapter, "check", None)
        hint = unwrapped(spec.hint)
        nested = rest or (
            isinstance(value, Mapping) and any(isinstance(c, type) and adapter_of(c) for c in choices_of(hint))
        )
        if check is None or nested:
            if rest:
                self.below(value, spec.hint, rest, path)
                return value
            return self.value(value, spec.hint, path)
        problem = check(spec.hint, value)
        if problem is not None:
            self.found.append(Mismatch(path, f"expected {type_text(spec.hint)}: {problem}", value))
            return value
        return Conforming().value(value, spec.hint, path)

    def _takes_more(self, cls: type) -> bool:
        config = getattr(cls, "model_config", None)
        return isinstance(config, dict) and config.get("extra") == "allow"

    def _unknown(self, cls: type, name: str, specs: Mapping[str, Any], path: Path) -> None:
        self.found.append(Mismatch(path, f"{class_name(cls)} has no such field{suggestion(name, specs)}"))


# --- types -----------------------------------------------------------------------------------------------------------

#: (conforming, value, type, path) -> the value as the type has it; MISSING: it does not fit
_Fit = Callable[[Conforming, Any, Any, Path], Any]


def _fit_of(hint: Any) -> _Fit | None:
    """How a value is fitted to a type; None for a type that anything fits."""
    origin = typing.get_origin(hint)
    if origin is typing.Literal:
        return _literal
    kind = origin or hint
    if not isinstance(kind, type) or kind is object or kind is Any:
        return None
    if kind in _FITS:
        return _FITS[kind]
    if is_listed(kind):
        return _list
    if kind in MAPPINGS or hasattr(kind, "__required_keys__"):
        return _mapping
    if adapter_of(kind) is not None:
        return lambda conforming, value, cls, path: conforming.object(value, cls, path)
    if issubclass(kind, enum.Enum):
        return _enum
    if issubclass(kind, PurePath):
        return lambda _, value, cls, path: cls(value) if isinstance(value, str | PurePath) else MISSING
    if getattr(kind, "_is_protocol", False) and not getattr(kind, "_is_runtime_protocol", False):
        return None
    return lambda _, value, cls, path: value if isinstance(value, kind) else MISSING


def _literal(_: Conforming, value: Any, hint: Any, __: Path) -> Any:
    return value if any(type(arg) is type(value) and arg == value for arg in typing.get_args(hint)) else MISSING


def _int(_: Conforming, value: Any, __: Any, ___: Path) -> Any:
    if isinstance(value, bool):
        return MISSING
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) or hasattr(type(value), "__index__") else MISSING


def _float(_: Conforming, value: Any, __: Any, ___: Path) -> Any:
    if isinstance(value, bool) or not (isinstance(value, int | float) or hasattr(type(value), "__float__")):
        return MISSING
    return float(value) if type(value) is int else value


def _exactly(kind: type) -> _Fit:
    return lambda _, value, __, ___: value if isinstance(value, kind) else MISSING


def _list(conforming: Conforming, value: Any, hint: Any, path: Path) -> Any:
    if not isinstance(value, list | tuple):
        return MISSING
    args = typing.get_args(hint)
    item = args[0] if args else Any
    made = [conforming.value(child, item, (*path, at)) for at, child in enumerate(value)]
    return tuple(made) if isinstance(value, tuple) and (typing.get_origin(hint) or hint) is not list else made


def _tuple(conforming: Conforming, value: Any, hint: Any, path: Path) -> Any:
    if not isinstance(value, list | tuple):
        return MISSING
    args = typing.get_args(hint)
    if not args:
        return tuple(value)
    if len(args) == 2 and args[1] is ...:
        args = (args[0],) * len(value)
    if len(args) != len(value) and args != ((),):
        return MISSING
    return tuple(
        [conforming.value(child, arg, (*path, at)) for at, (child, arg) in enumerate(zip(value, args, strict=False))]
    )


def _set(conforming: Conforming, value: Any, hint: Any, path: Path) -> Any:
    if not isinstance(value, list | tuple | set | frozenset):
        return MISSING
    args = typing.get_args(hint)
    kind = typing.get_origin(hint) or hint
    return kind(conforming.value(child, args[0] if args else Any, path) for child in value)


def _mapping(conforming: Conforming, value: Any, hint: Any, path: Path) -> Any:
    if not isinstance(value, Mapping):
        return MISSING
    args = typing.get_args(hint)
    if hasattr(hint, "__required_keys__"):
        return _typed_dict(conforming, value, hint, path)
    made = {}
    for key, child in value.items():
        inside = (*path, part_for(key)) if isinstance(key, str | int) else path
        name = conforming.value(key, args[0], inside) if args else key
        made[name] = conforming.value(child, args[1] if args else Any, inside)
    return made


def _typed_dict(conforming: Conforming, value: Any, hint: Any, path: Path) -> Any:
    hints = typing.get_type_hints(hint, include_extras=True)
    for name, inner in hints.items():
        # the class itself does not know where its annotations are texts
        mark = typing.get_origin(inner)
        required = mark is typing.Required or (mark is not typing.NotRequired and name in hint.__required_keys__)
        if required and name not in value and not conforming.partial:
            text = f"missing, expected {type_text(hints[name])}"
            conforming.found.append(Mismatch((*path, name), text, missing=True))
    return {key: conforming.value(child, hints.get(key, Any), (*path, key)) for key, child in value.items()}


def _enum(_: Conforming, value: Any, cls: Any, __: Path) -> Any:
    if isinstance(value, cls):
        return value
    name = getattr(value, "name", value)  # a stored run's member reads back as a stand-in with its name
    if isinstance(name, str) and name in cls.__members__:
        return cls[name]
    try:
        return cls(value)
    except (ValueError, KeyError, TypeError):
        return MISSING


_FITS: dict[Any, _Fit] = {
    bool: _exactly(bool),
    int: _int,
    float: _float,
    complex: lambda _, value, __, ___: (
        value if isinstance(value, int | float | complex) and value is not True else MISSING
    ),
    str: _exactly(str),
    bytes: _exactly(bytes),
    type(None): lambda _, value, __, ___: value if value is None else MISSING,
    tuple: _tuple,
    set: _set,
    frozenset: _set,
    type: _exactly(type),
}
