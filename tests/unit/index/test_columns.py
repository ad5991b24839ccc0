"""The column file: when it is made, what stays good of it, and what happens when it cannot be used."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from givens.index import Index, column_rows, open_index
from givens.index.column_rows import layout_of, write_rows
from givens.index.columns import ColumnFile, path_of
from givens.index.schema import TABLES
from givens.query.finding import Question

duckdb = pytest.importorskip("duckdb")


@pytest.fixture
def index(journals: Any, tmp_path: Path) -> Iterator[Index]:
    """Forty runs of which half have x = 1; a column file from 40 runs on, and a new segment for more than one run."""
    (tmp_path / "index").mkdir()
    for number in range(40):
        _write(journals, f"run{number:02d}", number % 2)
    with open_index(journals.store, folder=str(tmp_path / "index")) as made:
        assert made.refresh().complete
        made.columns = ColumnFile(made.folder, 40)
        yield made


def _write(journals: Any, run_id: str, x: int) -> None:
    journals.write(run_id, ("set", {"s": [[["x"], x, 0]], "o": [{"kind": "code"}]}), ("finish", {"state": "finished"}))


def _files(index: Index) -> list[str]:
    return sorted(path.name for path in Path(index.folder).iterdir() if "columns-" in path.name)


def _count(index: Index) -> int:
    return Question(index, "config.x == 1", few=0).count()


def _opened(index: Index) -> tuple[int, list[int], list[int]] | None:
    found = index.columns.opened(index.connection, index.path)
    return None if found is None else (len(found.segments), found.without, found.rest)


def test_a_small_index_has_none(index: Index) -> None:
    index.columns = ColumnFile(index.folder, 41)
    assert index.refresh().complete
    assert not index.columns.refresh(index.connection, index.path)
    assert _opened(index) is None
    assert _files(index) == []


def test_a_large_one_has_it_after_a_refresh_and_answers_from_it(index: Index) -> None:
    assert _opened(index) is None
    index.refresh()
    assert _opened(index) == (1, [], [])
    assert _files(index) == [f"{Path(index.path).stem}.columns-1.duckdb"]
    assert _count(index) == 20
    assert not index.columns.refresh(index.connection, index.path)  # nothing is missing


def test_new_runs_are_asked_of_the_index_until_they_are_many(index: Index, journals: Any) -> None:
    index.refresh()
    _write(journals, "new0", 1)
    index.refresh()
    assert _opened(index) == (1, [], [41])
    assert _count(index) == 21
    _write(journals, "new1", 1)
    index.refresh()
    assert _opened(index) == (2, [], [])
    assert _count(index) == 22


def test_a_changed_and_a_removed_run_count_as_they_stand_now(index: Index, journals: Any) -> None:
    index.refresh()
    file = Path(journals.store.run_file("run00"))
    file.unlink()
    index.refresh()
    assert _opened(index) == (1, [1], [])
    assert _count(index) == 20
    _write(journals, "run00", 1)
    index.refresh()
    assert _count(index) == 21


def test_many_changed_runs_make_it_anew(index: Index, journals: Any) -> None:
    index.refresh()
    for number in (1, 3, 5):
        Path(journals.store.run_file(f"run{number:02d}")).unlink()
    index.refresh()
    assert _opened(index) == (1, [], [])
    assert [name.rpartition("-")[2] for name in _files(index)] == ["2.duckdb"]
    assert _count(index) == 17


def test_when_the_newest_runs_are_removed_the_old_segment_goes_with_them(index: Index, journals: Any) -> None:
    index.refresh()
    for number in range(30, 40):
        Path(journals.store.run_file(f"run{number:02d}")).unlink()
    index.columns = ColumnFile(index.folder, 30)
    index.refresh()
    assert [tuple(row) for row in index.connection.execute("SELECT * FROM segment")] == [(2, 1, 30, 1)]
    assert _opened(index) == (1, [], [])
    assert _count(index) == 15


def test_a_file_that_is_gone_or_damaged_is_done_without_and_made_again(index: Index) -> None:
    index.refresh()
    path = Path(path_of(index.path, 1))
    path.write_bytes(b"no database")
    index.columns = ColumnFile(index.folder, 40)
    assert _opened(index) is None
    assert _count(index) == 20
    path.unlink()
    index.refresh()
    assert _opened(index) == (1, [], [])
    assert _count(index) == 20


def test_one_that_was_never_finished_does_not_count(index: Index) -> None:
    index.connection.execute("INSERT INTO segment VALUES (7, 1, 40, 0)")
    assert _opened(index) is None
    index.refresh()
    assert [row[0] for row in index.connection.execute("SELECT segment FROM segment")] == [8]


def test_where_it_cannot_be_written_the_index_answers_and_it_is_not_tried_at_once_again(index: Index) -> None:
    blocked = Path(path_of(index.path, 1) + ".part")
    blocked.mkdir()
    index.refresh()
    assert [tuple(row) for row in index.connection.execute("SELECT segment, ready FROM segment")] == [(1, -1)]
    assert _count(index) == 20
    blocked.rmdir()
    assert not index.columns.refresh(index.connection, index.path)


def test_while_it_is_made_changes_are_noted(index: Index, journals: Any) -> None:
    number = index.columns._announced(index.connection, 1, 40)
    Path(journals.store.run_file("run01")).unlink()
    before, index.columns = index.columns, ColumnFile(index.folder, 1000)
    index.refresh()
    index.columns = before
    assert [tuple(row) for row in index.connection.execute("SELECT * FROM touched")] == [(2, number)]


def test_texts_and_numbers_come_through_as_they_are(tmp_path: Path) -> None:
    texts = [
        "",
        "a,b",
        'say "x"',
        "\r",
        "\n",
        "\r\n",
        " ",
        "NULL",
        "\\",
        "\x1a",
        "\ufeff",
        "\u2028",
        "\U0001f600",
        "'",
        "s",
        None,
    ]
    numbers = [1.5, float("inf"), float("-inf"), 5e-324, 1.7976931348623157e308, 0.1 + 0.2, None]
    index = sqlite3.connect(":memory:", isolation_level=None)
    for statement in TABLES.split(";\n"):
        if statement.strip():
            index.execute(statement)
    index.execute("INSERT INTO key (key, project, space, path, direct) VALUES (1, '', 'config', 'x', 0)")
    index.execute("INSERT INTO key_stat VALUES (1, 7, 1)")
    rows = [(run, texts[run % len(texts)], numbers[run % len(numbers)]) for run in range(1, 200)]
    counts = ", ".join("0" * 8)
    for run, text, number in rows:
        names = "settled, keys, results, changes, refused, events, bad, children"
        index.execute(f"INSERT INTO run (run, id, name, {names}) VALUES (?, ?, ?, {counts})", (run, f"r{run}", text))
        index.execute("INSERT INTO param VALUES (?, 1, 7, ?, ?, 0, 0)", (run, number, text))
    made = duckdb.connect()
    write_rows(index, made, layout_of(index), str(tmp_path / "rows.csv"), 1, 199)
    found = made.execute("SELECT run, name, n0, t0 FROM run ORDER BY run").fetchall()
    assert found == [(run, text, number, text) for run, text, number in rows]
    made.close()
    index.close()
    assert list(tmp_path.iterdir()) == []


def test_what_makes_it_is_told_how_far_it_has_come(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(column_rows, "AT_ONCE", 15)
    folded: list[tuple[int, int]] = []
    copied: list[tuple[int, int]] = []
    index.refresh(
        lambda done, total: folded.append((done, total)), copying=lambda done, total: copied.append((done, total))
    )
    assert folded == []
    assert copied == [(0, 40), (15, 40), (30, 40), (40, 40)]
    index.refresh(copying=lambda done, total: copied.append((done, total)))
    assert len(copied) == 4, "nothing is missing"
    assert _count(index) == 20
