"""What a typed object gives to a config, cast gives back."""

from __future__ import annotations

import enum
import pathlib
from dataclasses import dataclass, field, fields

from hypothesis import given
from hypothesis import strategies as st

import givens


class Mode(enum.Enum):
    FAST = 1
    SLOW = "slow"


@dataclass
class Model:
    depth: int = 1
    sizes: tuple[int, ...] = ()
    names: list[str] = field(default_factory=list)


@dataclass
class Train:
    lr: float
    mode: Mode
    out: pathlib.Path | None
    model: Model
    more: list[Model]
    by_name: dict[str, Model]
    words: frozenset[str]
    label: str | int | None


text = st.text(max_size=5)
models = st.builds(Model, st.integers(), st.lists(st.integers(), max_size=3).map(tuple), st.lists(text, max_size=3))
trains = st.builds(
    Train,
    st.floats(allow_nan=False),
    st.sampled_from(Mode),
    st.none() | st.just(pathlib.Path("a/b")),
    models,
    st.lists(models, max_size=2),
    st.dictionaries(st.text(min_size=1, max_size=3), models, max_size=2),
    st.frozensets(text, max_size=3),
    st.none() | text | st.integers(),
)


@given(trains)
def test_a_typed_object_goes_through_a_config_and_back(train: Train) -> None:
    config = givens.Config()
    config.update(train)
    assert list(config) == [one.name for one in fields(Train)]
    assert givens.cast(config, Train) == train


@given(trains, st.sampled_from(["lr", "mode", "out", "model", "more", "by_name"]))
def test_one_value_of_a_wrong_type_is_the_one_mismatch(train: Train, name: str) -> None:
    config = givens.Config()
    config.update(train)
    config[name] = object
    try:
        givens.cast(config, Train)
    except givens.GivensError as error:
        assert [path for path, _ in error.problems] == [name]  # type: ignore[attr-defined]
    else:
        raise AssertionError(name)
