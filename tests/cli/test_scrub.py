"""``givens scrub``: shown first, asked for, done, told of; and what it leaves alone."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ..conftest import StoreOfJournals

SECRET = "correct-horse-battery"
FINISH: tuple[str, dict[str, Any]] = ("finish", {"state": "finished", "code": 0})


def given(**values: Any) -> tuple[str, dict[str, Any]]:
    return ("set", {"s": [[[key], value, 0] for key, value in values.items()], "o": [{"kind": "code"}]})


@pytest.fixture
def three(journals: StoreOfJournals) -> StoreOfJournals:
    """Two runs that are over, and one that goes on elsewhere; what they were given was no secret once."""
    journals.write(
        "aaa", given(api_key=SECRET, lr=0.1), FINISH, start={"argv": ["python", "a.py", f"--password={SECRET}"]}
    )
    journals.write("bbb", given(dsn=f"db:{SECRET}", port=5432), FINISH, began="2026-03-02T10:00:00")
    journals.write("ccc", given(api_key=SECRET), began="2026-03-03T10:00:00")
    return journals


def held(journals: StoreOfJournals) -> list[str]:
    return sorted(path.name for path in Path(journals.store.path).rglob("*.jsonl") if SECRET in path.read_text())


def test_it_shows_what_goes_and_asks(three: StoreOfJournals, givens: Any) -> None:
    trial = givens("scrub", "--dry-run")
    assert trial.lines == [
        "                runs  times",
        "config.api_key     2      2",
        "argv               1      1",
        "would scrub 2 runs, 1 file",
    ]
    assert trial.err.startswith("givens: left as it is: DIR/.givens/runs/ccc.jsonl: still being written")
    refused = givens("scrub")
    assert refused.code == 2 and "Take this out of 2 runs? It cannot be undone. Say --yes" in refused.err
    assert held(three) == ["aaa.jsonl", "bbb.jsonl", "ccc.jsonl"]
    assert not os.path.exists(os.path.join(three.store.path, "edits"))


def test_it_takes_out_what_todays_rules_hide_and_says_so(three: StoreOfJournals, givens: Any) -> None:
    done = givens("scrub", "--yes", "--note", f"it was --token={SECRET}")
    assert "scrubbed 2 runs, 1 file (edit " in done.out and SECRET not in done.out + done.err
    assert held(three) == ["bbb.jsonl", "ccc.jsonl"]  # another rule's, and one that is being written
    again = givens("scrub")
    assert again.lines == ["nothing to scrub"] and "ccc.jsonl: still being written" in again.err
    for command in (
        ["show", "aaa"],
        ["show", "ccc"],
        ["ls", "exists(api_key)", "--json"],
        ["explain", "ccc"],
        ["show", "ccc", "--json"],
    ):
        answer = givens(*command)
        assert answer.code == 0 and SECRET not in answer.out, command
    assert "scrubbed" in givens("show", "aaa").out
    assert givens("history", "aaa").lines[-1].startswith("scrubbed ")
    assert json.loads(givens("show", "aaa", "--json").out)["scrubs"][0]["places"] == ["argv", "config.api_key"]


def test_a_run_that_was_running_is_cleaned_once_it_is_over(three: StoreOfJournals, givens: Any) -> None:
    givens("scrub", "--yes")
    journal = Path(three.store.run_file("ccc"))
    ended = Path(three.write("ddd", FINISH)).read_bytes().splitlines(keepends=True)[-1]
    journal.write_bytes(journal.read_bytes() + ended)
    os.unlink(three.store.run_file("ddd"))
    trial = givens("scrub", "--dry-run")
    assert trial.lines == ["would scrub 0 runs, 1 file"]
    assert givens("scrub", "--yes").lines[0].startswith("scrubbed 0 runs, 1 file")
    assert held(three) == ["bbb.jsonl"]


def test_keys_and_runs_that_are_named(three: StoreOfJournals, givens: Any) -> None:
    plan = json.loads(givens("scrub", "bbb", "--key", "dsn", "--key", "p?rt", "--dry-run", "--json").out)
    assert plan["runs"] == [{"id": "bbb", "places": {"config.dsn": 1, "config.port": 1}}]
    done = json.loads(givens("scrub", "--where", "port=5432", "--key", "dsn", "--yes", "--json").out)
    assert done["done"] and len(done["edit"]) == 16 and done["files"] == 1
    assert held(three) == ["aaa.jsonl", "ccc.jsonl"]
    assert givens("ls", "dsn=x").code == 0


def test_a_text_from_a_file_or_standard_input(three: StoreOfJournals, givens: Any, tmp_path: Path) -> None:
    file = tmp_path / "secret.txt"
    file.write_text(f"{SECRET}\n")
    done = givens("scrub", "--value-from-file", str(file), "--yes")
    assert "scrubbed 3 runs, 2 files" in done.out and SECRET not in done.out
    assert held(three) == ["ccc.jsonl"]
    assert "'db:***'" in givens("show", "bbb").out
    assert "nobody can be asked" in givens("scrub", "--value-from-stdin").err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"abc\n", "a text of 3 characters stands in too many places"),
        (b"\xff\xfe\xff\xfe", "give a file that holds the text"),
    ],
)
def test_a_text_that_cannot_be_meant(
    givens: Any, three: StoreOfJournals, tmp_path: Path, content: bytes, said: str
) -> None:
    file = tmp_path / "secret.txt"
    file.write_bytes(content)
    refused = givens("scrub", "--value-from-file", str(file), "--yes")
    assert refused.code != 0 and said in refused.err
    assert len(held(three)) == 3


def test_it_is_listed_and_cannot_be_undone(three: StoreOfJournals, givens: Any) -> None:
    givens("scrub", "--key", "dsn", "--yes", "--note", "revoked")
    listed = givens("undo", "--list")
    assert "scrub config.dsn" in listed.out and "revoked" in listed.out
    edit_id = listed.lines[-1].split()[0]
    refused = givens("undo", edit_id)
    assert refused.code != 0 and "is a scrub: what it took out is gone" in refused.err
    assert givens("undo").err.startswith("givens: nothing was edited")
    told = [line for line in givens("doctor").lines if line.startswith("scrubbed")]
    assert len(told) == 1 and "once, last 20" in told[0]


@pytest.mark.usefixtures("three")
def test_files_that_cannot_be_read_are_named(journals: StoreOfJournals, givens: Any) -> None:
    os.makedirs(os.path.join(journals.store.path, "env", "a" * 16 + ".jsonl"))  # also root cannot read that
    done = givens("scrub", "--yes")
    assert f"not looked into: DIR/.givens/env/{'a' * 16}.jsonl: Is a directory" in done.err
    assert "scrubbed 2 runs" in done.out
