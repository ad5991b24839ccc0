"""The exceptions that scripts written for wandb name in ``except``. Python looks at a name there when something is raised,
and an unknown one would take the place of the error that was raised.
"""

from __future__ import annotations

from .root import GivensError


class CommError(GivensError):
    """What wandb raises when its server does not answer, or has no such run."""


#: name -> what stands for it. Those that nothing here raises are there to be named.
NAMES: dict[str, type[GivensError]] = {
    "AuthenticationError": CommError,
    "CommError": CommError,
    "Error": GivensError,
    "UnsupportedError": CommError,
}
