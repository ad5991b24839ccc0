"""Which job of a scheduler or launcher this process belongs to. Nothing else of the environment is kept."""

from __future__ import annotations

from collections.abc import Mapping

#: who started it -> the variables that say which job it is; each is a number or a name, none a secret
VARIABLES: dict[str, tuple[str, ...]] = {
    "slurm": (
        "SLURM_JOB_ID",
        "SLURM_ARRAY_JOB_ID",
        "SLURM_ARRAY_TASK_ID",
        "SLURM_STEP_ID",
        "SLURM_PROCID",
        "SLURM_RESTART_COUNT",
        "SLURM_JOB_NAME",
        "SLURM_JOB_PARTITION",
        "SLURM_CLUSTER_NAME",
    ),
    "pbs": ("PBS_JOBID", "PBS_JOBNAME", "PBS_QUEUE", "PBS_ARRAY_INDEX"),
    "lsf": ("LSB_JOBID", "LSB_JOBINDEX", "LSB_JOBNAME", "LSB_QUEUE"),
    "sge": ("SGE_TASK_ID", "JOB_ID", "JOB_NAME", "QUEUE"),
    "torchelastic": ("TORCHELASTIC_RUN_ID", "RANK", "LOCAL_RANK", "WORLD_SIZE"),
    "mpi": ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "PMI_RANK", "PMI_SIZE"),
    "ray": ("RAY_JOB_ID",),
    "kubernetes": ("KUBERNETES_SERVICE_HOST",),
}

#: variables that are said by others as well: they count only beside the first one of their line
_SURE = {who: names[0] for who, names in VARIABLES.items()}


def jobs(environ: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """What each scheduler says of this process: ``{"slurm": {"SLURM_JOB_ID": "4711", …}}``; empty outside of any.

    Args:
        environ: the environment.
    """
    found = {}
    for who, names in VARIABLES.items():
        if who == "mpi" or environ.get(_SURE[who]):
            said = {name: environ[name] for name in names if environ.get(name)}
            if said:
                found[who] = said
    return found
