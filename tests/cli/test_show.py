"""``givens show``."""

from __future__ import annotations

import json
from typing import Any

import pytest

FILE = {"kind": "file", "file": "base.yaml", "line": 2, "column": 5}
CODE = {"kind": "code", "file": "train.py", "line": 7}
FLAG = {"kind": "argparse", "name": "--lr", "note": "typed"}
LIBRARY = {"kind": "absl", "name": "--v", "file": "absl.logging", "note": "default, library"}


@pytest.fixture
def run(journals: Any) -> Any:
    values = [
        [["lr"], 0.01, 0],
        [["lr"], 0.1, 1],
        [["model"], {"depth": 4, "head": {"dim": 64}}, 2],
        [["shape"], {"~": "tuple", "v": [3, 4]}, 2],
        *([[f"flag_{number}"], number, 3] for number in range(4)),
    ]
    journals.write(
        "abc",
        ("set", {"s": values, "o": [FILE, FLAG, CODE, LIBRARY], "l": 1}),
        ("lossy", {"p": [[["shape"], "a class that is not there"]]}),
        ("lock", {"p": [["model"]], "by": "sweep", "o": CODE}),
        ("log", {"m": {"loss": 0.5}, "step": 0}),
        ("settle", {}),
        ("set", {"s": [[["lr"], 0.05, 0]], "o": [CODE]}),
        ("refuse", {"p": ["model", "depth"], "v": 9, "by": "sweep", "o": CODE}),
        ("log", {"m": {"loss": 0.25}, "step": 1}),
        ("summary", {"m": {"best": True}}),
        ("finish", {"state": "failed", "code": 1, "error": "Traceback:\n  line\nValueError: no\n"}),
        start={"tags": ["a", "b"], "notes": "first try"},
    )
    return journals


@pytest.mark.usefixtures("run")
def test_one_run_in_full(givens: Any) -> None:
    answer = givens("show", "abc")
    fingerprint = json.loads(givens("show", "abc", "--json").out)["fingerprint"]
    assert answer.lines == [
        "calm-abc  failed",
        "  id           abc",
        "  project      digits",
        "  tags         a, b",
        "  notes        first try",
        "  created      2026-03-01 10:00:00, took 10.0 s",
        "  command      python train.py",
        "  folder       /home/ada/digits",
        f"  code         {'a' * 40} on main",
        "  python       3.11.7 on node7",
        "  exit code    1",
        f"  fingerprint  {fingerprint}",
        "  journal      DIR/.givens/runs/abc.jsonl",
        "",
        "config",
        "  lr       0.05    train.py:7  changed 1x after the first log, replaced 1 earlier",
        "  model",
        "    depth  4       train.py:7  locked by 'sweep', 1 write refused",
        "    head",
        "      dim  64      train.py:7  locked by 'sweep'",
        "  shape    (3, 4)  train.py:7  not exact: a class that is not there",
        "  and 4 flags that libraries define, at their defaults (--all shows them)",
        "",
        "results",
        "        last   min  at step  max  at step",
        "  loss  0.25  0.25        1  0.5        0",
        "  best  True",
        "",
        "error",
        "  Traceback:",
        "    line",
        "  ValueError: no",
    ]
    assert (answer.err, answer.code) == ("", 0)


@pytest.mark.usefixtures("run")
def test_flags_of_libraries_are_listed_when_asked_for(givens: Any) -> None:
    lines = givens("show", "abc", "--all").lines
    assert "  flag_0   0       --v (default, library, absl.logging)" in lines
    assert not any("flags that libraries define" in line for line in lines)


@pytest.mark.usefixtures("run")
def test_without_a_reference_it_is_the_last(givens: Any) -> None:
    assert givens("show").out == givens("show", "last").out == givens("show", "abc").out


