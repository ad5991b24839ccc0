"""kill -9 at a random moment: what was acknowledged against what a reader finds."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import uuid4

from children import LONGEST_S, MARK, SETTLES_S, ask, command_of, end_rest, environment
from size import Size
from spread import Spread, spread
from steps import Absent, Answers, Step
from table import Row
from tools import GIVENS

TITLE = "kill -9 at a random moment"
AT_ONCE = 4  # nothing is timed here, and most of it is waiting


class Trial(NamedTuple):
    """One killed process: writes it acknowledged and those that were found; whether init's config was there."""

    acknowledged: int
    found: int
    began: bool
    config_found: bool


def steps(size: Size, tools: Sequence[Any]) -> list[Step]:
    """So many trials of each."""
    chance = random.Random(20_261_123)
    found = []
    for turn in range(max(size.kills, size.peer_kills)):
        for tool in tools:
            if "kills" not in tool.unable and turn < (size.kills if tool is GIVENS else size.peer_kills):
                after_s = chance.random() * tool.longest_s
                found.append(Step(tool.name, "kill", lambda place, t=tool, after_s=after_s: _trial(t, place, after_s)))
    return found


def rows(answers: Answers, tools: Sequence[Any]) -> list[Row]:
    """Acknowledged writes that are lost, in percent; runs whose whole config is lost."""
    told = answers.each(tools, "kills", "kill", _told)
    notes = [f"{who}: {text}" for who, text in told.items() if not isinstance(text, Absent)]
    lost = answers.each(tools, "kills", "kill", lambda trials: spread([_percent(trials)]))
    configs = answers.each(tools, "kills", "kill", _configs_lost)
    note = f"what services wrote in the {SETTLES_S:.0f} s after the kill counts as kept; {'; '.join(notes)}"
    return [
        Row("kill -9: acknowledged writes lost", "writes lost", "%", lost, 0, recorded=True, note=note),
        Row("kill -9: runs whose config given to init is lost", "configs lost", "%", configs, 0, recorded=True),
    ]


def _trial(tool: Any, place: str, after_s: float) -> Trial:
    mark = uuid4().hex
    with open(os.path.join(place, "stderr.txt"), "w+b") as errors:
        child = subprocess.Popen(
            command_of(tool, "write_until_killed"),
            cwd=place,
            env=environment({**tool.environment(place), MARK: mark}),
            stdout=subprocess.PIPE,
            stderr=errors,
            stdin=subprocess.DEVNULL,
        )
        assert child.stdout is not None
        hung = threading.Timer(LONGEST_S, child.kill)
        hung.start()
        first = child.stdout.readline()
        said: list[bytes] = []
        listener = threading.Thread(target=lambda: said.append(child.stdout.read()))  # type: ignore[union-attr]
        listener.start()
        time.sleep(after_s)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        hung.cancel()
        end_rest(mark, SETTLES_S)
        listener.join()
        child.stdout.close()
    whole = (first + said[0]).rpartition(b"\n")[0].splitlines()
    there = ask(tool, "found_after_kill", os.path.join(place, "store"), cwd=place)
    acknowledged = int(whole[-1]) if whole else 0
    found = sum(number <= acknowledged for number in there["written"])  # one more may have been on its way
    return Trial(acknowledged, found, bool(whole), there["given"] == 3)


def _lost(trials: list[Trial]) -> int:
    return sum(trial.acknowledged - trial.found for trial in trials)


def _percent(trials: list[Trial]) -> float:
    return 100 * _lost(trials) / max(sum(trial.acknowledged for trial in trials), 1)


def _configs_lost(trials: list[Trial]) -> Spread:
    return spread([100 * sum(trial.began and not trial.config_found for trial in trials) / len(trials)])


def _told(trials: list[Trial]) -> str:
    acknowledged = sum(trial.acknowledged for trial in trials)
    began = sum(trial.began for trial in trials)
    return f"{began} kills, {_lost(trials):,} of {acknowledged:,}"
