"""Ranks: processes of one job record one run. Rank 0 is the run; every other one writes beside it, at once."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from ..capture.liveness import age_s
from ..capture.ranks import EARLY_S, Rank, join_of, joins_of, rank_in
from ..codec import encode, shown_json
from ..errors import GivensError, RankWarning, warn
from ..journal.layout import Store
from ..journal.rank_files import rank_file
from ..journal.reader import read_run, read_start
from ..keys import Path, format_path
from ..records.encoded import plant
from .current import current
from .earlier import finder
from .naming import readable_name

if TYPE_CHECKING:
    from ..records.layer import Layer
    from ..settings import Settings
    from .arguments import Wanted
    from .run import Run

#: how long a rank waits for rank 0's values (``share=True``), and how often it looks
_WAIT_S = 30.0
_LOOK_EVERY_S = 0.02
_LETTERS = "abcdefghjkmnpqrstvwxyz23456789"
#: runs among which rank 0's is looked for, the newest first
_NEWEST = 100


class Joined(NamedTuple):
    """What this process is to a run that it shares with others.

    Args:
        rank: its place.
        join: the name under which they meet.
        store: where they write.
    """

    rank: Rank
    join: str
    store: Store

    @property
    def follows(self) -> bool:
        """Whether another process, rank 0, is the run."""
        return self.rank.number > 0

    def wanted(self, asked: Wanted) -> Wanted:
        """The arguments of ``init``, with the id that all ranks can know, and of a rank that follows rank 0's name."""
        leader = leader_of(self) if self.follows else None
        if leader is not None:
            return asked._replace(id=str(leader["run"]), name=asked.name or str(leader.get("name") or leader["run"]))
        value = int(self.join, 16)
        made = asked.id or "".join(_LETTERS[value // 30**place % 30] for place in range(10))
        if asked.id is None and not self.follows and os.path.exists(self.store.run_file(made)):
            return asked
        name = asked.name or readable_name(made, lambda count: bytes.fromhex(self.join)[:count])
        return asked._replace(id=made, name=name)

    def settings(self, settings: Settings) -> Settings:
        """The settings of this process: of the start and finish lines, one run needs one of each."""
        return settings._replace(silent=True, surroundings=False) if self.follows else settings

    def file(self, writer: str) -> str:
        """Where a rank that follows writes."""
        return rank_file(self.store, self.join, writer)

    def members(self) -> dict[str, Any]:
        """What the start line says of it."""
        said = {"join": self.join, "rank": self.rank.number, "ranks": self.rank.size, "launcher": self.rank.launcher}
        return {**said, "role": "rank"} if self.follows else said

    def shared(self) -> Layer | None:
        """Rank 0's values, as soon as it has begun; None, with a warning, when it does not in time."""
        from ..sources.earlier_run import earlier_run_layer

        until_s = time.monotonic() + _WAIT_S
        while (leader := leader_of(self)) is None:
            if time.monotonic() > until_s:
                text = f"rank 0 began no run in {self.store.path} within {_WAIT_S:.0f} s"
                warn(
                    RankWarning(f"rank {self.rank.number}: {text}: it goes on with the values that it was given itself")
                )
                return None
            time.sleep(_LOOK_EVERY_S)
        return earlier_run_layer(finder(self.store, None)(str(leader["run"])))


def joined(choice: str | None, settings: Settings, store: Store) -> Joined | None:
    """What this process shares with others; None for a run of its own.

    Args:
        choice: the argument ``ranks`` of ``init``; None: the setting, else the evidence of a rendezvous decides.
        settings: the settings.
        store: where runs go.
    """
    choice = choice or settings.ranks
    rank = None if choice == "separate" else rank_in(os.environ, one=choice == "one")
    return None if rank is None else Joined(rank, join_of(rank.evidence, current.turn + 1), store)


def leader_of(joined: Joined) -> dict[str, Any] | None:
    """The start line of rank 0's run; None when it has not begun.

    Jobs over several nodes that leave id and port as they are have the same evidence: what began long before this
    process is another job's.
    """
    age = age_s()
    since = "" if age is None else time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(time.time() - age - EARLY_S))
    folder = os.path.join(joined.store.path, "runs")
    try:
        found = [(entry.stat().st_mtime_ns, entry.path) for entry in os.scandir(folder) if entry.name.count(".") == 1]
    except OSError:
        return None
    for _, path in sorted(found, reverse=True)[:_NEWEST]:
        start = read_start(path)
        if start is not None and str(start.get("t")) >= since and joined.join in joins_of(start):
            return start
    return None


def compare_with_leader(run: Run, *, last: bool = False) -> None:
    """Say, once, which value of this rank is another one than rank 0's.

    Args:
        run: of a rank that follows.
        last: rank 0 is not waited for any more: what is there is compared.
    """
    own = run.joined
    if own is None or run.pid != os.getpid() or run.disabled:
        return
    leader = leader_of(own)
    if leader is None:
        if last:
            kept = own.file(str(run.start["writer"]))
            text = f"rank 0 of this job has begun no run in {run.store.path}; what this rank was given is in {kept}"
            warn(RankWarning(f"rank {own.rank.number}: {text}"))
        return
    try:
        state = read_run(run.store, str(leader["run"])).state
        mine = plant(encode(run.config, (), run.door.redaction).json)
    except (GivensError, OSError):
        return  # the reader of the run says what is wrong with it
    if state.settled is None and not last:
        return  # rank 0 is still putting its config together
    differing = _differing(state.config, mine, run.settings.rank_local)
    if differing:
        path, theirs, ours = differing[0]
        more = f" ({len(differing) - 1} more keys differ)" if len(differing) > 1 else ""
        text = f"config.{format_path(path)} is {ours} here and {theirs} on rank 0{more}"
        warn(RankWarning(f"rank {own.rank.number}: {text}"))
    run.compared = True


def _differing(theirs: Any, mine: Any, local: tuple[str, ...]) -> list[tuple[Path, str, str]]:
    from ..configs.comparison import EQUAL, TYPE_DIFFERS, compare
    from ..records.change import MISSING

    rows = [row for row in compare([theirs, mine], local) if row.status not in (EQUAL, TYPE_DIFFERS)]
    return [(row.path, *("missing" if cell is MISSING else shown_json(cell, 40) for cell in row.cells)) for row in rows]  # type: ignore[misc]
