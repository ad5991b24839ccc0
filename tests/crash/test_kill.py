"""SIGKILL at a random moment: what was acknowledged is there, exactly, and nothing half-written is shown."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from indexed import content, made_anew
from killing import share_of
from operations import RUN_OPERATIONS, SCENARIOS, Model, alike, first_config, operations

import givens
from givens.errors import RunNotFoundError
from givens.index import open_index
from givens.journal.layout import Store

KILLER = Path(__file__).parent / "kill_writers.py"
A_ROUND = 128
LOOK_EVERY = 16  # trials; the others write meanwhile
#: scenario and how many processes write at once: two parts of the kills that were asked for, of sixteen, for each
CASES = [*((scenario, 4) for scenario in SCENARIOS), ("changes", 64), ("runs", 64)]


def killed(
    scenario: str, folder: Path, trials: int, first_seed: int, at_once: int, look: Callable[[], object]
) -> list[tuple[int, int]]:
    """Kill so many writers, and look at their store in between; seed and number of acknowledged operations of each."""
    command = [sys.executable, str(KILLER), scenario, str(folder), *map(str, (trials, first_seed, at_once))]
    told = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder) as writers:
        assert writers.stdout is not None and writers.stderr is not None
        for line in writers.stdout:
            told.append(json.loads(line))
            if len(told) % LOOK_EVERY == 0:
                look()
        errors = writers.stderr.read()
    assert writers.returncode == 0, f"a writer ended by itself:\n{errors}"
    assert errors == ""
    assert len(told) == trials
    return [(trial["seed"], trial["acknowledged"]) for trial in told]


def found(folder: Path, run_id: str) -> givens.StoredRun | None:
    """The run as a reader sees it; None when it has no file, an empty one, or none with a whole start line."""
    try:
        run = givens.open(run_id, dir=folder)
    except RunNotFoundError:
        return None
    if run.created_at is None:
        return None
    assert run.problems == (), "a reader was shown a damaged line"
    return run


def agrees(run: givens.StoredRun, model: Model) -> bool:
    """Whether a stored run holds exactly what the model does."""
    return alike(run.config.as_dict(), model.config) and alike(dict(run.summary), model.summary)


def begun(model_seed: int) -> Model:
    """A model of a run that has been begun."""
    return Model(first_config(model_seed))


def check_one_run(folder: Path, scenario: str, seed: int, acknowledged: int) -> None:
    """A trial that wrote to one run: the state after the last acknowledged operation, or after the one under way."""
    run = found(folder, f"t{seed}")
    if run is None or not run.config:
        assert acknowledged == 0, f"{scenario} {seed}: init returned, and its config is not there"
        return
    assert run.state == "lost"
    model = begun(seed)
    todo = operations(seed, scenario)
    for operation in islice(todo, max(acknowledged - 1, 0)):
        operation(model)
    if agrees(run, model):
        return
    if acknowledged:
        next(todo)(model)
    assert agrees(run, model), f"{scenario} {seed}: {acknowledged} operations were acknowledged"


def check_many_runs(folder: Path, scenario: str, seed: int, acknowledged: int) -> None:
    """A trial that began and finished runs one after the other."""
    steps = RUN_OPERATIONS + 2
    whole, of_last = divmod(acknowledged, steps)
    for turn in range(whole):
        model = begun(seed + turn)
        for operation in islice(operations(seed + turn, scenario), RUN_OPERATIONS):
            operation(model)
        run = found(folder, f"t{seed}-{turn}")
        assert run is not None, f"{scenario} {seed}: run {turn} finished and is not there"
        assert run.state == "finished"
        assert agrees(run, model), f"{scenario} {seed}: run {turn} finished"
    run = found(folder, f"t{seed}-{whole}")
    if run is None or not run.config:
        assert of_last == 0, f"{scenario} {seed}: init of run {whole} returned, and its config is not there"
        return
    assert run.state in ("lost", "finished")
    model = begun(seed + whole)
    todo = islice(operations(seed + whole, scenario), RUN_OPERATIONS)
    for operation in islice(todo, max(of_last - 1, 0)):
        operation(model)
    if not agrees(run, model):
        next(todo)(model)
        assert agrees(run, model), f"{scenario} {seed}: {of_last} steps of run {whole} were acknowledged"


@pytest.mark.parametrize(("scenario", "at_once"), CASES)
def test_what_was_acknowledged_survives_a_kill(scenario: str, at_once: int, tmp_path: Path, crash_trials: int) -> None:
    check = check_many_runs if scenario == "runs" else check_one_run
    left = share_of(crash_trials, 8)
    seed = 1_000_000
    acknowledged_in_all = 0
    while left:
        folder = tmp_path / str(seed)
        store = Store(str(folder / ".givens"))
        store.make()
        with open_index(store) as index:
            trials = killed(scenario, folder, min(left, A_ROUND), seed, at_once, index.refresh)
            for trial_seed, acknowledged in trials:
                check(folder, scenario, trial_seed, acknowledged)
                acknowledged_in_all += acknowledged
            assert index.refresh().complete
            assert index.connection.execute("SELECT count(*) FROM run WHERE bad").fetchone() == (0,)
            assert content(index) == made_anew(store, tmp_path / f"{seed} anew")
        shutil.rmtree(folder)  # ten thousand trials would fill a disk
        shutil.rmtree(tmp_path / f"{seed} anew")
        left -= len(trials)
        seed += len(trials)
    assert acknowledged_in_all > 0, "no writer lived long enough to write anything"


def test_the_check_sees_what_is_missing_and_what_is_torn(tmp_path: Path) -> None:
    ((seed, acknowledged),) = killed_late(tmp_path)
    journal = tmp_path / ".givens" / "runs" / f"t{seed}.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(lines[:-3]))
    with pytest.raises(AssertionError):
        check_one_run(tmp_path, "changes", seed, acknowledged)
    journal.write_bytes(b"".join([*lines[:5], lines[5][:-9] + b"\n", *lines[6:]]))
    with pytest.raises(AssertionError):
        check_one_run(tmp_path, "changes", seed, acknowledged)
    journal.write_bytes(b"".join(lines) + lines[-1][:20])
    check_one_run(tmp_path, "changes", seed, acknowledged)


def killed_late(folder: Path) -> list[tuple[Any, int]]:
    """A trial whose writer had time to write something."""
    for seed in range(2_000_000, 2_000_400):
        trial = killed("changes", folder, 1, seed, 1, lambda: None)
        if trial[0][1] > 10:
            return trial
    raise AssertionError("no writer lived long enough")
