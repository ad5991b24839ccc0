"""Values of pandas, against the real one."""

from __future__ import annotations

from typing import Any

import pytest

from givens.codec import Redaction, decode, dumps, encode, loads, shown_json

pd = pytest.importorskip("pandas")
REDACTION = Redaction(key_file="/nonexistent/givens.key")


def again(value: Any) -> Any:
    encoded = encode(value, ("x",), REDACTION)
    assert not encoded.lossy
    read = decode(loads(dumps(encoded.json).encode()))
    assert read == value
    assert encode(read, ("x",), REDACTION).json == encoded.json
    return read


def test_a_timestamp_keeps_its_nanoseconds_and_zone() -> None:
    read = again(pd.Timestamp("2026-11-01 02:30:00.123456789", tz="Europe/Berlin"))
    assert (read.kind, read.unit, read.tz) == ("Timestamp", "ns", "Europe/Berlin")
    assert read.v == "2026-11-01T02:30:00.123456789+01:00"
    assert read != pd.Timestamp("2026-11-01 02:30:00.123456788", tz="Europe/Berlin")
    assert not hasattr(again(pd.Timestamp("2026-01-01")), "tz")


@pytest.mark.parametrize(
    ("make", "kind", "text"),
    [
        (lambda: pd.Timedelta("1h"), "Timedelta", "pd.Timedelta('P0DT1H0M0S')"),
        (lambda: pd.Period("2026-01"), "Period", "pd.Period('2026-01')"),
        (lambda: pd.Interval(1, 2), "Interval", "pd.Interval(1, 2]"),
        (lambda: pd.NaT, "NaT", "pd.NaT"),
        (lambda: pd.NA, "NA", "pd.NA"),
        (lambda: pd.Int64Dtype(), "dtype", "pd.dtype('Int64')"),
        (lambda: pd.CategoricalDtype(["a", "b"], ordered=True), "dtype", "pd.dtype('category')"),
        (lambda: pd.DatetimeTZDtype(tz="UTC"), "dtype", "pd.dtype('datetime64[ns, UTC]')"),
        (lambda: pd.offsets.Day(2), "offset", "pd.offset('2D')"),
        (lambda: pd.RangeIndex(3), "RangeIndex", "pd.RangeIndex(range(0, 3, 1))"),
        (lambda: pd.Categorical(["a", "b"]), "Categorical", "pd.Categorical(['a', 'b'])"),
    ],
)
def test_scalars_dtypes_and_small_things(make: Any, kind: str, text: str) -> None:
    value = make()
    assert again(value).kind == kind
    assert shown_json(encode(value, (), REDACTION).json) == text


def test_a_frame_and_a_series_have_columns_dtypes_index_and_elements_again() -> None:
    frame = again(pd.DataFrame({"a": [1, 2], "b": ["x", None]}, index=["r", "s"]))
    assert frame.shape == [2, 2]
    assert frame.dtypes[0] == "int64"
    assert frame.v[0] == [1, 2]
    assert frame.columns.v == ["a", "b"]
    assert frame.index.v == ["r", "s"]
    series = again(pd.Series([1.5, 2.5], name="loss"))
    assert (series.dtype, series.name, series.v) == ("float64", "loss", [1.5, 2.5])
    assert again(pd.MultiIndex.from_tuples([(1, "a")])).v == [(1, "a")]


def test_a_series_that_changes_is_another() -> None:
    assert again(pd.Series([1, 2])) != pd.Series([1, 3])
    assert again(pd.Series([1, 2])) != pd.Series([1, 2], dtype="float64")


def test_a_secret_in_a_column_is_one() -> None:
    encoded = encode(pd.DataFrame({"password": ["hunter2hunter2"]}), ("x",), REDACTION)
    assert "hunter2" not in dumps(encoded.json)
