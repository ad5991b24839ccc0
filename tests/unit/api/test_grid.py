"""A grid, and the formats that it goes out in."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from givens.api import Column, Grid
from givens.api.formats.written import write_text
from givens.errors import StoreError
from givens.records.change import MISSING

NAN = {"~": "float", "v": "nan"}

GRID = Grid(
    "runs",
    (Column("run.name", "text", "name"), Column("lr", "value"), Column("opt", "value"), Column("acc", "result")),
    (
        ("a_b", 1e-3, "adam", 0.9),
        ("c|d <b>", MISSING, "128", 0.7123456),
        ("x", None, 128, NAN),
    ),
    notes=("sampled",),
    ids=("r1", "r2", "r3"),
    best=frozenset({(0, 3)}),
    edited=frozenset({(0, 1)}),
    asked="lr < 1",
)


def test_text_is_aligned_and_tells_text_from_numbers() -> None:
    assert str(GRID).splitlines() == [
        "name     lr      opt          acc",
        "a_b      0.001~  'adam'      0.9*",
        "c|d <b>          '128'   0.712346",
        "x        None    128          nan",
        "note: sampled",
    ]


def test_some_of_the_rows_are_not_taken_for_all_of_them() -> None:
    part = GRID.first(2)
    for text in (str(part), part.to_markdown(), part.to_latex(), part.to_html()):
        assert "2 of 3 rows" in text
    assert part.to_json()["total"] == 3
    assert "rows" not in str(GRID) + GRID.to_markdown() + GRID.to_html()


def test_text_that_is_too_wide_loses_its_last_columns_and_says_so() -> None:
    assert GRID.to_text(width=16).splitlines()[0] == "name     lr"
    assert "2 more columns: opt, acc" in GRID.to_text(width=16).splitlines()
    assert GRID.to_text(width=1).splitlines()[0] == "name"


def test_wide_letters_take_two_places() -> None:
    grid = Grid("t", (Column("a"), Column("b")), (("日本", "x"), ("abc", "y")))
    assert str(grid).splitlines() == ["a     b", "日本  x", "abc   y"]


def test_control_characters_do_not_reach_a_terminal() -> None:
    grid = Grid("t", (Column("a"), Column("b", "value")), (("\x1b[31m\n", "\x07"),))
    assert "\x1b" not in str(grid) and "\x07" not in str(grid)
    assert len(str(grid).splitlines()) == 2


def test_csv_is_whole_and_exact() -> None:
    rows = list(csv.reader(io.StringIO(GRID.to_csv())))
    assert rows == [
        ["run.id", "name", "lr", "opt", "acc"],
        ["r1", "a_b", "0.001", "adam", "0.9"],
        ["r2", "c|d <b>", "", "128", "0.7123456"],
        ["r3", "x", "None", "128", "nan"],
    ]
    odd = Grid("t", (Column("a", "value"),), (('say "hi",\nthere',), ("x" * 5000,), ([1, 2],)))
    assert list(csv.reader(io.StringIO(odd.to_csv()))) == [["a"], ['say "hi",\nthere'], ["x" * 5000], ["[1, 2]"]]


def test_markdown_escapes_and_keeps_numbers_from_texts() -> None:
    assert GRID.to_markdown(digits=2, headers={"lr": "rate|0"}).splitlines() == [
        "| name | rate\\|0 | opt | acc |",
        "| --- | --- | --- | ---: |",
        "| a\\_b | 0.001 \\~ | adam | **0.90** |",
        "| c\\|d \\<b\\> |  | '128' | 0.71 |",
        "| x | None | 128 | nan |",
        "",
        "*sampled*",
    ]


def test_latex_has_filter_and_ids_in_a_comment_and_the_best_in_bold() -> None:
    lines = GRID.to_latex(digits=1, percent=["acc"], headers={"acc": "acc_%"}).splitlines()
    assert "% filter: lr < 1" in lines
    assert "% runs: r1 r2 r3" in lines
    assert lines[lines.index(r"\toprule") :] == [
        r"\toprule",
        r"name & lr & opt & acc\_\% (\%) \\",
        r"\midrule",
        r"a\_b & 0.001\textsuperscript{*} & adam & \textbf{90.0} \\",
        r"c\textbar{}d \textless{}b\textgreater{} & -- & '128' & 71.2 \\",
        r"x & None & 128 & nan \\",
        r"\bottomrule",
        r"\end{tabular}",
    ]


def test_latex_writes_powers_minus_and_infinity_as_mathematics() -> None:
    cells = (1e-5, -0.5, {"~": "float", "v": "-inf"}, 2)
    grid = Grid("t", (Column("a", "value"),), tuple((cell,) for cell in cells), best=frozenset({(1, 0)}))
    made = grid.to_latex()
    for text in (r"$1 \times 10^{-5}$ \\", r"{\boldmath$-0.5$} \\", r"$-\infty$ \\", r"2 \\"):
        assert text in made.splitlines()


def test_latex_needs_no_more_than_the_standard_fonts_and_takes_no_cell_for_an_option() -> None:
    """A row that begins with ``[`` would be an argument of the line break before it; pdflatex has no η, OT1 no straight quotes."""
    grid = Grid("t", (Column("a", "value"), Column("η²"), Column('"a.b"')), (([64, 128], "ε²", 1), ([], "", 2)))
    lines = grid.to_latex().splitlines()
    assert r"a & $\eta$$^2$ & \char34{}a.b\char34{} \\" in lines
    assert r"{[}64, 128] & $\varepsilon$$^2$ & 1 \\" in lines
    assert r"{[}] &  & 2 \\" in lines


def test_nothing_that_a_run_holds_is_a_command_or_ends_a_comment() -> None:
    evil = "\\input{/etc/passwd}%\n\\end{tabular}"
    grid = Grid(evil, (Column(evil),), ((evil,),), asked=evil, ids=(evil,), notes=(evil,))
    made = grid.to_latex(caption=evil, label=evil)
    for line in made.splitlines():
        assert line.startswith("% ") or "\\input" not in line
    assert [line for line in made.splitlines() if "\\end{tabular}" in line and line[0] != "%"] == [r"\end{tabular}"]
    assert r"\begin{table}" in made


def test_html_shows_text_only() -> None:
    made = Grid("<t>", (Column("<i>", "value"),), (("<script>alert(1)</script>",),), notes=("<n>",)).to_html()
    assert "<script" not in made and "<i>" not in made and "<n>" not in made and "<t>" not in made
    assert "&lt;script&gt;" in made
    assert '<td class="n v best">0.9</td>' in GRID.to_html()
    assert '<td class="v edited" title="changed after the run">' in GRID.to_html()


def test_json_keeps_types_and_tells_missing_from_none() -> None:
    shape = json.loads(json.dumps(GRID.to_json(), allow_nan=False))
    assert [column["name"] for column in shape["columns"]] == ["run.name", "lr", "opt", "acc"]
    first, second, third = shape["rows"]
    assert first["cells"]["lr"] == {"value": 0.001, "shown": "0.001"}
    assert (first["best"], first["edited"], first["id"]) == (["acc"], ["lr"], "r1")
    assert "lr" not in second["cells"]
    assert third["cells"]["lr"] == {"value": None, "shown": "None"}
    assert third["cells"]["acc"] == {"value": NAN, "shown": "nan"}
    assert (second["cells"]["opt"]["value"], third["cells"]["opt"]["value"]) == ("128", 128)
    assert (shape["total"], shape["notes"], shape["asked"]) == (3, ["sampled"], "lr < 1")


def test_dicts_hold_python_values() -> None:
    columns = (Column("a", "value"), Column("at", "time"), Column("tags", "labels"), Column("n", "number"))
    rows = (({"~": "tuple", "v": [1, 2]}, 0.5, ["x"], NAN), (MISSING, None, [], MISSING))
    first, second = Grid("t", columns, rows).to_dicts()
    assert first["a"] == (1, 2)
    assert first["at"] == datetime(1970, 1, 1, 0, 0, 0, 500_000, UTC)
    assert first["n"] != first["n"]
    assert second == {"at": None, "tags": []}


def test_times_and_durations_are_for_people_in_text_and_exact_in_csv(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    columns = (Column("took", "duration"), Column("at", "time"))
    grid = Grid("t", columns, tuple((took, 0.25) for took in (0.42, 12.0, 185.0, 8040.0, 273600.0)))
    assert [row[0] for row in grid.shown()] == ["420 ms", "12.0 s", "3 min 05 s", "2 h 14 min", "3 d 4 h"]
    assert grid.to_csv().splitlines()[1] == "0.42,1970-01-01T00:00:00.250Z"


def test_a_file_is_written_whole_or_an_error_names_it(tmp_path: Path) -> None:
    write_text(tmp_path / "t.csv", GRID.to_csv())
    assert (tmp_path / "t.csv").read_text(encoding="utf-8") == GRID.to_csv()
    with pytest.raises(StoreError, match="nowhere"):
        write_text(tmp_path / "nowhere" / "t.csv", "x")
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]
