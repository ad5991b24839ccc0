"""Runs of a cluster: how long they have been silent, what Slurm says of them, and what they printed."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

GIVEN = ("set", {"s": [[["lr"], 0.1, 0]], "o": [{"kind": "code"}]})


@pytest.fixture
def cluster(journals: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    slurm = {"jobs": {"slurm": {"SLURM_JOB_ID": "4711"}}, "logs": [str(tmp_path / "slurm-4711.out")]}
    journals.write("abc", GIVEN, ("log", {"m": {"loss": 1.0}, "step": 0}), start=slurm)
    journals.write("xyz", GIVEN, ("finish", {"state": "finished"}), start={"name": "done-xyz"})
    (tmp_path / "slurm-4711.out").write_text("".join(f"epoch {number} \x1b[31mred\n" for number in range(30)))
    monkeypatch.chdir(journals.folder)
    return tmp_path


@pytest.mark.usefixtures("cluster")
def test_a_run_elsewhere_is_told_to_be_silent(givens: Any) -> None:
    assert "running, silent " in givens("ls").out
    assert "running, silent " in givens("show", "abc").out.splitlines()[0]
    assert json.loads(givens("show", "abc", "--json").out)["job"] == "4711"
    assert "job 4711" not in givens("ls", PATH=os.defpath).out  # nobody to ask


def test_slurm_is_asked_where_it_is_there(givens: Any, cluster: Path) -> None:
    (cluster / "bin").mkdir()
    program = cluster / "bin" / "squeue"
    program.write_text("#!/bin/sh\necho '4711 PENDING'\n")
    program.chmod(0o755)
    path = f"{cluster / 'bin'}{os.pathsep}{os.environ['PATH']}"
    for command in (("ls",), ("show", "abc")):
        answer = givens(*command, PATH=path).out
        assert ", job 4711 pending" in answer
        assert "running, silent " in answer


def test_the_end_of_its_log_is_shown(givens: Any, cluster: Path) -> None:
    lines = givens("show", "abc", "--log", "-n", "2").out.splitlines()
    assert lines == ["DIR/slurm-4711.out", "epoch 28 \\x1b[31mred", "epoch 29 \\x1b[31mred"]
    said = json.loads(givens("show", "abc", "--log", "-n", "1", "--json").out)
    assert [log["lines"] for log in said["logs"]] == [["epoch 29 \x1b[31mred"]]
    assert "DIR/slurm-4711.out" in givens("show", "abc").out
    (cluster / "slurm-4711.out").unlink()
    assert "No such file" in givens("show", "abc", "--log").err


@pytest.mark.usefixtures("cluster")
def test_a_run_without_a_log_says_so(givens: Any) -> None:
    answer = givens("show", "xyz", "--log")
    assert (answer.out, answer.err) == ("done-xyz did not write its output into a file\n", "")
