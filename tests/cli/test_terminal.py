"""Durations, and tables that fit."""

from __future__ import annotations

import io
import json
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from givens.api.grid import TIME, Column, Grid
from givens.cli.grid_output import print_cells
from givens.cli.progress import UP_TO_DATE, progress
from givens.cli.terminal import console, fitted, print_json, silence


@pytest.mark.parametrize(("seconds", "shown"), [(5.9, "5 s"), (119, "1 min"), (7 * 3600 + 5, "7 h"), (200_000, "2 d")])
def test_silence_is_told_in_one_unit(seconds: float, shown: str) -> None:
    assert silence(seconds) == shown


def test_a_table_that_fits_is_left_alone() -> None:
    assert fitted([3, 10, 5], 18) == [3, 10, 5]


def test_the_widest_column_is_cut_first_and_the_first_one_last() -> None:
    assert fitted([10, 30, 5], 30) == [10, 15, 5]
    assert fitted([10, 10], 16) == [10, 6]


@given(st.lists(st.integers(1, 50), min_size=1, max_size=6), st.integers(0, 200))
def test_columns_are_only_ever_cut_and_fit_where_that_is_possible(widths: list[int], room: int) -> None:
    cut = fitted(widths, room)
    assert all(1 <= after <= before for after, before in zip(cut, widths, strict=True))
    assert sum(cut) <= max(room, len(widths) * 2)


def test_json_of_many_items_is_the_same_json(capsys: pytest.CaptureFixture[str]) -> None:
    shape = {
        "few": [1, {"a": "x\ny"}],
        "rows": [{"at": at, "é": "\n"} for at in range(500)],
        "by": {f"k{at}": [at] for at in range(500)},
    }
    print_json(shape)
    out = capsys.readouterr().out
    assert json.loads(out) == shape
    assert out.isascii()
    assert out.count("\n") < 1100
    print_json({})
    assert json.loads(capsys.readouterr().out) == {}


@pytest.mark.parametrize(("days", "shown"), [((1, 1), "10:00:00"), ((1, 2), "03-01 10:00")])
def test_times_that_are_shortened_keep_their_marks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], days: tuple[int, ...], shown: str
) -> None:
    monkeypatch.setenv("COLUMNS", "26")
    began = [datetime(2026, 3, day, 10).timestamp() for day in days]
    columns = (Column("name"), Column("run.created", TIME, "created"))
    rows = tuple(("x" * 10, at) for at in began)
    print_cells(console(), Grid("runs", columns, rows, best=frozenset({(0, 1)}), edited=frozenset({(0, 1)})), keep=2)
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].endswith(f"{shown}*~") and "~" not in lines[2]


class Terminal(io.StringIO):
    """Takes what a terminal would be sent."""

    def isatty(self) -> bool:
        return True


def test_a_bar_that_is_told_less_than_before_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = Terminal()
    monkeypatch.setattr("sys.stderr", seen)
    monkeypatch.setenv("TERM", "xterm")
    with progress(UP_TO_DATE) as told:
        while "9/10" not in seen.getvalue():  # it has patience
            told(9, 10)
        told(10, 10)
        assert "10/10" in seen.getvalue()
        until = len(seen.getvalue())
        while "2/40" not in seen.getvalue()[until:]:
            told(2, 40)
    assert UP_TO_DATE in seen.getvalue()
