"""Processes that a launcher starts together are one run. The launcher here is a program of a few lines, with real processes."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from typing import Any

import pytest

#: starts ranks as torchrun does: from one process, with a rendezvous in their environment
AGENT = """
import json, os, subprocess, sys
own = json.loads(sys.argv[1])
ranks = [
    subprocess.Popen(
        [sys.executable, "train.py"], env={**os.environ, **own, "RANK": str(rank), "LOCAL_RANK": str(rank)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )
    for rank in range(int(own["WORLD_SIZE"]))
]
said = [rank.communicate(timeout=60) for rank in ranks]
print(json.dumps([[rank.returncode, *lines] for rank, lines in zip(ranks, said)]))
"""
EVIDENCE = {"TORCHELASTIC_RUN_ID": "none", "MASTER_ADDR": "localhost", "MASTER_PORT": "29500"}
SCRIPT = """
import os, time
import givens

rank = int(os.environ["RANK"])
run = givens.init(project="p", config={"lr": 0.1, "device": rank, "size": 8 if rank < 2 else 16})
print(run.id, run.name, run.rank)
until_s = time.monotonic() + 60  # where a real job has its first collective operation
while not (os.path.isdir(".givens/runs") and os.listdir(".givens/runs")) and time.monotonic() < until_s:
    time.sleep(0.01)
run.log({"loss": 1.0 + rank})
"""


class Said:
    """What one rank printed."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out.split(), err


def launch(folder: Any, script: str = SCRIPT, ranks: int = 3, **environ: str) -> list[Said]:
    """A job of some ranks, to its end: what each said."""
    folder.write("train.py", script)
    folder.write("agent.py", AGENT)
    own = {**EVIDENCE, "WORLD_SIZE": str(ranks), "LOCAL_WORLD_SIZE": str(ranks), **environ}
    done = subprocess.run(
        [sys.executable, "agent.py", json.dumps(own)], cwd=folder.path, capture_output=True, text=True, timeout=90
    )
    assert done.returncode == 0, done.stderr
    return [Said(*each) for each in json.loads(done.stdout)]


def test_the_ranks_of_a_job_are_one_run(folder: Any) -> None:
    said = launch(folder)
    assert [each.code for each in said] == [0, 0, 0], said[0].err
    assert len({tuple(each.out[:2]) for each in said}) == 1
    assert [each.out[2] for each in said] == ["0", "1", "2"]
    run = folder.only()
    assert (run.id, run.name) == tuple(said[0].out[:2])
    assert [(record.rank, record.launcher, record.state) for record in run.ranks] == [
        (1, "torchrun", "finished"),
        (2, "torchrun", "finished"),
    ]
    assert run.ranks[1].folded.results["loss"].last == 3.0 and run.summary["loss"] == 1.0


def test_one_rank_prints_the_lines_and_the_others_only_what_is_wrong(folder: Any) -> None:
    said = launch(folder)
    assert said[0].err.count("givens: ") == 2
    assert said[1].err == ""
    warned = [line for line in said[2].err.splitlines() if "RankWarning" in line]
    assert len(warned) == 1 and warned[0].endswith("rank 2: config.size is 16 here and 8 on rank 0")
    ((record, rows),) = [each for each in folder.only().differing_ranks() if each[1]]
    assert record.rank == 2 and [(row.path, row.cells) for row in rows] == [(("size",), (8, 16))]


def test_what_may_differ_is_a_setting(folder: Any) -> None:
    (folder.path / "pyproject.toml").write_text('[tool.givens]\nrank_local = ["size"]\n')
    said = launch(folder)
    assert "config.device is 1 here and 0 on rank 0" in said[1].err and "size" not in said[2].err


def test_a_rank_may_take_the_values_of_rank_0(folder: Any) -> None:
    script = """
        import os, time
        import givens

        rank = int(os.environ["RANK"])
        if rank == 0:
            until_s = time.monotonic() + 60
            while len(os.listdir("waiting")) < 2 and time.monotonic() < until_s:
                time.sleep(0.01)
        else:
            open(f"waiting/{rank}", "w").close()
        run = givens.init(config={"size": 8 * (rank + 1), "own": {"rank": rank}}, share=True)
        print(run.config.size, run.config.own.rank, run.explain("size").origin)
    """
    (folder.path / "waiting").mkdir()
    said = launch(folder, script)
    assert [each.out[:2] for each in said] == [["8", "0"]] * 3, said[1].err
    assert "run" in " ".join(said[1].out[2:])


def test_tasks_of_a_scheduler_are_runs_of_their_own_unless_they_are_said_to_be_one(folder: Any) -> None:
    slurm = {"SLURM_JOB_ID": "7", "SLURM_STEP_ID": "0", "SLURM_NTASKS": "2"}
    script = """
        import os
        os.environ["SLURM_PROCID"] = os.environ.pop("RANK")
        for name in ("TORCHELASTIC_RUN_ID", "MASTER_ADDR", "MASTER_PORT"):
            del os.environ[name]
        import givens
        givens.init(config={"lr": 0.1}, ranks=os.environ.get("SAID"))
    """
    launch(folder, script, 2, **slurm)
    assert len(folder.runs()) == 2
    launch(folder, script, 2, SAID="one", **slurm)
    assert [len(run.ranks) for run in folder.runs()] == [0, 0, 1]


def test_separate_runs_where_the_user_says_so(folder: Any) -> None:
    launch(folder, ranks=2, GIVENS_RANKS="separate")
    assert [run.ranks for run in folder.runs()] == [(), ()]


def test_two_jobs_on_one_host_at_one_time_are_two_runs(folder: Any) -> None:
    folder.write("train.py", SCRIPT)
    folder.write("agent.py", AGENT)
    own = json.dumps({**EVIDENCE, "WORLD_SIZE": "2", "LOCAL_WORLD_SIZE": "2"})
    jobs = [subprocess.Popen([sys.executable, "agent.py", own], cwd=folder.path) for _ in range(2)]
    assert [job.wait(timeout=90) for job in jobs] == [0, 0]
    assert [len(run.ranks) for run in folder.runs()] == [1, 1]


def test_a_loop_over_parameters_makes_as_many_runs_as_turns_on_all_ranks(folder: Any) -> None:
    script = """
        import givens
        for lr in (0.1, 0.2):
            with givens.init(config={"lr": lr}):
                givens.log({"loss": lr})
    """
    launch(folder, script, 2)
    assert [(run.config.lr, [rank.folded.config["lr"] for rank in run.ranks]) for run in folder.runs()] == [
        (0.1, [0.1]),
        (0.2, [0.2]),
    ]


def test_a_rank_0_that_dies_first_loses_nothing(folder: Any) -> None:
    script = """
        import os, signal, time
        import givens

        rank = int(os.environ["RANK"])
        run = givens.init(config={"lr": 0.1})
        if rank == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        until_s = time.monotonic() + 60
        while not os.listdir(".givens/runs") and time.monotonic() < until_s:
            time.sleep(0.01)
        run.log({"loss": 2.0})
    """
    said = launch(folder, script, 2)
    assert [each.code for each in said] == [-signal.SIGKILL, 0]
    run = folder.only()
    assert run.state == "lost" and run.config.lr == 0.1
    assert run.ranks[0].folded.results["loss"].last == 2.0 and run.ranks[0].state == "finished"


def test_a_rank_0_that_never_begins_is_said_and_what_the_others_were_given_is_kept(folder: Any) -> None:
    script = """
        import os, sys
        import givens
        if os.environ["RANK"] == "0":
            sys.exit(3)
        givens.init(config={"lr": 0.1})
    """
    said = launch(folder, script, 2)
    assert [each.code for each in said] == [3, 0]
    (journal,) = (folder.path / ".givens" / "ranks").iterdir()
    assert (
        f"rank 1: rank 0 of this job has begun no run in {folder.path}/.givens; what this rank was given is in "
        in said[1].err
    )
    assert str(journal) in said[1].err and '"lr"' in journal.read_text()


def test_show_and_its_json_tell_of_the_ranks(folder: Any) -> None:
    launch(folder)
    shown = [
        subprocess.run(
            [sys.executable, "-m", "givens", "show", *more], cwd=folder.path, capture_output=True, text=True, check=True
        ).stdout
        for more in ((), ("--json",))
    ]
    assert "rank 0 and 2 more, started by torchrun: finished" in shown[0]
    assert "rank 2 differs in size: 16, not 8" in shown[0]
    ranks = json.loads(shown[1])["ranks"]
    assert [(each["rank"], [row["path"] for row in each["differs"]]) for each in ranks] == [(1, []), (2, ["size"])]


@pytest.mark.parametrize("ranks", ["two", 3])
def test_another_word_for_ranks_is_a_mistake(ranks: Any, folder: Any) -> None:
    folder.run(f"""
        import pytest
        import givens
        from givens.errors import UsageError
        with pytest.raises(UsageError, match="ranks is 'one' or 'separate'"):
            givens.init(ranks={ranks!r})
    """)


def test_a_rank_that_dies_before_rank_0_has_begun_is_kept_and_told(folder: Any) -> None:
    script = """
        import os, time
        import givens

        rank = int(os.environ["RANK"])
        if rank == 0:
            until_s = time.monotonic() + 60
            while not os.path.exists("died") and time.monotonic() < until_s:
                time.sleep(0.01)
        run = givens.init(config={"lr": 0.1, "size": 8 * (rank + 1)})
        if rank:
            open("died", "w").close()
            os.kill(os.getpid(), 9)
    """
    said = launch(folder, script, 2)
    assert [each.code for each in said] == [0, -signal.SIGKILL]
    run = folder.only()
    ((record, rows),) = run.differing_ranks()
    assert (record.rank, record.state) == (1, "lost")
    assert [(row.path, row.cells) for row in rows] == [(("size",), (8, 16))]
