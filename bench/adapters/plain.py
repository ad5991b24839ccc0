"""What keeps nothing, as the limit: a dict, a SimpleNamespace, an EasyDict."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from types import MappingProxyType, SimpleNamespace
from typing import Any

from adapters.tool import Tool

NOTHING = "it keeps nothing"
UNABLE: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(("first_init", "copies", "kills", "sizes", "values", "runs", "crowds"), NOTHING)
)


class Holder(Tool):
    """An object in memory. Beginning a run is making it; nothing is written."""

    keeps = False
    durable = "never"
    unable = UNABLE

    def config(self, run: Any) -> Any:
        return run


class PlainDict(Holder):
    """What every script could have."""

    name = "dict"
    limit = True
    script = """
config = {"lr": 0.1, "model": {"depth": 4}}
for step in range(10):
    config[f"key_{step}"] = step
"""

    def begin(self, config: Any) -> Any:
        return copy.deepcopy(config)


class Namespace(Holder):
    """An object whose attributes are the keys."""

    name = "SimpleNamespace"
    limit = True
    unable = MappingProxyType({**UNABLE, "later_inits": "as a dict's"})

    def begin(self, config: Any) -> Any:
        return SimpleNamespace(**{**config, "model": SimpleNamespace(**config["model"])})

    def change(self, run: Any, key: str, value: Any) -> None:
        setattr(run, key, value)


class Easy(Holder):
    """easydict: a dict whose keys are attributes."""

    name = "easydict"
    limit = True
    home = "easydict"
    packages = ("easydict",)
    imports = "import easydict"
    script = """
from easydict import EasyDict
config = EasyDict({"lr": 0.1, "model": {"depth": 4}})
for step in range(10):
    config[f"key_{step}"] = step
"""

    def begin(self, config: Any) -> Any:
        from easydict import EasyDict

        return EasyDict(config)


DICT, NAMESPACE, EASYDICT = PlainDict(), Namespace(), Easy()
