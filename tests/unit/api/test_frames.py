"""Data frames: types kept where a column has one, text where it has none; a line that says what to install."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Any

import pytest

from givens.api import Column, Grid
from givens.api.exports import Exports
from givens.errors import MissingPackageError
from givens.records.change import MISSING


class Shown(Exports):
    """A table of its own."""

    def grid(self, *, limit: int | None = None) -> Grid:
        return Grid(
            "t",
            tuple(Column(name, "value") for name in ("whole", "real", "truth", "words", "mixed", "listed", "huge"))
            + (Column("at", "time"),),
            (
                (1, 2.0, True, "x", 128, ["a"], 1 << 70, 0.0),
                (MISSING, 2, MISSING, None, "128", ["b", "c"], 1, None),
            ),
            ids=("r1", "r2"),
        )


def test_pandas_has_a_type_for_each_column_and_ids_as_index() -> None:
    pandas = pytest.importorskip("pandas")
    frame = Shown().to_pandas()
    kinds = frame.dtypes.astype(str)
    assert [kinds[name] for name in frame.columns] == [
        "Int64", "float64", "boolean", "object", "object", "object", "object", "datetime64[ns, UTC]",
    ]  # fmt: skip
    assert (list(frame.index), frame.index.name) == (["r1", "r2"], "run.id")
    assert list(frame["mixed"]) == [128, "128"]
    assert list(frame["huge"]) == [1 << 70, 1]
    assert frame["whole"].isna().tolist() == [False, True]
    assert frame["at"].iloc[0] == pandas.Timestamp(0, tz="UTC")


def test_polars_makes_text_of_a_mixed_column() -> None:
    polars = pytest.importorskip("polars")
    frame = Shown().to_polars()
    assert frame.columns[0] == "run.id"
    assert (frame["mixed"].to_list(), frame["huge"].to_list()) == (["128", "128"], [str(1 << 70), "1"])
    assert (frame["whole"].dtype, frame["whole"].to_list()) == (polars.Int64, [1, None])
    assert (frame["real"].to_list(), frame["truth"].to_list(), frame["words"].to_list()) == (
        [2.0, 2.0],
        [True, None],
        ["x", None],
    )
    assert frame["listed"].to_list() == [["a"], ["b", "c"]]
    assert frame["at"].to_list() == [datetime(1970, 1, 1, tzinfo=UTC), None]


def test_arrow_makes_text_of_a_mixed_column() -> None:
    arrow = pytest.importorskip("pyarrow")
    table = Shown().to_arrow()
    assert table.schema.field("whole").type == arrow.int64()
    assert table.column("mixed").to_pylist() == ["128", "128"]
    assert table.column("listed").to_pylist() == [["a"], ["b", "c"]]
    assert table.column("at").to_pylist()[1] is None


def test_an_empty_table_still_has_its_columns(many: Any) -> None:
    pytest.importorskip("pandas")
    frame = many.ask().columns("lr", "run.created").to_pandas()
    assert (list(frame.columns), len(frame)) == (["lr", "run.created"], 0)


@pytest.mark.parametrize(
    ("verb", "package", "extra"),
    [("to_pandas", "pandas", "pandas"), ("to_polars", "polars", "polars"), ("to_arrow", "pyarrow", "arrow")],
)
def test_a_missing_extra_is_one_line_that_names_it(
    verb: str, package: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)  # type: ignore[arg-type]  # what makes an import fail
    with pytest.raises(MissingPackageError) as caught:
        getattr(Shown(), verb)()
    assert str(caught.value) == f"{verb}() needs {package}: pip install '.[{extra}]' in a clone of givens"
