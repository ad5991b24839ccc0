"""Which type is encoded how: the table of families, and the look-up by type.

A family is a file of this room with ``KINDS`` (type -> how it is encoded) and ``READERS`` (tag -> how it is
read back). It is imported when a value of its types, or one of its tags, is first met. To add one (torch,
pandas …): write the file and add a line to ``FAMILIES``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, NamedTuple

#: (walk, value, path) -> encoded
Encoder = Callable[[Any, Any, Any], Any]


class Kind(NamedTuple):
    """How the values of one type are encoded.

    Args:
        encode: the encoder; it must not rely on methods that a subclass may override.
        open: its subclasses are encoded by it as well. Otherwise they are kept as this type, and that is
            reported as lossy.
    """

    encode: Encoder
    open: bool = False


class Family(NamedTuple):
    """One file of encoders and readers.

    Args:
        module: the file, in this room.
        roots: the top-level modules whose types it encodes.
        tags: the tags that it reads.
    """

    module: str
    roots: tuple[str, ...]
    tags: tuple[str, ...]


FAMILIES: tuple[Family, ...] = (
    Family(
        "scalars",
        ("builtins", "decimal", "fractions", "uuid", "pathlib", "re", "types"),
        (
            *("float", "int", "str", "bytes", "bytearray", "complex", "Decimal", "Fraction", "UUID", "Path", "range"),
            *("slice", "Ellipsis", "NotImplemented", "Pattern"),
        ),
    ),
    Family(
        "containers",
        ("builtins", "collections", "types"),
        (
            *("tuple", "map", "set", "frozenset", "namedtuple", "deque", "Counter", "defaultdict", "OrderedDict"),
            "SimpleNamespace",
        ),
    ),
    Family("times", ("datetime", "zoneinfo"), ("date", "time", "datetime", "timedelta", "timezone", "ZoneInfo")),
    Family(
        "named",
        ("builtins", "enum", "functools", "numpy", "types"),
        ("enum", "function", "class", "module", "partial"),
    ),
    Family("arrays", ("numpy",), ("numpy", "ndarray", "dtype")),
    Family("tensors", ("torch", "jax", "jaxlib", "tensorflow"), ("tensor", "constant")),
    Family("pandas_values", ("pandas",), ("pandas",)),
    Family("quantities", ("pint", "astropy"), ("quantity", "unit")),
    Family("secret", ("givens", "pydantic"), ("secret", "redacted")),
    Family("standins", ("givens",), ("object", "cut")),
)

MAX_DEPTH = 128  #: containers in containers; a stored value must be readable within the interpreter's own stack
OBJECT_VALUES = 500  #: how many values are taken from inside one unknown object
OBJECT_DEPTH = 4  #: how many unknown objects inside each other
LONG_ITEMS = 100  #: inside an unknown object, longer containers are cut
LONG_TEXT = 4096  #: inside an unknown object, longer text, bytes and arrays are cut (characters or bytes)

_module_of = type.__dict__["__module__"].__get__
_qualname_of = type.__dict__["__qualname__"].__get__
_mro_of = type.__dict__["__mro__"].__get__

_known: dict[type, Kind] = {}  # bound types, from the families that are loaded
_by_name: dict[str, Kind] = {}  # their types that are known by name, since their modules may not be loaded
_loaded: set[str] = set()
_encoders: dict[type, Encoder] = {}  # one entry for each type met
_MANY_TYPES = 4096


def type_name(kind: type) -> str:
    """``module.Class``, read past any metaclass; builtins bare."""
    module, name = _module_of(kind), _qualname_of(kind)
    return str(name) if module == "builtins" else f"{module}.{name}"


def encoder_of(kind: type) -> Encoder:
    """How values of a type are encoded: by exact type, then by base class, then by what the type can do."""
    encoder = _encoders.get(kind)
    if encoder is None:
        if len(_encoders) >= _MANY_TYPES:  # a program that makes classes without end must not fill the memory
            _encoders.clear()
        encoder = _encoders[kind] = _resolve(kind)
    return encoder


def _resolve(kind: type) -> Encoder:
    mro: tuple[type, ...] = _mro_of(kind)
    _load_for(mro)
    if kind in _known:
        return _known[kind].encode
    marked = _marked(kind)
    if marked is not None:
        return marked
    for base in mro[1:]:
        if base in _known and _known[base].open:
            return _known[base].encode
    if issubclass(kind, tuple):
        containers = load("containers")
        if containers.has_named_fields(kind):
            named: Encoder = containers.encode_namedtuple
            return named
    for base in mro[1:]:
        if base in _known:
            return _kept_as(_known[base].encode, type_name(base))
    unknown: Encoder = load("objects").encoder_for(kind)
    return unknown


def _marked(kind: type) -> Encoder | None:
    """The classes of our own that stand for a dict or a list in a config."""
    if issubclass(kind, dict) and getattr(kind, "__givens_section__", False) is True:
        return _as_section
    if issubclass(kind, list) and getattr(kind, "__givens_list__", False) is True:
        return _as_list
    return None


def _as_section(walk: Any, value: Any, path: Any) -> Any:
    return walk.section(value, path)


def _as_list(walk: Any, value: Any, path: Any) -> Any:
    return walk.listed(value, path)


def _kept_as(encode: Encoder, name: str) -> Encoder:
    def encode_as_base(walk: Any, value: Any, path: Any) -> Any:
        walk.lose(path, f"{type_name(type(value))} kept as {name}")
        return encode(walk, value, path)

    return encode_as_base


def _load_for(mro: tuple[type, ...]) -> None:
    roots = {str(_module_of(base)).partition(".")[0] for base in mro}
    for family in FAMILIES:
        if family.module not in _loaded and not roots.isdisjoint(family.roots):
            for key, kind in load(family.module).KINDS.items():
                if isinstance(key, str):
                    _by_name[key] = kind
                else:
                    _known[key] = kind
            _loaded.add(family.module)  # last: another thread may be looking
    for name, kind in list(_by_name.items()):
        # a value of a type exists only if its module is loaded, so nothing is imported to look
        module, _, attribute = name.rpartition(".")
        bound = getattr(sys.modules.get(module), attribute, None)
        if isinstance(bound, type):
            _known[bound] = kind


def load(module: str) -> Any:
    """A family's file."""
    return __import__(f"{__package__}.{module}", None, None, ["KINDS"])


def reader_of(tag: str) -> Callable[[dict[str, Any], Any], Any] | None:
    """How a tag is read back: ``(tagged value, read)`` -> value. None: a tag that this version does not know."""
    for family in FAMILIES:
        if tag in family.tags:
            reader: Callable[[dict[str, Any], Any], Any] = load(family.module).READERS[tag]
            return reader
    return None
