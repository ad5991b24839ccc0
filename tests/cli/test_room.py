"""What is cut where there is little room, and what is whole in a pipe."""

from __future__ import annotations

from typing import Any

LONG = "x" * 180
CODE = {"kind": "code", "file": "train.py", "line": 7}


def given(**values: Any) -> tuple[str, dict[str, Any]]:
    return "set", {"s": [[[key], value, 0] for key, value in values.items()], "o": [CODE]}


def test_a_pipe_gets_every_value_whole_and_one_line_a_row(givens: Any, journals: Any) -> None:
    began = {"a": "2026-03-01T10:00:00", "b": "2026-03-02T10:00:00"}
    for run_id, text in (("a", LONG), ("b", "y" + LONG)):
        argv = ["train.py", *(["--flag"] * 30), run_id]
        log = ("log", {"m": {"acc": 1, "words": text}})
        journals.write(run_id, given(text=text, lr=0.1, seed=run_id), log, began=began[run_id], start={"argv": argv})
    for words in (("show",), ("keys",), ("diff", "a", "b"), ("explain", "a"), ("ls",), ("group", "--except", "seed")):
        whole = givens(*words)
        assert LONG in whole.out and "…" not in whole.out, words
        assert len(whole.lines) == len(givens(*words, COLUMNS="200").lines)
    rows = givens("group", "--except", "lr", "-m", "acc").lines[:3]
    assert rows[1].rstrip() == rows[1] and all(" " * 70 not in row for row in rows)
    assert "…" in givens("show", COLUMNS="80").out and "…" in givens("explain", "a", COLUMNS="80").out


def test_where_there_is_little_room_times_are_shortened_and_commands_begin_where_they_differ(
    givens: Any, journals: Any
) -> None:
    for run_id, end in (("a", "--lr 1"), ("b", "--lr 2")):
        argv = ["train.py", "--data", "/a/very/long/path/to/the/data", "--more", "and more of it", *end.split()]
        changes = [("settle", {}), given(learning_rate=0.2), given(learning_rate=0.3)]
        journals.write(run_id, given(learning_rate=0.1), *changes, start={"argv": argv})
    row = givens("history", "a", COLUMNS="60").lines[1].split()
    assert row[0].count(":") == 2 and row[1:5] == ["learning_rate", "set", "0.1", "0.2"]
    assert givens("history", "a").lines[1].startswith("2026-03-01 10:00:")
    command = next(line for line in givens("diff", "a", "b", COLUMNS="60").lines if line.startswith("(command)"))
    assert command.split() == ["(command)", "…1", "≠", "…2"]
    assert "changed 2x" in givens("show", "a", COLUMNS="60").out
