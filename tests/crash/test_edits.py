"""Commands that edit, remove, restore and undo, killed at any moment: each of them was done whole, or not at all."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from givens.api.removing import restore
from givens.index import open_index
from givens.journal.edits import read_edits
from givens.journal.reader import read_run
from givens.journal.trash import in_trash
from givens.query.table import RunQuery
from givens.records.encoded import lift

RUNS = [f"r{number}" for number in range(4)]
TRIALS = 12
LOOP = """
import os, random, sys
import givens
os.chdir(sys.argv[1])
chance = random.Random(sys.argv[2])
print("begun", flush=True)
while True:
    picked = chance.sample(["r0", "r1", "r2", "r3"], chance.randint(1, 4))
    try:
        what = chance.randint(0, 3)
        if what == 0:
            givens.edit_runs(runs=picked, set={"a": chance.random(), "b": chance.random()})
        elif what == 1:
            givens.remove_runs(runs=picked)
        elif what == 2:
            givens.restore_runs(picked)
        else:
            givens.undo_edit()
    except givens.GivensError:
        pass  # what was picked is removed, or there, already
"""


def test_a_killed_command_was_done_whole_or_not_at_all(journals: Any, tmp_path: Path) -> None:
    for number, run_id in enumerate(RUNS):
        values = [[["lr"], number, 0], [["a"], 0, 0], [["b"], 0, 0]]
        journals.write(run_id, ("set", {"s": values, "o": [{"kind": "code"}]}), ("finish", {"state": "finished"}))
    store = journals.store
    whole = {run_id: Path(store.run_file(run_id)).read_bytes() for run_id in RUNS}
    chance = random.Random(7)
    for trial in range(TRIALS):
        child = subprocess.Popen(
            [sys.executable, "-c", LOOP, str(journals.folder), str(trial)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(chance.random() * 0.5)  # the moment at which it is killed is what is tried
        child.send_signal(signal.SIGKILL)
        _, said = child.communicate(timeout=60)
        assert b"Traceback" not in said, said.decode()
        book = read_edits(store)
        assert book.bad == []
        with open_index(store, folder=str(tmp_path)) as index:
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
            edits = [json.dumps(step) for edit in book.of(run_id) for step in edit.steps if step[0] == "set"]
            assert len(edits) % 2 == 0, "half of a command that sets two keys"
        stranded = hidden | set(in_trash(store))
        if stranded:
            restore(store, stranded)
        assert {run_id: Path(store.run_file(run_id)).read_bytes() for run_id in RUNS} == whole
