"""``wandb.config``: the handle that ``givens.config`` is, with what older scripts reach into."""

from __future__ import annotations

from typing import Any

from ..lifecycle.current import register_handle
from ..lifecycle.handles import ConfigHandle


class ConfigFace(ConfigHandle):
    """``givens.config``, and ``_items``: the values as plain dictionaries."""

    __slots__ = ()

    @property
    def _items(self) -> dict[Any, Any]:
        return self.as_dict()


config = ConfigFace()
register_handle(config)
