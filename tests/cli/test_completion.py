"""What the shell offers when Tab is pressed: asked as bash asks it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

CODE = {"kind": "code", "file": "train.py", "line": 7}


@pytest.fixture
def complete(givens: Any, journals: Any) -> Any:
    values = [[["lr"], 0.1, 0], [["model", "depth"], 4, 0]]
    for run_id in ("k7f2m9q8x2", "m3xdaaaaaa"):
        events = ("set", {"s": values, "o": [CODE]}), ("log", {"m": {"val_acc": 1}, "step": 0})
        journals.write(run_id, *events, start={"name": f"calm-{run_id[:4]}"})
    givens("ls")

    def ask(*words: str, cwd: Path | None = None) -> list[str]:
        typed = " ".join(["givens", *words])
        answer = givens(_GIVENS_COMPLETE="bash_complete", COMP_WORDS=typed, COMP_CWORD=str(len(words)), cwd=cwd)
        assert answer.err == ""
        return [line.partition(",")[2] for line in answer.lines if line]

    return ask


def test_commands(complete: Any) -> None:
    assert {"explain", "export"} <= set(complete("ex"))


def test_runs_by_name_by_id_and_by_word(complete: Any) -> None:
    assert complete("show", "calm-") == ["calm-k7f2", "calm-m3xd"] or complete("show", "calm-") == [
        "calm-m3xd",
        "calm-k7f2",
    ]
    assert complete("show", "k7") == ["k7f2m9q8x2"]
    assert complete("explain", "las") == ["last", "last~"]
    assert complete("diff", "last", "m3") == ["m3xdaaaaaa"]


def test_runs_that_the_index_has_not_met(complete: Any, journals: Any) -> None:
    journals.write("zz9", start={"name": "new-zz9"})
    assert complete("show", "new-") == ["new-zz9"]


def test_keys_and_metrics(complete: Any) -> None:
    assert complete("explain", "last", "mod") == ["model.depth"]
    for option in ("--set", "--rename", "--retype", "--delete"):
        assert complete("edit", "last", option, "mod") == ["model.depth"]
    assert complete("show", "max:v") == ["max:val_acc"]
    assert complete("importance", "v") == ["val_acc"]
    assert complete("ls", "l") == ["lr"]
    assert complete("ls", "--project", "dig") == ["digits"]


def test_without_a_store_it_is_silent(complete: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert complete("show", "calm", cwd=tmp_path_factory.mktemp("empty")) == []


def test_removed_runs_and_edits(complete: Any, givens: Any) -> None:
    givens("rm", "calm-k7f2", "--force")
    assert complete("restore", "") == ["calm-k7f2"] and complete("restore", "k7f") == ["k7f2m9q8x2"]
    (edit,) = complete("undo", "")
    assert len(edit) == 8 and complete("undo", edit[:3]) == [edit]
    givens("undo")
    assert complete("restore", "") == []
