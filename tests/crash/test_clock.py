"""A clock that is set back while runs are made, edited and resumed: what came later still comes later."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from indexed import content, made_anew

import givens
from conftest import FailingFiles
from givens.index import open_index
from givens.journal.layout import Store
from givens.journal.reader import read_events

HOUR = 3600
#: to where the clock is set: an hour back, to 1970 (a board without a battery), a day ahead and back
STEPS = [((40, -HOUR),), ((40, -1_790_000_000),), ((20, 24 * HOUR), (60, 0))]

CHANGING = """
    import givens

    run = givens.init(config={"n": 0, "trail": []}, id="stepped", changes="record")
    for number in range(1, 60):
        run.config.n = number
        run.config.trail.append(number)
        run.log({"loss": 1 / number})
"""


@pytest.mark.parametrize("steps", STEPS)
def test_a_run_during_which_the_clock_is_set_back_is_in_the_order_in_which_it_was_written(
    steps: tuple[tuple[int, int], ...], failing: FailingFiles, tmp_path: Path, run_script: Callable[..., Any]
) -> None:
    failing.step_the_clock(*steps)
    assert run_script(CHANGING).warnings == []
    store = Store(str(tmp_path / ".givens"))
    events = read_events(store.run_file("stepped")).events
    times = [event["t"] for event in events]
    assert times != sorted(times), "the clock was not set back"
    assert [event["n"] for event in events] == list(range(len(events)))
    assert all(a["dt"] <= b["dt"] for a, b in pairwise(events))
    run = givens.open("stepped", dir=tmp_path)
    assert run.problems == ()
    assert run.state == "finished"
    assert run.config.as_dict() == {"n": 59, "trail": list(range(1, 60))}
    assert dict(run.summary) == {"loss": 1 / 59}
    assert run.duration_s is not None and 0 <= run.duration_s < 60
    assert [change.new for change in run.history("n")] == list(range(60))
    with open_index(store) as index:
        assert index.refresh().complete
        assert content(index) == made_anew(store, tmp_path / "anew")
    assert givens.runs("n == 59", dir=tmp_path).count() == 1


EDITING = """
    import sys
    import givens
    verbs = {
        "set": lambda: givens.edit_runs(runs=["one"], set={"lr": float(sys.argv[2])}),
        "remove": lambda: givens.remove_runs(runs=["one"]),
        "restore": lambda: givens.restore_runs(["one"]),
        "undo": lambda: givens.undo_edit(),
        "resume": lambda: givens.init(id="one", resume="must", config={"lr": float(sys.argv[2])}),
    }
    verbs[sys.argv[1]]()
"""


def test_what_is_done_to_a_run_after_the_clock_was_set_back_comes_after_what_was_done_before(
    failing: FailingFiles, journals: Any, tmp_path: Path, run_script: Callable[..., Any]
) -> None:
    journals.write(
        "one", ("set", {"s": [[["lr"], 0.0, 0]], "o": [{"kind": "code"}]}), ("finish", {"state": "finished"})
    )

    def lr() -> float:
        value = givens.open("one", dir=tmp_path).config["lr"]
        assert givens.runs(f"lr == {value}", dir=tmp_path).count() == 1, "the index says something else"
        return float(value)

    run_script(EDITING, "set", 1)
    for hours in (2, 4):
        failing.step_the_clock((1, -hours * HOUR))
        run_script(EDITING, "set", hours)
        assert lr() == hours
    failing.step_the_clock((1, -6 * HOUR))
    run_script(EDITING, "undo")
    assert lr() == 2
    run_script(EDITING, "remove")
    assert givens.runs(dir=tmp_path).count() == 0
    run_script(EDITING, "restore")
    assert lr() == 2
    failing.step_the_clock((1, -8 * HOUR))
    run_script(EDITING, "resume", 8)
    assert lr() == 8
    run_script(EDITING, "set", 9)
    assert lr() == 9
