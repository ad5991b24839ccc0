"""ml_collections: a configuration in memory."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from adapters.plain import UNABLE, Holder


class MlCollections(Holder):
    """It has no runs, and no reader for the text that it can write."""

    name = "ml_collections"
    home = "ml_collections"
    packages = ("ml_collections", "numpy")
    imports = "import ml_collections"
    unable = MappingProxyType({**UNABLE, "values": "it has no reader for what it writes"})

    def begin(self, config: Any) -> Any:
        import ml_collections

        return ml_collections.ConfigDict(config)


TOOL = MlCollections()
