"""numpy's scalars, arrays and dtypes, both ways. numpy is imported only to read one back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..errors import DamagedValueError
from ..keys import Path
from ..records.encoded import TAG
from .kinds import LONG_ITEMS, LONG_TEXT, Kind, type_name
from .scalars import from_base64, to_base64

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .encode import Walk


def _scalar(walk: Walk, value: Any, path: Path) -> Any:
    """A numpy scalar: numbers readable, the rest by their bytes."""
    dtype = value.dtype
    if type(value) is not dtype.type:
        walk.lose(path, f"{type_name(type(value))} kept as {type_name(dtype.type)}")
    kind, size = dtype.kind, dtype.itemsize
    if _is_numpys(dtype) and ((kind in "biu") or (kind == "f" and size <= 8)):
        return {TAG: "numpy", "dtype": dtype.name, "v": walk.value(value.item(), path)}
    if _is_numpys(dtype) and kind == "c" and size <= 16:
        number = value.item()
        return {TAG: "numpy", "dtype": dtype.name, "v": [walk.value(part, path) for part in (number.real, number.imag)]}
    if kind in "mM":
        return {TAG: "numpy", "dtype": dtype.str, "v": int(value.view("i8")), "text": str(value)}
    import numpy as np

    before = walk.mutable
    array = _array(walk, np.asarray(value), path)
    walk.mutable = before or dtype.hasobject  # a scalar does not change, the array made of it is our own
    if array[TAG] == "ndarray":
        return {TAG: "numpy", "dtype": array["dtype"], "v": array["v"]}
    return array


def _str_scalar(walk: Walk, value: Any, path: Path) -> Any:
    text = walk.text(str.__str__(value), path)
    if isinstance(text, dict) and text[TAG] != "str":
        return text
    return {TAG: "numpy", "dtype": "str", "v": text}


def _bytes_scalar(walk: Walk, value: Any, path: Path) -> Any:
    content = walk.value(bytes.__getitem__(value, slice(None)), path)
    return {TAG: "numpy", "dtype": "bytes", "v": content["v"]} if content[TAG] == "bytes" else content


def _array(walk: Walk, value: Any, path: Path) -> Any:
    """dtype, shape, and the elements: base64 of their bytes (C order, little-endian), text and objects as items."""
    import numpy as np

    walk.mutable = True
    value = np.ndarray.view(value, np.ndarray) if type(value) is not np.ndarray else value
    dtype = value.dtype
    if walk.room is not None and (value.nbytes > LONG_TEXT or (dtype.hasobject and value.size > LONG_ITEMS)):
        return {**walk.cut(value, path), "dtype": dtype.str, "shape": list(value.shape)}
    encoded: dict[str, Any] = {TAG: "ndarray", "dtype": _dtype_json(dtype), "shape": list(value.shape)}
    if dtype.kind in "OUT" and dtype.names is None and dtype.subdtype is None:
        items = walk.sequence_leaf("tuple", value, value.ravel().tolist(), path)
        if "v" not in items:
            return items
        encoded["v"] = items["v"]
        if dtype.kind == "T" or (dtype.kind == "U" and any(_is_redacted(item) for item in items["v"])):
            encoded["dtype"] = "|O"  # what stands for a secret is no str
    elif dtype.hasobject:
        walk.lose(path, "a structured array with objects in it kept as a list of tuples")
        items = walk.sequence_leaf("tuple", value, value.ravel().tolist(), path)
        encoded = items if "v" not in items else {**encoded, "dtype": "|O", "v": items["v"]}
    elif dtype.kind == "S" and walk.redaction.is_secret_path(path):
        return walk.secret(value.tobytes(), path)
    else:
        if not _is_numpys(dtype):
            walk.lose(path, f"dtype {dtype.name} kept as its bytes")
            encoded["name"] = dtype.name
        encoded["v"] = to_base64(_bytes_of(np, value))
    return encoded


def _bytes_of(np: Any, value: Any) -> bytes:
    packed = _packed(np, value.dtype)
    content: bytes = value.astype(packed, copy=False).tobytes()
    gaps = list(_gaps(np, packed, 0))
    if not gaps or not content:
        return content
    items = np.frombuffer(content, "u1").reshape(-1, packed.itemsize).copy()
    for start, stop in gaps:
        items[:, start:stop] = 0
    return bytes(items.tobytes())


def _gaps(np: Any, dtype: Any, at: int) -> Iterator[tuple[int, int]]:
    """The bytes of an item that belong to no value: an x86 long double fills 10 of its 16."""
    if dtype.subdtype is not None:
        item, shape = dtype.subdtype
        first = list(_gaps(np, item, at))
        for place in range(int(np.prod(shape)) if first else 0):
            yield from ((start + place * item.itemsize, stop + place * item.itemsize) for start, stop in first)
    elif dtype.names is not None:
        for field, offset, *_ in dtype.fields.values():
            yield from _gaps(np, field, at + offset)
    elif dtype.char in "gG" and np.finfo(np.longdouble).nmant == 63:
        size = np.dtype(np.longdouble).itemsize
        for start in range(at, at + dtype.itemsize, size):
            yield start + 10, start + size


def _packed(np: Any, dtype: Any) -> Any:
    """The same fields, little-endian and without gaps: what lies in the gaps is chance, or something private."""
    if dtype.subdtype is not None:
        item, shape = dtype.subdtype
        return np.dtype((_packed(np, item), shape))
    if dtype.names is None:
        return dtype.newbyteorder("<")
    return np.dtype([(name, _packed(np, dtype.fields[name][0])) for name in dtype.names])


def _masked(walk: Walk, value: Any, path: Path) -> Any:
    walk.lose(path, "a masked array is kept as its data; the mask is left out")
    return _array(walk, value, path)


def _is_redacted(item: Any) -> bool:
    return isinstance(item, dict) and item.get(TAG) != "str"


def _is_numpys(dtype: Any) -> bool:
    # bfloat16 and the like come from other packages; numpy alone cannot read them back
    return str(dtype.type.__module__).partition(".")[0] == "numpy"


def _dtype(_: Walk, value: Any, __: Path) -> Any:
    if not _is_numpys(value):
        return {TAG: "constant", "type": "numpy.dtype", "v": value.name}  # numpy alone would read another one
    return {TAG: "dtype", "v": _dtype_json(value)}


def _dtype_json(dtype: Any) -> Any:
    if dtype.subdtype is not None:
        item, shape = dtype.subdtype
        return {"item": _dtype_json(item), "shape": list(shape)}
    if dtype.names is None:
        text: str = dtype.str
        return text
    fields = [dtype.fields[name] for name in dtype.names]
    encoded: dict[str, Any] = {
        "names": list(dtype.names),
        "formats": [_dtype_json(field[0]) for field in fields],
        "offsets": [field[1] for field in fields],
        "itemsize": dtype.itemsize,
    }
    if any(len(field) > 2 for field in fields):
        encoded["titles"] = [str(field[2]) if len(field) > 2 else None for field in fields]
    if dtype.isalignedstruct:
        encoded["align"] = True
    return encoded


KINDS: dict[str | type, Kind] = {
    "numpy.generic": Kind(_scalar, open=True),
    "numpy.str_": Kind(_str_scalar),
    "numpy.bytes_": Kind(_bytes_scalar),
    "numpy.ndarray": Kind(_array),
    "numpy.ma.MaskedArray": Kind(_masked, open=True),
    "numpy.dtype": Kind(_dtype, open=True),
}


def _numpy(what: str) -> Any:
    try:
        import numpy as np
    except ImportError:
        raise DamagedValueError(f"{what} needs numpy, which is not installed") from None
    return np


def _dtype_of(np: Any, json: Any) -> Any:
    if isinstance(json, str):
        return np.dtype(json)
    if "item" in json:
        return np.dtype((_dtype_of(np, json["item"]), tuple(json["shape"])))
    described = {key: json[key] for key in ("names", "offsets", "itemsize", "titles") if key in json}
    return np.dtype(
        {**described, "formats": [_dtype_of(np, item) for item in json["formats"]]}, align=json.get("align", False)
    )


def _read_array(json: dict[str, Any], read: Any) -> Any:
    np = _numpy("an array")
    dtype, shape = _dtype_of(np, json["dtype"]), tuple(json["shape"])
    if isinstance(json["v"], list):
        flat = np.empty(len(json["v"]), dtype=dtype)
        for at, item in enumerate(json["v"]):
            flat[at] = read(item)
        return flat.reshape(shape)
    if dtype.hasobject:  # bytes must never be taken for pointers
        raise ValueError("an array of objects needs its items")
    if 0 in shape or dtype.itemsize == 0:
        return np.zeros(shape, dtype)
    return np.frombuffer(from_base64(json["v"]), dtype=_packed(np, dtype)).reshape(shape).astype(dtype)


def _read_scalar(json: dict[str, Any], read: Any) -> Any:
    np = _numpy("a numpy scalar")
    name, stored = json["dtype"], json["v"]
    if name == "str":
        return np.str_(read(stored))
    if name == "bytes":
        return np.bytes_(from_base64(stored))
    if "text" in json:
        return np.array(stored, dtype="i8").view(np.dtype(name))[()]
    if isinstance(name, str) and name[0].isalpha():
        number = complex(*(read(part) for part in stored)) if isinstance(stored, list) else read(stored)
        return np.dtype(name).type(number)
    return _read_array({"dtype": name, "shape": [], "v": stored}, read)[()]


READERS: dict[str, Any] = {
    "numpy": _read_scalar,
    "ndarray": _read_array,
    "dtype": lambda json, read: _dtype_of(_numpy("a dtype"), json["v"]),
}
