"""givens.cast and init(schema=…)."""

from __future__ import annotations

import enum
import pathlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Literal

import pytest

import givens
from givens.errors import LossyValueWarning, MissingValueWarning, SchemaError, UsageError

if TYPE_CHECKING:
    from tests.conftest import Folder


class Mode(enum.Enum):
    FAST = 1
    SLOW = 2


@dataclass
class Model:
    depth: int
    sizes: tuple[int, ...] = ()


@dataclass
class Train:
    lr: float
    model: Model
    mode: Mode = Mode.FAST
    out: pathlib.Path | None = None
    kind: Literal["a", "b"] = "a"
    options: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.lr <= 0:
            raise ValueError("lr must be positive")


GOOD = {"lr": 1, "model": {"depth": 3.0, "sizes": [1, 2]}, "mode": "SLOW", "out": "x/y", "options": {"a": 1}}


@pytest.mark.parametrize("given", [GOOD, givens.Config(GOOD)])
def test_a_config_is_cast_with_nested_objects_tuples_enums_and_paths(given: Any) -> None:
    made = givens.cast(given, Train)
    assert made == Train(1.0, Model(3, (1, 2)), Mode.SLOW, pathlib.Path("x/y"), "a", {"a": 1})
    assert type(made.lr) is float and type(made.model.depth) is int


def test_a_section_is_cast_and_its_mismatches_have_their_full_path() -> None:
    config = givens.Config({"train": {"model": {"depth": 3}}})
    assert givens.cast(config.train.model, Model) == Model(3)
    config.train.model.depth = "deep"
    with pytest.raises(SchemaError, match=r"config\.train\.model\.depth: expected int, got 'deep' \(str\)"):
        givens.cast(config.train.model, Model)


def test_all_mismatches_are_reported_together() -> None:
    config = givens.Config(
        {"lr": "fast", "model": {"dpeth": 3, "sizes": [1, "b"]}, "mode": "no", "kind": "c", "options": {"a": "x"}}
    )
    with pytest.raises(SchemaError) as caught:
        givens.cast(config, Train)
    assert str(caught.value).splitlines() == [
        "config does not fit Train in 7 places",
        "  config.lr: expected float, got 'fast' (str)",
        "  config.model.dpeth: Model has no such field; did you mean 'depth'?",
        "  config.model.sizes[1]: expected int, got 'b' (str)",
        "  config.model.depth: missing, expected int",
        "  config.mode: expected Mode, got 'no' (str)",
        "  config.kind: expected one of 'a', 'b', got 'c' (str)",
        "  config.options.a: expected int, got 'x' (str)",
    ]
    assert isinstance(caught.value, TypeError) and isinstance(caught.value, ValueError)


def test_what_the_class_itself_refuses_is_a_mismatch() -> None:
    with pytest.raises(SchemaError, match="Train refuses it: lr must be positive"):
        givens.cast({**GOOD, "lr": -1}, Train)


def test_keys_without_a_field_can_be_ignored() -> None:
    assert givens.cast({"depth": 1, "more": 2}, Model, extra="ignore") == Model(1)
    with pytest.raises(UsageError, match="extra is 'error' or 'ignore'"):
        givens.cast({"depth": 1}, Model, extra="allow")


def test_a_secret_is_not_told_in_a_mismatch() -> None:
    @dataclass
    class Keys:
        api_key: int

    with pytest.raises(SchemaError) as caught:
        givens.cast({"api_key": "hunter2hunter2"}, Keys)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("kind", [dict, int, "Train", Model(1), None])
def test_only_a_class_with_fields_can_be_cast_to(kind: Any) -> None:
    with pytest.raises(UsageError, match="the class itself"):
        givens.cast({}, kind)


def test_a_model_of_pydantic_is_checked_by_pydantic() -> None:
    pydantic = pytest.importorskip("pydantic")

    class Inner(pydantic.BaseModel):
        n: int = pydantic.Field(gt=0)

    class Outer(pydantic.BaseModel):
        inner: Inner
        many: tuple[Inner, ...] = ()
        named: str = pydantic.Field("", alias="name")

    made = givens.cast(givens.Config({"inner": {"n": "3"}, "name": "x"}), Outer)
    assert (made.inner.n, made.named) == (3, "x")
    with pytest.raises(SchemaError) as caught:
        givens.cast({"inner": {"n": -1, "m": 2}, "many": [{"n": 1}, {}], "nmae": "x"}, Outer)
    assert [path for path, _ in caught.value.problems] == ["inner.n", "many[1].n", "inner.m", "nmae"]


def test_a_struct_of_msgspec_is_checked_with_its_constraints() -> None:
    msgspec = pytest.importorskip("msgspec")
    Struct = msgspec.defstruct(
        "Options",
        [
            ("n", Annotated[int, msgspec.Meta(gt=0)]),
            ("model", Model),
            ("some", set[int], msgspec.field(default_factory=set)),
        ],
    )
    assert givens.cast({"n": 1, "model": {"depth": 2}, "some": [1, 1]}, Struct) == Struct(1, Model(2), {1})
    with pytest.raises(SchemaError) as caught:
        givens.cast({"n": 0, "model": {"depth": "x"}, "some": ["a"]}, Struct)
    assert [path for path, _ in caught.value.problems] == ["n", "model.depth", "some"]


def test_a_class_of_attrs_runs_its_validators_and_takes_its_private_names() -> None:
    attrs = pytest.importorskip("attrs")
    Options = attrs.make_class(
        "Options", {"_x": attrs.field(validator=attrs.validators.ge(0)), "model": attrs.field(default=None)}
    )
    assert givens.cast({"_x": 1}, Options) == Options(1) == givens.cast({"x": 1}, Options)
    with pytest.raises(SchemaError, match="Options refuses it"):
        givens.cast({"_x": -1}, Options)


