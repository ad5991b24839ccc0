"""Secrets: what the user marks as one, what is stored of one, and the key of their hashes."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from ..keys import Path
from ..records.encoded import TAG
from .kinds import Kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .encode import Walk

_KEY_BYTES = 32


class Secret(str):
    """A str that is never written or shown, whatever its key: ``config.dsn = givens.Secret(dsn)``.

    In the program it is the str itself; only its repr is hidden.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return secret_text(self[-4:] if len(self) >= 20 else None)


class StoredSecret:
    """What a secret reads back as. Two are equal when the same secret was stored.

    Args:
        id: the keyed hash.
        hint: the last 4 characters, of one with 20 or more.
    """

    __slots__ = ("hint", "id")

    def __init__(self, id: str, hint: str | None = None) -> None:
        self.id, self.hint = id, hint

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StoredSecret) and other.id == self.id

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        return secret_text(self.hint)


class RedactedText(str):
    """A text that was stored with a part hidden (``postgres://me:***@host``).

    It is the text as stored. Against another, the hidden parts have to be equal too.
    """

    __slots__ = ("id",)
    id: str

    @classmethod
    def of(cls, text: str, id: str) -> RedactedText:
        """Make one.

        Args:
            text: the text as stored.
            id: the keyed hash of the whole text.
        """
        made = cls(text)
        made.id = id
        return made

    def __eq__(self, other: object) -> bool:
        if isinstance(other, RedactedText) and other.id != self.id:
            return False
        return str.__eq__(self, other) is True

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__

    def __reduce__(self) -> tuple[Any, ...]:
        return RedactedText.of, (str(self), self.id)


def secret_text(hint: str | None) -> str:
    """How a secret is shown."""
    return f"<secret …{hint}>" if hint else "<secret>"


def keyed_hash(key_file: str | None) -> Callable[[bytes], str]:
    """The hash of secrets, with the user's key.

    Args:
        key_file: the key's file; None is ``givens/secret.key`` in the user's configuration folder.
    """
    import hashlib

    key = _read_or_make(key_file or default_key_file()) or os.urandom(_KEY_BYTES)

    def hash_secret(secret: bytes) -> str:
        return hashlib.blake2b(secret, digest_size=12, key=key, person=b"givens.secret").hexdigest()

    return hash_secret


def default_key_file() -> str:
    """Where the key of the hashes lies."""
    if os.name == "nt":
        folder = os.environ.get("APPDATA") or os.path.expanduser(r"~\AppData\Roaming")
    else:
        folder = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    return os.path.join(folder, "givens", "secret.key")


def _read_or_make(path: str) -> bytes | None:
    """The key, made if there is none yet; None where neither works, and a key for this process has to do."""
    try:
        return _read(path) or _make(path)
    except OSError:
        return None


def _read(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            text = file.read(4096)
    except FileNotFoundError:
        return None
    try:
        key = bytes.fromhex(text.decode("ascii"))
    except ValueError:
        key = b""
    if len(key) != _KEY_BYTES:
        raise OSError(f"{path} is no key of givens")
    return key


def _make(path: str) -> bytes | None:
    """Make the key's file; of several processes that try at once, all get the key of the first."""
    os.makedirs(os.path.dirname(path) or ".", mode=0o700, exist_ok=True)
    key = os.urandom(_KEY_BYTES)
    draft = f"{path}.{os.getpid()}.{os.urandom(4).hex()}"
    _write(draft, key)
    try:
        os.link(draft, path)  # whole or not at all, and never over another
    except FileExistsError:
        return _read(path)
    except OSError:  # a file system without hard links
        try:
            _write(path, key)
        except FileExistsError:
            return _read(path)
    finally:
        os.unlink(draft)
    return key


def _write(path: str, key: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, key.hex().encode("ascii") + b"\n")
    finally:
        os.close(descriptor)


def _encode_stored(walk: Walk, value: StoredSecret, path: Path) -> Any:
    walk.secrets.append(path)
    stored = {TAG: "secret", "id": value.id}
    return {**stored, "hint": value.hint} if value.hint else stored


def _encode_redacted(walk: Walk, value: RedactedText, path: Path) -> Any:
    walk.secrets.append(path)
    return {TAG: "redacted", "v": walk.unicode(str.__str__(value)), "id": value.id}


def _encode_pydantic(walk: Walk, value: Any, path: Path) -> Any:
    hidden = value.get_secret_value()
    return walk.secret(hidden, path) if isinstance(hidden, str | bytes) else walk.cut(value, path)


KINDS: dict[str | type, Kind] = {
    Secret: Kind(lambda walk, value, path: walk.secret(str.__str__(value), path), open=True),
    StoredSecret: Kind(_encode_stored, open=True),
    RedactedText: Kind(_encode_redacted, open=True),
    "pydantic.SecretStr": Kind(_encode_pydantic, open=True),
    "pydantic.SecretBytes": Kind(_encode_pydantic, open=True),
}

READERS: dict[str, Any] = {
    "secret": lambda json, read: StoredSecret(json["id"], json.get("hint")),
    "redacted": lambda json, read: RedactedText.of(read(json["v"]), json["id"]),
}
