"""Run as a script: fork writers. Each stops in the middle of its first run until standard input ends, and never again.

    python watching_writers.py FOLDER WRITERS RUNS STEPS

``Watcher`` is a reader of theirs. Every event that a writer makes holds one number twice, with a text between that is longer than a page of the system's
cache: a reader that gets half an event, or an event from the middle of a batch, sees two numbers.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import givens
from givens.api import runs_of
from givens.index import Freshness, Index, open_index
from givens.journal.layout import Store

LONG = 5_000  # characters; a page has 4,096
NAMES = ("begin", "end")


def write(number: int, runs: int, steps: int) -> None:
    """The life of a writer."""
    for turn in range(runs):
        run = givens.init(config={"begin": 0, "text": "x" * LONG, "end": 0}, id=f"w{number}-{turn}", changes="record")
        for step in range(1, steps + 1):
            run.config.update({"begin": step, "text": f"{step:x}" * LONG, "end": step})
            run.config["list"] = [step] * 3
            run.log({"begin": step, "end": step}, step=step)
            if turn == 0 and step == steps // 2:
                sys.stdin.read()
        run.finish()


class Watcher:
    """One reader, who looks again and again and remembers what it saw.

    Attributes:
        problems: what must not be.
        looks: how often it looked.
        unfinished: how many runs it saw that had not ended, over all looks.
        seen: run id -> the highest number.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.problems: list[str] = []
        self.looks = 0
        self.unfinished = 0
        self.seen: dict[str, int] = {}

    def look_at_index(self, index: Index) -> Freshness:
        """Bring the index up to date and look at all that it says."""
        self.looks += 1
        freshness = index.refresh()
        self.problems += [f"unreadable: {each}" for each in freshness.unreadable]
        with index.reading() as connection:
            rows = connection.execute("SELECT id, finish, bad, results FROM run").fetchall()
            documents = index.document([row[0] for row in rows])
            for run_id, finish, bad, results in rows:
                self.unfinished += finish is None
                if bad:
                    self.problems.append(f"{run_id}: {bad} bad lines in the index")
                self._config(run_id, documents[run_id], "index")
                self._courses(run_id, [index.history(run_id, name) for name in NAMES], results)
        return freshness

    def look_at_journals(self) -> None:
        """Read the journals themselves."""
        self.looks += 1
        listing = runs_of(self.store)
        self.problems += [f"unreadable: {each}" for each in listing.unreadable]
        for run in listing.runs:
            self.unfinished += run.state == "running"
            self.problems += [f"{run.id}: {problem}" for problem in run.problems]
            self._config(run.id, run.config.as_dict(), "journal")
            last = [run.results[name].last for name in NAMES if name in run.results]
            if len(set(last)) > 1 or len(last) == 1:
                self.problems.append(f"{run.id}: half a log: {last}")

    def _config(self, run_id: str, config: dict[str, Any], where: str) -> None:
        if not config and run_id not in self.seen:
            return  # its start line is there, and no more
        number, text, end = config["begin"], config["text"], config["end"]
        if number != end or text != (f"{number:x}" if number else "x") * LONG:
            self.problems.append(f"{run_id}: half an event in the {where}: {number} and {end}, {len(text)} characters")
        if number < self.seen.get(run_id, 0):
            self.problems.append(f"{run_id}: {number} in the {where} after {self.seen[run_id]}")
        self.seen[run_id] = number
        if config.get("list", [number] * 3) not in ([number] * 3, [number - 1] * 3):
            self.problems.append(f"{run_id}: {number} and {config['list']} in the {where}")

    def _courses(self, run_id: str, courses: list[list[Any]], results: int) -> None:
        for course in courses:
            steps = [point.step for point in course]
            if steps != list(range(1, len(steps) + 1)) or [point.value for point in course] != steps:
                self.problems.append(f"{run_id}: steps {steps}")
        if len(courses[0]) != len(courses[1]) or results not in (0, 2):
            self.problems.append(f"{run_id}: half a log: {len(courses[0])} and {len(courses[1])} points")


def watch() -> None:
    """Readers in processes of their own: they look until standard input ends, and say what must not be.

    Every other one reads the index, the others the journals. They are nice: the writers are to come to their end.
    """
    readers = int(sys.argv[2])
    pids = []
    for number in range(readers):
        pid = os.fork()
        if pid == 0:
            os.nice(19)
            os._exit(_look_until_told(number))
        pids.append(pid)
    for pid in pids:
        if os.waitpid(pid, 0)[1]:
            print("a reader ended by an error")


def _look_until_told(number: int) -> int:
    """The life of a reader; 0 when it saw nothing wrong."""
    import select
    import traceback

    try:
        watcher = Watcher(Store(sys.argv[1]))
        if number % 2:
            while not select.select([sys.stdin], [], [], 0)[0]:
                watcher.look_at_journals()
        else:
            with open_index(watcher.store) as index:
                while not select.select([sys.stdin], [], [], 0)[0]:
                    watcher.look_at_index(index)
    except BaseException:
        os.write(1, traceback.format_exc().encode())
        return 1
    os.write(1, "".join(f"{problem}\n" for problem in watcher.problems).encode())
    return 0


def main() -> None:
    """Fork the writers, and end when the last one has."""
    folder, writers, runs, steps = sys.argv[1], *map(int, sys.argv[2:5])
    os.environ.update(GIVENS_DIR=folder, GIVENS_SILENT="1")
    pids = []
    for number in range(writers):
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                write(number, runs, steps)
                code = 0
            finally:
                os._exit(code)
        pids.append(pid)
    codes = {os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids}
    sys.exit(max(codes))


if __name__ == "__main__":
    main()
