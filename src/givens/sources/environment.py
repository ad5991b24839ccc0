"""Values from the environment: ``GIVENS_CONFIG__train__lr=0.1`` sets ``train.lr``, typed as YAML 1.2."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import MalformedSourceError
from ..records.layer import Entry, Layer
from ..records.origin import Origin

PREFIX = "GIVENS_CONFIG__"


def environment_layer(environ: Mapping[str, str]) -> Layer | None:
    """The layer that the environment gives, or None when it gives nothing.

    A double underscore goes one level down. Text is typed as an unquoted YAML 1.2 scalar; text that begins with
    a bracket, a brace or a quote is read as YAML. Entries merge at their paths, shorter names first.

    Args:
        environ: names and texts, such as ``os.environ``.

    Raises:
        MalformedSourceError: a name with an empty part, or text that begins like YAML and is not.
    """
    names = sorted(name for name in environ if name.startswith(PREFIX))
    if not names:
        return None
    return Layer("environment", [_entry(name, environ[name]) for name in names])


def _entry(name: str, text: str) -> Entry:
    path = tuple(name.removeprefix(PREFIX).split("__"))
    if not all(path):
        instead = f"write {PREFIX}key, or {PREFIX}section__key"
        raise MalformedSourceError(f"${name}", None, None, "the name has an empty key", instead)
    return Entry(path, typed(f"${name}", text), Origin("env", name=name))


def typed(where: str, text: str) -> Any:
    """A text from a command line or the environment as YAML 1.2 types it; plain text stays as it is.

    Args:
        where: what errors call its place.
        text: the text.

    Raises:
        MalformedSourceError: it begins like YAML, with a bracket, a brace or a quote, and is not.
    """
    from .core_schema import resolve

    bare = text.strip()
    if bare[:1] in ("[", "{", '"', "'"):
        from .yaml12 import read_yaml_value

        return read_yaml_value(bare, where)
    try:
        value = resolve(bare)
    except ValueError as error:
        raise MalformedSourceError(where, None, None, str(error)) from None
    return text if isinstance(value, str) else value
