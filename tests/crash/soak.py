"""Run as a script: everything at once for half an hour, and a look at it every now and then. `make soak`

    python soak.py [MINUTES]

One process changes the config of one run and logs to another without end, forks children that write, and begins and
finishes short runs; another process brings the index up to date, asks it, and packs. Neither may grow: memory and
descriptors stay what they were after the first fifth, and the bytes written go with the number of events. At the end both
long runs are read back, and the index is held against a new one. Prints a table of its samples; 1 when something is not as
it is claimed.

The run that is changed without end lies in a store that nobody reads meanwhile: who reads a run holds all of its history.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import NamedTuple

from indexed import content, made_anew

import givens
from givens.api.upkeep.packing import pack_store
from givens.index import open_index
from givens.journal.layout import Store
from givens.journal.reader import read_events

SAMPLES = 60
PAUSE_S = 0.02  # between two turns: a disk is not to be filled
MEMORY_KIB = 4_096  # what the last fifth may be above the one after the warming up
FILES = 2  # the same for descriptors, of the least there were: those of work under way come and go, a leak stays
LINEAR = 0.02  # how much the bytes an event may differ between the first half and the second


class Sample(NamedTuple):
    """One look.

    Args:
        at_s: seconds since the beginning.
        changes: events of the run that is changed that were acknowledged.
        changed_bytes: size of its journal.
        logs: events of the run that is logged to.
        logged_bytes: size of its journal.
        runs: short runs begun and finished.
        writer_kib: memory of the writing process, in KiB, without what it maps of files.
        writer_files: its open descriptors.
        asked: how many times the reading process looked.
        reader_kib: its memory.
        reader_files: its open descriptors.
    """

    at_s: float
    changes: int
    changed_bytes: int
    logs: int
    logged_bytes: int
    runs: int
    writer_kib: int
    writer_files: int
    asked: int
    reader_kib: int
    reader_files: int


def write(folder: str, told: int) -> None:
    """The life of the writer. It tells of its events and short runs after each turn."""
    given = {"number": 0, "model": {"depth": 0}, "trail": []}
    apart = os.path.join(folder, "apart")
    changed = givens.init(config=given, id="changed", dir=apart, changes="record", reinit="create_new")
    logged = givens.init(config=given, id="logged", dir=folder, reinit="create_new")
    changes, logs, runs = 2, 2, 0
    for turn in range(1_000_000, sys.maxsize):  # as many digits at any time
        changed.config["number"] = turn
        changed.config["model"]["depth"] = turn
        changed.config["trail"].append(turn)
        for step in range(4 * turn, 4 * turn + 4):
            logged.log({"loss": 0.5, "number": step}, step=step)
        changes, logs = changes + 3, logs + 4 + (turn == 1_000_000)  # the first log settles the config
        if turn % 16 == 0:
            del changed.config["trail"][:]
            changes += 1
            with givens.init(config=given, dir=folder, reinit="create_new", project="short") as short:
                short.config["number"] = turn
                short.log({"loss": 1 / turn})
            runs += 1
        if turn % 1_000 == 0:
            pid = os.fork()
            if pid == 0:
                changed.config["child"] = logged.config["child"] = turn
                os._exit(0)
            os.waitpid(pid, 0)
        tell(told, changes, logs, runs)
        time.sleep(PAUSE_S)


def read(folder: str, told: int) -> None:
    """The life of the reader."""
    store = Store(os.path.join(folder, ".givens"))
    for turn in range(sys.maxsize):
        with open_index(store) as index:
            index.refresh()
            index.keys()
        givens.runs("number > 1000 and loss < 1", dir=folder).sort("-loss")[:20].to_dicts()
        if turn % 50 == 49:
            pack_store(store)
        tell(told, turn)
        time.sleep(10 * PAUSE_S)


def tell(told: int, *numbers: int) -> None:
    """Put numbers where the one who looks finds them."""
    os.pwrite(told, " ".join(map(str, numbers)).ljust(64).encode(), 0)


def begun(work: Callable[[str, int], None], folder: str) -> tuple[int, int]:
    """A process that works until it is killed, and where it tells how far it is."""
    told = os.open(folder, os.O_TMPFILE | os.O_RDWR)
    tell(told, 0, 0, 0)
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        try:
            work(folder, told)
        finally:
            os._exit(1)
    return pid, told


def memory_kib(pid: int) -> int:
    """What a process holds for itself."""
    fields = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(fields["RssAnon"].split()[0])


def journals(folder: str) -> tuple[Path, Path]:
    """Of the run that is changed, and of the one that is logged to."""
    return Path(folder, "apart", ".givens", "runs", "changed.jsonl"), Path(folder, ".givens", "runs", "logged.jsonl")


def look(at_s: float, folder: str, writer: tuple[int, int], reader: tuple[int, int]) -> Sample:
    """One sample."""
    changes, logs, runs = map(int, os.pread(writer[1], 64, 0).split())
    asked = int(os.pread(reader[1], 64, 0).split()[0])
    sizes = [path.stat().st_size if path.exists() else 0 for path in journals(folder)]
    held = [(memory_kib(pid), len(os.listdir(f"/proc/{pid}/fd"))) for pid, _ in (writer, reader)]
    return Sample(round(at_s, 1), changes, sizes[0], logs, sizes[1], runs, *held[0], asked, *held[1])


def grown(samples: list[Sample]) -> list[str]:
    """What is not as it is claimed."""
    fifth = len(samples) // 5
    early, late = samples[fifth : 2 * fifth], samples[-fifth:]
    found = []
    for name, allowed, typical in (("kib", MEMORY_KIB, median), ("files", FILES, min)):
        for who in ("writer", "reader"):
            before, after = (typical([getattr(each, f"{who}_{name}") for each in part]) for part in (early, late))
            if after > before + allowed:
                found.append(f"{who}_{name}: {before:g} after the first fifth, {after:g} in the last")
    first, half, last = samples[0], samples[len(samples) // 2], samples[-1]
    for events, size in (("changes", "changed_bytes"), ("logs", "logged_bytes")):
        rates = [
            (getattr(b, size) - getattr(a, size)) / max(1, getattr(b, events) - getattr(a, events))
            for a, b in ((first, half), (half, last))
        ]
        if abs(rates[1] / rates[0] - 1) > LINEAR:
            found.append(f"bytes of {events}: {rates[0]:.1f} each in the first half, {rates[1]:.1f} in the second")
    return found


def read_back(folder: str, last: Sample) -> list[str]:
    """What is missing or damaged at the end."""
    problems = []
    for path, acknowledged in zip(journals(folder), (last.changes, last.logs), strict=True):
        found = read_events(str(path))
        problems += [str(line) for line in found.bad]
        if len(found.events) < acknowledged:
            problems.append(f"{path}: {acknowledged} events were acknowledged, {len(found.events)} are there")
    store = Store(os.path.join(folder, ".givens"))
    with open_index(store) as index:
        index.refresh()
        if content(index) != made_anew(store, Path(folder, "anew")):
            problems.append("the index says something else than a new one")
    return problems


def main(minutes: float) -> int:
    """Begin, look, judge."""
    os.environ.update(GIVENS_SILENT="1", GIVENS_SURROUNDINGS="0")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended before its time"))  # and so are the workers
    with tempfile.TemporaryDirectory(prefix="givens-soak-") as folder:
        Store(os.path.join(folder, ".givens")).make()
        workers = [begun(write, folder), begun(read, folder)]
        began_s = time.monotonic()
        samples: list[Sample] = []
        print(" ".join(f"{name:>12}" for name in Sample._fields), flush=True)
        try:
            for number in range(1, SAMPLES + 1):
                time.sleep(max(0.0, began_s + minutes * 60 * number / SAMPLES - time.monotonic()))
                samples.append(look(time.monotonic() - began_s, folder, *workers))
                print(" ".join(f"{value:>12}" for value in samples[-1]), flush=True)
        finally:
            for pid, _ in workers:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
        problems = grown(samples) + read_back(folder, samples[-1])
    last = samples[-1]
    sizes = f"{last.changed_bytes / last.changes:.1f} and {last.logged_bytes / last.logs:.1f} bytes each"
    print(f"{last.changes} changes and {last.logs} logs, {sizes}; {last.runs} short runs; asked {last.asked} times")
    print("\n".join(problems) or "nothing grew, nothing is missing")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 30))
