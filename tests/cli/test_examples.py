"""Every example in a command's help is a command line that runs."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from givens.cli import root

CODE = {"kind": "code", "file": "train.py", "line": 7}
FINISHED = ("finish", {"state": "finished", "code": 0})
ELSEWHERE = (
    "run",
    "rerun",
    "ui",
    "pull",
)  # start programs, stay, or reach for other machines; their own tests have some
CHANGES = ("pack", "edit", "tag", "note", "rm", "restore", "undo")


def examples() -> Iterator[tuple[str, str]]:
    """(command, example), each without the part behind a pipe or a redirection, which is the shell's."""
    for name in root.COMMANDS:
        words = import_module(f"givens.cli.{name}").command.help
        for line in words.partition("Examples:")[2].splitlines():
            if line.strip().startswith("givens "):
                yield name, line.strip()


def arguments(example: str) -> list[str]:
    lexer = shlex.shlex(example, posix=True, punctuation_chars="|>")
    lexer.whitespace_split = True
    words: list[str] = []
    for word in lexer:
        if word in ("|", ">"):
            break
        words.append(word)
    return words[1:]


@pytest.fixture
def stocked(journals: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A store with the runs and files that the examples speak of."""
    rows = [("k7f2m9q8x2", 0.1, "vit", 0), ("m3xdaaaaaa", 0.01, "resnet", 1), ("q8awbbbbbb", 0.1, "vit", 1)]
    for day, (run_id, lr, model, seed) in enumerate(
        [*rows, ("z2otter234", 0.1, "resnet", 0), ("y9lastrun2", 1e-3, "vit", 2)], 1
    ):
        values = {
            "lr": lr,
            "seed": seed,
            "model": {"name": model, "depth": 2 + day},
            "optimizer": {"name": "sgd"},
            "data": {"path": f"/data/{day}"},
            "debug": False,
            "batch_size": "32",
        }
        name = {"k7f2m9q8x2": "calm-otter-k7f2", "z2otter234": "calm-otter"}.get(run_id, f"calm-{run_id[:4]}")
        journals.write(
            run_id,
            ("set", {"s": [[[key], value, 0] for key, value in values.items()], "o": [CODE]}),
            ("metric", {"name": "loss", "goal": "min"}),
            ("log", {"m": {"val_acc": 0.5 + day / 20, "loss": 1.0, "train/loss": 1 / day}, "step": 0}),
            ("log", {"m": {"val_acc": 0.9, "loss": 0.5, "train/loss": 1 / day}, "step": 1}),
            FINISHED,
            began=f"2026-11-0{day}T10:00:00",
            start={"name": name},
        )
    for name in ("sweep.yaml", "base.yaml"):
        (tmp_path / name).write_text("lr: 0.5\n", encoding="utf-8")
    (tmp_path / "old-token.txt").write_text("a-token-of-long-ago\n", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    return journals


@pytest.mark.usefixtures("stocked")
@pytest.mark.parametrize(
    ("command", "example"), [pair for pair in examples() if pair[0] not in ELSEWHERE], ids=lambda text: text
)
def test_an_example_runs(command: str, example: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = root.run(arguments(example))
    said = capsys.readouterr()
    # one that changes a store may find nothing to change here; a wrong command line it is not
    assert code in ((0, 1) if command in CHANGES else (0,)), said.err
    if command not in CHANGES:
        assert said.out or ("--patch" in example and "no uncommitted changes were kept" in said.err)


def test_every_command_has_examples() -> None:
    assert {name for name, _ in examples()} == set(root.COMMANDS)


@pytest.mark.usefixtures("stocked")
def test_an_export_in_an_example_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    for _, example in examples():
        if example.startswith("givens export"):
            words = arguments(example)
            assert root.run(words) == 0
            assert os.path.getsize(words[words.index("-o") + 1]) > 100
