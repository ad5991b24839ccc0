"""A run that is killed, resumed, killed and resumed again, at moments nobody chose: nothing acknowledged is lost."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

from givens.api.stored.opening import open_by_id
from givens.journal.layout import Store

SCRIPT = """
import sys, givens
run = givens.init(id="mine", resume="allow", config={"base": 1})
assert run.config.base == 1
told = sorted(key for key in run.config if key != "base")
print("begun", run.session, len(told), run._step, flush=True)
n = len(told)
while True:
    run.config[f"key{n:05d}"] = {"value": n}
    print("set", n, flush=True)
    run.log({"n": n})
    print("log", n, flush=True)
    n += 1
"""


def test_a_run_that_is_killed_again_and_again_goes_on_from_all_that_was_acknowledged(
    tmp_path: Path, crash_trials: int
) -> None:
    chance = random.Random(4)
    (tmp_path / "train.py").write_text(SCRIPT)
    environment = {**os.environ, "GIVENS_SILENT": "1", "GIVENS_SURROUNDINGS": "0"}
    sets = logs = 0
    sessions = max(3, crash_trials // 400)
    for session in range(1, sessions + 1):
        with subprocess.Popen(
            [sys.executable, "train.py"], cwd=tmp_path, stdout=subprocess.PIPE, text=True, env=environment
        ) as writer:
            assert writer.stdout is not None
            word, number, known, step = writer.stdout.readline().split()
            assert (word, int(number)) == ("begun", session)
            assert int(known) >= sets  # what was written and not told any more may be there
            assert int(step) >= logs
            told = [writer.stdout.readline() for _ in range(chance.randrange(1, 60))]
            writer.send_signal(signal.SIGKILL)
            told += [line for line in writer.stdout if line.endswith("\n")]  # what it had still said
        sets = max(sets, *(int(line.split()[1]) + 1 for line in told))
        logs += sum(line.startswith("log") for line in told)
    run = open_by_id(Store(str(tmp_path / ".givens")), "mine")
    assert not run.problems
    assert len(run.sessions) == sessions
    keys = [key for key in run.config if key != "base"]
    assert keys == [f"key{n:05d}" for n in range(len(keys))]
    assert len(keys) >= sets
    assert all(run.config[key].value == n for n, key in enumerate(keys))
    assert run.results["n"].times >= logs
    assert run.results["n"].last_step >= run.results["n"].times - 1
