"""``givens.show``: one file that opens without a server."""

from __future__ import annotations

from pathlib import Path

import pytest

import givens
from givens.api import export_page
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


def test_a_long_table_is_shown_whole_with_the_details_of_its_first_runs(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_page, "MOST_DETAILED", 1)

    def shown() -> str:
        return Path(str(givens.show(givens.runs(dir=store), path=store / "long.html", browser=False))).read_text(
            "utf-8"
        )

    text = shown()
    assert "<p>2 runs</p>" in text and "Details of 1 of 2 runs" in text
    assert text.count("<details id=") == 1 and text.count('href="#run-') == 1
    monkeypatch.setattr(export_page, "MOST_ROWS", 1)
    assert "<p>1 of 2 rows</p>" in shown()


def test_without_a_path_the_file_is_a_temporary_one(store: Path) -> None:
    file = givens.show(givens.runs(dir=store), browser=False)
    assert file is not None and file.endswith(".html")
    Path(file).unlink()


def test_what_has_no_table_is_refused() -> None:
    with pytest.raises(UsageError, match="give a table of runs"):
        givens.show(3)  # type: ignore[arg-type]
