"""Whether a run is running, finished, failed or lost."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest

from givens.api.stored.status import STATES, is_alive, status_of
from givens.capture.liveness import Identity, identity
from givens.records.state import RunState, fold

NOW_S = 1_772_359_200.0  # 2026-03-01T10:00:00Z
HERE = Identity("here", "boot-1", 100, "pid:[1]", 5000)
ELSEWHERE = Identity("elsewhere", "boot-9", 100, "pid:[1]", 5000)


def run_of(who: Identity | None, **finish: Any) -> RunState:
    start = [] if who is None else [{"k": "start", "t": "2026-03-01T09:00:00Z", **who._asdict()}]
    return fold([*start, *([{"k": "finish", **finish}] if finish else [])])


@pytest.mark.parametrize("state", ["finished", "failed"])
def test_a_finish_line_settles_it(state: str) -> None:
    assert status_of(run_of(ELSEWHERE, state=state), None, HERE, NOW_S) == (state, False, None)


def test_a_finish_line_with_a_state_nobody_knows_still_finished() -> None:
    assert status_of(run_of(HERE, state="teleported"), None, HERE, NOW_S).state == "finished"


def test_a_run_elsewhere_stays_running_and_says_how_long_it_is_silent() -> None:
    assert status_of(run_of(ELSEWHERE), "2026-03-01T03:00:00.5Z", HERE, NOW_S) == ("running", None, 7 * 3600 - 0.5)


def test_a_clock_that_is_ahead_elsewhere_gives_no_negative_silence() -> None:
    assert status_of(run_of(ELSEWHERE), "2026-03-01T11:00:00Z", HERE, NOW_S).silent_s == 0


def test_the_process_itself_is_running() -> None:
    mine = identity()
    assert status_of(run_of(mine), None, mine, NOW_S)[:2] == ("running", True)


def test_a_process_of_this_machine_that_is_gone_is_lost() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    gone = identity()._replace(pid=child.pid, started=1)
    assert status_of(run_of(gone), "2026-03-01T09:00:00Z", identity(), NOW_S) == ("lost", False, None)


@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="needs start times of processes")
def test_a_pid_that_another_process_has_by_now_is_lost() -> None:
    mine = identity()
    assert mine.started is not None
    assert status_of(run_of(mine._replace(started=mine.started - 1)), None, mine, NOW_S).state == "lost"


def test_a_run_whose_first_line_is_lost_cannot_be_asked_for() -> None:
    assert status_of(run_of(None), "2026-03-01T09:00:00Z", HERE, NOW_S).state == "lost"


def test_a_child_is_alive_gone_or_nobody_knows() -> None:
    mine = identity()
    assert is_alive(dict(mine._asdict()), mine) is True
    assert is_alive(dict(ELSEWHERE._asdict()), HERE) is None
    assert is_alive(None, HERE) is None


@pytest.mark.parametrize("start", [{"pid": "x"}, {"pid": True, "host": 7}, {}])
def test_a_start_line_that_says_nothing_sensible_raises_nothing(start: dict[str, Any]) -> None:
    state = fold([{"k": "start", **start}])
    assert status_of(state, None, HERE, NOW_S).state in STATES
