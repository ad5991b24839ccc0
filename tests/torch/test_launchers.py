"""Ranks that real launchers start: torchrun on one node and on two, Lightning's own launch. Needs torch: ``make libraries``."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from typing import Any

import pytest

pytest.importorskip("torch", reason="torch is not installed")

SCRIPT = """
import torch.distributed as dist
import givens

dist.init_process_group("gloo")
rank = dist.get_rank()
run = givens.init(project="ddp", config={"lr": 0.1, "size": 8 if rank == 0 else 16, "rank": rank})
dist.barrier()
run.log({"loss": float(rank)})
dist.barrier()
dist.destroy_process_group()
"""


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _start(folder: Any, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "torch.distributed.run", *options, "train.py"]
    env = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        command, cwd=folder.path, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def test_torchrun_on_one_node_is_one_run(folder: Any) -> None:
    folder.write("train.py", SCRIPT)
    done = _start(folder, "--nproc-per-node", "2", "--master-port", str(_free_port()))
    _, err = done.communicate(timeout=300)
    assert done.returncode == 0, err
    run = folder.only()
    assert [(record.rank, record.launcher, record.state) for record in run.ranks] == [(1, "torchrun", "finished")]
    assert err.count("givens: run ") == 1 and "rank 1: config.size is 16 here and 8 on rank 0" in err


def test_torchrun_on_two_nodes_is_one_run(folder: Any) -> None:
    folder.write("train.py", SCRIPT)
    port = _free_port()
    shared = ("--nnodes", "2", "--nproc-per-node", "2", "--rdzv-id", "job7", "--rdzv-backend", "c10d")
    nodes = [
        _start(folder, *shared, "--rdzv-endpoint", f"localhost:{port}", *(("--local-addr", "127.0.0.1")))
        for _ in range(2)
    ]
    said = [node.communicate(timeout=300)[1] for node in nodes]
    assert [node.returncode for node in nodes] == [0, 0], said
    assert [record.rank for record in folder.only().ranks] == [1, 2, 3]


def test_two_jobs_that_chose_no_id_are_two_runs(folder: Any) -> None:
    folder.write("train.py", SCRIPT)
    jobs = [_start(folder, "--nproc-per-node", "2", "--master-port", str(_free_port())) for _ in range(2)]
    assert [job.communicate(timeout=300)[1] and job.returncode for job in jobs] == [0, 0]
    assert [len(run.ranks) for run in folder.runs()] == [1, 1]


def test_lightnings_own_launch_is_one_run(folder: Any) -> None:
    pytest.importorskip("lightning", reason="lightning is not installed")
    done = folder.run(
        """
        import os
        import givens
        import torch
        from lightning.pytorch import LightningModule, Trainer

        run = givens.init(config={"lr": 0.1, "size": 8 if "LOCAL_RANK" not in os.environ else 16})

        class Line(LightningModule):
            def __init__(self):
                super().__init__()
                self.layer = torch.nn.Linear(1, 1)
            def training_step(self, batch, index):
                return self.layer(batch).sum()
            def configure_optimizers(self):
                return torch.optim.SGD(self.parameters(), lr=run.config.lr)

        options = dict(logger=False, enable_checkpointing=False, enable_progress_bar=False, enable_model_summary=False)
        trainer = Trainer(accelerator="cpu", devices=2, strategy="ddp", max_steps=2, **options)
        trainer.fit(Line(), torch.utils.data.DataLoader(torch.ones(8, 1), batch_size=2))
        run.log({"loss": 1.0})
        """,
        env={"OMP_NUM_THREADS": "1"},
        timeout_s=300,
    )
    run = folder.only()
    assert [(record.rank, record.launcher) for record in run.ranks] == [(1, "Lightning")], done.stderr
    assert "rank 1: config.size is 16 here and 8 on rank 0" in done.stderr


def test_a_rank_0_that_dies_first_takes_no_values_of_the_others_with_it(folder: Any) -> None:
    folder.write(
        "train.py",
        """
        import os, signal
        import torch.distributed as dist
        import givens

        dist.init_process_group("gloo")
        rank = dist.get_rank()
        run = givens.init(config={"lr": 0.1, "size": 8 + rank})
        dist.barrier()
        if rank == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        run.config.late = rank
        dist.barrier()
        """,
    )
    done = _start(folder, "--nproc-per-node", "2", "--master-port", str(_free_port()))
    _, err = done.communicate(timeout=300)
    assert done.returncode != 0, err
    run = folder.only()
    assert (run.state, run.config.as_dict()) == ("lost", {"lr": 0.1, "size": 8})
    (record,) = run.ranks
    assert record.rank == 1 and record.folded.config["size"] == 9


def test_ranks_of_torchrun_may_share_the_values_of_rank_0(folder: Any) -> None:
    folder.write(
        "train.py",
        """
        import os
        import givens

        rank = int(os.environ["RANK"])
        run = givens.init(config={"size": 8 * (rank + 1)}, share=True)
        open(f"size-{rank}", "w").write(str(run.config.size))
        """,
    )
    done = _start(folder, "--nproc-per-node", "2", "--master-port", str(_free_port()))
    _, err = done.communicate(timeout=300)
    assert done.returncode == 0, err
    assert [(folder.path / f"size-{rank}").read_text() for rank in range(2)] == ["8", "8"]
    assert len(folder.only().ranks) == 1


def test_independent_tasks_beside_each_other_stay_runs_of_their_own(folder: Any) -> None:
    folder.write("train.py", "import torch, givens\ngivens.init(config={'lr': 0.1})\n")
    slurm = {"SLURM_JOB_ID": "7", "SLURM_STEP_ID": "0", "SLURM_NTASKS": "2"}
    tasks = [
        subprocess.Popen(
            [sys.executable, "train.py"], cwd=folder.path, env={**os.environ, **slurm, "SLURM_PROCID": str(number)}
        )
        for number in range(2)
    ]
    assert [task.wait(timeout=180) for task in tasks] == [0, 0]
    assert [run.ranks for run in folder.runs()] == [(), ()]
