"""Beginning and ending as wandb does it; its defaults where they differ from givens'."""

from __future__ import annotations

import os
from typing import Any

from ..errors import RunExistsError
from ..journal.layout import random_id
from ..lifecycle import lines
from ..lifecycle.current import current
from ..lifecycle.init import finish
from ..lifecycle.init import init as _init
from .dressing import Run, dressed
from .run_ids import id_beside, id_for, id_of_environment, say_derived


def init(entity: str | None = None, project: str | None = None, **arguments: Any) -> Run:
    """``givens.init`` with wandb's default for a run under way: it is given back, whatever the arguments say.

    An id that a store cannot take, or has already where ``resume`` is not given, leads to another one, with a warning.

    Args:
        entity: without effect; named once.
        project: the project the run belongs to.
        arguments: as of ``wandb.init``.

    Raises:
        SourceError, UsageError, ResumeError: as ``givens.init``.
    """
    if entity is not None:
        arguments["entity"] = entity
    if arguments.get("reinit") in (None, "default"):
        arguments["reinit"] = "finish_previous" if _in_notebook() else "return_previous"
    given = arguments.get("id")
    from_environment = None if given else id_of_environment()
    _give_id(given or from_environment, arguments)
    try:
        run = _init(project, **arguments)
    except RunExistsError as taken:
        if arguments.get("resume") not in (None, False) or _resume_of_environment():
            raise
        run = _init(project, **{**arguments, "id": id_beside(taken.run)})
    if from_environment:
        current.first_id = from_environment  # so much of the variable is for the first run only
    return dressed(run)


def _resume_of_environment() -> bool:
    return bool(os.environ.get("GIVENS_RESUME") or os.environ.get("WANDB_RESUME"))


def _give_id(given: Any, arguments: dict[str, Any]) -> None:
    """Put an id in the place of one that a store cannot take; the given one is the run's name, if it has no other."""
    derived = id_for(given)
    if derived is not None:
        say_derived(given, derived)
        arguments["id"] = derived
        if arguments.get("name") is None and "{" not in given:
            arguments["name"] = given


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
