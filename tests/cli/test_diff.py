"""``givens diff``."""

from __future__ import annotations

import json
from typing import Any

import pytest

CODE = {"kind": "code", "file": "train.py", "line": 7}


def set_to(**values: Any) -> tuple[str, dict[str, Any]]:
    return "set", {"s": [[[key], value, 0] for key, value in values.items()], "o": [CODE]}


@pytest.fixture
def runs(journals: Any) -> Any:
    journals.write("abc", set_to(lr=0.1, n=2, seed=1, model={"depth": 4, "path": "a"}))
    journals.write("xyz", set_to(lr=0.2, n=2.0, seed=1, model={"depth": 4, "path": "b"}, opt=None))
    return journals


TABLE = [
    "            calm-abc  calm-xyz",
    "lr          0.1       ≠ 0.2",
    "n           2 (int)   ~ 2.0 (float)",
    "model.path  'a'       ≠ 'b'",
    "opt         missing   None",
    "4 keys differ, 2 are the same",
]


@pytest.mark.usefixtures("runs")
def test_what_differs_is_a_table_and_what_does_not_is_counted(givens: Any) -> None:
    answer = givens("diff", "abc", "xyz")
    assert answer.lines == TABLE
    assert (answer.err, answer.code) == ("", 0)


@pytest.mark.usefixtures("runs")
def test_all_shows_what_is_the_same_too(givens: Any) -> None:
    lines = givens("diff", "abc", "xyz", "--all").lines
    assert any(line.split() == ["seed", "1", "1"] for line in lines)
    assert any(line.split()[:1] == ["(python)"] for line in lines)


@pytest.mark.usefixtures("runs")
def test_ignored_keys_are_left_out_and_not_counted(givens: Any) -> None:
    lines = givens("diff", "abc", "xyz", "--ignore", "*.path", "--ignore", "opt").lines
    assert [line.split()[0] for line in lines[1:]] == ["lr", "n", "2"]
    assert lines[-1] == "2 keys differ, 2 are the same"


@pytest.mark.usefixtures("runs")
def test_a_narrow_terminal_gets_one_key_after_the_other(givens: Any) -> None:
    assert givens("diff", "abc", "xyz", "abc", COLUMNS="30").lines[:8] == [
        "lr",
        "  calm-abc  0.1",
        "  calm-xyz  ≠ 0.2",
        "  calm-abc  0.1",
        "n",
        "  calm-abc  2 (int)",
        "  calm-xyz  ~ 2.0 (float)",
        "  calm-abc  2 (int)",
    ]


@pytest.mark.usefixtures("runs")
def test_equal_runs_have_no_table(givens: Any) -> None:
    assert givens("diff", "abc", "calm-abc").lines == ["0 keys differ, 5 are the same"]


def test_a_file_is_one_of_the_sides(givens: Any, runs: Any) -> None:
    (runs.folder / "new.yaml").write_text("lr: 0.5\nn: 2\nseed: 1\nmodel: {depth: 4, path: a}\n")
    assert givens("diff", "abc", "new.yaml").lines == [
        "    calm-abc  new.yaml",
        "lr  0.1       ≠ 0.5",
        "1 key differs, 4 are the same",
    ]


def test_a_malformed_file_is_one_line_with_its_place(givens: Any, runs: Any) -> None:
    (runs.folder / "new.yaml").write_text("lr: 1\nlr: 2\n")
    answer = givens("diff", "abc", "new.yaml")
    assert (answer.out, answer.code) == ("", 1)
    assert answer.err.startswith("givens: new.yaml:2:1: ")
    assert answer.err.count("\n") == 1


@pytest.mark.usefixtures("runs")
def test_json_is_typed(givens: Any) -> None:
    shape = json.loads(givens("diff", "abc", "xyz", "--json").out)
    assert {row["path"]: row["status"] for row in shape["rows"]} == {
        "lr": "differs",
        "n": "type differs",
        "model.path": "differs",
        "opt": "missing",
    }
    assert shape["rows"][3]["cells"] == [None, {"value": None, "shown": "None"}]
    assert shape["constants"] == 2


@pytest.mark.usefixtures("runs")
def test_marks_survive_a_terminal_without_unicode(givens: Any) -> None:
    out = givens("diff", "abc", "xyz", PYTHONUTF8="0", PYTHONIOENCODING="ascii").out
    assert "!= 0.2" in out
    assert out.isascii()


@pytest.mark.usefixtures("runs")
def test_one_run_is_too_few(givens: Any) -> None:
    answer = givens("diff", "abc")
    assert (answer.out, answer.code) == ("", 2)
    assert answer.err == (
        "givens: diff compares two or more: name another run or file (`givens diff --help` shows how)\n"
    )


def test_references_are_words_for_runs(givens: Any, journals: Any) -> None:
    for day, (run_id, acc) in enumerate((("aaa", 0.5), ("bbb", 0.9), ("ccc", 0.7)), 1):
        journals.write(run_id, set_to(n=day), ("log", {"m": {"acc": acc}, "step": 0}), began=f"2026-03-0{day}T10:00:00")
    assert givens("diff", "last~2..last").lines[0].split() == ["calm-aaa", "calm-bbb", "calm-ccc"]
    assert givens("diff", "last~1", "min:acc").lines[0].split() == ["calm-bbb", "calm-aaa"]
    assert givens("show", "max:acc").lines[0].startswith("calm-bbb")
    assert givens("show", "last~9").code == 1
    assert givens("show", "best:acc").code == 1


@pytest.mark.usefixtures("runs")
def test_other_programs_get_a_row_a_key(givens: Any) -> None:
    lines = givens("diff", "abc", "xyz", "--csv").lines
    assert lines[0] == "key,status,calm-abc,calm-xyz"
    assert "lr,differs,0.1,0.2" in lines
    assert givens("diff", "abc", "xyz", "--md").lines[0] == "| key | status | calm-abc | calm-xyz |"
