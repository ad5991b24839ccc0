"""Overrides: ``train.lr=0.1``, typed as YAML 1.2, each merging at its path."""

from __future__ import annotations

import os
from collections.abc import Iterable

from ..errors import KeyPathError, MalformedSourceError
from ..keys import KeyPath
from ..records.layer import Entry, Layer
from ..records.origin import Origin
from .environment import typed
from .files import SUFFIXES


def is_override(text: str) -> bool:
    """Whether a text is an override: a key path, an equals sign, and no file of that name."""
    key, equals, _ = text.partition("=")
    if not equals or "\n" in key or os.path.exists(text):
        return False
    if ("/" in key or "\\" in key) and text.lower().endswith(SUFFIXES):
        return False  # runs/lr=0.1/config.yaml, which is not there
    try:
        KeyPath.parse(key.strip())
    except KeyPathError:
        return False
    return True


def overrides_layer(texts: Iterable[str], *, owner: str | None = None, code: Origin | None = None) -> Layer:
    """A layer of overrides, in order.

    Args:
        texts: each ``key.path=value``; dashes before the first key are left out by the config, as everywhere.
        owner: who gave them, such as ``cli``; None for the script itself.
        code: the caller's line, where the script gave them.

    Raises:
        MalformedSourceError: a text that is none, a key that is not in the grammar, or a value that begins like
            YAML and is not.
    """
    return Layer("overrides", [_entry(text, owner, code) for text in texts])


def _entry(text: str, owner: str | None, code: Origin | None) -> Entry:
    key, equals, value = text.partition("=")
    if not equals:
        shown = key if len(key) <= 40 else "an override"
        raise MalformedSourceError(shown, None, None, "an override without =", "write key.path=value")
    try:
        path = KeyPath.parse(key.strip())
    except KeyPathError as error:
        raise MalformedSourceError(key, None, None, str(error), "write key.path=value") from None
    file, line = (code.file, code.line) if code else (None, None)
    return Entry(tuple(path), typed(f"override {path}", value), Origin("override", file, line, name=owner))
