"""Run as a script: fork processes that pack a store, and kill each.

    python kill_packers.py SOURCE FOLDER SEED…       at a random moment
    python kill_packers.py SOURCE FOLDER step:NAME…  when the step of that name is done for the second time, or the first

Each trial packs a copy of SOURCE, ``FOLDER/<trial>/.givens``. Prints one line of JSON a trial: how it ended.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter

from givens.api.upkeep import packing
from givens.journal.layout import Store

JOURNALS_IN_A_PACK = 9


def pack(store: Store, last: str | None) -> None:
    """The life of a child; with ``last`` it ends itself, by a signal that nobody can catch."""
    seen: Counter[str] = Counter()

    def step(name: str) -> None:
        kind = name.partition(" ")[0] if name.startswith("removed") else name
        seen[kind] += 1
        if kind == last and seen[kind] == 2:
            os.kill(os.getpid(), signal.SIGKILL)

    packing.pack_store(store, step=step)


def forked(store: Store, last: str | None) -> int:
    """Start a child."""
    child = os.fork()
    if child == 0:
        pack(store, last)
        os._exit(0)
    return child


def copied(source: str, folder: str, trial: str) -> Store:
    """A store of the trial's own."""
    path = os.path.join(folder, trial.replace(":", "-").replace(" ", "-"), ".givens")
    shutil.copytree(source, path)
    return Store(path)


def main(source: str, folder: str, trials: list[str]) -> None:
    """Begin, kill, tell."""
    packing.PACK_JOURNALS = JOURNALS_IN_A_PACK
    began_s = time.monotonic()
    os.waitpid(forked(copied(source, folder, "measured"), None), 0)
    whole_s = time.monotonic() - began_s
    for trial in trials:
        store = copied(source, folder, trial)
        if trial.startswith("step:"):
            child = forked(store, trial.partition(":")[2])
        else:
            child = forked(store, None)
            time.sleep(random.Random(trial).uniform(0, whole_s))
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        print(json.dumps({"store": store.path, "killed": os.WIFSIGNALED(status)}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
