"""Values in messages: short, redacted, as Python would print them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..errors import GivensError
from ..keys import Path
from ..records.encoded import BLOB, MAP, SECRET, TAG
from .encode import Walk
from .jsontext import loads
from .kinds import LONG_TEXT, type_name
from .redaction import Redaction
from .secret import secret_text

_FEW_ELEMENTS = 6


def shown(path: Path, value: Any, redaction: Redaction, limit: int = 80) -> str:
    """A live value for a message: short, without secrets, without memory addresses; never raises.

    Args:
        path: where it stands, which decides about secrets.
        value: anything.
        redaction: what is a secret.
        limit: characters at most.
    """
    if type(value) is str and len(value) > LONG_TEXT:
        value = value[:LONG_TEXT]  # a password cut in two is still in one piece with its URL, unless it is as long
    try:
        json = Walk(redaction, bounded=True, ids=False).value(value, path)
    except (GivensError, RecursionError):  # nested beyond what can be stored
        return f"<{type_name(type(value))}>"
    return shown_json(json, limit)


def shown_json(json: Any, limit: int = 80) -> str:
    """An encoded value as Python would print it.

    Args:
        json: an encoded value.
        limit: characters at most; what is longer ends in ``…``.
    """
    out: list[str] = []
    room = limit
    try:
        for piece in _pieces(json, limit):
            out.append(piece)
            room -= len(piece)
            if room < 0:
                break
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return "<damaged value>"  # a message about damage must not fail on it
    text = "".join(out)
    return text if len(text) <= limit else text[: max(limit - 1, 0)] + "…"


def _pieces(json: Any, limit: int) -> Iterator[str]:
    kind = type(json)
    if kind is str:
        yield repr(json[: limit + 1])
    elif kind is int:
        yield _integer(json)
    elif kind is list:
        yield from _listed("[", json, "]", limit)
    elif kind is not dict:
        yield repr(json)
    elif TAG not in json:
        yield from _mapping(json.items(), limit)
    else:
        printer = _PRINTERS.get(json[TAG])
        if printer is None:
            yield f"<{json[TAG]}>"
        elif isinstance(printer, str):
            yield printer.format(json.get("v"))
        else:
            yield from printer(json, limit)


def _integer(value: int) -> str:
    # near the interpreter's limit for digits; nobody reads them
    return str(value) if value.bit_length() < 2000 else f"{hex(value)[:24]}… ({value.bit_length()} bits)"


def _listed(opening: str, items: list[Any], closing: str, limit: int) -> Iterator[str]:
    yield opening
    for at, item in enumerate(items):
        if at:
            yield ", "
        yield from _pieces(item, limit)
    yield closing


def _mapping(items: Any, limit: int, opening: str = "{", closing: str = "}") -> Iterator[str]:
    yield opening
    for at, (key, value) in enumerate(items):
        if at:
            yield ", "
        yield from _pieces(key, limit)
        yield ": "
        yield from _pieces(value, limit)
    yield closing


def _fields(items: Any, limit: int, opening: str, closing: str, *, first: str = "") -> Iterator[str]:
    yield opening
    between = first
    for key, value in items:
        yield f"{between}{key}="
        yield from _pieces(value, limit)
        between = ", "
    yield closing


def _around(opening: str, closing: str) -> Callable[[dict[str, Any], int], Iterator[str]]:
    return lambda json, limit: _listed(opening, json["v"], closing, limit)


def _tuple(json: dict[str, Any], limit: int) -> Iterator[str]:
    return _listed("(", json["v"], ",)" if len(json["v"]) == 1 else ")", limit)


def _set(json: dict[str, Any], limit: int) -> Iterator[str]:
    return _listed("{", json["v"], "}", limit) if json["v"] else iter(["set()"])


def _bytes(json: dict[str, Any], limit: int) -> Iterator[str]:
    from .scalars import from_base64

    text = repr(from_base64(json["v"][: (limit // 3 + 2) * 4]))
    yield f"bytearray({text})" if json[TAG] == "bytearray" else text


def _complex(json: dict[str, Any], limit: int) -> Iterator[str]:
    from .decoding import decode

    yield repr(decode({TAG: "complex", "v": json["v"]}))


def _str(json: dict[str, Any], limit: int) -> Iterator[str]:
    from .decoding import decode

    yield repr(decode(json)[: limit + 1])


def _short(name: Any) -> str:
    return str(name).rpartition(".")[2]


def _enum(json: dict[str, Any], limit: int) -> Iterator[str]:
    yield f"<Enum {_short(json['type'])}.{json['name']}"
    if json["name"] is None:
        yield from _pieces(json["v"], limit)
    yield ">"


def _named(json: dict[str, Any], limit: int) -> Iterator[str]:
    place = f" at {json['at']}" if "at" in json else ""
    yield f"<{json[TAG]} {str(json['v']).removeprefix('builtins.')}{place}>"


def _namedtuple(json: dict[str, Any], limit: int) -> Iterator[str]:
    return _fields(zip(json["fields"], json["v"], strict=True), limit, f"{_short(json['type'])}(", ")")


def _object(json: dict[str, Any], limit: int) -> Iterator[str]:
    fields = json.get("fields", {})
    items = fields["v"] if TAG in fields else fields.items()
    return _fields(items, limit, f"<{json['type']}", ">", first=" ")


def _partial(json: dict[str, Any], limit: int) -> Iterator[str]:
    yield "partial("
    yield from _pieces(json["func"], limit)
    for item in json["args"]:
        yield ", "
        yield from _pieces(item, limit)
    yield from _fields(json["kw"], limit, "", ")", first=", ")


def _numpy(json: dict[str, Any], limit: int) -> Iterator[str]:
    name, stored = json["dtype"], json["v"]
    if "text" in json:
        yield f"np.{'datetime64' if 'M' in name else 'timedelta64'}({json['text']!r})"
    elif isinstance(stored, list):
        yield f"np.{name}("
        yield from _complex(json, limit)
        yield ")"
    elif name == "float32" and type(stored) is float:
        yield f"np.float32({_shortest(stored)})"
    elif isinstance(name, str) and name[0].isalpha():
        yield f"np.{name}_(" if name in ("str", "bytes") else f"np.{name}("
        yield from _bytes({TAG: "bytes", "v": stored}, limit) if name == "bytes" else _pieces(stored, limit)
        yield ")"
    else:
        yield f"<numpy scalar, dtype {_dtype_text(name)}>"


def _shortest(value: float) -> str:
    """The shortest decimal text of a float32, as numpy prints it: 0.1, not 0.10000000149011612."""
    import struct

    exact = struct.pack("<f", value)
    for digits in range(1, 10):
        text = repr(float(f"{value:.{digits}g}"))
        if struct.pack("<f", float(text)) == exact:
            return text
    return repr(value)


_FORMATS = {"f8": "d", "f4": "f", "f2": "e", "b1": "?", "i8": "q", "i4": "i", "i2": "h", "i1": "b"}
_FORMATS |= {f"u{size[1]}": letter.upper() for size, letter in _FORMATS.items() if size[0] == "i"}


def _unpacked(form: str, content: bytes) -> tuple[Any, ...]:
    import struct

    try:
        return struct.unpack(form, content)
    except struct.error as error:
        raise ValueError(str(error)) from None


def _array(json: dict[str, Any], limit: int) -> Iterator[str]:
    """The elements of a short one; shape and dtype of a long one. numpy is not needed."""
    from .scalars import from_base64

    dtype, shape, stored = json["dtype"], json["shape"], json["v"]
    letter = _FORMATS.get(dtype[1:]) if isinstance(dtype, str) else None
    if len(shape) == 1 and shape[0] <= _FEW_ELEMENTS and (letter or isinstance(stored, list)):
        elements = stored if isinstance(stored, list) else _unpacked(f"<{shape[0]}{letter}", from_base64(stored))
        texts = ["".join(_pieces(item, limit)) for item in elements] if letter != "f" else map(_shortest, elements)
        yield f"array([{', '.join(texts)}], dtype={_dtype_text(dtype)})"
    else:
        yield f"array(shape={tuple(shape)}, dtype={_dtype_text(dtype)})"


_NAMES = {"f": "float", "i": "int", "u": "uint", "c": "complex"}


def _dtype_text(json: Any) -> str:
    if not isinstance(json, str):
        return f"({', '.join(json['names'])})" if "names" in json else f"{_dtype_text(json['item'])}*{json['shape']}"
    if json[1:2] in _NAMES and json[2:].isdigit() and json[0] != ">":
        return f"{_NAMES[json[1]]}{int(json[2:]) * 8}"
    return {"|b1": "bool", "|O": "object"}.get(json, json)


def _cut(json: dict[str, Any], limit: int) -> Iterator[str]:
    if "shape" in json:
        yield f"array(shape={tuple(json['shape'])}, dtype={_dtype_text(json['dtype'])})"
    else:
        yield f"<{json['type']}{', size ' + str(json['size']) if 'size' in json else ''}…>"


def _blob(json: dict[str, Any], limit: int) -> Iterator[str]:
    size, preview = json["size"], str(json["preview"])
    if preview.startswith('"'):
        text = preview.removesuffix("…").rpartition("\\")[0] if "\\" in preview[-8:] else preview.removesuffix("…")
        yield repr(loads(text.removesuffix('"') + '"'))[:-1]
        yield f"…' ({size:,} bytes)"
    else:
        yield f"{preview} ({size:,} bytes)"


def _tensor(json: dict[str, Any], limit: int) -> Iterator[str]:
    """The elements of a short one; shape and dtype of a long one."""
    shape, stored, dtype = json["shape"], json["v"], json["dtype"]
    where = f", device={json['device']}" if "device" in json else ""
    if not shape and not isinstance(stored, str):
        yield "tensor("
        yield from _pieces(stored, limit)
        yield f", dtype={dtype}{where})"
        return
    letter = _FORMATS.get(_code(dtype))
    if isinstance(stored, str) and letter and len(shape) == 1 and shape[0] <= _FEW_ELEMENTS:
        from .scalars import from_base64

        elements = _unpacked(f"<{shape[0]}{letter}", from_base64(stored))
        texts = map(_shortest, elements) if letter == "f" else map(repr, elements)
        yield f"tensor([{', '.join(texts)}], dtype={dtype}{where})"
    else:
        yield f"tensor(shape={tuple(shape)}, dtype={dtype}{where})"


def _code(dtype: str) -> str:
    """numpy's short name of a dtype: ``f4`` for float32."""
    name = dtype.rstrip("0123456789")
    bits = dtype[len(name) :]
    return "b1" if dtype == "bool" else f"{name[:1]}{int(bits) // 8}" if name in _NAMES.values() and bits else ""


