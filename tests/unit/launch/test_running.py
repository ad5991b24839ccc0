"""Real commands, run by ``givens run`` as a user types it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import Any

SCRIPT = """
import sys, givens
run = givens.init(config={"lr": 0.1, "model": {"depth": 2, "width": 8}, "epochs": 3})
print(run.config.lr, run.config.model.depth, run.config.model.width)
sys.exit(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
"""


def givens_run(folder: Any, *arguments: str, code: int = 0, env: dict[str, str] | None = None) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "givens", "run", *arguments],
        cwd=folder.path,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == code, done.stderr
    return done


def test_overrides_win_and_are_locked_with_their_owner(folder: Any) -> None:
    folder.write("train.py", SCRIPT + "\n".replace("\n", ""))
    done = givens_run(
        folder,
        "--set",
        "lr=0.5",
        "--set",
        "model={depth: 4}",
        "--name",
        "mine",
        "--tag",
        "a",
        "--",
        sys.executable,
        "train.py",
    )
    assert done.stdout.split() == ["0.5", "4", "8"]
    run = folder.only()
    assert run.config.as_dict() == {"lr": 0.5, "model": {"depth": 4, "width": 8}, "epochs": 3}
    assert (run.name, run.tags, run.exit_code) == ("mine", ("a",), 0)
    explained = run.explain("lr")
    assert explained.origin.kind == "override" and explained.origin.name == "cli"
    assert "0.1" in str(explained)


def test_a_write_of_the_scripts_own_is_refused_and_said(folder: Any) -> None:
    folder.write("train.py", "import givens; r = givens.init(); r.config.lr = 1; print(r.config.lr)")
    done = givens_run(folder, "--set", "lr=0.5", "--", sys.executable, "train.py")
    assert done.stdout.strip() == "0.5"
    assert "lr" in done.stderr and "cli" in done.stderr


def test_only_the_first_run_of_the_launched_process_is_overridden(folder: Any) -> None:
    folder.write(
        "train.py",
        """
import os, subprocess, sys, givens
givens.init(config={"lr": 1}).finish()
givens.init(config={"lr": 2}).finish()
subprocess.run([sys.executable, "-c", "import givens; givens.init(config={'lr': 3})"], check=True)
""",
    )
    givens_run(folder, "--set", "lr=9", "--name", "first", "--", sys.executable, "train.py")
    assert sorted(run.config.lr for run in folder.runs()) == [2, 3, 9]
    assert [run.config.lr for run in folder.runs() if run.name == "first"] == [9]


def test_a_file_of_overrides_merges_with_its_lines_as_origins(folder: Any) -> None:
    folder.write("train.py", SCRIPT)
    folder.write("best.yaml", "model:\n  depth: 7\n")
    done = givens_run(folder, "--config", "best.yaml", "--", sys.executable, "train.py")
    assert done.stdout.split() == ["0.1", "7", "8"]
    origin = folder.only().explain("model.depth").origin
    assert (origin.kind, origin.file, origin.line, origin.name) == ("override", "best.yaml", 2, "cli")


def test_argparse_sees_what_the_record_says(folder: Any) -> None:
    folder.write(
        "train.py",
        """
import argparse, givens
parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=0.1)
args = givens.parse_args(parser)
run = givens.init(config=args)
print(args.lr, run.config.lr)
""",
    )
    done = givens_run(folder, "--set", "lr=0.5", "--", sys.executable, "train.py", "--lr", "0.2")
    assert done.stdout.split() == ["0.5", "0.5"]
    assert "may be reading" not in done.stderr


def test_a_command_without_init_is_a_run_with_its_exit_code(folder: Any) -> None:
    folder.write("ising.yaml", "T: 1.5\nlattice:\n  n: 64\n")
    givens_run(folder, "--config", "ising.yaml", "--set", "seed=3", "--", "sh", "-c", "exit 7", code=7)
    run = folder.only()
    assert run.config.as_dict() == {"T": 1.5, "lattice": {"n": 64}, "seed": 3}
    assert (run.state, run.exit_code) == ("failed", 7)
    assert run.argv == ("sh", "-c", "exit 7")
    assert run.explain("T").origin.file == "ising.yaml"
    assert run.git == (None, None, None)  # of the command's folder, not of the launcher's own code


def test_how_long_a_command_without_init_took_counts_from_its_start(folder: Any) -> None:
    givens_run(folder, "--", sys.executable, "-c", "import time; time.sleep(0.2)")
    assert folder.only().duration_s >= 0.2


def test_the_exit_code_of_a_script_is_the_commands_own(folder: Any) -> None:
    folder.write("train.py", SCRIPT)
    givens_run(folder, "--", sys.executable, "train.py", "3", code=3)
    assert (folder.only().state, folder.only().exit_code) == ("failed", 3)


def test_a_signal_is_handed_on_and_the_run_is_recorded(folder: Any) -> None:
    folder.write("wait.py", "import sys, time\nprint('ready', flush=True)\ntime.sleep(60)\n")
    command = [sys.executable, "-m", "givens", "run", "--", sys.executable, "wait.py"]
    with subprocess.Popen(command, cwd=folder.path, stdout=subprocess.PIPE, text=True) as launcher:
        assert launcher.stdout is not None and launcher.stdout.readline() == "ready\n"
        launcher.send_signal(signal.SIGTERM)
        assert launcher.wait(60) == 128 + signal.SIGTERM
    assert folder.only().exit_code == 128 + signal.SIGTERM


def test_a_script_for_wandb_runs_as_it_is(folder: Any) -> None:
    folder.write("theirs.py", "import wandb\nfrom wandb.keras import WandbCallback\nwandb.init(config={'lr': 1})\n")
    givens_run(folder, "--as-wandb", "--set", "lr=2", "--", sys.executable, "theirs.py")
    assert folder.only().config.lr == 2


def test_a_scheduler_may_order_by_variables(folder: Any) -> None:
    folder.write("train.py", SCRIPT)
    env = {"GIVENS_OVERRIDES": json.dumps(["lr=0.3"])}
    folder.run(SCRIPT, env=env)
    run = folder.only()
    assert run.config.lr == 0.3
    assert run.explain("lr").origin.name == "launcher"


def test_an_unknown_key_is_allowed_and_said(folder: Any) -> None:
    folder.write("train.py", SCRIPT)
    done = givens_run(folder, "--set", "epoch=5", "--", sys.executable, "train.py")
    assert "epoch" in done.stderr and "did you mean 'epochs'" in done.stderr
    assert folder.only().config.epoch == 5


def test_mistakes_are_one_line_each_and_nothing_is_started(folder: Any) -> None:
    assert "cannot be started" in givens_run(folder, "--", "no-such-program", code=1).stderr
    marker = [sys.executable, "-c", "open('started', 'w')"]
    assert "Missing argument" in givens_run(folder, "--set", "a=1", code=2).stderr
    assert "without =" in givens_run(folder, "--set", "lr", "--", *marker, code=1).stderr
    assert "no-such.yaml" in givens_run(folder, "--config", "no-such.yaml", "--", *marker, code=1).stderr
    assert not (folder.path / "started").exists()
    assert folder.runs() == []


def test_variables_that_are_no_order_say_so(folder: Any) -> None:
    for said in ("{", '{"set": 1}', '["lr"]', '{"set": [], "tags": "x"}'):
        done = folder.run("import givens; givens.init()", env={"GIVENS_OVERRIDES": said}, code=1)
        assert "GIVENS_OVERRIDES" in done.stderr or "without =" in done.stderr


def test_an_override_of_another_type_than_the_schemas_is_an_error_with_both(folder: Any) -> None:
    folder.write(
        "train.py",
        """
        import dataclasses, givens

        @dataclasses.dataclass
        class Wanted:
            lr: float = 0.1
            depth: int = 2

        try:
            givens.init(schema=Wanted)
        except givens.GivensError as error:
            raise SystemExit(f"{error}")
        """,
    )
    done = givens_run(folder, "--set", "lr=fast", "--", sys.executable, "train.py", code=1)
    (said,) = [line for line in done.stderr.splitlines() if "config.lr" in line]
    assert "'fast'" in said and "str" in said and "float" in said and "Wanted" in said
    givens_run(folder, "--set", "depth=4", "--", sys.executable, "train.py")
    assert folder.runs()[-1].config.as_dict() == {"depth": 4}


def test_a_launchers_file_that_is_malformed_is_one_line_and_no_run(folder: Any) -> None:
    folder.write("best.yaml", "lr: 0.1\nmodel: {depth: 2\nseed: 3\n")
    said = givens_run(
        folder, "--config", "best.yaml", "--", sys.executable, "-c", "open('started', 'w')", code=1
    ).stderr
    assert said.count("\n") == 1 and "best.yaml:3" in said
    script = "import givens\ntry: givens.init(config={'lr': 1})\nexcept givens.GivensError as error: print(error)"
    done = folder.run(script, env={"GIVENS_OVERRIDES_FILE": "best.yaml"})
    assert "best.yaml:3" in done.stdout and done.stdout.count("\n") == 1
    assert folder.runs() == [] and not (folder.path / "started").exists()
