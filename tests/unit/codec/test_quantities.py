"""Numbers with units, against the real pint and astropy; and pydantic's secrets."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from givens.codec import Redaction, decode, dumps, encode, loads, shown_json

REDACTION = Redaction(key_file="/nonexistent/givens.key")


def again(value: Any) -> Any:
    encoded = encode(value, ("x",), REDACTION)
    assert not encoded.lossy
    read = decode(loads(dumps(encoded.json).encode()))
    assert read == value
    assert encode(read, ("x",), REDACTION).json == encoded.json
    return read


def test_a_quantity_of_pint_keeps_number_and_unit() -> None:
    pint = pytest.importorskip("pint")
    registry = pint.UnitRegistry()
    read = again(3 * registry.meter / registry.second)
    assert (read.magnitude, read.units, read.value, read.unit) == (3.0, "meter / second", 3.0, "meter / second")
    assert read != 3 * registry.meter
    assert read != 4 * registry.meter / registry.second
    assert shown_json(read.json) == "3.0 meter / second"
    assert again(np.array([1, 2]) * registry.km).magnitude.tolist() == [1, 2]
    assert type(again(registry.Quantity(3, "degC")).magnitude) is int
    assert str(again(registry.meter)) == "meter"


def test_a_quantity_of_astropy_keeps_number_unit_and_class() -> None:
    units = pytest.importorskip("astropy.units")
    read = again(2.5 * units.m / units.s)
    assert (read.value, read.unit) == (2.5, "m / s")
    assert again(np.ones(2) * units.s).value.tolist() == [1.0, 1.0]
    assert again(3 * units.dimensionless_unscaled).unit == ""
    assert str(again(units.km)) == "km"
    from astropy.coordinates import Angle

    angle = again(Angle(1, "deg"))
    assert angle.json["type"] == "astropy.coordinates.angles.core.Angle"
    assert angle != 1 * units.deg


def test_an_array_with_a_unit_that_changes_in_place_is_found() -> None:
    pint = pytest.importorskip("pint")
    array = np.zeros(2) * pint.UnitRegistry().meter
    assert encode(array, (), REDACTION).mutable
    assert not encode(1 * pint.UnitRegistry().meter, (), REDACTION).mutable


def test_secrets_of_pydantic_are_secrets() -> None:
    pydantic = pytest.importorskip("pydantic")
    for value in (pydantic.SecretStr("short"), pydantic.SecretBytes(b"hunter2hunter2")):
        json = encode(value, ("plain",), REDACTION).json
        assert json["~"] == "secret"
        assert set(json) <= {"~", "id", "hint"}
