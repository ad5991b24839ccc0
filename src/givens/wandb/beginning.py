"""Beginning and ending as wandb does it; its defaults where they differ from givens'."""

from __future__ import annotations

from typing import Any

from ..journal.layout import random_id
from ..lifecycle import lines
from ..lifecycle.current import current
from ..lifecycle.init import finish
from ..lifecycle.init import init as _init
from .dressing import Run, dressed


def init(entity: str | None = None, project: str | None = None, **arguments: Any) -> Run:
    """``givens.init`` with wandb's default for a run under way: it is given back, whatever the arguments say.

    Args:
        entity: without effect; named once.
        project: the project the run belongs to.
        arguments: as of ``wandb.init``.

    Raises:
        SourceError, UsageError, RunExistsError: as ``givens.init``.
    """
    if entity is not None:
        arguments["entity"] = entity
    if arguments.get("reinit") in (None, "default"):
        arguments["reinit"] = "finish_previous" if _in_notebook() else "return_previous"
    return dressed(_init(project, **arguments))


def _in_notebook() -> bool:
    from ..capture.entry import in_notebook

    return in_notebook()


def join(exit_code: int | None = None) -> None:
    """The name that ``finish`` had."""
    finish(exit_code)


def login(*args: Any, **kwargs: Any) -> bool:
    """There is no account: it is always done."""
    return True


def setup(*args: Any, **kwargs: Any) -> None:
    """There is no service to start."""


def teardown(exit_code: int | None = None) -> None:
    """End what is under way."""
    if current.run is not None:
        finish(exit_code)


def ensure_configured() -> None:
    """There is nothing to configure."""


def termlog(text: str = "", *args: Any, **kwargs: Any) -> None:
    """Print a line on stderr."""
    lines.say(str(text))


def termwarn(text: str = "", *args: Any, **kwargs: Any) -> None:
    """Print a warning on stderr."""
    lines.say(f"warning: {text}")


def termerror(text: str = "", *args: Any, **kwargs: Any) -> None:
    """Print an error on stderr."""
    lines.say(f"error: {text}")


def generate_id(length: int = 8) -> str:
    """A fresh run id."""
    return random_id(max(1, min(int(length), 64)))
