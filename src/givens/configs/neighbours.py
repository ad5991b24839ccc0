"""Texts that are secret because of what stands beside them: ``["--api-key", "…"]``, ``{"name": "token", "value": "…"}``.

The codec sees this in a list or section that it encodes as a whole. A text that is written, or shown, by itself
needs its neighbours for that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ..codec import encode
from ..keys import Path, key_of

if TYPE_CHECKING:
    from ..codec import Redaction
    from ..records.layer import Entry
    from .recording import Write

_NAMES = ("name", "key", "variable")
_SHORTEST = 8  # characters; the codec takes nothing shorter for a secret


def depends_on_neighbours(path: Path, value: Any) -> bool:
    """Whether what stands beside a value may make a secret of it: a text in a list, or under the key ``value``."""
    if type(value) is not str or len(value) < _SHORTEST or not path:
        return False
    return path[-1] == "value" or type(path[-1]) is int


def veiled(container: Any, value: Any, path: Path, redaction: Redaction) -> Any:
    """A value as it may be recorded and shown by itself.

    Args:
        container: what it stands in, or will stand in.
        value: anything.
        path: of the value.
        redaction: what is secret.

    Returns:
        The value itself, or what a secret reads back as: encoded and shown, that is what the secret would be.
    """
    if not depends_on_neighbours(path, value):
        return value
    hidden = hidden_by_neighbours(container, key_of(path[-1]), value, path, redaction)
    if hidden is None:
        return value
    from ..codec import decode

    return decode(hidden)


class Together:
    """Writes of one batch, as neighbours of each other: a name may be given with its value, before or after it.

    Args:
        writes: all of them.
        at: gives what stands at a path before the batch.
        redaction: what is secret.
    """

    __slots__ = ("_at", "_given", "_redaction", "_writes")

    def __init__(self, writes: Sequence[Write | Entry], at: Callable[[Path], Any], redaction: Redaction) -> None:
        self._writes = writes
        self._at = at
        self._redaction = redaction
        self._given: dict[Path, list[Any]] | None = None

    def veiled(self, value: Any, path: Path) -> Any:
        """A value of the batch, or one that it replaces, as it may be recorded and shown by itself."""
        if not depends_on_neighbours(path, value):
            return value
        container = self._at(path[:-1])
        if len(self._writes) > 1 and path[-1] == "value":
            container = self._names_beside(path, container)
        return veiled(container, value, path, self._redaction)

    def _names_beside(self, path: Path, standing: Any) -> dict[str, Any]:
        """The names beside a ``value``: those the batch gives, a secret's before others; else those that stand there."""
        if self._given is None:
            self._given = {}
            for write in self._writes:
                self._given.setdefault(write.path, []).append(write.value)
        parent = path[:-1]
        names: dict[str, Any] = {}
        for name in _NAMES:
            texts = [text for text in self._texts_at((*parent, name)) if type(text) is str]
            if texts:
                names[name] = next((text for text in texts if self._redaction.is_secret_key(text)), texts[0])
            elif isinstance(standing, dict) and name in standing:
                names[name] = dict.get(standing, name)
        return names

    def _texts_at(self, path: Path) -> Iterator[Any]:
        given = self._given or {}
        for length in range(len(path), 0, -1):
            for value in given.get(path[:length], ()):
                for part in path[length:]:
                    value = dict.get(value, key_of(part)) if isinstance(value, dict) else None
                yield value


def hidden_by_neighbours(container: Any, key: Any, text: str, path: Path, redaction: Redaction) -> Any:
    """What is stored in place of a text at a key of a container.

    Args:
        container: the list or section; it need not hold the text yet.
        key: index or key of the text in it.
        text: the text.
        path: of the text.
        redaction: what is secret.

    Returns:
        The encoded secret; None when nothing beside the text makes it one.
    """
    if isinstance(container, list):
        before = container[key - 1] if 0 < key <= len(container) else None
        around: Any = [before, text] if type(before) is str else [text]
        json = encode(around, path[:-1], redaction).json[-1]
    elif key == "value" and (redaction.names_secret(container) or text in redaction.given_away):
        named = {name: dict.get(container, name) for name in _NAMES if type(dict.get(container, name)) is str}
        json = encode({**named, "value": text}, path[:-1], redaction).json["value"]
    else:
        return None
    return None if json == encode(text, path, redaction).json else json
