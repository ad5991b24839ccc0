"""Against git itself: whatever `git rev-parse` says, `head` has to say."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from givens.capture.git import GitHead, head


def git(folder: Path, *arguments: str) -> str:
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        **{f"GIT_{who}_{what}": "t@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }
    command = ["git", "-C", str(folder), "-c", "protocol.file.allow=always", *arguments]
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "--initial-branch", "main")
    (folder / "train.py").write_text("lr = 1\n")
    git(folder, "add", ".")
    git(folder, "commit", "-m", "first")
    return folder


def commit_of(folder: Path) -> str:
    return git(folder, "rev-parse", "HEAD")


def test_outside_of_a_repository_there_is_nothing(tmp_path: Path) -> None:
    assert head(str(tmp_path)) is None


def test_a_branch_is_read_from_any_folder_below_the_root(repository: Path) -> None:
    (repository / "a" / "b").mkdir(parents=True)
    expected = GitHead(str(repository), commit_of(repository), "main")
    assert head(str(repository)) == expected
    assert head(str(repository / "a" / "b")) == expected


def test_a_branch_with_slashes_keeps_its_whole_name(repository: Path) -> None:
    git(repository, "switch", "--create", "feature/deep/er")
    assert head(str(repository)) == GitHead(str(repository), commit_of(repository), "feature/deep/er")


def test_packed_references_are_found_and_loose_ones_win(repository: Path) -> None:
    first = commit_of(repository)
    git(repository, "branch", "main-2")
    git(repository, "tag", "--annotate", "v1", "-m", "v1")
    git(repository, "pack-refs", "--all")
    assert not (repository / ".git/refs/heads/main").exists()
    assert head(str(repository)) == GitHead(str(repository), first, "main")
    git(repository, "commit", "--allow-empty", "-m", "second")
    assert commit_of(repository) != first
    assert head(str(repository)) == GitHead(str(repository), commit_of(repository), "main")


def test_a_detached_head_has_a_commit_and_no_branch(repository: Path) -> None:
    git(repository, "switch", "--detach")
    assert head(str(repository)) == GitHead(str(repository), commit_of(repository), None)


def test_before_the_first_commit_there_is_a_branch_only(tmp_path: Path) -> None:
    git(tmp_path, "init", "--initial-branch", "main")
    assert head(str(tmp_path)) == GitHead(str(tmp_path), None, "main")


def test_a_linked_worktree_has_its_own_head(repository: Path, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    git(repository, "worktree", "add", "-b", "side", str(linked))
    git(linked, "commit", "--allow-empty", "-m", "on the side")
    assert commit_of(linked) != commit_of(repository)
    assert head(str(linked)) == GitHead(str(linked), commit_of(linked), "side")
    git(repository, "pack-refs", "--all")
    assert head(str(linked)) == GitHead(str(linked), commit_of(linked), "side")
    assert head(str(repository)) == GitHead(str(repository), commit_of(repository), "main")


def test_a_submodule_is_a_repository_of_its_own(repository: Path, tmp_path: Path) -> None:
    outer = tmp_path / "outer"
    outer.mkdir()
    git(outer, "init", "--initial-branch", "trunk")
    git(outer, "submodule", "add", str(repository), "inner")
    git(outer, "commit", "-m", "with a submodule")
    assert (outer / "inner" / ".git").is_file()
    assert head(str(outer / "inner")) == GitHead(str(outer / "inner"), commit_of(repository), "main")


def test_sha256_commits_are_read_whole(tmp_path: Path) -> None:
    git(tmp_path, "init", "--initial-branch", "main", "--object-format=sha256")
    git(tmp_path, "commit", "--allow-empty", "-m", "first")
    found = head(str(tmp_path))
    assert found is not None
    assert found.commit == commit_of(tmp_path)
    assert len(found.commit) == 64


def test_a_folder_called_git_that_is_no_repository_is_passed_over(repository: Path) -> None:
    inner = repository / "inner"
    (inner / ".git").mkdir(parents=True)
    (repository / "other").mkdir()
    (repository / "other" / ".git").write_text("not a link")
    assert head(str(inner)) == head(str(repository))
    assert head(str(repository / "other")) == head(str(repository))


@pytest.mark.parametrize("content", [b"", b"ref: refs/heads/none\n", b"\xff\xfe", b"ref:", b"ref: HEAD\n", b"12 34\n"])
def test_a_damaged_head_gives_no_commit_and_no_error(repository: Path, content: bytes) -> None:
    (repository / ".git" / "HEAD").write_bytes(content)
    found = head(str(repository))
    assert found is not None
    assert found.commit is None
