"""Code kept as it is at submission: real trees, real programs that start later."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from givens.errors import SnapshotError
from givens.journal.layout import Store
from givens.launch import code_files, snapshots
from givens.launch.running import Asked, environment_for
from givens.launch.snapshots import snapshots_in, take_snapshot
from givens.launch.submitting import in_snapshot

TRAIN = """
import sys
import givens
from model import DEPTH
run = givens.init(config=sys.argv[1])
run.config.depth = DEPTH
run.log({"loss": run.config.lr})
"""
#: a queue: it keeps what was submitted and its environment, and starts it when it is told to
SBATCH = """#!/bin/sh
echo "Submitted batch job 4711"
{ printf 'cd %s\\n' "$PWD"; export -p; printf '. %s\\n' "$PWD/$1"; } > "$QUEUE"
"""


def cli(folder: Any, *arguments: str, code: int = 0, cwd: str = ".", env: dict[str, str] | None = None) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "givens", *arguments],
        cwd=folder.path / cwd,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == code, done.stderr + done.stdout
    return done


def git(folder: Any, *arguments: str) -> str:
    who = ("-c", "user.name=a", "-c", "user.email=a@b")
    done = subprocess.run(["git", *who, *arguments], cwd=folder.path, capture_output=True, check=True, text=True)
    return done.stdout


@pytest.fixture
def tree(folder: Any) -> Any:
    """A git tree with a commit, a change that is not committed, a new file, and what git ignores."""
    folder.write("train.py", TRAIN)
    folder.write("model.py", "DEPTH = 1\n")
    folder.write("job.sh", f"{sys.executable} train.py base.yaml\n")
    folder.write(".gitignore", "data/\n__pycache__\n.givens\nlocal.yaml\n")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "first")
    folder.write("model.py", "DEPTH = 2\n")
    folder.write("base.yaml", "lr: 0.1\n")
    folder.write("local.yaml", "lr: 0.7\n")
    folder.write("data/big.bin", "x")
    return folder


def wait_for_capture(folder: Any) -> None:
    """Until the patch is in the record: the capture goes on when its run has ended."""
    until_s = time.monotonic() + 30
    while "machine" not in folder.only().surroundings:
        assert time.monotonic() < until_s, "the capture did not end"
        time.sleep(0.02)


def edit_everything(folder: Any) -> None:
    """What happens while a job waits."""
    for name in ("train.py", "job.sh"):
        folder.write(name, "raise SystemExit(9)\n")
    folder.write("model.py", "DEPTH = 99\n")
    folder.write("base.yaml", "lr: 99\n")
    folder.write("local.yaml", "lr: 99\n")
    git(folder, "commit", "-q", "-a", "-m", "second")


def test_a_queued_job_does_not_pick_up_later_edits(tree: Any) -> None:
    queue = tree.path.parent / f"{tree.path.name}-queue"
    tree.write("bin/sbatch", SBATCH).chmod(0o755)
    commit = git(tree, "rev-parse", "HEAD").strip()
    env = {"PATH": f"{tree.path}/bin:{os.environ['PATH']}", "QUEUE": str(queue)}
    said = cli(tree, "run", "--snapshot", "--set", "seed=3", "--", "sbatch", "job.sh", env=env)
    assert said.stdout == "Submitted batch job 4711\n" and "snapshot" in said.stderr
    assert tree.runs() == []  # the submission itself is no run
    (waiting,) = snapshots_in(Store(str(tree.path / ".givens")))
    assert not waiting.is_done and not waiting.runs and not waiting.written

    edit_everything(tree)
    subprocess.run(["sh", str(queue)], check=True, capture_output=True, cwd="/")
    run = tree.only()
    assert run.config.as_dict() == {"lr": 0.1, "depth": 2, "seed": 3}
    assert run.explain("lr").origin.file == "base.yaml" and run.explain("seed").origin.name == "cli"
    assert (run.git.commit, run.git.branch) == (commit, "main")
    assert run.snapshot == {"id": waiting.snapshot.id, "root": str(tree.path)}
    shown = cli(tree, "show").stdout
    assert f"{waiting.snapshot.id} of {tree.path}" in shown
    listed = cli(tree, "snapshots").stdout
    assert f"{run.id} finished" in listed
    (over,) = json.loads(cli(tree, "snapshots", "--remove-done", "--json").stdout)
    assert over["removed"] and over["runs"] == {run.id: "finished"} and over["written"] == []
    assert "no snapshots" in cli(tree, "snapshots").stdout
    assert (tree.path / "data" / "big.bin").exists()  # it was a link


def test_a_snapshot_is_the_tree_as_git_sees_it(tree: Any) -> None:
    taken = take_snapshot(Store(str(tree.path / ".givens")), str(tree.path))
    names = sorted(os.listdir(taken.tree))
    assert names == [
        ".git",
        ".gitignore",
        "base.yaml",
        "data",
        "job.sh",
        "local.yaml",
        "model.py",
        "pyproject.toml",
        "train.py",
    ]
    assert [name for name in names if os.path.islink(os.path.join(taken.tree, name))] == ["data", "local.yaml"]
    for question in (["rev-parse", "HEAD"], ["diff", "HEAD"], ["status", "--porcelain", "--untracked-files=no"]):
        inside = subprocess.run(["git", *question], cwd=taken.tree, capture_output=True, text=True, check=True).stdout
        assert inside == git(tree, *question), question
    assert len(git(tree, "worktree", "list").splitlines()) == 1


def test_what_the_command_names_is_copied_and_paths_are_led_into_the_copy(
    tree: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tree.path / "data")
    outside = tree.path.parent / f"{tree.path.name}-best.yaml"
    outside.write_text("lr: 0.5\n")
    (tree.path / "data" / "own.yaml").write_text("lr: 0.6\n")
    words = [
        "python",
        str(tree.path / "train.py"),
        "--config=../local.yaml",
        str(tree.path / "data" / "big.bin"),
        "../../x",
    ]
    command, asked = in_snapshot(words, Asked(config=str(outside)))
    (kept,) = snapshots_in(Store(str(tree.path / ".givens")))
    copy = kept.snapshot.tree
    # the working directory is one that git ignores: it is linked, so the program runs where it would have
    assert asked.cwd == str(tree.path / "data")
    assert command == ["python", f"{copy}/train.py", f"--config={copy}/local.yaml", words[3], "../../x"]
    assert Path(copy, "local.yaml").read_text() == "lr: 0.7\n" and not os.path.islink(f"{copy}/local.yaml")
    assert asked.config == f"{kept.snapshot.folder}/given/{outside.name}"
    assert asked.store == str(tree.path / ".givens")


def test_imports_come_from_the_copy(tree: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    tree.write("src/tools.py", "")
    monkeypatch.chdir(tree.path)
    monkeypatch.setenv("PYTHONPATH", f"{tree.path}/src:/elsewhere")
    _, asked = in_snapshot(["python", "train.py"], Asked())
    environ = environment_for(asked)
    assert environ["PYTHONPATH"].split(":") == [f"{asked.cwd}/src", f"{tree.path}/src", "/elsewhere"]
    assert environ["GIVENS_SNAPSHOT"] == asked.snapshot


def test_an_editable_installation_is_imported_from_the_copy() -> None:
    here = str(Path(__file__).resolve().parents[3])
    assert list(snapshots._import_folders(here)) == [f"{here}/src"]  # givens itself, in the environment of its tests
    assert list(snapshots._import_folders(f"{here}/docs")) == []


def test_outside_of_git_all_of_the_folder_is_copied(folder: Any) -> None:
    folder.write("train.py", "import givens; print(givens.init(config={'a': 1}).config)")
    folder.write("env/pyvenv.cfg", "")
    folder.write("lib/a.py", "")
    os.symlink("lib/a.py", folder.path / "inside")
    os.symlink("/etc/hostname", folder.path / "outside")
    cli(folder, "run", "--snapshot", "--", sys.executable, "train.py")
    (kept,) = snapshots_in(Store(str(folder.path / ".givens")))
    assert kept.is_done and kept.snapshot.commit is None
    tree = kept.snapshot.tree
    assert sorted(os.listdir(tree)) == ["env", "inside", "lib", "outside", "pyproject.toml", "train.py"]
    assert os.path.islink(f"{tree}/env") and os.readlink(f"{tree}/inside") == "lib/a.py"
    run = folder.only()
    assert run.git == (None, None, None) and run.cwd == tree


def test_results_in_a_snapshot_are_not_cleared_away(folder: Any) -> None:
    folder.write("train.py", "import givens; givens.init(config={'a': 1}); open('model.pt', 'w').close()")
    cli(folder, "run", "--snapshot", "--", sys.executable, "train.py")
    said = cli(folder, "snapshots", "--remove-done")
    assert said.stdout == "removed 0 snapshots\n" and "such as model.pt" in said.stderr
    (kept,) = snapshots_in(Store(str(folder.path / ".givens")))
    assert "removed 1 snapshot" in cli(folder, "snapshots", "--remove", kept.snapshot.id).stdout
    assert "no snapshot 'nothing'" in cli(folder, "snapshots", "--remove", "nothing", code=2).stderr


def test_too_much_is_refused_with_what_is_largest(tree: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code_files, "MOST_BYTES", 1000)
    tree.write("weights.bin", "x" * 2000)
    with pytest.raises(SnapshotError, match=r"largest are weights.bin \(0 MB\), .*what .gitignore names is linked"):
        take_snapshot(Store(str(tree.path / ".givens")), str(tree.path))
    assert not (tree.path / ".givens").exists()


def test_a_run_of_a_snapshot_is_repeated_in_it_and_from_its_commit_when_it_is_gone(tree: Any) -> None:
    git(tree, "add", "base.yaml")  # staged: part of the patch
    cli(tree, "run", "--snapshot", "--", sys.executable, "train.py", "base.yaml")
    before = tree.only()
    wait_for_capture(tree)
    edit_everything(tree)
    assert "results are the same" in cli(tree, "rerun", before.id, "--here").stdout
    (kept,) = snapshots_in(Store(str(tree.path / ".givens")))
    assert len(kept.runs) == 2
    cli(tree, "snapshots", "--remove", kept.snapshot.id)
    assert "a snapshot of then" in cli(tree, "rerun", before.id, code=1).stderr
    done = cli(tree, "rerun", before.id, "--worktree")
    assert "results are the same" in done.stdout, done.stderr