@pytest.mark.usefixtures("run")
def test_on_a_narrow_terminal_names_stay_whole(givens: Any) -> None:
    lines = givens("show", "abc", COLUMNS="40").lines
    config = lines[lines.index("config") + 1 : lines.index("results") - 2]
    assert max(map(len, config)) <= 40
    assert [line.split()[0] for line in config] == ["lr", "model", "depth", "head", "dim", "shape"]
    assert any(line.endswith("…") for line in config)


@pytest.mark.usefixtures("run")
def test_json_has_the_shape_that_the_api_gives(givens: Any) -> None:
    shape = json.loads(givens("show", "abc", "--json").out)
    assert shape["config"]["shape"] == {"value": {"~": "tuple", "v": [3, 4]}, "shown": "(3, 4)"}
    assert shape["keys"][0]["changes"][0]["settled"] is True
    assert shape["results"]["loss"]["min"] == 0.25
    assert shape["error"].startswith("Traceback")


def test_forked_children_are_shown_with_what_is_their_own(givens: Any, journals: Any) -> None:
    given = ("set", {"s": [[["device"], 0, 0]], "o": [CODE]})
    journals.write("abc", given, ("finish", {"state": "finished", "code": 0}))
    journals.write("abc", ("set", {"s": [[["device"], 1, 0]], "o": [CODE]}), child="c" * 16, start={"pid": 12})
    logs = [("log", {"m": {"loss": loss}, "step": at}) for at, loss in enumerate((0.5, 0.25))]
    journals.write("abc", given, *logs, child="d" * 16, start={"pid": 13})
    lines = givens("show", "abc").lines
    assert lines[-5:] == [
        "forked children",
        "  pid 12",
        "    device: 1, not 0",
        "  pid 13, with the run's configuration",
        "    result loss: 0.25, logged 2 times",
    ]


def test_json_has_what_forked_children_logged(givens: Any, journals: Any) -> None:
    journals.write("abc")
    journals.write("abc", ("log", {"m": {"loss": 0.5}, "step": 0}), child="c" * 16)
    (child,) = json.loads(givens("show", "abc", "--json").out)["children"]
    assert child["results"]["loss"]["value"] == 0.5


def test_problems_of_a_run_go_to_stderr(givens: Any, journals: Any) -> None:
    path = journals.write("abc")
    path.write_bytes(b"x\n")
    answer = givens("show", "abc")
    assert answer.lines[0] == "abc  lost"
    assert answer.err.splitlines() == [
        "givens: DIR/.givens/runs/abc.jsonl:1: no checksum at its end",
        "givens: the first line is missing: nothing is known of name, host and time",
    ]
    assert answer.code == 0


def test_a_hostile_traceback_is_shown_and_not_obeyed(givens: Any, journals: Any) -> None:
    journals.write("abc", ("finish", {"state": "failed", "code": 1, "error": "a\x1b[2J\r[red]b"}))
    assert givens("show", "abc").lines[-2:] == ["  a\\x1b[2J", "  [red]b"]


def test_a_key_that_came_after_the_first_log_is_no_change(givens: Any, journals: Any) -> None:
    journals.write(
        "abc",
        ("set", {"s": [[["lr"], 0.1, 0], [["size"], None, 0]], "o": [CODE]}),
        ("settle", {}),
        ("set", {"s": [[["new"], 1, 0], [["lr"], 0.2, 0], [["size"], 3, 0]], "o": [CODE]}),
        ("delete", {"p": [["new"]], "o": CODE}),
        ("set", {"s": [[["new"], 2, 0]], "o": [CODE]}),
    )
    marks = {line.split()[0]: line for line in givens("show", "abc").lines if "train.py" in line}
    assert marks["lr"].endswith("changed 1x after the first log")
    assert "changed 1x after the first log" in marks["new"]  # it was deleted in between
    assert "after the first log" not in marks["size"]  # from None is none, as for changed()
    notes = [line for line in givens("history", "abc").lines if "after the first log" in line]
    assert len(notes) == 2
    assert givens("ls", "changed(size)").lines[0].startswith("no run")
