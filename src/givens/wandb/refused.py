"""What scripts need an answer from, and givens cannot give: each name raises, and says what to use instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from ..errors import NotSupportedError

#: name of the package, or of a run -> (what it would do, what to use instead)
REFUSED: dict[str, tuple[str, str]] = {
    "agent": ("sweeps", "loop over givens.init(config=…), or let a sweep library call the script with its arguments"),
    "sweep": ("sweeps", "loop over givens.init(config=…), or let a sweep library call the script with its arguments"),
    "controller": ("sweeps", "loop over givens.init(config=…)"),
    "use_artifact": ("artifacts", "read the file from where it was saved; run.dir is a folder for a run's outputs"),
    "use_model": ("artifacts", "read the model from where it was saved; run.dir is a folder for a run's outputs"),
    "restore": ("stored files", "read the file from where it was saved; run.dir is a folder for a run's outputs"),
}

_SERVER = ("wandb's server", "Api().runs(…) and Api().run(…) read the local store; givens.runs(…) asks it anything")
_OF_THE_SERVER = """
    artifact artifact_collection artifact_collections artifact_exists artifact_type artifact_types artifact_versions
    artifacts automation automations create_project create_run create_team create_user from_path job organization
    project projects queued_run registries registry reports run_queue sweep team upload_file user users viewer
"""

#: attribute of ``Api`` -> the same
API_REFUSED: dict[str, tuple[str, str]] = dict.fromkeys(_OF_THE_SERVER.split(), _SERVER)


def refusal(name: str, table: dict[str, tuple[str, str]] = REFUSED) -> Callable[..., NoReturn]:
    """A function that raises when it is called; importing the name alone harms nobody.

    Raises:
        NotSupportedError: from the function.
    """

    def refuse(*args: Any, **kwargs: Any) -> NoReturn:
        what, instead = table[name]
        raise NotSupportedError(f"{name}(): {what}", instead)

    refuse.__name__ = refuse.__qualname__ = name
    return refuse