def _quantity(json: dict[str, Any], limit: int) -> Iterator[str]:
    yield from _pieces(json["v"], limit)
    if json["unit"]:
        yield f" {json['unit']}"


def _pandas(json: dict[str, Any], limit: int) -> Iterator[str]:
    kind, stored = json["kind"], json["v"]
    if stored is None:
        yield f"pd.{kind}"
    elif "shape" in json:
        yield f"pd.{kind}(shape={tuple(json['shape'])})"
    elif kind == "Interval":
        opening, closing = (
            "[" if json["closed"] in ("left", "both") else "(",
            "]" if json["closed"] in ("right", "both") else ")",
        )
        yield from _listed(f"pd.Interval{opening}", stored, closing, limit)
    else:
        yield from _listed(f"pd.{kind}(", [stored], ")", limit)


#: tag -> a format of the member "v", or what prints the whole
_PRINTERS: dict[str, str | Callable[[dict[str, Any], int], Iterator[str]]] = {
    "float": "{}",
    "Ellipsis": "Ellipsis",
    "NotImplemented": "NotImplemented",
    "date": "date({!r})",
    "time": "time({!r})",
    "datetime": "datetime({!r})",
    "ZoneInfo": "ZoneInfo({!r})",
    "Decimal": "Decimal({!r})",
    "UUID": "UUID({!r})",
    "str": _str,
    "int": lambda json, limit: iter([_integer(int(json["v"], 16))]),
    "bytes": _bytes,
    "bytearray": _bytes,
    "complex": _complex,
    "Fraction": _around("Fraction(", ")"),
    "timedelta": _around("timedelta(", ")"),
    "timezone": lambda json, limit: _listed("timezone(timedelta(", json["v"], "))", limit),
    "Path": lambda json, limit: _listed(f"{json['type']}(", [json["v"]], ")", limit),
    "range": _around("range(", ")"),
    "slice": _around("slice(", ")"),
    "Pattern": lambda json, limit: _listed("re.compile(", [json["v"]], ")", limit),
    "tuple": _tuple,
    "namedtuple": _namedtuple,
    "set": _set,
    "frozenset": _around("frozenset({", "})"),
    "deque": _around("deque([", "])"),
    MAP: lambda json, limit: _mapping(json["v"], limit),
    "Counter": lambda json, limit: _mapping(json["v"], limit, "Counter({", "})"),
    "OrderedDict": lambda json, limit: _mapping(json["v"], limit, "OrderedDict({", "})"),
    "defaultdict": lambda json, limit: _mapping(json["v"], limit, "defaultdict({", "})"),
    "SimpleNamespace": lambda json, limit: _fields(json["v"], limit, "namespace(", ")"),
    "enum": _enum,
    "function": _named,
    "class": _named,
    "module": _named,
    "partial": _partial,
    "numpy": _numpy,
    "ndarray": _array,
    "dtype": lambda json, limit: iter([f"dtype({_dtype_text(json['v'])})"]),
    "tensor": _tensor,
    "constant": "{}",
    "quantity": _quantity,
    "unit": "{}",
    "pandas": _pandas,
    "object": _object,
    "cut": _cut,
    SECRET: lambda json, limit: iter([secret_text(json.get("hint"))]),
    "redacted": lambda json, limit: _pieces(json["v"], limit),
    BLOB: _blob,
}
