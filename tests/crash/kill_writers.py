"""Run as a script: fork writers, let each acknowledge what it has written, and kill each at a random moment.

    python kill_writers.py SCENARIO FOLDER TRIALS FIRST_SEED AT_ONCE

This process has imported givens and never begins a run; the children it forks do, each its own. A child tells over a
pipe how many operations have *returned*. Prints one line of JSON a trial: ``{"seed": …, "acknowledged": …}``; in the
scenario "runs" an acknowledgement is one finished step of one run after the other.
"""

from __future__ import annotations

import json
import os
import random
import selectors
import signal
import sys
import time
from itertools import count, islice
from typing import NamedTuple

from operations import RUN_OPERATIONS, first_config, operations

import givens

LONGEST_S = 0.03


class Writer(NamedTuple):
    """One child: its process, the pipe it acknowledges on, how long it lives from its first word or its fork."""

    seed: int
    pid: int
    pipe: int
    life_s: float
    from_first_word: bool


def write(scenario: str, seed: int, pipe: int) -> None:
    """The life of a child. It ends by being killed."""
    acknowledged = count(1)

    def acknowledge() -> None:
        os.write(pipe, b"%d\n" % next(acknowledged))

    if scenario == "runs":
        for turn in count():
            run = givens.init(config=first_config(seed + turn), id=f"t{seed}-{turn}", changes="record")
            acknowledge()
            for operation in islice(operations(seed + turn, scenario), RUN_OPERATIONS):
                operation(run)
                acknowledge()
            run.finish()
            acknowledge()
    run = givens.init(config=first_config(seed), id=f"t{seed}", changes="record")
    acknowledge()
    for operation in operations(seed, scenario):
        operation(run)
        acknowledge()


def fork(scenario: str, seed: int) -> Writer:
    """A child that writes until it is killed."""
    chance = random.Random(f"{scenario} {seed} dies")
    heard, said = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.close(heard)
            os.nice(19)  # or among 64 the one that kills comes late
            write(scenario, seed, said)
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(said)
    return Writer(seed, pid, heard, chance.random() * LONGEST_S, chance.random() < 0.6)


def main(scenario: str, folder: str, trials: int, first_seed: int, at_once: int) -> int:
    """Kill so many writers; 1 if one of them ended by itself, which is an error in it."""
    os.environ["GIVENS_DIR"] = folder
    givens.init, givens.config  # noqa: B018 - resolved now, so that the children need not import
    seeds = iter(range(first_seed, first_seed + trials))
    selector = selectors.DefaultSelector()
    living: dict[int, Writer] = {}
    heard: dict[int, bytes] = {}
    dies_at: dict[int, float] = {}
    wrong = 0
    while True:
        while len(living) < at_once and (seed := next(seeds, None)) is not None:
            writer = fork(scenario, seed)
            living[writer.pipe] = writer
            heard[writer.pipe] = b""
            if not writer.from_first_word:
                dies_at[writer.pipe] = time.monotonic() + writer.life_s
            selector.register(writer.pipe, selectors.EVENT_READ)
        if not living:
            return wrong
        next_s = min(dies_at.values(), default=time.monotonic() + 1) - time.monotonic()
        for key, _ in selector.select(max(next_s, 0)):
            words = os.read(key.fd, 1 << 16)
            if not words:  # nobody killed it: it ended by itself
                dies_at[key.fd] = 0
                wrong = 1
                selector.unregister(key.fd)
            elif not heard[key.fd] and living[key.fd].from_first_word:
                dies_at[key.fd] = time.monotonic() + living[key.fd].life_s
            heard[key.fd] = words[-64:] if len(words) > 64 else (heard[key.fd] + words)[-64:]
        now = time.monotonic()
        for pipe in [pipe for pipe, at in dies_at.items() if at <= now]:
            writer = living.pop(pipe)
            os.kill(writer.pid, signal.SIGKILL)
            os.waitpid(writer.pid, 0)
            last = heard.pop(pipe)
            while words := os.read(pipe, 1 << 16):  # what it said before it died
                last = (last + words)[-64:]
            if pipe in selector.get_map():
                selector.unregister(pipe)
            os.close(pipe)
            del dies_at[pipe]
            whole = last.rpartition(b"\n")[0].rpartition(b"\n")[2]
            print(json.dumps({"seed": writer.seed, "acknowledged": int(whole or 0)}), flush=True)


if __name__ == "__main__":
    # what is found out beside a run takes longer than most of these writers live
    os.environ.update(GIVENS_SILENT="1", GIVENS_SURROUNDINGS="0")
    sys.exit(main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6])))
