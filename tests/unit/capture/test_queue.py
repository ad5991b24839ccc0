"""Asking Slurm: a small program named ``squeue`` stands in its place, and is run as that is."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from givens.capture.queue import GONE, job_states


@pytest.fixture
def squeue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """A function: put a program named squeue on the PATH; its arguments go to the file that is given back."""

    def put(body: str) -> Path:
        folder, said = tmp_path / "bin", tmp_path / "arguments"
        folder.mkdir()
        program = folder / "squeue"
        program.write_text(f'#!/bin/sh\necho "$@" > {said}\n{body}\n')
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", str(folder), prepend=":")
        return said

    return put


def test_each_job_has_its_state_and_those_it_does_not_list_are_gone(squeue: Callable[[str], Path]) -> None:
    said = squeue("printf '4711 RUNNING\\n4712 PENDING\\n99 RUNNING\\n'")
    assert job_states(["4712", "4711", "4713"]) == {"4711": "running", "4712": "pending", "4713": GONE}
    assert said.read_text() == "--noheader --states=all --format=%A %T --jobs=4711,4712,4713\n"


def test_a_job_that_ended_long_ago_is_gone(squeue: Callable[[str], Path]) -> None:
    squeue("echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1")
    assert job_states(["4711"]) == {"4711": GONE}


def test_a_controller_that_does_not_answer_says_nothing(squeue: Callable[[str], Path]) -> None:
    squeue("echo 'slurm_load_jobs error: Unable to contact slurm controller' >&2; exit 1")
    assert job_states(["4711"]) is None


def test_where_there_is_no_squeue_nobody_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert job_states(["4711"]) is None


def test_what_is_no_job_number_never_gets_to_a_command_line(squeue: Callable[[str], Path]) -> None:
    said = squeue("exit 0")
    assert job_states(["--help", "4711; rm -rf x", "", "²"]) is None
    assert not said.exists()
