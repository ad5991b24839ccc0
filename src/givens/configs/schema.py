"""Classes that say what a config may hold: a config as an instance of one, and writes checked against one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from ..codec import Redaction, shown
from ..errors import MissingValueWarning, SchemaError, UsageError
from ..keys import Path, format_path
from ..records.change import MISSING
from ..sources.conforming import Conforming, Mismatch
from ..sources.fields import adapter_of, class_name
from . import place as places
from .config import Config
from .doors import door_of
from .functions import as_config

if TYPE_CHECKING:
    from .door import Door

_T = TypeVar("_T")


def cast(config: Mapping[Any, Any], kind: type[_T], *, extra: str = "error") -> _T:
    """A config, or a section of one, as an instance of a class with fields: dataclass, attrs, pydantic or msgspec.

    Nested sections become instances of the classes that the fields name, lists become tuples and sets where the field
    says so, texts become paths and members of enums. An int may stand for a float, and a float with nothing behind
    its point for an int; nothing else is converted, except as pydantic does it in its models.

    Args:
        config: a Config, a section, ``givens.config``, or any mapping.
        kind: the class.
        extra: what a key without a field is: ``error`` or ``ignore``.

    Raises:
        SchemaError: values that do not fit, each with its path: wrong types, missing and unknown keys, together.
        UsageError: a class without declared fields.
    """
    check_kind("cast", kind)
    if extra not in ("error", "ignore"):
        raise UsageError(f"cast: extra={extra!r}", "extra is 'error' or 'ignore'")
    given: Any = config
    if not isinstance(given, Mapping) or hasattr(type(given), "current_config"):
        given = as_config(given)
    redaction = door_of(given).redaction if isinstance(given, Config) else Redaction()
    conforming = Conforming(extra=extra == "ignore")
    made = conforming.object(places.plain(given) if isinstance(given, Config) else given, kind, ())
    if conforming.found:
        prefix = places.path_of(given) if isinstance(given, Config) else ()
        raise SchemaError(class_name(kind), _told(conforming.found, prefix, redaction))
    result: _T = made
    return result


def check_kind(what: str, kind: Any) -> None:
    """Refuse what is no class with fields.

    Raises:
        UsageError: it is none.
    """
    if not isinstance(kind, type) or adapter_of(kind) is None:
        shown_kind = class_name(kind) if isinstance(kind, type) else f"a {type(kind).__name__}"
        raise UsageError(
            f"{what} takes a class with fields, not {shown_kind}",
            "pass a dataclass, an attrs class, a pydantic model or a msgspec Struct, the class itself",
        )


class Schema:
    """What the values of a config have to fit.

    Args:
        kind: a class with fields.
    """

    __slots__ = ("kind",)

    def __init__(self, kind: type) -> None:
        check_kind("init(schema=…)", kind)
        self.kind = kind

    def check(self, door: Door, values: list[tuple[Path, Any]]) -> None:
        """Check values that are about to be written. What is not there yet may come later.

        Args:
            door: of the config.
            values: (path, value).

        Raises:
            SchemaError: all that do not fit; nothing may be written.
        """
        conforming = Conforming(partial=True)
        for path, value in values:
            conforming.below(places.plain(value), self.kind, path)
        if conforming.found:
            told = _told(conforming.found, (), door.redaction)
            raise SchemaError(class_name(self.kind), told, "nothing of it was written")

    def warning(self, door: Door) -> MissingValueWarning | None:
        """A warning that names the required values a config does not have; None when it has them all."""
        conforming = Conforming(extra=True)
        conforming.object(places.plain(door.root), self.kind, ())
        paths = [format_path(one.path) for one in conforming.found if one.missing]
        if not paths:
            return None
        listed = ", ".join(f"config.{path}" for path in paths[:5]) + (", …" if len(paths) > 5 else "")
        return MissingValueWarning(f"{listed}: required by {class_name(self.kind)} and not given by the first log")


def _told(found: list[Mismatch], prefix: Path, redaction: Redaction) -> list[tuple[str, str]]:
    """Mismatches as (path, what is wrong), with values as they may be shown."""
    told: list[tuple[str, str]] = []
    for path, problem, value, _ in found:
        full = (*prefix, *path)
        text = redaction.text(problem)
        if value is not MISSING:
            text += f", got {shown(full, value, redaction)} ({type(value).__name__})"
        told.append((format_path(full), text))
    return told
