"""Taking out of a store what older runs wrote in clear: looked for, shown, and then done.

The event comes first. From then on every reader is told what is left, whatever the files hold: a crash on the way, an
old copy that is merged in later, and a file that may not be rewritten yet show nothing any more. Then the files are
brought to what readers are told, one by one.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from ...codec.scrub_rules import SHORTEST_TEXT, ScrubRules, Wanted
from ...errors import EditError, StoreError
from ...index import discard_indexes, open_index
from ...journal.blobs import write_blob
from ...journal.edits import read_edits, write_command
from ...journal.layout import Store
from ...journal.packing import Step, no_step
from ...journal.packs import FOLDER as PACKS
from ...journal.replacing import remove_drafts
from ...journal.try_lock import TryLock
from ...query.known import UnknownKey
from ...records.scrubs import Scrubs, to_json
from ..asking import redaction_of
from ..upkeep.pulling import interrupted
from .edit_targets import Chosen, fresh_index, start_of, targets, unknown_in
from .scrub_beside import remove_pulls, snapshots_with_it, used_pulls
from .scrub_blobs import orphans, remove_blobs
from .scrub_files import Left, Rewriting
from .scrub_search import Piece, Progress, Search, Searcher

_RUNS_AT_ONCE = 500  # runs that one event names: who looks for one of them parses no more
_LOCK_S = 60.0


class ScrubPlan(NamedTuple):
    """What a scrub takes out, or took out.

    Args:
        runs: run id -> what goes: place (``config.db.password``, ``argv``) -> how often.
        others: what goes beside runs: ``edits``, ``heads``, ``saved views``, ``large values`` … -> in how many files.
        files: how many files are rewritten; those of an old copy that was merged in are among them.
        left: files that go on holding it, and why; readers do not show it.
        unreadable: files that nobody could look into.
        edit_id: the id of the event's command; None when none was written.
        done: whether it was done.
    """

    runs: dict[str, dict[str, int]]
    others: dict[str, int]
    files: int
    left: tuple[Left, ...]
    unreadable: tuple[str, ...]
    edit_id: str | None = None
    done: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to scrub."""
        return not (self.runs or self.others or self.files)

    @property
    def places(self) -> dict[str, tuple[int, int]]:
        """Place -> in how many runs something goes there, and how often; the most frequent first."""
        found: dict[str, tuple[int, int]] = {}
        for taken in self.runs.values():
            for place, count in taken.items():
                runs, total = found.get(place, (0, 0))
                found[place] = runs + 1, total + count
        return dict(sorted(found.items(), key=lambda item: (-item[1][0], item[0])))

    def to_json(self) -> dict[str, Any]:
        """The same as JSON; it never holds what goes."""
        return {
            "runs": [{"id": run_id, "places": taken} for run_id, taken in self.runs.items()],
            "others": self.others,
            "files": self.files,
            "left": [str(left) for left in self.left],
            "unreadable": list(self.unreadable),
            "edit": self.edit_id,
            "done": self.done,
        }


