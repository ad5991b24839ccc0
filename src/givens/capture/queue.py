"""What Slurm says of jobs that cannot be seen from here: ``squeue``, where it is there."""

from __future__ import annotations

from collections.abc import Iterable

#: a controller that is busy is not waited for longer
_PATIENCE_S = 5.0
GONE = "not in the queue"


def job_states(jobs: Iterable[str]) -> dict[str, str] | None:
    """Ask ``squeue`` for jobs: id -> ``running``, ``pending`` …, or ``GONE`` for one that it does not know (any more).

    Args:
        jobs: their ids, as ``SLURM_JOB_ID`` had them; anything that is no number is not asked for.

    Returns:
        None when nobody can be asked: there is no ``squeue``, or it does not answer.
    """
    wanted = sorted({job for job in jobs if job.isascii() and job.isdecimal()})
    import shutil
    import subprocess

    squeue = shutil.which("squeue") if wanted else None
    if squeue is None:
        return None
    command = [squeue, "--noheader", "--states=all", "--format=%A %T", f"--jobs={','.join(wanted)}"]
    try:
        answer = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=_PATIENCE_S
        )
    except (OSError, subprocess.SubprocessError):
        return None
    if answer.returncode and "invalid job id" not in answer.stderr.lower():
        return None  # the controller cannot be reached; of a job that ended long ago it says "Invalid job id"
    found = dict.fromkeys(wanted, GONE)
    for line in answer.stdout.splitlines():
        job, _, state = line.strip().partition(" ")
        if job in found and state:
            found[job] = state.strip().lower()
    return found
