"""Errors that scripts name in ``except``: a name there is looked at only when something is raised, and has to be a class."""

from __future__ import annotations

from ..errors import GivensError, RunNotFoundError, UsageError
from ..errors.of_wandb import CommError as CommError

Error = GivensError


class UnknownRunError(CommError, RunNotFoundError, ValueError):
    """No such run, as ``Api().run`` says it: wandb's is a CommError, and a ValueError in later versions."""


_known: dict[str, type[Exception]] = {"Error": Error, "CommError": CommError, "UsageError": UsageError}


def is_error(name: str) -> bool:
    """Whether a name of wandb's can only be that of an exception."""
    return name.endswith(("Error", "Exception")) and name[0].isupper()


def error_class(name: str) -> type[Exception]:
    """The exception of that name; always the same one. Those that nothing here raises are there to be named."""
    found = _known.get(name)
    if found is None:
        found = _known[name] = type(name, (CommError,), {"__module__": "givens.wandb", "__doc__": "Never raised here."})
    return found
