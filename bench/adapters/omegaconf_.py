"""OmegaConf: a configuration in memory, saved as YAML when the script says so."""

from __future__ import annotations

import os
from types import MappingProxyType
from typing import Any
from uuid import uuid4

from adapters.plain import UNABLE, Holder


class OmegaConf(Holder):
    """It has no runs: beginning one is making the object, finishing it is saving a file."""

    name = "OmegaConf"
    home = "omegaconf"
    packages = ("omegaconf", "numpy")
    imports = "import omegaconf"
    durable = "when it is saved"
    unable = MappingProxyType({what: why for what, why in UNABLE.items() if what != "values"})

    def begin(self, config: Any) -> Any:
        import omegaconf

        return omegaconf.OmegaConf.create(config)

    def finish(self, run: Any) -> None:
        import omegaconf

        omegaconf.OmegaConf.save(run, os.path.join("store", f"{uuid4().hex}.yaml"))

    def from_yaml(self, file: str) -> None:
        import omegaconf

        self.finish(omegaconf.OmegaConf.load(file))

    def stored(self, folder: str) -> list[dict[str, Any]]:
        import omegaconf

        files = [os.path.join(folder, name) for name in os.listdir(folder)]
        return [omegaconf.OmegaConf.to_container(omegaconf.OmegaConf.load(file)) for file in files]


TOOL = OmegaConf()
