"""Two machines on one folder, with the same process ids: no run is taken for one of the other's.

A machine is made of namespaces: a name of its own, processes of its own (each script is process 1 there), and a boot id of
its own. Both have one kernel, and the folder is a local one: what a network file system adds is not tried here.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from indexed import content, made_anew

import givens
from givens.index import open_index
from givens.journal.layout import Store

MACHINE = """
hostname "$1" && mount --bind "$2" /proc/sys/kernel/random/boot_id && shift 2 && exec "$@"
"""
WRITER = """
import os, sys
import givens
run = givens.init(config={"lr": 0.1}, id=sys.argv[1])
print(os.getpid(), flush=True)
sys.stdin.read()
"""
READER = """
import json, os, sys
import givens
run = givens.open(sys.argv[1])
table = [row.state for row in givens.runs(f"run.id == '{sys.argv[1]}'")]
print(json.dumps({"pid": os.getpid(), "state": run.state, "table": table, "host": run.host}))
"""
MANY = """
import os, sys
import givens
for turn in range(int(sys.argv[1])):
    with givens.init(config={"host": os.uname().nodename, "turn": turn}) as run:
        run.config["pid"] = os.getpid()
    if turn % 5 == 0:
        assert givens.runs().count() > turn
"""


class Machine(NamedTuple):
    """A machine: its name, and the file that says which boot it is in."""

    name: str
    boot: Path
    processes: bool = True

    def command(self, script: str, *arguments: object) -> list[str]:
        """What runs a script on it."""
        own = ["--pid", "--fork", "--mount-proc", "--kill-child"] if self.processes else []
        inside = ["sh", "-c", MACHINE, "sh", self.name, str(self.boot), sys.executable, "-c", script]
        return ["unshare", "--uts", "--mount", *own, *inside, *map(str, arguments)]

    def told(self, script: str, *arguments: object) -> Any:
        """What a script says there, from JSON."""
        answer = subprocess.run(self.command(script, *arguments), capture_output=True, text=True, check=False)
        assert answer.returncode == 0, answer.stderr
        return json.loads(answer.stdout)


Make = Callable[..., Machine]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """A function: a machine of that name in that boot; its scripts use the store in ``tmp_path``."""
    for name, value in (("GIVENS_DIR", str(tmp_path)), ("GIVENS_SILENT", "1"), ("GIVENS_SURROUNDINGS", "0")):
        monkeypatch.setenv(name, value)

    def make(name: str, boot: int, *, processes: bool = True) -> Machine:
        file = tmp_path / f"boot-{boot}"
        file.write_text(f"00000000-0000-4000-8000-{boot:012}\n")
        return Machine(name, file, processes)

    if sys.platform != "linux" or shutil.which("unshare") is None:
        pytest.skip("machines are made of namespaces, which needs Linux and unshare")
    tried = subprocess.run(make("tried", 0).command("pass"), capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        pytest.skip(f"namespaces cannot be made here (they need root): {tried.stderr.strip()}")
    return make


def begun(machine: Machine, run_id: str) -> tuple[subprocess.Popen[str], int]:
    """A run that goes on there, and its process id there."""
    writer = subprocess.Popen(
        machine.command(WRITER, run_id),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert writer.stdout is not None
    return writer, int(writer.stdout.readline())


def end(writer: subprocess.Popen[str]) -> None:
    """Kill it, and all that it started."""
    assert writer.stdout is not None
    writer.send_signal(signal.SIGKILL)
    writer.stdout.read()  # until the last of them is gone; only then its input may end
    writer.communicate(timeout=60)


@pytest.mark.parametrize("processes", [True, False])
def test_a_run_elsewhere_is_running_whatever_process_has_its_id_here(machine: Make, processes: bool) -> None:
    here, elsewhere = machine("node1", 1, processes=processes), machine("node2", 2, processes=processes)
    writer, pid = begun(elsewhere, "there")
    seen = here.told(READER, "there")
    assert not processes or seen["pid"] == pid == 1, "the process ids do not collide"
    assert (seen["state"], seen["table"], seen["host"]) == ("running", ["running"], "node2")
    end(writer)
    seen = here.told(READER, "there")
    assert (seen["state"], seen["table"]) == ("running", ["running"]), "nobody can know that from another machine"


def test_a_container_on_the_same_machine_cannot_know_either(machine: Make) -> None:
    one, other = machine("node1", 1), machine("node1", 1)
    writer, pid = begun(one, "contained")
    assert (other.told(READER, "contained")["pid"], pid) == (1, 1)
    assert other.told(READER, "contained")["state"] == "running"
    end(writer)
    assert other.told(READER, "contained")["state"] == "running"


def test_a_machine_that_was_booted_since_knows_that_its_run_is_lost(machine: Make) -> None:
    writer, _ = begun(machine("node1", 1), "before")
    end(writer)
    seen = machine("node1", 2).told(READER, "before")
    assert (seen["state"], seen["table"]) == ("lost", ["lost"])


def test_where_processes_are_the_same_ones_a_killed_run_is_lost_and_a_living_one_is_not(machine: Make) -> None:
    here = machine("node1", 1, processes=False)
    writer, _ = begun(here, "mine")
    assert here.told(READER, "mine")["state"] == "running"
    end(writer)
    assert here.told(READER, "mine")["state"] == "lost"


def test_two_machines_write_and_read_at_once(machine: Make, tmp_path: Path) -> None:
    turns = 12
    writers = [
        subprocess.Popen(machine(name, boot).command(MANY, turns), stderr=subprocess.PIPE, text=True)
        for name, boot in (("node1", 1), ("node2", 2))
    ]
    for writer in writers:
        _, errors = writer.communicate(timeout=120)
        assert (writer.returncode, errors) == (0, "")
    store = Store(str(tmp_path / ".givens"))
    runs = list(givens.runs(dir=tmp_path))
    assert {run.state for run in runs} == {"finished"}
    found = sorted((run.config["host"], run.config["turn"], run.config["pid"]) for run in map(_opened(tmp_path), runs))
    assert found == [(name, turn, 1) for name in ("node1", "node2") for turn in range(turns)]
    assert len(os.listdir(os.path.join(store.path, "heads"))) == 2
    with open_index(store) as index:
        assert index.refresh().complete
        assert content(index) == made_anew(store, tmp_path / "anew")


def _opened(folder: Path) -> Callable[[Any], givens.StoredRun]:
    return lambda run: givens.open(run.id, dir=folder)
