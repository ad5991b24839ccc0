"""Run as a script: fork processes that scrub a store, and kill each.

    python kill_scrubbers.py SOURCE FOLDER STEP…      when the step of that name is done for the second time, or the first

Each trial scrubs a copy of SOURCE, ``FOLDER/<trial>/.givens``. Prints one line of JSON a trial: how it ended.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections import Counter

from givens.api.changes.scrubbing import scrub_of
from givens.journal.layout import Store

#: steps that are told with a file's name behind them
OF_FILES = ("written ", "synced ", "renamed ", "folder synced ", "removed ")
ONCE = ("blobs written", "hints written", "event written", "blobs removed", "index renewed")


def scrub(store: Store, last: str) -> None:
    """The life of a child; it ends itself, by a signal that nobody can catch."""
    seen: Counter[str] = Counter()

    def step(name: str) -> None:
        kind = next((each.strip() for each in OF_FILES if name.startswith(each)), name)
        kind = f"pack {kind}" if name in ("written", "synced", "renamed", "folder synced", "read back") else kind
        seen[kind] += 1
        if kind == last and seen[kind] == (2 if kind in ("written", "synced", "renamed", "folder synced") else 1):
            os.kill(os.getpid(), signal.SIGKILL)

    scrub_of(store).do(step=step)


def main(source: str, folder: str, trials: list[str]) -> None:
    """Begin, kill, tell."""
    for trial in trials:
        path = os.path.join(folder, trial.replace(" ", "-"), ".givens")
        shutil.copytree(source, path)
        child = os.fork()
        if child == 0:
            scrub(Store(path), trial)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(json.dumps({"store": path, "killed": os.WIFSIGNALED(status)}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
