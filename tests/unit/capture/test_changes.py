"""What the working tree has beyond its commit, asked of the real git."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest

from givens.capture.changes import UNTRACKED, changes_of


def git(folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=a", "-c", "user.email=a@b"]
    done = subprocess.run(["git", *who, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    (folder / "train.py").write_text("lr = 1\n")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "first")
    return folder


def test_only_changes_to_tracked_files_make_a_tree_dirty(repository: Path) -> None:
    assert changes_of(str(repository)).dirty is False
    (repository / "notes.txt").write_text("untracked")
    found = changes_of(str(repository))
    assert (found.dirty, found.patch, found.untracked) == (False, None, ("notes.txt",))
    (repository / "train.py").write_text("lr = 2\n")
    assert changes_of(str(repository)).dirty is True
    git(repository, "add", "train.py")
    assert changes_of(str(repository)).dirty is True


def test_the_patch_makes_the_tree_again(repository: Path, tmp_path: Path) -> None:
    git(repository, "config", "diff.noprefix", "true")  # a user's settings that change what git prints
    git(repository, "config", "color.ui", "always")
    (repository / "new.py").write_text("ä = 1\n")
    git(repository, "add", "new.py")
    (repository / "train.py").write_text("lr = 2\n")
    found = changes_of(str(repository))
    assert found.patch_complete
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(repository), str(clone))
    subprocess.run(["git", "apply"], input=found.patch, cwd=clone, check=True)
    assert (clone / "train.py").read_text() == "lr = 2\n"
    assert (clone / "new.py").read_text() == "ä = 1\n"


def test_a_long_patch_is_cut_at_a_line_and_a_binary_file_is_named_only(repository: Path) -> None:
    (repository / "train.py").write_text("a line that is long enough\n" * 1000)
    found = changes_of(str(repository), patch_bytes=2000)
    assert found.patch is not None and found.patch.endswith(b"\n") and len(found.patch) <= 2000
    assert not found.patch_complete
    (repository / "train.py").write_bytes(b"\0\1\2" * 100)
    found = changes_of(str(repository))
    assert found.patch is not None and b"Binary files" in found.patch
    assert not found.patch_complete


def test_files_that_were_written_to_since_a_moment_are_named_whether_they_differ_or_not(repository: Path) -> None:
    (repository / "other.py").write_text("a = 1\n")
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "second")
    (repository / "untracked.py").write_text("")
    time.sleep(0.02)  # the clock of a file system is a coarse one
    since_ns = time.time_ns()
    assert changes_of(str(repository), since_ns=since_ns).touched == ()
    time.sleep(0.02)
    (repository / "train.py").write_text("lr = 2\n")
    git(repository, "checkout", "-q", "train.py")
    (repository / "untracked.py").write_text("1")
    found = changes_of(str(repository), since_ns=since_ns)
    assert (found.dirty, found.touched, found.untracked) == (False, ("train.py",), ("untracked.py",))
    assert changes_of(str(repository)).touched == ()


def test_the_patch_is_to_the_commit_that_is_named_though_another_one_is_checked_out_by_now(repository: Path) -> None:
    first = git(repository, "rev-parse", "HEAD").strip()
    (repository / "train.py").write_text("lr = 2\n")
    git(repository, "commit", "-q", "-a", "-m", "what runs already")
    assert changes_of(str(repository)).dirty is False
    found = changes_of(str(repository), commit=first)
    assert found.dirty is True and found.patch is not None and b"+lr = 2" in found.patch
    assert changes_of(str(repository), commit="--output=written").dirty is False
    assert not (repository / "written").exists()


def test_untracked_files_are_counted_and_the_first_are_named(repository: Path) -> None:
    (repository / ".gitignore").write_text("*.log\n")
    git(repository, "add", ".gitignore")
    (repository / "run.log").write_text("")
    for number in range(UNTRACKED + 5):
        (repository / f"file {number:04}.txt").write_text("")
    found = changes_of(str(repository))
    assert found.untracked_total == UNTRACKED + 5
    assert found.untracked is not None and len(found.untracked) == UNTRACKED
    assert found.untracked[0] == "file 0000.txt"


def test_the_remote_is_the_one_that_the_branch_follows(repository: Path, tmp_path: Path) -> None:
    assert changes_of(str(repository)).remote is None
    git(repository, "remote", "add", "aaa", "https://example.org/other.git")
    assert changes_of(str(repository)).remote == "https://example.org/other.git"
    git(tmp_path, "clone", "-q", "--origin", "zzz", str(repository), "clone")
    git(tmp_path / "clone", "remote", "add", "aaa", "https://example.org/other.git")
    assert changes_of(str(tmp_path / "clone")).remote == str(repository)


def test_variables_of_a_git_hook_do_not_point_elsewhere(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "no-index"))
    assert changes_of(str(repository)).dirty is False


def test_the_question_leaves_the_index_as_it_is(repository: Path) -> None:
    os.utime(repository / "train.py", (1, 1))  # git would like to note the new time
    before = (repository / ".git" / "index").read_bytes()
    assert changes_of(str(repository)).dirty is False
    assert (repository / ".git" / "index").read_bytes() == before


def test_a_git_that_hangs_is_given_up(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hanging = tmp_path / "bin" / "git"
    hanging.parent.mkdir()
    hanging.write_text("#!/bin/sh\nexec sleep 600\n")
    hanging.chmod(0o755)
    monkeypatch.setenv("PATH", f"{hanging.parent}{os.pathsep}{os.environ['PATH']}")
    found = changes_of(str(repository), limit_s=0.2)
    assert found == (None, None, None, False, None, 0, ())


def test_without_git_nothing_is_known(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert changes_of(str(repository)).dirty is None
    assert changes_of(str(tmp_path)).dirty is None
