"""Run as a script: fork processes that pack or scrub a copy of a store, and kill each.

    python kill_copies.py WORK SOURCE FOLDER SEED…       at a random moment
    python kill_copies.py WORK SOURCE FOLDER step:NAME…  when the step of that name is done for the second time, or the first

Each trial works on a copy of SOURCE, ``FOLDER/<trial>/.givens``. Prints one line of JSON a trial: how it ended.
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
from collections.abc import Callable
from typing import NamedTuple

from givens.api.changes.scrubbing import scrub_of
from givens.api.upkeep import packing
from givens.journal.layout import Store

JOURNALS_IN_A_PACK = 9

Step = Callable[[str], None]


class Work(NamedTuple):
    """What a child does: the function, what a step is called without the name of its file, which steps come twice."""

    do: Callable[[Store, Step], object]
    kind_of: Callable[[str], str]
    twice: Callable[[str], bool]


def scrub(store: Store, step: Step) -> None:
    scrub_of(store).do(step=step)


def pack(store: Store, step: Step) -> None:
    packing.PACK_JOURNALS = JOURNALS_IN_A_PACK
    packing.pack_store(store, step=step)


#: steps of a scrub that are told with a file's name behind them; without one they are of a pack
OF_FILES = ("written", "synced", "renamed", "folder synced", "removed")
OF_PACKS = ("written", "synced", "renamed", "folder synced", "read back")


def scrub_kind(name: str) -> str:
    kind = next((each for each in OF_FILES if name.startswith(f"{each} ")), name)
    return f"pack {kind}" if name in OF_PACKS else kind


WORKS = {
    "pack": Work(pack, lambda name: "removed" if name.startswith("removed") else name, lambda kind: True),
    "scrub": Work(scrub, scrub_kind, lambda kind: kind in ("written", "synced", "renamed", "folder synced")),
}


def forked(work: Work, store: Store, last: str | None) -> int:
    """Start a child; with ``last`` it ends itself, by a signal that nobody can catch."""
    child = os.fork()
    if child:
        return child
    seen: Counter[str] = Counter()

    def step(name: str) -> None:
        kind = work.kind_of(name)
        seen[kind] += 1
        if kind == last and seen[kind] == (2 if work.twice(kind) else 1):
            os.kill(os.getpid(), signal.SIGKILL)

    work.do(store, step)
    os._exit(0)


def copied(source: str, folder: str, trial: str) -> Store:
    """A store of the trial's own."""
    path = os.path.join(folder, trial.replace(":", "-").replace(" ", "-"), ".givens")
    shutil.copytree(source, path)
    return Store(path)


def main(name: str, source: str, folder: str, trials: list[str]) -> None:
    """Begin, kill, tell."""
    work = WORKS[name]
    began_s = time.monotonic()
    os.waitpid(forked(work, copied(source, folder, "measured"), None), 0)
    whole_s = time.monotonic() - began_s
    for trial in trials:
        store = copied(source, folder, trial)
        if trial.startswith("step:"):
            child = forked(work, store, trial.partition(":")[2])
        else:
            child = forked(work, store, None)
            time.sleep(random.Random(trial).uniform(0, whole_s))
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        print(json.dumps({"store": store.path, "killed": os.WIFSIGNALED(status)}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:])
