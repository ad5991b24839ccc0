"""SIGKILL while an index is made or brought up to date: the next reader goes on, and finds what a new index would say."""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from indexed import content, made_anew
from killing import Killer, share_of

from givens.api.upkeep.packing import pack_store
from givens.index import open_index
from givens.journal.edits import write_command
from givens.journal.writer import JournalWriter

if TYPE_CHECKING:
    from ..conftest import StoreOfJournals

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")

COMPARED_EVERY = 10
A_ROUND = 50  # trials on one store, which grows


class Growing:
    """A store to which something comes before each kill: finished runs, a line more in a run that goes on, an edit, a pack."""

    def __init__(self, journals: StoreOfJournals) -> None:
        self.journals = journals
        self.chance = random.Random(11)
        self.numbers = count()
        self.steps = count(1)
        self.open = JournalWriter(journals.store.run_file("going"), _stamper())
        self.open.open()
        self._say("start", format=1, run="going", writer="g" * 16, role="main", host="node7", pid=4711)

    def _say(self, kind: str, **members: Any) -> None:
        self.open.append(kind, "".join(f",{json.dumps(key)}:{json.dumps(value)}" for key, value in members.items()))

    def grow(self) -> None:
        """What comes in one go. Every event of a run holds one number twice."""
        for _ in range(3):
            run_id = f"run{next(self.numbers):05}"
            sets = [("set", _both(step)) for step in range(self.chance.randrange(1, 20))]
            logs = [("log", {"m": {"begin": step, "end": step}, "step": step}) for step in range(30)]
            self.journals.write(run_id, *sets, *logs, ("finish", {"state": "finished"}))
        for _ in range(5):
            step = next(self.steps)
            self._say("set", **_both(step))
            self._say("log", m={"begin": step, "end": step}, step=step)
        store = self.journals.store
        if self.chance.random() < 0.3:
            write_command(store, {}, [("edit", {"e": [[[run_id], [["set", ["begin"], 0], ["set", ["end"], 0]]]]})])
        if self.chance.random() < 0.1:
            pack_store(store)

    def end(self) -> None:
        """Let go of the run that goes on."""
        self.open.close()


def _stamper() -> Any:
    from givens.journal.lines import Stamper

    return Stamper()


def _both(number: int) -> dict[str, Any]:
    return {"s": [[["begin"], number, 0], [["text"], "x" * 300, 0], [["end"], number, 0]], "o": [{"kind": "code"}]}


def test_an_index_whose_folding_was_killed_says_what_a_new_one_says(
    journals: StoreOfJournals, tmp_path: Path, killer: Callable[[str, str], Killer], crash_trials: int
) -> None:
    left = share_of(crash_trials, 10)
    turns = 0
    while left:
        folder = tmp_path / f"{left} left"
        folder.mkdir()
        trials = min(left, A_ROUND)
        turns += kill_folds(type(journals)(folder), trials, killer)
        shutil.rmtree(folder)
        left -= trials
    assert turns > 0, "no index was ever brought up to date"


def kill_folds(journals: StoreOfJournals, trials: int, killer: Callable[[str, str], Killer]) -> int:
    """Let one store grow, and kill so many processes that fold it; how many times one of them was done."""
    growing = Growing(journals)
    fold = killer("fold", journals.store.path)
    for trial in range(1, trials + 1):
        growing.grow()
        fold.kill(trial)
        with open_index(journals.store) as index:
            assert index.connection.execute("PRAGMA quick_check").fetchall() == [("ok",)]
            shown = dict(index.connection.execute("SELECT id, config FROM run JOIN document USING (run)"))
            for run_id, config in index.document(shown).items():
                assert config.get("begin") == config.get("end"), f"{run_id}: half an event, {config}"
            if trial % COMPARED_EVERY == 0 or trial == trials:
                assert index.refresh().complete
                assert content(index) == made_anew(journals.store, journals.folder / "anew")
                shutil.rmtree(journals.folder / "anew")
    growing.end()
    return fold.turns
