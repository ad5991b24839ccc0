"""The journal of a config that belongs to no run, or to one with ``mode="disabled"``: in memory, and bounded."""

from __future__ import annotations

from ..codec import dumps
from ..journal.lines import Stamper
from ..journal.writer import MemoryJournal
from ..keys import part_for
from ..records.encoded import lift
from ..records.origin import UNKNOWN
from ..records.state import fold
from .recording import Recorded, set_members

KEPT = 10_000  # events; a config that is used as a plain dictionary must not fill the memory
_RESULTS = frozenset(("log", "summary"))  # nobody reads them here: ``run.summary`` keeps what it was told


class FreeJournal(MemoryJournal):
    """Keeps the newest writes; what came before is kept as the values and origins it added up to.

    The start line stays. Results are not kept.
    """

    __slots__ = ()

    def append(self, kind: str, members: str) -> None:
        """Keep one event."""
        if kind in _RESULTS:
            return
        super().append(kind, members)
        if len(self.lines) > KEPT:
            self._sum_up()

    def _sum_up(self) -> None:
        state = fold(self.events())
        held = [
            Recorded((part_for(key),), lift(value), state.origins.get((part_for(key),), UNKNOWN), state.origins)
            for key, value in state.config.items()
        ]
        members = set_members(held, store_blob=None, layering=True, descriptions=state.descriptions.items())
        kept = self.lines[:1] if state.start is not None else []
        kept.append(self.stamper.line("set", members))
        kept += [
            self.stamper.line("lock", f',"p":{dumps([path])},"by":{dumps(owner)}')
            for path, owner in state.locks.items()
        ]
        if state.settled is not None:
            kept.append(self.stamper.line("settle", ""))
        self.lines[:] = kept


def free_journal() -> FreeJournal:
    """An empty one."""
    return FreeJournal(Stamper())
