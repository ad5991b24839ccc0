"""ml_collections' ConfigDict, against the real one."""

from __future__ import annotations

import pytest

from givens.errors import CycleError, MissingValueWarning
from givens.records.origin import Origin
from givens.sources import read

ml_collections = pytest.importorskip("ml_collections")
CODE = Origin("code", "train.py", 7)


def test_references_placeholders_and_computed_values_say_so() -> None:
    config = ml_collections.ConfigDict(
        {"lr": 1, "sub": {"x": ml_collections.config_dict.placeholder(int)}, "pair": (1, 2)}
    )
    config.same = config.get_ref("lr")
    config.twice = config.get_ref("lr") * 2
    (layer,) = read(config, code=CODE)
    assert {entry.path[0]: entry.value for entry in layer.entries} == {
        "lr": 1, "same": 1, "twice": 2, "sub": {"x": None}, "pair": (1, 2),
    }  # fmt: skip
    notes = {entry.path: entry.origin.note for entry in layer.entries} | {p: o.note for p, o in layer.origins.items()}
    assert notes[("same",)] == "reference to lr"
    assert notes[("twice",)] == "computed from lr"
    assert notes[("sub", "x")] == "placeholder: int"
    assert notes[("pair",)] is None
    assert layer.entries[0].origin.kind == "ml_collections"
    config.lr = 5
    assert layer.watched is config and layer.reread is not None
    assert layer.reread(config)[("twice",)] == 10


def test_a_required_placeholder_without_a_value_is_said() -> None:
    config = ml_collections.ConfigDict({"a": ml_collections.config_dict.required_placeholder(int)})
    with pytest.warns(MissingValueWarning, match=r"config\.a: required placeholders"):
        (layer,) = read(config, code=CODE)
    assert layer.entries[0].value is None


def test_a_frozen_one_is_read_as_well() -> None:
    config = ml_collections.FrozenConfigDict({"a": 1, "b": {"c": [1, 2]}})
    (layer,) = read(config, code=CODE)
    assert [entry[:2] for entry in layer.entries] == [(("a",), 1), (("b",), {"c": (1, 2)})]


def test_one_that_contains_itself_is_an_error() -> None:
    config = ml_collections.ConfigDict({"a": 1})
    config.me = config
    with pytest.raises(CycleError, match=r"config\.me"):
        read(config, code=CODE)
