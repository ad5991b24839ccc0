"""What stored values read back as, where the real thing is not there or must not be imported.

A stand-in is equal to the real value that it stands for: whatever would be stored the same. It encodes to
exactly what it was read from.
"""

from __future__ import annotations

from typing import Any

from ..errors import GivensError, NotSupportedError
from ..keys import Path
from ..records.encoded import TAG
from .kinds import Kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .encode import Walk

# the types that no stand-in can stand for
_PLAIN = (str, int, float, bool, bytes, list, dict, tuple, set, frozenset, type(None))


class StandIn:
    """A stored value that is known by its description only.

    Args:
        json: the encoded value.
    """

    __slots__ = ("json",)

    def __init__(self, json: dict[str, Any]) -> None:
        self.json = json

    def __eq__(self, other: object) -> bool:
        from .equality import canonical

        if issubclass(type(other), StandIn):  # isinstance would ask the other object, which may raise
            return canonical(self.json, secrets=False) == canonical(other.json, secrets=False)  # type: ignore[attr-defined]
        if type(other) in _PLAIN:
            return False
        from .encode import Walk
        from .redaction import Redaction

        try:
            stored = Walk(Redaction(), ids=False).value(other, ())
        except GivensError:  # what cannot be stored is not what was stored
            return False
        return canonical(self.json, secrets=False) == canonical(stored, secrets=False)

    def __hash__(self) -> int:
        return hash((self.json.get(TAG), str(self.json.get("type", self.json.get("v")))))

    def __repr__(self) -> str:
        from .display import shown_json

        return shown_json(self.json)


class EnumStandIn(StandIn):
    """An enum member: equal to the real member, by its class's name and its own.

    Args:
        json: the encoded member.
        value: its value.
    """

    __slots__ = ("value",)

    def __init__(self, json: dict[str, Any], value: Any) -> None:
        super().__init__(json)
        self.value = value

    @property
    def name(self) -> str | None:
        """The member's name; None for a combination of flags that has none."""
        name: str | None = self.json["name"]
        return name


class CallableStandIn(StandIn):
    """A function or class: known by name, not to be called."""

    __slots__ = ()

    def __call__(self, *args: object, **kwargs: object) -> Any:
        """Refuse.

        Raises:
            NotSupportedError: always; a record names functions, and does not hold them.
        """
        name = self.json["v"]
        raise NotSupportedError(f"calls of {name}, which a record only names", "import it, and call that")


class PartialStandIn(StandIn):
    """A ``functools.partial`` with its function, arguments and keywords."""

    __slots__ = ("args", "func", "keywords")

    def __init__(self, json: dict[str, Any], func: Any, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
        super().__init__(json)
        self.func, self.args, self.keywords = func, args, keywords


class ObjectStandIn(StandIn):
    """An object of a type the codec does not know: its type's name, and its fields as attributes."""

    __slots__ = ("_fields",)

    def __init__(self, json: dict[str, Any], fields: dict[str, Any]) -> None:
        super().__init__(json)
        self._fields = fields

    def __getattr__(self, name: str) -> Any:
        if name in ("_fields", "json"):  # not set yet: a copy is being made
            raise AttributeError(name)
        if name in self._fields:
            return self._fields[name]
        raise AttributeError(f"{self!r} has no field {name!r}")

    def __dir__(self) -> list[str]:
        return [*object.__dir__(self), *self._fields]


class ConstantStandIn(StandIn):
    """What is known by its text: a dtype, a device, a unit. ``str()`` gives it; a shape's is its dimensions."""

    __slots__ = ()

    def __str__(self) -> str:
        return str(self.json["v"])


class QuantityStandIn(StandIn):
    """A number with its unit, as pint or astropy had it. pint's names for the two, and astropy's.

    Args:
        json: the encoded quantity.
        magnitude: the number, or array.
    """

    __slots__ = ("magnitude",)

    def __init__(self, json: dict[str, Any], magnitude: Any) -> None:
        super().__init__(json)
        self.magnitude = magnitude

    @property
    def value(self) -> Any:
        """The magnitude."""
        return self.magnitude

    @property
    def units(self) -> str:
        """The unit, as the library writes it: ``meter / second``."""
        return str(self.json["unit"])

    unit = units


class PandasStandIn(StandIn):
    """A value of pandas: ``kind`` says which, ``v`` is its text or its elements; ``dtype``, ``shape``, ``index``,
    ``columns``, ``unit``, ``tz`` where it has them.
    """

    __slots__ = ("_members",)

    def __init__(self, json: dict[str, Any], members: dict[str, Any]) -> None:
        super().__init__(json)
        self._members = members

    def __getattr__(self, name: str) -> Any:
        if name not in ("_members", "json") and name in self._members:
            return self._members[name]
        raise AttributeError(f"a stored {type(self).__name__} has no {name!r}")


def _again(_: Walk, value: StandIn, __: Path) -> Any:
    return value.json


KINDS: dict[str | type, Kind] = {StandIn: Kind(_again, open=True)}

READERS: dict[str, Any] = {
    "object": lambda json, read: ObjectStandIn(json, read(json.get("fields", {}))),
    "cut": lambda json, read: StandIn(json),
}
