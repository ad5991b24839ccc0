"""The ranks of a run: what processes that were started together with it recorded beside it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from ...capture.liveness import identity as this_process
from ...capture.liveness import identity_of, is_gone
from ...capture.ranks import EARLY_S, joins_of
from ...configs.comparison import EQUAL, Row, compare
from ...journal.blobs import read_blob
from ...journal.edits import read_scrubs
from ...journal.rank_files import rank_files, writer_in_name
from ...journal.reader import read_events
from ...records.scrubs import NO_PATCHES, Scrubs, all_patched
from ...records.state import RunState
from ...records.times import epoch_s

if TYPE_CHECKING:
    from ...journal.layout import Store


class RankRecord(NamedTuple):
    """What one rank recorded; it does not alter the run, which is rank 0's.

    Args:
        rank: its number, from 1.
        launcher: what started it.
        host: the machine it ran on.
        pid: its process id.
        state: ``finished``, ``failed``, ``running`` or ``lost``; None where nobody can tell from here.
        folded: its own fold.
        journal: the path of its journal.
        unreadable: how many lines of that cannot be read.
    """

    rank: int
    launcher: str | None
    host: str | None
    pid: int | None
    state: str | None
    folded: RunState
    journal: str
    unreadable: int


def ranks_of(store: Store, start: dict[str, Any]) -> tuple[RankRecord, ...]:
    """The other ranks of a run, by number.

    Args:
        store: where they lie.
        start: the run's start line.
    """
    began_s = epoch_s(start.get("t"))
    found: dict[int, RankRecord] = {}
    paths = rank_files(store, joins_of(start))
    scrubs = read_scrubs(store, map(writer_in_name, paths)) if paths else {}
    records = [record for path in paths if (record := _record(store, path, scrubs)) is not None]
    for record in sorted(records, key=lambda each: str((each.folded.start or {}).get("t"))):
        own_s = epoch_s((record.folded.start or {}).get("t"))
        # another job's, with the same evidence: earlier than this one, or later, when the rank is there already
        if began_s is not None and own_s is not None and own_s < began_s - EARLY_S:
            continue
        found.setdefault(record.rank, record)
    return tuple(found[rank] for rank in sorted(found))


def differing_ranks(
    records: tuple[RankRecord, ...], config: Any, local: tuple[str, ...]
) -> list[tuple[RankRecord, list[Row]]]:
    """Each rank with the keys in which it differs from rank 0.

    Args:
        records: the ranks.
        config: the run's own configuration, planted.
        local: patterns of keys that may differ.
    """
    return [
        (record, [row for row in compare([config, record.folded.config], local) if row.status != EQUAL])
        for record in records
    ]


def _record(store: Store, path: str, scrubs: Scrubs) -> RankRecord | None:
    try:
        content = read_events(path)
    except OSError:
        return None
    state = RunState(partial(read_blob, store))
    writer = ""
    for event in all_patched(content.events, scrubs.get(writer_in_name(path), NO_PATCHES)):
        writer = str(event.get("writer", writer))
        state.apply(event, writer)
    start = state.start or {}
    rank = start.get("rank")
    if type(rank) is not int:
        return None
    finish = state.finish or {}
    gone = is_gone(identity_of(start), this_process())
    stands = finish.get("state") or {True: "lost", False: "running", None: None}[gone]
    pid, host, launcher = start.get("pid"), start.get("host"), start.get("launcher")
    return RankRecord(
        rank,
        None if launcher is None else str(launcher),
        None if host is None else str(host),
        pid if type(pid) is int else None,
        stands,
        state,
        path,
        len(content.bad),
    )
