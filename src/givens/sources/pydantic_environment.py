"""Which environment variables the values of a pydantic-settings object came from.

The object does not keep it. A value counts as given by a variable when the variable that its field reads is set to a
text that means this value.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

from ..keys import Path
from ..records.origin import Origin
from .parsed_classes import says


def variables(root: Any) -> list[Callable[[Path, Any], Origin | None]]:
    """A function from path and value to the variable, if the object is a settings object."""
    settings = sys.modules.get("pydantic_settings.main")
    if settings is None or not isinstance(root, settings.BaseSettings):
        return []
    config: Any = type(root).model_config
    sensitive = bool(config.get("case_sensitive"))
    environ = {name if sensitive else name.lower(): name for name in os.environ}
    fields: Any = type(root).model_fields

    def look(path: Path, value: Any) -> Origin | None:
        top = str(path[0])
        if top not in root.model_fields_set or top not in fields or hasattr(type(value), "model_fields"):
            return None
        separator = config.get("env_nested_delimiter")
        if len(path) > 1 and not separator:
            return None
        for first in _names(fields[top], top, str(config.get("env_prefix") or "")):
            full = (separator or "").join([first, *map(str, path[1:])])
            name = environ.get(full if sensitive else full.lower())
            if name is not None and (says(os.environ[name], _bare(value)) or type(value) is dict):
                return Origin("env", name=name)
        return None

    return [look]


def _names(field: Any, name: str, prefix: str) -> list[str]:
    """The variables that a field may be read from; an alias stands alone, without the prefix."""
    alias = field.validation_alias
    choices = getattr(alias, "choices", None) or ([alias] if alias else [])
    texts = [choice for choice in choices if isinstance(choice, str)]
    return texts or [prefix + name]


def _bare(value: Any) -> Any:
    """What a SecretStr hides: it is compared, and kept nowhere."""
    reveal = getattr(value, "get_secret_value", None)
    return reveal() if callable(reveal) else value
