"""The nearest known name for one that is not known: what a message suggests."""

from __future__ import annotations

from collections.abc import Iterable

_MANY = 300
_CLOSE, _PARTS_CLOSE = 0.6, 0.75


def suggestion(name: str, known: Iterable[str]) -> str:
    """``"; did you mean 'lr'?"`` for the nearest known name, or the empty string."""
    return _meant(nearest_name(name, known))


def key_suggestion(key: str, known: Iterable[str]) -> str:
    """The same for the path of a key; see ``nearest_key``."""
    return _meant(nearest_key(key, known))


def nearest_key(key: str, known: Iterable[str]) -> str:
    """Of known key paths the one that is meant by one that nobody has; empty when none is like it.

    Of those whose last part is the same, whatever its case (``optim.lr`` for ``lr``), or else very much like its own, the
    one most like it; else the one most like it as a whole.
    """
    parts: dict[str, list[str]] = {}
    for path in known:
        parts.setdefault(_last_part(path), []).append(path)
    own = _last_part(key)
    alike = parts.get(nearest_name(own, parts, _PARTS_CLOSE))
    if alike:
        return nearest_name(key, alike, 0.0)
    return nearest_name(key, [path for paths in parts.values() for path in paths])


def _last_part(path: str) -> str:
    return path.rpartition(".")[2].lower()


def _meant(name: str) -> str:
    return f"; did you mean {name!r}?" if name else ""


def nearest_name(name: str, known: Iterable[str], cutoff: float = _CLOSE) -> str:
    """The known name most like another, whatever the case of either; empty when none is.

    Args:
        name: what was written.
        known: what there is.
        cutoff: how much of both has to be the same, 0 to 1.
    """
    import difflib

    lower = {each.lower(): each for each in reversed(list(known))}
    if name.lower() in lower:
        return lower[name.lower()]
    found = difflib.get_close_matches(name.lower(), _likely(name.lower(), list(lower)), n=1, cutoff=cutoff)
    return lower[found[0]] if found else ""


def _likely(name: str, known: list[str]) -> list[str]:
    """Of very many names those that share most pieces of three letters: comparing with each takes a second."""
    if len(known) <= _MANY:
        return known
    import heapq

    pieces = {name[at : at + 3] for at in range(max(1, len(name) - 2))}
    return heapq.nlargest(_MANY, known, key=lambda each: sum(piece in each for piece in pieces))
