"""Values of pandas: timestamps and other scalars, dtypes, and series, indexes and frames. Read back as stand-ins.

All have the tag ``pandas`` and the member ``kind``.
"""

from __future__ import annotations

from typing import Any

from ..keys import Path
from ..records.encoded import TAG
from .kinds import LONG_ITEMS, Kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .encode import Walk


def _stored(kind: str, stored: Any, **more: Any) -> dict[str, Any]:
    return {TAG: "pandas", "kind": kind, "v": stored, **more}


def _timestamp(_: Walk, value: Any, __: Path) -> Any:
    zone = {} if value.tz is None else {"tz": str(value.tz)}
    return _stored("Timestamp", value.isoformat(), unit=value.unit, **zone)


def _timedelta(_: Walk, value: Any, __: Path) -> Any:
    return _stored("Timedelta", value.isoformat(), unit=value.unit)


def _period(_: Walk, value: Any, __: Path) -> Any:
    return _stored("Period", str(value), freq=value.freqstr)


def _interval(walk: Walk, value: Any, path: Path) -> Any:
    bounds = walk.sequence_leaf("tuple", value, (value.left, value.right), path)
    return _stored("Interval", bounds["v"], closed=value.closed)


def _dtype(_: Walk, value: Any, __: Path) -> Any:
    return _stored("dtype", str(value))


def _categories(walk: Walk, value: Any, path: Path) -> Any:
    categories = None if value.categories is None else walk.value(value.categories, path)
    return _stored("dtype", "category", categories=categories, ordered=value.ordered)


def _offset(_: Walk, value: Any, __: Path) -> Any:
    return _stored("offset", value.freqstr)


def _nothing(name: str) -> Kind:
    return Kind(lambda _, __, ___: _stored(name, None))


def _index(walk: Walk, value: Any, path: Path) -> Any:
    walk.mutable = True
    items = _items(walk, value, path)
    return items if TAG in items else _stored("Index", items["v"], dtype=str(value.dtype), **_name(walk, value, path))


def _extension_array(walk: Walk, value: Any, path: Path) -> Any:
    walk.mutable = True
    items = _items(walk, value, path)
    return items if TAG in items else _stored(type(value).__name__, items["v"], dtype=str(value.dtype))


def _range_index(walk: Walk, value: Any, path: Path) -> Any:
    bounds = range(value.start, value.stop, value.step)
    return _stored("RangeIndex", walk.value(bounds, path), **_name(walk, value, path))


def _name(walk: Walk, value: Any, path: Path) -> dict[str, Any]:
    return {} if value.name is None else {"name": walk.value(value.name, path)}


def _items(walk: Walk, value: Any, path: Path) -> dict[str, Any]:
    """The elements, as the member ``v`` of a dict; what stands for them where they are too many."""
    if walk.room is not None and value.size > LONG_ITEMS:
        return {**walk.cut(value, path), "shape": list(value.shape), "dtype": str(value.dtype)}
    leaf = walk.sequence_leaf("tuple", value, value.tolist(), path)
    return {"v": leaf["v"]} if "v" in leaf else leaf


def _series(walk: Walk, value: Any, path: Path) -> Any:
    walk.mutable = True
    items = _items(walk, value, path)
    if TAG in items:
        return items
    index = walk.value(value.index, path)
    shape = list(value.shape)
    return _stored("Series", items["v"], dtype=str(value.dtype), shape=shape, index=index, **_name(walk, value, path))


def _frame(walk: Walk, value: Any, path: Path) -> Any:
    """Column by column, each with its dtype."""
    walk.mutable = True
    shape = list(value.shape)
    if walk.room is not None and value.size > LONG_ITEMS:
        return {**walk.cut(value, path), "shape": shape, "dtype": "frame"}
    names = [str(name) for name in value.columns]
    columns = [_items(walk, value.iloc[:, at], (*path, name)) for at, name in enumerate(names)]
    return _stored(
        "DataFrame",
        [column.get("v", column) for column in columns],
        columns=walk.value(value.columns, path),
        dtypes=[str(dtype) for dtype in value.dtypes],
        shape=shape,
        index=walk.value(value.index, path),
    )


KINDS: dict[str | type, Kind] = {
    "pandas.Timestamp": Kind(_timestamp),
    "pandas.Timedelta": Kind(_timedelta),
    "pandas.Period": Kind(_period),
    "pandas.Interval": Kind(_interval),
    "pandas.api.typing.NaTType": _nothing("NaT"),
    "pandas._libs.tslibs.nattype.NaTType": _nothing("NaT"),
    "pandas.api.typing.NAType": _nothing("NA"),
    "pandas._libs.missing.NAType": _nothing("NA"),
    "pandas.CategoricalDtype": Kind(_categories),
    "pandas.api.extensions.ExtensionDtype": Kind(_dtype, open=True),
    "pandas._libs.tslibs.offsets.BaseOffset": Kind(_offset, open=True),
    "pandas.api.extensions.ExtensionArray": Kind(_extension_array, open=True),
    "pandas.RangeIndex": Kind(_range_index),
    "pandas.Index": Kind(_index, open=True),
    "pandas.Series": Kind(_series, open=True),
    "pandas.DataFrame": Kind(_frame, open=True),
}


def _read(json: dict[str, Any], read: Any) -> Any:
    from .standins import PandasStandIn

    return PandasStandIn(json, {key: _read_member(member, read) for key, member in json.items() if key != TAG})


def _read_member(member: Any, read: Any) -> Any:
    return [_read_member(item, read) for item in member] if isinstance(member, list) else read(member)


READERS: dict[str, Any] = {"pandas": _read}
