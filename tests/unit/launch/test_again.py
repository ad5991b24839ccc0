"""Stored runs repeated with real commands in real git trees."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
import yaml

SCRIPT = """
import givens
run = givens.init(config={"lr": 0.1, "model": {"depth": 2}})
run.log({"loss": run.config.lr * 2})
run.config.lr = 0.05
"""


def cli(folder: Any, *arguments: str, code: int = 0) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "givens", *arguments], cwd=folder.path, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == code, done.stderr + done.stdout
    return done


def git(folder: Any, *arguments: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@b")
    subprocess.run(["git", *who, *arguments], cwd=folder.path, capture_output=True, check=True)


@pytest.fixture
def tree(folder: Any) -> Any:
    folder.write("train.py", SCRIPT)
    folder.write(".gitignore", ".givens\n__pycache__\n")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "first")
    return folder


def train(folder: Any) -> Any:
    """The store's first run."""
    subprocess.run([sys.executable, "train.py"], cwd=folder.path, check=True, capture_output=True)
    (run,) = folder.runs()
    return run


def wait_for_capture(folder: Any) -> None:
    """Until the environment file has its last event: the capture goes on when its run has ended."""
    import time

    until_s = time.monotonic() + 30
    while time.monotonic() < until_s:
        files = list((folder.path / ".givens" / "env").glob("*.jsonl"))
        if files and all('"k":"machine"' in file.read_text() for file in files):
            return
        time.sleep(0.02)
    raise AssertionError("the capture did not end")


def test_a_rerun_does_the_same_and_names_the_run_it_repeats(tree: Any) -> None:
    before = train(tree)
    wait_for_capture(tree)
    done = cli(tree, "rerun", before.id)
    (after,) = [run for run in tree.runs() if run.id != before.id]
    assert after.config.as_dict() == before.config.as_dict() == {"lr": 0.05, "model": {"depth": 2}}
    assert after.folded.state.start["rerun_of"] == before.id
    assert "results are the same" in done.stdout


def test_only_what_is_set_is_locked_and_every_difference_is_named(tree: Any) -> None:
    before = train(tree)
    wait_for_capture(tree)
    done = cli(tree, "rerun", before.id, "--set", "model.depth=5")
    (after,) = [run for run in tree.runs() if run.id != before.id]
    assert after.config.as_dict() == {"lr": 0.05, "model": {"depth": 5}}
    assert "model.depth" in done.stdout
    done = cli(tree, "rerun", before.id, "--set", "lr=0.3")
    assert "loss: 0.2 then, 0.6 now" in done.stdout


def test_other_code_is_refused_unless_one_says_where(tree: Any) -> None:
    before = train(tree)
    wait_for_capture(tree)
    tree.write("train.py", SCRIPT.replace("* 2", "* 3"))
    assert "other changes than then" in cli(tree, "rerun", before.id, code=1).stderr
    git(tree, "commit", "-q", "-a", "-m", "second")
    assert "is checked out" in cli(tree, "rerun", before.id, code=1).stderr
    assert "loss: 0.2 then, 0.3" in cli(tree, "rerun", before.id, "--here").stdout
    assert "results are the same" in cli(tree, "rerun", before.id, "--worktree").stdout
    assert len(tree.runs()) == 3
    listed = subprocess.run(["git", "worktree", "list"], cwd=tree.path, capture_output=True, text=True, check=True)
    assert len(listed.stdout.splitlines()) == 1


def test_a_worktree_gets_the_runs_uncommitted_changes(tree: Any) -> None:
    tree.write("train.py", SCRIPT.replace("* 2", "* 4"))
    before = train(tree)
    wait_for_capture(tree)
    git(tree, "checkout", "-q", "train.py")
    assert "results are the same" in cli(tree, "rerun", before.id, "--worktree").stdout


def test_a_commit_that_is_gone_is_one_clear_message(tree: Any) -> None:
    before = train(tree)
    wait_for_capture(tree)
    subprocess.run(["rm", "-rf", ".git"], cwd=tree.path, check=True)
    git(tree, "init", "-q", "-b", "main")
    assert "no commit is checked out" in cli(tree, "rerun", before.id, code=1).stderr
    said = cli(tree, "rerun", before.id, "--worktree", code=1).stderr
    assert "cannot be run again as it was: git worktree" in said
    assert len(tree.runs()) == 1


def test_a_command_line_with_secrets_asks_for_them(folder: Any) -> None:
    folder.run(SCRIPT, "--api-key", "hunter2-hunter2-hunter2")
    for command in ("rerun", "command"):
        said = cli(folder, command, "last", code=1).stderr
        assert "--api-key" in said and "hunter2" not in said


def test_what_a_run_was_given_is_printed_in_every_form(folder: Any) -> None:
    values = {"lr": 1e-3, "model": {"depth": 4, "name": "vit: big"}, "layers": [1, 2], "none": None, "shape": (2, 3)}
    folder.run(f"import givens; givens.init(config={values!r}, project='p')")
    plain = {**values, "shape": [2, 3]}
    assert yaml.safe_load(cli(folder, "command", "last", "--as", "yaml").stdout) == plain
    assert json.loads(cli(folder, "command", "last", "--as", "json").stdout) == plain
    assert f"config={values!r}, project='p'" in cli(folder, "command", "last", "--as", "python").stdout
    assert cli(folder, "command", "last").stdout.endswith("train.py\n")
    overrides = cli(folder, "command", "last", "--as", "overrides").stdout.replace("\n", " ")
    line = f"{sys.executable} -m givens run {overrides} -- {sys.executable} -c 'import givens; givens.init()'"
    subprocess.run(line, shell=True, cwd=folder.path, check=True, capture_output=True)
    given = cli(folder, "command", "last", "--as", "env").stdout
    line = f"{given}\n{sys.executable} -c 'import givens; givens.init()'"
    subprocess.run(line, shell=True, cwd=folder.path, check=True, capture_output=True)
    configs = [run.config.as_dict() for run in folder.runs()]
    assert configs.count(plain) == 2
