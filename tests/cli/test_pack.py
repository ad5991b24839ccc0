"""``givens pack``: what it says, and that other commands answer as before."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ..conftest import StoreOfJournals

GIVEN: tuple[str, dict[str, Any]] = ("set", {"s": [[["lr"], 0.1, 0]], "o": [{"kind": "code"}]})
LOGGED: tuple[str, dict[str, Any]] = ("log", {"m": {"loss": 0.5}, "step": 1})
FINISH: tuple[str, dict[str, Any]] = ("finish", {"state": "finished", "code": 0})


@pytest.fixture
def three(journals: StoreOfJournals) -> StoreOfJournals:
    """Two runs that are over, and one that goes on elsewhere."""
    journals.write("aaa", GIVEN, LOGGED, FINISH)
    journals.write("bbb", GIVEN, LOGGED, FINISH, began="2026-03-02T10:00:00")
    journals.write("ccc", GIVEN, LOGGED, began="2026-03-03T10:00:00")
    return journals


@pytest.mark.usefixtures("three")
def test_it_says_what_it_did_and_then_that_nothing_is_left(givens: Any) -> None:
    trial = givens("pack", "--dry-run")
    assert trial.lines[0].startswith("would pack 2 runs (2 files, 1.")
    assert trial.lines[1] == "1 run left: running, or perhaps running where it cannot be seen from here"
    done = givens("pack")
    assert done.lines[0].startswith("packed 2 runs (2 files, ")
    assert " into 1 pack, " in done.lines[0]
    assert givens("pack").lines[0] == "nothing to pack"


def test_other_commands_answer_as_before(three: StoreOfJournals, givens: Any) -> None:
    asked = [
        ["ls", "--json"],
        ["show", "aaa"],
        ["explain", "calm-bbb", "lr"],
        ["diff", "aaa", "bb"],
        ["show", "bbb", "--json"],
    ]

    def answers() -> list[str]:
        found = []
        for words in asked:
            answer = givens(*words)
            assert (answer.code, answer.err) == (0, ""), words
            # where a journal lies, and how long a run has been silent, is no answer
            found.append(
                "\n".join(
                    line
                    for line in answer.lines
                    if "runs/" not in line and "ilent" not in line and "duration_s" not in line
                )
            )
        return found

    before = answers()
    givens("pack")
    assert os.listdir(os.path.join(three.store.path, "runs")) == ["ccc.jsonl"]
    assert answers() == before


@pytest.mark.usefixtures("three")
def test_json_has_the_numbers(givens: Any) -> None:
    told = json.loads(givens("pack", "--json").out)
    assert (told["runs"], told["journals"], told["cleared"], told["kept"]) == (2, 2, 0, {"running": 1})
    assert [os.path.dirname(path) for path in told["packs"]] == ["DIR/.givens/packs"]
    assert told["packed_bytes"] > 0
    assert (told["busy"], told["dry_run"]) == (False, False)


def test_a_command_that_reads_packs_when_very_many_journals_lie_loose(journals: StoreOfJournals, givens: Any) -> None:
    content = journals.write("aaa", GIVEN, FINISH).read_bytes()
    for number in range(2_000):
        with open(journals.store.run_file(f"b{number}"), "wb") as file:
            file.write(content)
    answer = givens("ls", "-n", "1")
    assert answer.err == "givens: packed 2000 runs that are over (`givens pack --help` says what that means)\n"
    assert len(os.listdir(os.path.join(journals.store.path, "runs"))) == 1
    assert givens("ls", "-n", "1").err == ""
