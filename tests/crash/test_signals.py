"""A signal handler that writes while a write is under way, in the same thread."""

from __future__ import annotations

import pickle
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from operations import alike

import givens
from givens.journal.layout import Store
from givens.journal.reader import read_events

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no interval timers")

INTERRUPTED = """
    import itertools, pickle, random, signal, sys
    import givens

    run = givens.init(config={"model": {}, "trail": [], "key": 0}, id="interrupted", changes="record")
    config = run.config
    numbers = itertools.count(1)
    handled = []
    chance = random.Random(7)
    at = 0
    for number in (1, 2):  # what says that a value was changed is imported now: an import is not made for handlers
        config.update({"key": number})

    def handler(signum, frame):
        number = next(numbers)
        @HANDLER@
        handled.append(number)
        signal.setitimer(signal.ITIMER_REAL, chance.uniform(1e-5, 3e-4))

    signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 1e-4)
    for at in itertools.count():
        if len(handled) >= 1_000:
            break
        @MAIN@
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    with open("memory.pickle", "wb") as file:
        pickle.dump((config.as_dict(), handled), file)
"""

#: what the handler writes, and what it interrupts; keys are new each time, so that no later write hides a difference
WRITES = {
    "keys of its own": ("config[f'handled_{number}'] = number", "config[f'key_{at % 9}'] = at"),
    "the key that is being written": ("config[f'key_{at}'] = -number", "config[f'key_{at}'] = at"),
    "the section that is being written": (
        "config.setdefault(f'model_{at}', {})['handled'] = number",
        "config[f'model_{at}'] = {'depth': at}",
    ),
    "the list that is being appended to": ("config.trail.append(-number)", "config.trail.append(at)"),
    "what is being deleted": (
        "config.pop(f'key_{at - 1}', None)",
        "config[f'key_{at}'] = at; config.pop(f'key_{at - 1}', None)",
    ),
    "what an update gives": (
        "config.update({f'a_{at}': -number, f'b_{at}': -number})",
        "config.update({f'a_{at}': at, f'b_{at}': at})",
    ),
}


@pytest.mark.parametrize("what", WRITES)
def test_the_file_says_what_memory_says(what: str, tmp_path: Path, run_script: Callable[..., Any]) -> None:
    handler, main = WRITES[what]
    run_script(INTERRUPTED.replace("@HANDLER@", handler).replace("@MAIN@", main))
    memory, handled = pickle.loads((tmp_path / "memory.pickle").read_bytes())
    assert handled == list(range(1, len(handled) + 1))
    run = givens.open("interrupted", dir=tmp_path)
    assert run.problems == ()
    assert run.state == "finished"
    assert alike(run.config.as_dict(), memory, ordered=False)


def test_no_event_is_written_twice_and_none_is_missing(tmp_path: Path, run_script: Callable[..., Any]) -> None:
    handler, main = WRITES["keys of its own"]
    run_script(INTERRUPTED.replace("@HANDLER@", handler).replace("@MAIN@", main))
    events = read_events(Store(str(tmp_path / ".givens")).run_file("interrupted")).events
    assert sorted(event["n"] for event in events) == list(range(len(events)))
    _, handled = pickle.loads((tmp_path / "memory.pickle").read_bytes())
    written = [row[1] for event in events if event["k"] == "set" for row in event["s"] if "handled" in str(row[0])]
    assert written == handled


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGTERM to handle")
def test_a_handler_that_finishes_the_run_ends_it_whole(tmp_path: Path, run_script: Callable[..., Any]) -> None:
    script = """
        import os, signal, sys
        import givens

        run = givens.init(config={"n": 0}, id="ended", changes="record")

        def handler(signum, frame):
            run.config.why = "preempted"
            givens.finish(exit_code=143)
            os._exit(0)

        signal.signal(signal.SIGALRM, handler)
        signal.setitimer(signal.ITIMER_REAL, 0.02)
        while True:
            run.config.n += 1
    """
    run_script(script)
    run = givens.open("ended", dir=tmp_path)
    assert run.problems == ()
    assert run.state == "failed"
    assert run.exit_code == 143
    assert run.config["why"] == "preempted"
