"""How the tests start what is killed, and how they share the kills that were asked for."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from givens.journal.layout import Store

COMMANDS = Path(__file__).with_name("kill_commands.py")
COPIES = Path(__file__).with_name("kill_copies.py")


def share_of(trials: int, parts: int) -> int:
    """One of so many parts of the kills that were asked for, and never none."""
    return max(trials // parts, 2)


class Killer:
    """``kill_commands.py``, one trial at a time.

    Attributes:
        turns: how many turns of the work were done, in all trials.
    """

    def __init__(self, work: str, store: str) -> None:
        self.turns = 0
        self._script = subprocess.Popen(
            [sys.executable, str(COMMANDS), work, store],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def kill(self, seed: int) -> dict[str, Any]:
        """Let the work begin in a child, and kill it at the moment that the seed gives."""
        assert self._script.stdin is not None and self._script.stdout is not None and self._script.stderr is not None
        self._script.stdin.write(f"{seed}\n")
        self._script.stdin.flush()
        answer = self._script.stdout.readline()
        assert answer, self._script.stderr.read()
        told: dict[str, Any] = json.loads(answer)
        self.turns += told["turns"]
        return told

    def end(self) -> None:
        """No more trials. Whatever a child said before it died is an error in it."""
        _, said = self._script.communicate(timeout=60)
        assert said == "", said


def killed_copies(work: str, source: Store, folder: Path, trials: list[str]) -> list[tuple[Store, bool]]:
    """The stores that the trials of ``kill_copies.py`` left, and whether each child was killed before it was done."""
    folder.mkdir()
    command = [sys.executable, str(COPIES), work, source.path, str(folder), *trials]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert (answer.returncode, answer.stderr) == (0, "")
    told = [json.loads(line) for line in answer.stdout.splitlines()]
    assert len(told) == len(trials)
    return [(Store(each["store"]), each["killed"]) for each in told]
