"""Machine, packages and scheduler, as the detached child sees them."""

from __future__ import annotations

import os
from importlib.metadata import version
from pathlib import Path

import pytest

from givens.capture import machine, packages, scheduler


def test_the_machine_is_described() -> None:
    found = machine.describe()
    assert found["cores"] == os.cpu_count()
    assert found["memory_bytes"] > 2**20
    assert found["system"]


def test_accelerators_are_what_their_own_tool_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = tmp_path / "nvidia-smi"
    tool.write_text("#!/bin/sh\necho 'NVIDIA A100-SXM4-40GB, 40960, 535.54'\necho 'NVIDIA T4, [N/A], 535.54'\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert machine.accelerators() == [
        {"name": "NVIDIA A100-SXM4-40GB", "driver": "535.54", "memory_bytes": 40960 * 2**20},
        {"name": "NVIDIA T4", "driver": "535.54"},
    ]
    tool.write_text("#!/bin/sh\necho 'NVIDIA-SMI has failed'\nexit 9\n")
    assert machine.accelerators() == []


def test_packages_have_their_versions_and_the_digest_changes_with_them() -> None:
    found = packages.installed()
    assert found["hypothesis"] == version("hypothesis")
    assert list(found) == sorted(found)
    assert packages.digest(found) == packages.digest(dict(found))
    assert packages.digest(found) != packages.digest({**found, "hypothesis": "0"})


def test_a_job_is_what_its_scheduler_says() -> None:
    assert scheduler.jobs({}) == {}
    environ = {"SLURM_JOB_ID": "4711", "SLURM_ARRAY_TASK_ID": "3", "JOB_NAME": "of a build server", "HOME": "/root"}
    assert scheduler.jobs(environ) == {"slurm": {"SLURM_JOB_ID": "4711", "SLURM_ARRAY_TASK_ID": "3"}}
    assert scheduler.jobs({"OMPI_COMM_WORLD_RANK": "1"}) == {"mpi": {"OMPI_COMM_WORLD_RANK": "1"}}
    assert scheduler.jobs({"RANK": "1", "WORLD_SIZE": "2"}) == {}
