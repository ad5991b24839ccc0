"""Code kept as it is at submission: real trees, real programs that start later."""

from __future__ import annotations

import csv
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
from givens.launch.kept import snapshots_in
from givens.launch.running import Asked, environment_for
from givens.launch.snapshots import take_snapshot
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
        env={**os.environ, "COLUMNS": "400", **(env or {})},
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
    (row,) = csv.DictReader(cli(tree, "snapshots", "--csv").stdout.splitlines())
    assert (row["id"], row["runs"], row["written since"]) == (waiting.snapshot.id, f"{run.id} finished", "0")
    assert row["size_bytes"] == str(waiting.snapshot.size_bytes)
    assert "| id | made |" in cli(tree, "snapshots", "--md").stdout
    assert r"\toprule" in cli(tree, "snapshots", "--latex").stdout
    assert "prints one" in cli(tree, "snapshots", "--remove-done", "--csv", code=2).stderr
    (over,) = json.loads(cli(tree, "snapshots", "--remove-submitted", "--json").stdout)
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
    # the working directory is one that git ignores, so the program runs where it would have
    assert asked.cwd == str(tree.path / "data")
    assert command == ["python", f"{copy}/train.py", f"--config={copy}/local.yaml", f"{copy}/data/big.bin", "../../x"]
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
    assert "1 result is the same" in cli(tree, "rerun", before.id, "--here").stdout
    (kept,) = snapshots_in(Store(str(tree.path / ".givens")))
    assert len(kept.runs) == 2
    cli(tree, "snapshots", "--remove", kept.snapshot.id)
    assert "a snapshot of then" in cli(tree, "rerun", before.id, code=1).stderr
    done = cli(tree, "rerun", before.id, "--worktree")
    assert "1 result is the same" in done.stdout, done.stderr


def test_a_named_file_in_an_ignored_folder_is_kept_as_it_is(tree: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    tree.write("data/configs/c.yaml", "lr: 0.3\n")
    tree.write("data/configs/other.yaml", "lr: 0.4\n")
    tree.write("data/raw/x.bin", "x")
    tree.write(".gitignore", "data/\nout/\n__pycache__\n.givens\nlocal.yaml\n")
    tree.write("out/log", "")
    monkeypatch.chdir(tree.path)
    command, asked = in_snapshot(["qsub", "r.py", "data/configs/c.yaml"], Asked())
    tree.write("data/configs/c.yaml", "lr: 99\n")
    copy = str(asked.cwd)
    assert command == ["qsub", "r.py", "data/configs/c.yaml"]
    assert Path(copy, command[2]).read_text() == "lr: 0.3\n"
    linked = ("data/configs/other.yaml", "data/raw", "data/big.bin", "out")
    assert all(os.readlink(f"{copy}/{path}") == str(tree.path / path) for path in linked)
    assert not os.path.islink(f"{copy}/data") and not os.path.islink(f"{copy}/data/configs")
    seen = subprocess.run(["git", "status", "--porcelain"], cwd=copy, capture_output=True, text=True, check=True)
    assert seen.stdout == git(tree, "status", "--porcelain")


def test_environments_and_large_files_are_linked_though_they_are_named(
    tree: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(code_files, "MOST_NAMED_BYTES", 10)
    tree.write(".gitignore", "data/\nenv/\n.givens\n")
    tree.write("env/pyvenv.cfg", "")
    tree.write("env/bin/torchrun", "")
    tree.write("data/big.bin", "x" * 11)
    monkeypatch.chdir(tree.path)
    _, asked = in_snapshot(["env/bin/torchrun", "data/big.bin"], Asked())
    assert os.path.islink(f"{asked.cwd}/env") and os.path.islink(f"{asked.cwd}/data")


def test_git_in_a_copy_is_nobody_elses(tree: Any) -> None:
    git(tree, "branch", "other")
    taken = take_snapshot(Store(str(tree.path / ".givens")), str(tree.path))
    moved = Path(taken.folder).rename(tree.path / "moved")
    copy = moved / Path(taken.tree).name
    for arguments in (["add", "."], ["commit", "-q", "-m", "of a job"], ["branch", "made"]):
        who = ["git", "-c", "user.name=a", "-c", "user.email=a@b"]
        subprocess.run([*who, *arguments], cwd=copy, capture_output=True, check=True)
    assert git(tree, "branch", "--list", "made") == "" and "of a job" not in git(tree, "log", "--all")
    log = subprocess.run(["git", "log", "--oneline", "other"], cwd=copy, capture_output=True, text=True, check=True)
    assert log.stdout == git(tree, "log", "--oneline", "other")


def test_a_finished_run_in_a_snapshot_is_known_by_what_was_typed(tree: Any) -> None:
    words = ["--skip-done", "--snapshot", "--", sys.executable, str(tree.path / "train.py"), "base.yaml"]
    cli(tree, "run", *words)
    assert "has these values already" in cli(tree, "run", *words).stderr
    cli(tree, "run", "--grid", "lr=0.2,0.3", *words)
    done = cli(tree, "run", "--grid", "lr=0.2,0.3", *words)
    assert done.stderr.count("done already") == 2
    assert len(tree.runs()) == len(snapshots_in(Store(str(tree.path / ".givens")))) + 1  # two of the grid share one


def test_nothing_is_left_of_a_snapshot_that_fails(tree: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(str(tree.path / ".givens"))
    (tree.path / ".git" / "info" / "sparse-checkout").mkdir(parents=True)
    with pytest.raises(SnapshotError, match="sparse-checkout: Is a directory; nothing was started"):
        take_snapshot(store, str(tree.path))
    assert os.listdir(f"{store.path}/snapshots") == []

    def refused(path: str) -> None:
        raise PermissionError(13, "Permission denied", path)

    plain = tree.path.parent / f"{tree.path.name}-plain"
    plain.mkdir()
    monkeypatch.setattr(os, "scandir", refused)  # tests may run as root, whom nothing is refused
    with pytest.raises(SnapshotError, match="-plain/?: Permission denied; nothing was started"):
        take_snapshot(store, str(plain))


def test_a_package_with_a_broken_note_of_its_origin_is_passed_over(
    folder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = json.dumps({"url": f"file://{folder.path}/mine", "dir_info": {"editable": True}})
    said = ["{", "[]", '{"dir_info": 1}', '{"dir_info": {"editable": true}, "url": "http://["}', good]
    for number, text in enumerate(said):
        folder.write(f"site/p{number}-1.dist-info/METADATA", f"Name: p{number}\nVersion: 1\n")
        folder.write(f"site/p{number}-1.dist-info/direct_url.json", text)
    monkeypatch.syspath_prepend(str(folder.path / "site"))
    assert list(snapshots._import_folders(str(folder.path))) == [f"{folder.path}/mine"]
