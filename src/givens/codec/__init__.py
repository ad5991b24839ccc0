"""Python values to typed JSON and back; canonical text and fingerprint; keeping secrets out.

What every write needs is loaded at once; the rest when it is first asked for.
"""

from __future__ import annotations

from .encode import Encoded, encode
from .jsontext import dumps, loads
from .redaction import Redaction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .blobs import BLOB_BYTES, to_blob
    from .decoding import decode
    from .display import shown, shown_json
    from .equality import canonical, fingerprint, is_change_of_mind, same_value
    from .secret import RedactedText, Secret, StoredSecret
    from .standins import EnumStandIn, StandIn

__all__ = [
    "BLOB_BYTES",
    "Encoded",
    "EnumStandIn",
    "RedactedText",
    "Redaction",
    "Secret",
    "StandIn",
    "StoredSecret",
    "canonical",
    "decode",
    "dumps",
    "encode",
    "fingerprint",
    "is_change_of_mind",
    "loads",
    "same_value",
    "shown",
    "shown_json",
    "to_blob",
]

# No module here is called like a name in this table: importing it would hide the function behind the module.
_LAZY = {
    "BLOB_BYTES": "blobs",
    "to_blob": "blobs",
    "decode": "decoding",
    "shown": "display",
    "shown_json": "display",
    "canonical": "equality",
    "fingerprint": "equality",
    "is_change_of_mind": "equality",
    "same_value": "equality",
    "RedactedText": "secret",
    "Secret": "secret",
    "StoredSecret": "secret",
    "EnumStandIn": "standins",
    "StandIn": "standins",
}


def __getattr__(name: str) -> object:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = __import__(f"{__name__}.{_LAZY[name]}", None, None, [name])
    value: object = getattr(module, name)
    globals()[name] = value
    return value
