"""The command line of a run as one text."""

from __future__ import annotations

from typing import Any

import pytest

from givens.records.command_line import command_line


@pytest.mark.parametrize(
    ("argv", "text"),
    [
        (["/home/ada/.venv/bin/python3.12", "train.py", "--lr", "0.1"], "python3.12 train.py --lr 0.1"),
        (["C:\\Python\\python.exe", "train.py"], "python.exe train.py"),
        (["python", "-c", "print('a b')"], """python -c 'print('"'"'a b'"'"')'"""),
        (["/opt/solver/run", "in.dat"], "/opt/solver/run in.dat"),
        ([], ""),
        (None, None),
        ("python train.py", None),
    ],
)
def test_an_interpreter_goes_by_its_name_and_a_program_by_its_path(argv: Any, text: str | None) -> None:
    assert command_line(argv) == text
