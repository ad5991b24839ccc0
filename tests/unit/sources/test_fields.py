"""Objects of classes with fields: dataclasses, alone and with other kinds in them."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from dataclasses import dataclass, field
from typing import Annotated, Any

import pytest

from givens.errors import CycleError
from givens.records.layer import Layer
from givens.records.origin import Origin
from givens.sources import read

CODE = Origin("code", "train.py", 7)


@dataclass
class Model:
    """A model.

    Args:
        depth: how deep
            it goes
        width: not this one, the comment is nearer
    """

    depth: int = 4
    width: int = 8  # how wide
    # sizes of the layers
    layers: list[int] = field(default_factory=list)


@dataclass
class Train:
    seed: int
    model: Model = field(default_factory=Model, metadata={"help": "the model"})
    models: list[Model] = field(default_factory=list)
    pair: tuple[Any, ...] = ()
    by_name: dict[str, Model] = field(default_factory=dict)


def layer_of(obj: Any) -> Layer:
    (layer,) = read(obj, code=CODE)
    return layer


def values(layer: Layer) -> dict[Any, Any]:
    return {entry.path[0]: entry.value for entry in layer.entries}


def test_nested_objects_are_sections_wherever_they_stand() -> None:
    got = values(layer_of(Train(3, Model(2), [Model(5)], (Model(6), 1), {"a": Model(7)})))
    plain = {"depth": 2, "width": 8, "layers": []}
    assert got == {
        "seed": 3,
        "model": plain,
        "models": [{**plain, "depth": 5}],
        "pair": ({**plain, "depth": 6}, 1),
        "by_name": {"a": {**plain, "depth": 7}},
    }
    assert type(got["pair"]) is tuple


def test_origins_name_class_and_field_and_say_which_values_are_defaults() -> None:
    layer = layer_of(Train(3, Model(depth=2)))
    origins = {entry.path: entry.origin for entry in layer.entries} | layer.origins
    assert origins[("seed",)] == Origin("dataclass", "train.py", 7, name="Train.seed")
    assert origins[("model", "depth")] == Origin("dataclass", "train.py", 7, name="Model.depth")
    assert origins[("model", "width")].note == "default"
    assert origins[("models",)].note == "default"
    assert str(origins[("model", "width")]) == "Model.width (default, train.py:7)"


def test_descriptions_come_from_metadata_docstring_and_comments() -> None:
    found = layer_of(Train(3)).descriptions
    assert found[("model",)] == "the model"
    assert found[("model", "depth")] == "how deep it goes"
    assert found[("model", "width")] == "how wide"
    assert found[("model", "layers")] == "sizes of the layers"


def test_values_that_are_no_objects_with_fields_are_passed_on_untouched() -> None:
    marker, pair = object(), (1, [2])

    @dataclass
    class Options:
        marker: Any
        pair: Any
        kind: Any = Model  # a class, no instance

    got = values(layer_of(Options(marker, pair)))
    assert got["marker"] is marker
    assert got["pair"] is pair
    assert got["kind"] is Model


def test_fields_that_are_neither_given_nor_shown_are_left_out() -> None:
    @dataclass
    class Options:
        lr: float = 0.1
        steps: int = field(init=False, default=5)
        _cache: dict[str, int] = field(init=False, repr=False, default_factory=dict)

    assert values(layer_of(Options())) == {"lr": 0.1, "steps": 5}


def test_a_default_that_only_a_function_makes_is_not_asked_for() -> None:
    made: list[int] = []

    def make() -> int:
        made.append(1)
        return 7

    @dataclass
    class Options:
        token: int = field(default_factory=make)

    options = Options()
    assert layer_of(options).entries[0].origin.note is None
    assert made == [1]


def test_a_type_annotation_that_nobody_can_resolve_is_no_error() -> None:
    Options = dataclasses.make_dataclass("Options", [("lr", "NoSuchType", 0.1)])
    assert values(layer_of(Options())) == {"lr": 0.1}


def test_annotated_documentation_is_a_description() -> None:
    class Doc:
        documentation = "the rate"

    @dataclass
    class Options:
        lr: Annotated[float, Doc()] = 0.1

    Options.__annotations__["lr"] = Annotated[float, Doc()]
    assert layer_of(Options()).descriptions == {("lr",): "the rate"}


def test_the_object_is_watched_as_it_was_read() -> None:
    train = Train(3)
    layer = layer_of(train)
    assert layer.watched is train
    assert layer.name == "Train"
    train.model.depth = 9
    assert layer.reread is not None
    now = layer.reread(train)
    assert (now["model", "depth"], now["model", "layers"], now["by_name",]) == (9, [], {})


def test_an_object_that_can_no_longer_be_read_is_compared_with_nothing() -> None:
    @dataclass
    class Node:
        next: Any = None

    node = Node(1)
    layer = layer_of(node)
    node.next = node
    assert layer.reread is not None
    assert layer.reread(node) == {}


def test_an_object_that_contains_itself_is_an_error() -> None:
    @dataclass
    class Node:
        next: Any = None

    node = Node()
    node.next = node
    with pytest.raises(CycleError, match=r"config\.next"):
        read(node, code=CODE)


def test_a_frozen_dataclass_with_slots_is_read() -> None:
    Options = dataclasses.make_dataclass("Options", [("lr", float, 0.1)], frozen=True, slots=True)
    assert values(layer_of(Options())) == {"lr": 0.1}


def test_reading_one_imports_none_of_the_other_libraries() -> None:
    script = (
        "import sys; from dataclasses import make_dataclass; from givens.records.origin import Origin\n"
        "from givens.sources import read; C = make_dataclass('C', [('lr', float, 0.1)])\n"
        "read(C(), code=Origin('code'))\n"
        "print(sorted({'attr', 'attrs', 'pydantic', 'msgspec', 'omegaconf', 'click', 'typer'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
