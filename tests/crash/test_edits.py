"""Commands that edit, remove, restore and undo, killed at any moment: each of them was done whole, or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from indexed import content, made_anew
from kill_commands import RUNS
from killing import Killer, share_of

from givens.api.changes.removing import restore
from givens.index import open_index
from givens.journal.edits import read_edits
from givens.journal.reader import read_run
from givens.journal.trash import in_trash
from givens.query.table import RunQuery
from givens.records.encoded import lift

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")


def test_a_killed_command_was_done_whole_or_not_at_all(
    journals: Any, tmp_path: Path, killer: Callable[[str, str], Killer], crash_trials: int
) -> None:
    for number, run_id in enumerate(RUNS):
        values = [[["lr"], number, 0], [["a"], 0, 0], [["b"], 0, 0]]
        journals.write(run_id, ("set", {"s": values, "o": [{"kind": "code"}]}), ("finish", {"state": "finished"}))
    store = journals.store
    whole = {run_id: Path(store.run_file(run_id)).read_bytes() for run_id in RUNS}
    edit = killer("edit", store.path)
    with open_index(store, folder=str(tmp_path)) as index:
        for trial in range(share_of(crash_trials, 20)):
            edit.kill(trial)
            book = read_edits(store)
            assert book.bad == []
            index.refresh()
            seen = set(RunQuery(index).ids())
            documents = index.document(RUNS)
            # a run is hidden by its event alone; one that is shown has its journal, but for a run whose files a killed undo
            # or removal left in the trash: those a restore brings back
            hidden = set(book.removed)
            assert seen | hidden | set(in_trash(store)) == set(RUNS)
            assert not seen & hidden
            for run_id in seen:
                state = read_run(store, run_id).state
                assert documents[run_id] == lift(state.config)
                edits = [json.dumps(step) for each in book.of(run_id) for step in each.steps if step[0] == "set"]
                assert len(edits) % 2 == 0, "half of a command that sets two keys"
            stranded = hidden | set(in_trash(store))
            if stranded:
                restore(store, stranded)
            assert {run_id: Path(store.run_file(run_id)).read_bytes() for run_id in RUNS} == whole
        index.refresh()
        assert content(index) == made_anew(store, tmp_path / "anew")
    assert edit.turns > 0, "no command was ever done"
