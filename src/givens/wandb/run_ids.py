"""Ids of runs that wandb takes and a store does not: another is derived from one, and it is said which."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from hashlib import blake2b

from ..errors import RunRenamedWarning, warn
from ..journal.layout import RUN_ID, random_id
from ..lifecycle.current import current, redaction_for
from ..settings import load

_MOST = 128  #: characters that wandb allows
_REFUSED = frozenset(":;,#?/'")  #: and those that it does not
_LONGEST = 64  #: and a store
_said: set[str] = set()


def id_for(given: object) -> str | None:
    """The id that stands for one of wandb's, always the same for it; None for one that can stay, or is none."""
    if not isinstance(given, str) or RUN_ID.fullmatch(given):
        return None
    if not given or given != given.strip() or len(given) > _MOST or not _REFUSED.isdisjoint(given):
        return None  # an error there, too
    if redaction_for(load(os.environ, None)[0]).text(given) != given:
        return None  # nobody would know the secret again in what is derived from it
    mark = blake2b(given.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
    readable = re.sub(r"[^a-z0-9_-]+", "-", given.lower()).strip("-")
    return f"{readable[: _LONGEST - 1 - len(mark)]}-{mark}".lstrip("-")


def say_derived(given: str, derived: str) -> None:
    """Warn, once for an id, that the run has another."""
    if given not in _said:
        _said.add(given)
        why = "an id has 1 to 64 of the characters a-z 0-9 _ - here"
        warn(RunRenamedWarning(f"the run with id={given!r} is {derived}: {why}"))


def id_beside(taken: str) -> str:
    """A new id for a run whose id is taken, with a warning that names both."""
    mark = random_id(4)
    beside = f"{taken[: _LONGEST - 1 - len(mark)]}-{mark}"
    text = f"a run {taken} is there already, and this one is {beside}"
    warn(RunRenamedWarning(f'{text}; resume="allow" goes on with the first'))
    return beside


def id_of_environment(environ: Mapping[str, str] = os.environ) -> str | None:
    """``WANDB_RUN_ID``, where a store cannot take it and it is still to be used: it is for a process's first run."""
    given = environ.get("WANDB_RUN_ID")
    unused = not environ.get("GIVENS_RUN_ID") and given != current.first_id
    return given if unused and id_for(given) is not None else None
