from __future__ import annotations

from pathlib import Path

import pytest

from givens.capture.project import counterpart, is_below, project_root, upward


def test_upward_goes_from_the_folder_to_the_root_of_the_disk(tmp_path: Path) -> None:
    assert list(upward(str(tmp_path / "a" / "b"))) == [str(folder) for folder in (tmp_path / "a/b/c").parents]


@pytest.mark.parametrize("marker", ["pyproject.toml", ".git"])
def test_the_nearest_marked_folder_is_the_root(tmp_path: Path, marker: str) -> None:
    inner = tmp_path / "outer" / "inner"
    (inner / "deep").mkdir(parents=True)
    (tmp_path / "outer" / ".git").mkdir()
    (inner / marker).touch()
    assert project_root(str(inner / "deep")) == str(inner)
    assert project_root(str(tmp_path / "outer")) == str(tmp_path / "outer")


def test_a_folder_that_is_not_there_still_has_folders_above_it(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    assert project_root(str(tmp_path / "gone" / "away")) == str(tmp_path)


def test_a_relative_start_is_taken_from_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    assert project_root(".") == str(tmp_path)


@pytest.mark.parametrize("path", ["/a/b", "/a/b/c", "/a/b/..c", "/a/x/../b/c", "/a/b/"])
def test_a_folder_and_what_is_in_it_are_below_it(path: str) -> None:
    assert is_below(path, "/a/b") and is_below(path, "/a/b/") and is_below(path, "/")


@pytest.mark.parametrize("path", ["/a", "/a/bc", "/a/b/../c", "/"])
def test_what_is_beside_or_above_a_folder_is_not_below_it(path: str) -> None:
    assert not is_below(path, "/a/b") and counterpart(path, "/a/b", "/x") is None


def test_a_counterpart_lies_at_the_same_place_of_the_other_folder() -> None:
    assert counterpart("/a/b/c/d", "/a/b", "/x") == "/x/c/d" and counterpart("/a/b", "/a/b", "/x") == "/x"
