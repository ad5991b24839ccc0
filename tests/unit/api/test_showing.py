"""``givens.show``: one file that opens without a server."""

from __future__ import annotations

from pathlib import Path

import pytest

import givens
from givens.errors import UsageError


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GIVENS_SILENT", "1")
    monkeypatch.setenv("GIVENS_SURROUNDINGS", "0")
    for number in range(2):
        givens.init(dir=str(tmp_path), id=f"run{number}", config={"lr": 0.1 * number, "<b>": "<i>"}).finish()
    return tmp_path


def test_whatever_has_a_table_becomes_one_file_that_asks_nobody(store: Path) -> None:
    runs = givens.runs(dir=store)
    for number, what in enumerate(
        (runs, givens.open("run0", dir=store), givens.diff("run0", "run1", dir=store), runs.group("lr"))
    ):
        file = givens.show(what, path=store / f"{number}.html", browser=False)
        text = Path(str(file)).read_text(encoding="utf-8")
        assert "default-src 'none'" in text and "http" not in text.replace("http-equiv", "")
        assert "lr" in text and "<i>" not in text


def test_without_a_path_the_file_is_a_temporary_one(store: Path) -> None:
    file = givens.show(givens.runs(dir=store), browser=False)
    assert file is not None and file.endswith(".html")
    Path(file).unlink()


def test_what_has_no_table_is_refused() -> None:
    with pytest.raises(UsageError, match="give a table of runs"):
        givens.show(3)  # type: ignore[arg-type]
