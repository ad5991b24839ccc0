"""A store that a stranger made, opened by every command: refused or shown, and nothing beside it is read or written."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from givens.cli.root import COMMANDS
from givens.launch.forms import FORMS

from .hostile import RUNS, SECRET, fingerprint, make

MEMORY_BYTES = 2_500 << 20
SECONDS = 120
#: what a terminal would obey, or be confused by
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]")

ODD = ["linked", "pipe01", "sparse", "packed1", "bomb01"]
EVERY = [*RUNS, *ODD]
FEW = ["good01", "ansi01", "paths1", "types1", "linked"]
#: command -> its command lines; one that is not here is tried bare and with each run
LINES: dict[str, list[list[str]]] = {
    "ls": [[], ["-n", "1000"], ["lr > 0"], ["--json"], ["--csv"], ["--sort", "-max(loss)", "--md"]],
    "show": [
        [],
        *([run] for run in EVERY),
        ["paths1", "--log"],
        ["ansi01", "--log"],
        ["types1", "--json"],
        ["numbers", "--json"],
    ],
    "explain": [[run] for run in EVERY],
    "group": [["lr"], ["note", "-m", "loss"]],
    "pivot": [["lr", "depth", "loss"]],
    "importance": [["loss", "--no-forest"]],
    "export": [["-o", f"out.{ending}"] for ending in ("html", "csv", "md", "tex", "json")],
    "run": [["--", "true"]],
    "edit": [["good01", "--set", "lr=3"], *([run, "--set", "lr=1", "--dry-run"] for run in FEW)],
    "tag": [[run, "x"] for run in FEW],
    "note": [[run, "a note"] for run in FEW],
    "undo": [["--list"], ["--dry-run"], []],
    "rm": [[run, "--force"] for run in ("good01", "ansi01", "packed1", "linked")],
    "restore": [[], *([run] for run in ("good01", "index1", "linked", "ansi01"))],
    "rerun": [[run] for run in FEW] + [["paths1", "--worktree"]],
    "command": [[run, "--as", form] for run in ("ansi01", "types1", "deep01", "paths1") for form in FORMS],
    "ui": [],  # test_hostile_page.py
    "doctor": [["--json"]],  # and without, when all else was done
    "setup": [["--show"]],
    "pack": [["--dry-run"], []],
    "history": [[run] for run in FEW] + [["good01", "loss"], ["numbers", "loss"]],
    "diff": [["good01", run] for run in EVERY],
    "duplicates": [[], ["--nearest", "good01"]],
    "keys": [[]],
    "scrub": [["--dry-run"], ["--yes"]],
    "snapshots": [[], ["--remove", "../../outside"], ["--remove-done"]],
    "pull": [],  # test_hostile_merge.py
}
#: what changes the store comes last, and removing last of all
LAST = ("pack", "tag", "note", "edit", "scrub", "undo", "rm", "restore")


def lines_of(name: str) -> list[list[str]]:
    """The command lines of one command."""
    given = LINES.get(name, [[], *([run] for run in EVERY)])
    return [[name, *words] for words in given]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Every command, one after the other; what each said and did."""
    folder = tmp_path_factory.mktemp("hostile")
    make(folder)
    before = fingerprint(folder / "outside")
    names = sorted(COMMANDS, key=lambda name: LAST.index(name) if name in LAST else -1)
    lines = [line for name in names for line in lines_of(name)] + [["ls"], ["doctor"]]
    asked = {"lines": lines, "outside": str(folder / "outside"), "bytes": MEMORY_BYTES, "seconds": SECONDS}
    (folder / "asked.json").write_text(json.dumps(asked))
    home = folder / "home"
    env = {
        **os.environ,
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_CONFIG_HOME": str(home / "config"),
    }
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("command_runner.py"), folder / "asked.json"],
        cwd=folder / "work",
        env={**env, "OPENBLAS_NUM_THREADS": "1", "TERM": "dumb", "COLUMNS": "200"},
        capture_output=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return {**json.loads(done.stdout), "before": before, "after": fingerprint(folder / "outside")}


def told(answer: dict[str, Any]) -> str:
    return f"givens {' '.join(answer['words'])}"


def test_every_command_was_tried(played: dict[str, Any]) -> None:
    assert {answer["words"][0] for answer in played["answers"]} == COMMANDS.keys() - {"ui", "pull"}
    ls = next(answer for answer in played["answers"] if answer["words"] == ["ls", "-n", "1000"])
    assert "calm-good01" in ls["out"] and "html01" in ls["out"], "what is whole is shown beside what is not"


def test_none_ends_in_a_traceback(played: dict[str, Any]) -> None:
    failed = [f"{told(answer)}: {answer['failed']}" for answer in played["answers"] if answer["failed"]]
    assert not failed, "\n".join(failed)
    assert {answer["code"] for answer in played["answers"]} <= {0, 1, 2}


def test_nothing_outside_the_store_is_touched_and_nothing_is_called(played: dict[str, Any]) -> None:
    # what these two are for; and the detached capture of a run that `run` begins
    allowed = {"rerun": ("subprocess.Popen",), "run": ("subprocess.Popen", "os.posix_spawn")}
    wrong = [
        f"{told(answer)}: {what}"
        for answer in played["answers"]
        for what in answer["seen"]
        if not what.startswith(allowed.get(answer["words"][0], "\0"))
    ]
    assert not wrong, "\n".join(wrong)
    assert played["before"] == played["after"]


def test_nothing_outside_is_read_out(played: dict[str, Any]) -> None:
    leaks = [told(answer) for answer in played["answers"] if SECRET in answer["out"] + answer["err"]]
    leaks += [told(answer) for answer in played["answers"] if "root:x:0" in answer["out"] + answer["err"]]
    assert not leaks


def test_a_terminal_gets_nothing_that_it_would_obey(played: dict[str, Any]) -> None:
    wrong = []
    for answer in played["answers"]:
        for stream in ("out", "err"):
            found = OBEYED.search(answer[stream])
            if found is not None:
                around = answer[stream][max(0, found.start() - 40) : found.end() + 20]
                wrong.append(f"{told(answer)}: {stream}: {around!r}")
    assert not wrong, "\n".join(wrong)


def test_it_says_what_it_did_not_read(played: dict[str, Any]) -> None:
    doctor = next(answer for answer in played["answers"] if answer["words"] == ["doctor", "--json"])
    for word in (
        "linked.jsonl",
        "it is a link",
        "pipe01.jsonl",
        "no regular file",
        "sparse.jsonl",
        "than memory allows",
    ):
        assert word in doctor["out"], word
