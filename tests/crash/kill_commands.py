"""Run as a script: fork processes that work on one store, and kill each at a random moment.

    python kill_commands.py WORK STORE

Reads one line a trial from standard input, a seed; forks a child that does the work again and again, kills it, and
answers with one line of JSON: how long it lived and how many turns of its work were done. Between two trials the reader
of the answers looks at the store.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress

import givens
from givens.index import open_index
from givens.journal.layout import Store

RUNS = [f"r{number}" for number in range(4)]
FIRST_TURN_S = 0.05  # until one was measured


def edit(store: Store, chance: random.Random) -> None:
    """One command that changes stored runs."""
    folder = os.path.dirname(store.path)
    picked = chance.sample(RUNS, chance.randint(1, len(RUNS)))
    with suppress(givens.GivensError):  # what was picked is removed, or there, already
        match chance.randint(0, 3):
            case 0:
                givens.edit_runs(runs=picked, set={"a": chance.random(), "b": chance.random()}, dir=folder)
            case 1:
                givens.remove_runs(runs=picked, dir=folder)
            case 2:
                givens.restore_runs(picked, dir=folder)
            case 3:
                givens.undo_edit(dir=folder)


def fold(store: Store, chance: random.Random) -> None:
    """Bring the index up to date; at times it is thrown away before."""
    with open_index(store) as index:
        if chance.random() < 0.2:
            index.renew()
        index.refresh(verify=chance.random() < 0.2)


WORKS: dict[str, Callable[[Store, random.Random], None]] = {"edit": edit, "fold": fold}


def forked(work: str, store: Store, chance: random.Random) -> tuple[int, int]:
    """A child that works until it is killed, and the pipe on which it tells of each turn that is done."""
    heard, said = os.pipe()
    child = os.fork()
    if child:
        os.close(said)
        return child, heard
    try:
        while True:
            os.write(said, b"-")
            WORKS[work](store, chance)
    except BaseException:
        import traceback

        traceback.print_exc()
    os._exit(1)


def practise(work: str) -> None:
    """Do the work a few times on a store that nobody looks at, so that the children need not import."""
    with tempfile.TemporaryDirectory() as folder:
        for run_id in RUNS:
            givens.init(id=run_id, config={"a": 0, "b": 0}, dir=folder).finish()
        for turn in range(8):
            WORKS[work](Store(os.path.join(folder, ".givens")), random.Random(turn))


def main(work: str, folder: str) -> None:
    """Begin, kill, tell."""
    practise(work)
    store = Store(folder)
    turn_s = FIRST_TURN_S
    for line in sys.stdin:
        chance = random.Random(f"{work} {line.strip()}")
        child, heard = forked(work, store, chance)
        os.read(heard, 1)  # it has begun
        began_s = time.monotonic()
        time.sleep(chance.uniform(0, 2 * turn_s))  # the moment at which it dies is what is tried
        os.kill(child, signal.SIGKILL)
        lived_s = time.monotonic() - began_s
        os.waitpid(child, 0)
        turns = 0
        while done := os.read(heard, 1 << 12):
            turns += len(done)
        os.close(heard)
        turn_s = 0.8 * turn_s + 0.2 * lived_s / turns if turns else min(turn_s * 1.1, 1.0)
        print(json.dumps({"lived_s": lived_s, "turns": turns}), flush=True)


if __name__ == "__main__":
    # what is found out beside a run takes longer than most of these writers live
    os.environ.update(GIVENS_SILENT="1", GIVENS_SURROUNDINGS="0")
    main(sys.argv[1], sys.argv[2])
