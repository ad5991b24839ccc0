"""Sessions: a run that goes on keeps config, results and history; locks and the end do not last."""

from __future__ import annotations

from typing import Any

import pytest

from givens.records.encoded import plant
from givens.records.sessions import alike, changed_since, in_order, job_in, number_in, writers_of
from givens.records.state import RunState, fold


def start(number: int, writer: str, **more: Any) -> dict[str, Any]:
    role = "main" if number == 1 else "session"
    members = {"k": "start", "n": 0, "t": f"2026-03-0{number}T10:00:00Z", "dt": 0.0, "role": role, "writer": writer}
    return {**members, **({} if number == 1 else {"session": number}), **more}


def given(n: int, dt: float, **values: Any) -> dict[str, Any]:
    rows = [[[key], value, 0] for key, value in values.items()]
    return {"k": "set", "n": n, "dt": dt, "t": f"t{n}", "s": rows, "o": [{"kind": "code", "file": "a.py"}], "l": 1}


def test_a_session_goes_on_from_the_one_before() -> None:
    state = fold(
        [
            start(1, "one", name="calm", project="p", host="a", pid=1, argv=["x"], jobs={"slurm": {}}),
            given(1, 0.1, lr=0.1, seed=1),
            {"k": "lock", "n": 2, "p": [["lr"]], "by": "sweep"},
            {"k": "settle", "n": 3},
            {"k": "log", "n": 4, "dt": 5.0, "m": {"loss": 1.0}, "step": 4},
            {"k": "finish", "n": 5, "dt": 6.0, "state": "failed", "code": 1},
            start(2, "two", name="calmer", host="b", pid=2),
            given(1, 0.1, lr=0.2),
        ]
    )
    assert dict(state.config) == {"lr": 0.2, "seed": 1}
    assert (state.finish, state.exit_code, state.locks, state.settled) == (None, None, {}, None)
    assert state.results["loss"].last == 1.0
    assert state.step == 4
    assert state.start is not None
    told = {
        name: state.start.get(name) for name in ("t", "project", "host", "pid", "writer", "argv", "jobs", "resumed")
    }
    assert told == {
        "t": "2026-03-01T10:00:00Z",
        "project": "p",
        "host": "b",
        "pid": 2,
        "writer": "two",
        "argv": None,
        "jobs": None,
        "resumed": "2026-03-02T10:00:00Z",
    }
    assert state.meta["name"] == "calmer"
    (before,) = state.sessions
    assert (before.number, before.lasted_s, dict(before.config)) == (1, 6.0, {"lr": 0.1, "seed": 1})
    assert before.finish is not None
    assert writers_of(state) == {"one": 1, "two": 2}
    assert [change.writer for change in state.history[("lr",)]] == ["one", "two"]


def test_what_a_session_settles_otherwise_than_the_one_before_is_a_change_of_mind() -> None:
    events = [
        start(1, "one"),
        given(1, 0.1, lr=0.1, depth=2, gone=1, kept="a"),
        {"k": "settle", "n": 2},
        start(2, "two"),
        given(1, 0.1, lr=0.5),
        given(2, 0.1, lr=0.2, depth=2.0, kept="a", fresh=1),
        {"k": "delete", "n": 3, "p": [["gone"]]},
    ]
    state = fold(events)
    assert not any(change.settled for changes in state.history.values() for change in changes)
    state.apply({"k": "settle", "n": 4})
    late = {path: [change.new for change in found if change.settled] for path, found in state.history.items()}
    assert late.pop(("lr",)) == [0.2]
    assert len(late.pop(("gone",))) == 1
    assert not any(late.values())


def test_a_run_whose_first_file_is_gone_is_its_later_sessions() -> None:
    state = fold([start(2, "two", project="p"), given(1, 0.1, lr=1), start(3, "three"), given(1, 0.1, lr=2)])
    assert dict(state.config) == {"lr": 2}
    assert writers_of(state) == {"two": 2, "three": 3}


def test_sessions_stand_in_the_order_of_their_numbers_whatever_the_clocks_say() -> None:
    starts = [start(3, "c"), {**start(2, "b"), "t": "2027"}, {**start(2, "a"), "t": "2026"}]
    assert in_order(starts) == [2, 1, 0]
    assert number_in({}) == number_in({"session": "2"}) == 1


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (2, 2.0, True),
        (True, 1, False),
        ({"a": 1, "b": [2]}, {"b": [2.0], "a": 1}, True),
        ({"a": 1}, {"a": 2}, False),
        ([1, 2], [1], False),
        ({"~": "float", "v": "nan"}, {"~": "float", "v": "nan"}, True),
        ("1", 1, False),
    ],
)
def test_values_are_alike_as_they_are_to_a_person(a: Any, b: Any, same: bool) -> None:
    assert alike(plant(a), plant(b)) is same


def test_a_secret_that_is_not_given_again_is_no_change() -> None:
    secret = {"~": "secret", "id": "x"}
    state = fold([start(1, "one"), given(1, 0.1, key=secret), {"k": "settle", "n": 2}, start(2, "two")])
    assert changed_since(state.sessions, RunState().config) == []


def test_a_job_is_slurms() -> None:
    assert job_in({"jobs": {"slurm": {"SLURM_JOB_ID": "7"}}}) == "7"
    assert [job_in(start) for start in ({}, {"jobs": 3}, {"jobs": {"slurm": 3}}, {"jobs": {"pbs": {}}})] == [None] * 4