def test_what_a_dataclass_gave_to_a_config_can_be_cast_back() -> None:
    train = Train(0.5, Model(3, (1,)), Mode.SLOW, pathlib.Path("a"), "b", {"x": 1})
    config = givens.Config()
    config.update(train)
    assert givens.cast(config, Train) == train


# --- init(schema=…) -----------------------------------------------------------------------------------------------


@pytest.fixture
def run(tmp_path: pathlib.Path) -> Any:
    begun = givens.init(config={"lr": 0.1, "model": {"depth": 3}}, schema=Train, dir=tmp_path)
    yield begun
    begun.finish()


@pytest.mark.parametrize(
    ("write", "says"),
    [
        (lambda c: c.__setitem__("lr", "x"), r"config\.lr: expected float, got 'x' \(str\)"),
        (lambda c: setattr(c, "lr", None), r"expected float, got None"),
        (lambda c: c.model.__setitem__("depth", "x"), r"config\.model\.depth: expected int"),
        (lambda c: c.update({"lr": 1.0, "options": {"a": "b"}}), r"config\.options\.a"),
        (lambda c: c.setdefault("rate", 1), "Train has no such field"),
        (lambda c: c.setdefault("mdel", {}), "did you mean 'model'"),
        (lambda c: c.model.update(sizes=["a"]), r"config\.model\.sizes\[0\]"),
        (lambda c: c.update_locked({"lr": "x"}, "sweep"), r"config\.lr"),
        (lambda c: givens.merge(c, {"model": {"depth": []}}), r"config\.model\.depth"),
        (lambda c: c.update("kind=c"), r"config\.kind: expected one of 'a', 'b', got 'c'"),
    ],
)
def test_a_write_that_does_not_fit_raises_and_changes_nothing(run: Any, write: Any, says: str) -> None:
    before = run.config.as_dict()
    with pytest.raises(SchemaError, match=says):
        write(run.config)
    assert run.config.as_dict() == before


def test_elements_of_lists_are_checked_as_well(run: Any) -> None:
    run.config.model.sizes = [1]
    for write in (
        lambda sizes: sizes.append("x"),
        lambda sizes: sizes.__setitem__(0, "x"),
        lambda sizes: sizes.extend([1, None]),
    ):
        with pytest.raises(SchemaError, match=r"config\.model\.sizes\[\d\]: expected int"):
            write(run.config.model.sizes)
    run.config.model.sizes += [2]
    assert run.config.model.sizes == [1, 2]


def test_writes_that_fit_are_kept_as_they_were_given(run: Any) -> None:
    run.config.lr = 2
    run.config.model = {"depth": 1}
    run.config.out = "folder"
    assert type(run.config.lr) is int
    assert run.config.as_dict() == {"lr": 2, "model": {"depth": 1}, "out": "folder"}


def test_a_config_that_does_not_fit_begins_no_run(folder: Folder) -> None:
    done = folder.run(
        """
        from dataclasses import dataclass
        import givens

        @dataclass
        class Train:
            lr: float
            seed: int = 0

        try:
            givens.init(config=[{"lr": 0.1}, "lr=fast", "sede=3"], schema=Train)
        except givens.GivensError as error:
            print(error)
        assert givens.run is None
        """
    )
    assert done.stdout.splitlines() == [
        "config does not fit Train in 2 places; nothing of it was written",
        "  config.lr: expected float, got 'fast' (str)",
        "  config.sede: Train has no such field; did you mean 'seed'?",
    ]
    assert not list((folder.path / ".givens").glob("runs/*"))


def test_a_value_that_loses_need_not_fit(tmp_path: pathlib.Path) -> None:
    with givens.init(config=[{"depth": "x"}, {"depth": 3}], schema=Model, dir=tmp_path) as run:
        assert run.config.depth == 3


def test_what_is_required_and_missing_at_the_first_log_is_said(tmp_path: pathlib.Path) -> None:
    with givens.init(config={"model": {}}, schema=Train, dir=tmp_path) as run:
        with pytest.warns(MissingValueWarning, match=r"config\.model\.depth, config\.lr: required by Train") as said:
            run.log({"loss": 1.0})
        run.log({"loss": 0.5})
    assert len(said) == 1


@pytest.mark.parametrize("schema", [dict, Model(1), "Model"])
def test_a_schema_that_is_no_class_with_fields_is_refused(schema: Any, tmp_path: pathlib.Path) -> None:
    with pytest.raises(UsageError, match=r"init\(schema=…\) takes a class with fields"):
        givens.init(schema=schema, dir=tmp_path)


def test_constraints_of_pydantic_hold_for_every_write(tmp_path: pathlib.Path) -> None:
    pydantic = pytest.importorskip("pydantic")

    class Inner(pydantic.BaseModel):
        n: int = pydantic.Field(1, gt=0)

    class Outer(pydantic.BaseModel):
        inner: Inner = Inner()

    with givens.init(config=Outer(), schema=Outer, dir=tmp_path) as run:
        run.config.inner.n = 3
        with pytest.raises(SchemaError, match="greater than 0"):
            run.config.inner.n = 0
        with pytest.raises(SchemaError, match=r"config\.inner\.m: Inner has no such field"):
            run.config.inner.m = 0
        assert run.config == {"inner": {"n": 3}}


def test_lossy_values_under_a_schema_are_still_recorded(tmp_path: pathlib.Path) -> None:
    @dataclass
    class Options:
        anything: Any = None

    with givens.init(schema=Options, dir=tmp_path) as run, pytest.warns(LossyValueWarning):
        run.config.anything = object()
