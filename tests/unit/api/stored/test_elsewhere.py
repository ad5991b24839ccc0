"""The ends of log files, and which runs a scheduler is asked about."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from givens.api.stored.elsewhere import ends_of_logs, is_silent, queue_of


class Run(NamedTuple):
    state: str = "running"
    alive: bool | None = None
    silent_s: float | None = 7200.0
    job: str | None = "4711"


@pytest.mark.parametrize(
    ("run", "silent"),
    [
        (Run(), True),
        (Run(state="lost", silent_s=None), False),
        (Run(alive=True), False),
        (Run(silent_s=59.0), False),
        (Run(silent_s=None), False),
    ],
)
def test_a_run_is_silent_when_it_runs_elsewhere_and_said_nothing_for_a_minute(run: Run, silent: bool) -> None:
    assert is_silent(run) is silent


def test_nobody_is_asked_for_runs_that_can_be_seen_or_have_no_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "squeue"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/asked\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert queue_of([Run(alive=True), Run(job=None), Run(silent_s=1.0)]) == {}
    assert not (tmp_path / "asked").exists()
    assert queue_of([Run(), Run(), Run(job="4712")]) == {"4711": "not in the queue", "4712": "not in the queue"}


def test_the_last_lines_of_a_log_come_back_and_a_progress_bar_as_it_stood_last(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"one\ntwo\r\n 10%\r 50%\r100%\nthree")
    (tmp_path / "long").write_bytes(b"x" * 2_000_000 + b"\nlast\xff\n")
    (tmp_path / "empty").touch()
    out, long, empty, gone = ends_of_logs([str(tmp_path / name) for name in ("out", "long", "empty", "gone")], 3)
    assert out.lines == ("two", "100%", "three")
    assert long.lines == ("last�",)
    assert (empty.lines, empty.problem) == ((), None)
    assert (gone.lines, gone.problem) == ((), "No such file or directory")
