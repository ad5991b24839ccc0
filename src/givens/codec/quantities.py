"""Numbers with units, of pint and astropy: ``{"~": "quantity", "library", "unit", "v": magnitude}``, and bare units."""

from __future__ import annotations

from typing import Any

from ..keys import Path
from ..records.encoded import TAG
from .kinds import Kind, type_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .encode import Walk


def _pint(walk: Walk, value: Any, path: Path) -> Any:
    return {TAG: "quantity", "library": "pint", "unit": str(value.units), "v": walk.value(value.magnitude, path)}


def _astropy(walk: Walk, value: Any, path: Path) -> Any:
    kind = type_name(type(value))
    more = {} if kind == "astropy.units.quantity.Quantity" else {"type": kind}
    magnitude = value.value
    if type_name(type(magnitude)) == "numpy.float64":
        magnitude = float(magnitude)  # how astropy keeps every number
    stored = walk.value(magnitude, path)
    return {TAG: "quantity", "library": "astropy", "unit": value.unit.to_string(), **more, "v": stored}


def _unit(library: str) -> Kind:
    def encode(_: Walk, value: Any, __: Path) -> Any:
        text = value.to_string() if library == "astropy" else str(value)
        return {TAG: "unit", "library": library, "v": text}

    return Kind(encode, open=True)


KINDS: dict[str | type, Kind] = {
    "pint.Quantity": Kind(_pint, open=True),
    "pint.Unit": _unit("pint"),
    "astropy.units.Quantity": Kind(_astropy, open=True),
    "astropy.units.UnitBase": _unit("astropy"),
}


def _read_quantity(json: dict[str, Any], read: Any) -> Any:
    from .standins import QuantityStandIn

    return QuantityStandIn(json, read(json["v"]))


def _read_unit(json: dict[str, Any], _: Any) -> Any:
    from .standins import ConstantStandIn

    return ConstantStandIn(json)


READERS: dict[str, Any] = {"quantity": _read_quantity, "unit": _read_unit}
