"""Runs pulled from a stranger's store: what comes in is files by their names, never what a link leads to."""

from __future__ import annotations

from pathlib import Path

import pytest

from givens.cli.root import run

from .hostile import SECRET, fingerprint, make


@pytest.fixture
def pulled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of one's own into which the stranger's was pulled."""
    there = make(tmp_path / "stranger")
    before = fingerprint(tmp_path / "stranger" / "outside")
    own = tmp_path / "own"
    (own / ".givens" / "runs").mkdir(parents=True)
    monkeypatch.chdir(own)
    assert run(["pull", str(there)]) in (0, 1)
    assert fingerprint(tmp_path / "stranger" / "outside") == before
    return own / ".givens"


def test_nothing_of_the_outside_comes_in(pulled: Path) -> None:
    files = [path for path in pulled.rglob("*") if path.is_file() or path.is_symlink()]
    assert any(path.name == "good01.jsonl" for path in files)
    assert not [path for path in files if path.is_symlink() or not path.is_file()]
    assert not [path for path in files if SECRET.encode() in path.read_bytes()]
    assert not [path for path in files if path.stat().st_size > 1 << 30]
    assert {path.name for path in pulled.iterdir()} <= {
        *("runs", "packs", "blobs", "edits", "env", "ranks", "views", "index", "incoming", "store.json", ".gitignore"),
    }


def test_a_store_with_a_linked_folder_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "there" / ".givens").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "there" / ".givens" / "runs").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "own" / ".givens" / "runs").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "own")
    assert run(["pull", str(tmp_path / "there")]) == 1
    assert "it is a link" in capsys.readouterr().err
    assert run(["ls", "--dir", str(tmp_path / "there")]) == 1
    assert "it is a link" in capsys.readouterr().err