class Scrub:
    """A scrub of one store: ``plan`` looks, ``do`` does it.

    Args:
        store: the store.
        wanted: what is to be taken out.
        only: the runs that are meant; None for the whole store.
        unknown: keys that the choice of runs names and that no run has.
    """

    def __init__(
        self,
        store: Store,
        wanted: Wanted,
        only: frozenset[str] | None = None,
        unknown: tuple[UnknownKey, ...] = (),
    ) -> None:
        self.store, self.wanted, self.only, self.unknown = store, wanted, only, unknown
        self._rules = ScrubRules(wanted).anew()
        self._found: Search | None = None
        self._snapshots: list[Left] = []

    def plan(self, progress: Progress | None = None) -> ScrubPlan:
        """Look for what goes. Nothing is written.

        Raises:
            StoreError: a folder cannot be read.
        """
        found = self._found = Searcher(self.store, self.wanted, self.only).search(progress)
        rewriting = self._rewriting(found.scrubs(), dry_run=True)
        rewriting.all()
        self._snapshots = list(snapshots_with_it(self.store, self._rules, self.only, found.unreadable))
        pulls = self._pulls()
        used = used_pulls(pulls)
        others = {"large values": len(self._large()), "interrupted pulls": len(pulls) - len(used)}
        return self._plan(found, rewriting.files, (*rewriting.left, *used, *self._snapshots), others)

    def do(self, note: str | None = None, step: Step = no_step) -> ScrubPlan:
        """Take out what ``plan`` found.

        Args:
            note: why, for those who look at it later.
            step: told of each step, for tests.

        Raises:
            StoreError: the store cannot be written, or another process packs it for a long time. What was done stands;
                the same once more does the rest.
        """
        if self._found is None:
            self.plan()
        found = self._found
        assert found is not None
        lock = self._locked()
        try:
            writer = self._write(found, note, step)
            rewriting = self._rewriting(read_edits(self.store).scrubs, dry_run=False, step=step)
            rewriting.all()
            large = self._large()
            remove_blobs(self.store, large)
            remove_drafts(self.store)
            step("blobs removed")
            pulls = self._pulls()
            used = remove_pulls(pulls)
            step("pulls removed")
        except OSError as error:
            if isinstance(error, StoreError):
                raise
            where = str(error.filename or self.store.path)
            raise StoreError(
                where, f"cannot scrub: {error.strerror or error}", "the same once more does the rest"
            ) from error
        finally:
            lock.release()
        problems = self._renew_index()
        step("index renewed")
        others = {"large values": len(large), "interrupted pulls": len(pulls) - len(used)}
        left = (*rewriting.left, *used, *self._snapshots, *problems)
        return self._plan(found, rewriting.files, left, others)._replace(edit_id=writer, done=True)

    def _renew_index(self) -> list[Left]:
        """Make the index anew; a store without one is scrubbed all the same."""
        problems = [Left("index", problem) for problem in discard_indexes(self.store)]
        try:
            with open_index(self.store) as index:
                index.refresh()
        except StoreError as error:
            problems.append(Left("index", str(error)))
        return problems

    @staticmethod
    def _plan(found: Search, files: int, left: Iterable[Left], more: dict[str, int]) -> ScrubPlan:
        counts = {**found.others, **more, "damaged lines": len(found.bad)}
        others = {name: count for name, count in counts.items() if count}
        return ScrubPlan(_by_run(found.pieces), others, files, tuple(left), tuple(found.unreadable))

    def _write(self, found: Search, note: str | None, step: Step) -> str | None:
        for name, content in found.blobs.items():
            write_blob(self.store, name, content)
        step("blobs written")
        for hint in found.hints:
            hint.write(self.store)
        step("hints written")
        if not found.pieces:
            return None
        events = list(_events(found))
        writer = write_command(self.store, start_of(self.store, note), events)
        step("event written")
        return writer

    def _rewriting(self, scrubs: Scrubs, *, dry_run: bool, step: Step = no_step) -> Rewriting:
        return Rewriting(self.store, scrubs, self._found.bad if self._found else None, step, dry_run=dry_run)

    def _large(self) -> list[str]:
        """Large values that nothing refers to any more and that hold what goes, or that a scrub replaced."""
        return orphans(self.store, self._rules if self.only is None else None)

    def _pulls(self) -> list[str]:
        """What interrupted pulls left; nobody looks into it, since all of it comes again with the next one."""
        return interrupted(self.store) if self.only is None else []

    def _locked(self) -> TryLock:
        folder = os.path.join(self.store.path, PACKS)
        os.makedirs(folder, exist_ok=True)
        lock = TryLock(os.path.join(folder, "pack.lock"))
        until_s = time.monotonic() + _LOCK_S
        while not lock.acquire():
            if time.monotonic() > until_s:
                raise StoreError(folder, "another process is packing this store", "try again when it is done")
            time.sleep(0.05)
        return lock


def scrub_of(
    store: Store,
    *,
    chosen: Chosen | None = None,
    keys: Iterable[str] = (),
    texts: Iterable[str] = (),
    progress: Progress | None = None,
) -> Scrub:
    """A scrub of a store.

    Args:
        store: the store.
        chosen: which runs; None, or one that names none: the whole store.
        keys: patterns of keys; what stands under one goes. With keys or texts, today's rules are left out.
        texts: texts that go wherever they stand.
        progress: called with (runs done, runs to do) while the index is brought up to date, where runs were chosen.

    Raises:
        EditError: a text is too short to be meant, or another process is folding.
        RunNotFoundError, AmbiguousRunError: a reference.
        FilterSyntaxError: the filter does not read.
    """
    wanted = Wanted(None, tuple(keys), tuple(texts))
    for text in wanted.texts:
        if len(text) < SHORTEST_TEXT:
            raise EditError(
                f"a text of {len(text)} characters stands in too many places", f"give {SHORTEST_TEXT} or more"
            )
    if not wanted.keys and not wanted.texts:
        wanted = Wanted(redaction_of(store))
    if chosen is None or chosen == Chosen():
        return Scrub(store, wanted)
    with fresh_index(store, progress) as index:
        only = frozenset(target.id for target in targets(index, store, chosen))
        return Scrub(store, wanted, only, unknown_in(index, store, chosen))


def _by_run(pieces: Iterable[Piece]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for piece in pieces:
        for run_id, places in piece.runs.items():
            taken = found.setdefault(run_id, {})
            for place, count in places.items():
                taken[place] = taken.get(place, 0) + count
    return dict(sorted(found.items()))


def _events(found: Search) -> Iterator[tuple[str, dict[str, Any]]]:
    """The events of the command: what concerns edits apart, the rest by portions of runs."""
    gone = sorted(found.gone - found.blobs.keys()) or None
    for of_edits in (False, True):
        pieces = [piece for piece in found.pieces if piece.of_edits is of_edits]
        for at in range(0, len(pieces), _RUNS_AT_ONCE):
            portion = pieces[at : at + _RUNS_AT_ONCE]
            patches: Scrubs = {}
            for piece in portion:
                for writer, numbers in piece.scrubs.items():
                    patches.setdefault(writer, {}).update(numbers)
            runs = {run_id: list(places) for run_id, places in _by_run(portion).items() if places}
            yield (
                "scrub",
                {"p": to_json(patches), "runs": runs or None, "gone": gone, "of": "edits" if of_edits else None},
            )
            gone = None
