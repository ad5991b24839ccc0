"""Which rank of which job a process is."""

from __future__ import annotations

import os
import types

import pytest

from givens.capture import liveness
from givens.capture.ranks import join_of, joins_of, rank_in

TORCH = {"MASTER_ADDR": "node1", "MASTER_PORT": "29500"}
TORCHRUN = {**TORCH, "TORCHELASTIC_RUN_ID": "none", "RANK": "3", "WORLD_SIZE": "8", "LOCAL_WORLD_SIZE": "4"}
HOROVOD = {
    "HOROVOD_RANK": "1",
    "HOROVOD_SIZE": "2",
    "HOROVOD_GLOO_RENDEZVOUS_ADDR": "10.0.0.1",
    "HOROVOD_GLOO_RENDEZVOUS_PORT": "4711",
}
LIGHTNING = {**TORCH, "NODE_RANK": "0", "LOCAL_RANK": "1", "WORLD_SIZE": "2"}
SLURM = {"SLURM_PROCID": "2", "SLURM_NTASKS": "4", "SLURM_JOB_ID": "77", "SLURM_STEP_ID": "0"}
MPI = {"OMPI_COMM_WORLD_RANK": "1", "OMPI_COMM_WORLD_SIZE": "2", "PMIX_NAMESPACE": "prterun-7"}


@pytest.mark.parametrize(
    ("environ", "launcher", "number", "size"),
    [
        (TORCHRUN, "torchrun", 3, 8),
        (HOROVOD, "horovodrun", 1, 2),
        (LIGHTNING, "Lightning", 1, 2),
        ({**TORCHRUN, **SLURM}, "torchrun", 3, 8),
    ],
)
def test_a_rendezvous_makes_a_rank(environ: dict[str, str], launcher: str, number: int, size: int) -> None:
    rank = rank_in(environ)
    assert rank is not None
    assert (rank.launcher, rank.number, rank.size) == (launcher, number, size)


def test_a_worker_of_ray_train_is_a_rank_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    environ = {**TORCH, "RANK": "1", "WORLD_SIZE": "2"}
    assert rank_in(environ) is None
    monkeypatch.setitem(__import__("sys").modules, "ray.train", types.ModuleType("ray.train"))
    rank = rank_in(environ)
    assert rank is not None and rank.launcher == "Ray Train"


@pytest.mark.parametrize("environ", [SLURM, MPI, {**TORCH, "RANK": "1", "WORLD_SIZE": "2"}])
def test_what_also_stands_around_independent_tasks_is_no_evidence_unless_the_user_says_so(
    environ: dict[str, str],
) -> None:
    assert rank_in(environ) is None
    rank = rank_in(environ, one=True)
    assert rank is not None and rank.number >= 1


@pytest.mark.parametrize("missing", ["TORCHELASTIC_RUN_ID", "MASTER_ADDR", "MASTER_PORT", "RANK"])
def test_half_of_the_evidence_is_none(missing: str) -> None:
    assert rank_in({name: value for name, value in TORCHRUN.items() if name != missing}) is None
    assert rank_in({**TORCHRUN, "RANK": "first"}) is None


def test_ranks_of_one_job_meet_and_those_of_others_do_not() -> None:
    def join(**changed: str) -> str:
        rank = rank_in({**TORCHRUN, **changed})
        assert rank is not None
        return join_of(rank.evidence, 1)

    assert join() == join(RANK="0") == join(RANK="5", LOCAL_RANK="1")
    assert len({join(), join(MASTER_PORT="29501"), join(TORCHELASTIC_RUN_ID="mine"), join(SLURM_JOB_ID="8")}) == 4
    # of a job on one node, the launcher's process is part of it
    assert join(LOCAL_WORLD_SIZE="8") != join()


def test_rank_0_of_lightning_is_found_by_its_process() -> None:
    here = liveness.identity()
    parent = liveness.parent_of(here)
    assert parent is not None and parent.pid == os.getppid()
    child = rank_in(LIGHTNING)
    assert child is not None
    assert join_of(child.evidence, 1) in joins_of(parent._asdict())
    assert join_of(child.evidence, 2) in joins_of({**parent._asdict(), "turn": 2})
    assert join_of(child.evidence, 1) not in joins_of(here._asdict())
    main = rank_in({**LIGHTNING, "LOCAL_RANK": "0"})
    assert main is not None and join_of(main.evidence, 1) in joins_of(here._asdict())
