"""Which rank of which job this process is, told by the evidence of a rendezvous.

A scheduler's variables alone are none: ``SLURM_PROCID`` and ``OMPI_COMM_WORLD_RANK`` also stand around independent tasks.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from .liveness import Identity, identity, identity_of, parent_of


class Rank(NamedTuple):
    """This process's place in a job of several.

    Args:
        number: from 0, which is the one that the others follow.
        size: how many there are; None where nobody says.
        launcher: what started them.
        evidence: words that all ranks of this job share, and those of no other job do.
    """

    number: int
    size: int | None
    launcher: str
    evidence: tuple[str, ...]


class Launcher(NamedTuple):
    """How ranks of one launcher are recognised.

    Args:
        name: what people call it.
        rank: the variable with the rank.
        size: the variable with how many there are.
        shared: variables that all ranks have, with the same values: without all of them it is another launcher.
        more: the same, where they are there.
        module: a module that has to be loaded.
        without: variables of which none may be there.
    """

    name: str
    rank: str
    size: str
    shared: tuple[str, ...]
    more: tuple[str, ...] = ()
    module: str | None = None
    without: tuple[str, ...] = ()


#: so much earlier than another rank of its job may one begin, in seconds
EARLY_S = 60.0

_TORCH = ("MASTER_ADDR", "MASTER_PORT")

#: launchers that arrange a rendezvous: their ranks are one run. Accelerate's launcher is torchrun inside.
RENDEZVOUS: tuple[Launcher, ...] = (
    Launcher(
        "torchrun",
        "RANK",
        "WORLD_SIZE",
        ("TORCHELASTIC_RUN_ID", *_TORCH),
        ("TORCHELASTIC_RESTART_COUNT", "SLURM_JOB_ID"),
    ),
    Launcher(
        "horovodrun", "HOROVOD_RANK", "HOROVOD_SIZE", ("HOROVOD_GLOO_RENDEZVOUS_ADDR", "HOROVOD_GLOO_RENDEZVOUS_PORT")
    ),
    Launcher("Ray Train", "RANK", "WORLD_SIZE", _TORCH, module="ray.train"),
    Launcher("Lightning", "LOCAL_RANK", "WORLD_SIZE", (*_TORCH, "NODE_RANK"), without=("RANK", "GROUP_RANK")),
)
#: what also stands around independent tasks: only when ``ranks="one"`` says that these are not
BARE: tuple[Launcher, ...] = (
    Launcher("torch", "RANK", "WORLD_SIZE", _TORCH),
    Launcher("srun", "SLURM_PROCID", "SLURM_NTASKS", ("SLURM_JOB_ID", "SLURM_STEP_ID")),
    Launcher("mpirun", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", ("PMIX_NAMESPACE",)),
)


def rank_in(environ: Mapping[str, str] = os.environ, *, one: bool = False) -> Rank | None:
    """The rank of this process; None where it is a process of its own.

    Args:
        environ: the environment.
        one: the user says that processes which look like tasks are ranks.
    """
    for launcher in (*RENDEZVOUS, *(BARE if one else ())):
        number = _whole(environ.get(launcher.rank))
        if (
            number is None
            or not all(environ.get(name) for name in launcher.shared)
            or any(name in environ for name in launcher.without)
            or (launcher.module is not None and launcher.module not in sys.modules)
        ):
            continue
        words = tuple(f"{name}={environ.get(name, '')}" for name in (*launcher.shared, *launcher.more))
        if launcher.name == "torchrun" and environ.get("LOCAL_WORLD_SIZE") == environ.get("WORLD_SIZE"):
            # id and port are the same for every job that does not choose them: on one node the agent tells them apart
            words += _words(_agent())
        elif launcher.name == "Lightning":
            words = _words(parent_of(identity()) if number else identity())
        return Rank(number, _whole(environ.get(launcher.size)), launcher.name, words)
    return None


def join_of(evidence: Iterable[str], turn: int) -> str:
    """The name under which the ranks of one run meet: 16 hex digits.

    Args:
        evidence: of a ``Rank``.
        turn: the how-manieth run of its process it is, from 1.
    """
    from hashlib import blake2b

    return blake2b("\0".join((*evidence, str(turn))).encode(errors="surrogatepass"), digest_size=8).hexdigest()


def joins_of(start: Mapping[str, Any]) -> tuple[str, ...]:
    """Where the ranks of a run may have met, by its start line: rank 0 of Lightning is an ordinary process at first."""
    turn = start.get("turn")
    own = join_of(_words(identity_of(start)), turn if type(turn) is int else 1)
    join = start.get("join")
    return (join, own) if isinstance(join, str) else (own,)


def _words(process: Identity | None) -> tuple[str, ...]:
    """A process, told apart from every other, as its children see it as well."""
    return () if process is None else (str(process.boot_id or process.host), str(process.pid), str(process.started))


def _agent() -> Identity | None:
    """The launcher's process: the nearest one above that was not started by it. Between them stand shells."""
    above = parent_of(identity())
    while above is not None and _is_worker(above.pid):
        above = parent_of(above)
    return above


def _is_worker(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:
            return b"\0TORCHELASTIC_RUN_ID=" in b"\0" + file.read()
    except OSError:
        return False


def _whole(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() else None
