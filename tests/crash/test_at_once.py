"""Threads, forked children and spawned children on one run, all at once: each record is true."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from operations import alike

import givens
from givens.codec import decode

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="it cannot fork")

ALL = """
    import multiprocessing, os, pickle, sys, threading
    import givens

    def keep(name, config):
        with open(name, "wb") as file:
            pickle.dump(config.as_dict(), file)

    def write(config, me, turns):
        for number in range(turns):
            config.update({f"first_{me}": number, f"second_{me}": number})
            config.model[f"part_{me}"] = float(number)
            config.trail.append([me, number])
            if len(config.trail) > 30:
                del config.trail[:25]

    def at_once(config, names, turns):
        threads = [threading.Thread(target=write, args=(config, name, turns)) for name in names]
        for thread in threads: thread.start()
        return threads

    def spawned(number):
        parent = givens.open("all")             # it goes on meanwhile
        assert parent.problems == (), parent.problems
        assert parent.state == "running"
        run = givens.init(config={"model": {}, "trail": []}, id=f"spawned-{number}", changes="record")
        for thread in at_once(run.config, "xy", 20): thread.join()
        keep(f"spawned-{number}.ended", run.config)

    if __name__ == "__main__":
        rounds = int(sys.argv[1])
        sys.setswitchinterval(1e-5)
        run = givens.init(config={"model": {}, "trail": []}, id="all", changes="record")
        context = multiprocessing.get_context("spawn")
        ended = []
        for number in range(rounds):
            threads = at_once(run.config, "abcd", 40)
            child = context.Process(target=spawned, args=(number,))
            child.start()
            pid = os.fork()
            if pid == 0:
                code = 1
                try:
                    for key in "abcd":
                        assert run.config.get(f"first_{key}") == run.config.get(f"second_{key}"), "half an update"
                    for thread in at_once(run.config, "pq", 20): thread.join()
                    if number % 2 and (below := os.fork()) == 0:
                        write(run.config, "z", 5)
                        keep(f"below-{number}.ended", run.config)
                        os._exit(0)
                    keep(f"forked-{number}.ended", run.config)
                    code = os.waitpid(below, 0)[1] if number % 2 else 0
                finally:
                    os._exit(code)
            for thread in threads: thread.join()
            ended.append(os.waitpid(pid, 0)[1])
            child.join()
            ended.append(child.exitcode)
        keep("all.ended", run.config)
        run.finish()
        sys.exit(any(ended))
"""


def test_threads_forks_and_spawned_children_on_one_run_leave_true_records(
    tmp_path: Path, run_script: Callable[..., Any], full_size: bool
) -> None:
    rounds = 20 if full_size else 2
    run_script(ALL, rounds)

    def ended(name: str) -> Any:
        return pickle.loads((tmp_path / f"{name}.ended").read_bytes())

    run = givens.open("all", dir=tmp_path)
    assert run.problems == ()
    assert run.state == "finished"
    assert alike(run.config.as_dict(), ended("all"))
    found = [decode(child.state.config) for child in run.children]
    wanted = [ended(f"forked-{number}") for number in range(rounds)]
    wanted += [ended(f"below-{number}") for number in range(1, rounds, 2)]
    assert len(found) == len(wanted)
    assert all(any(alike(config, other) for other in found) for config in wanted)
    for number in range(rounds):
        other = givens.open(f"spawned-{number}", dir=tmp_path)
        assert other.state == "finished"
        assert alike(other.config.as_dict(), ended(f"spawned-{number}"))
