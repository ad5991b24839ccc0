"""docs/reliability.md names tests that are there, and every promise."""

from __future__ import annotations

import re
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent
PAGE = (TOP / "docs" / "reliability.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`((?:tests|bench)/[\w/.-]+)`", PAGE)))


def test_every_test_that_it_names_is_there() -> None:
    assert len(NAMED) > 20
    assert [path for path in NAMED if not (TOP / path).exists()] == []


def test_every_promise_has_a_row_that_names_a_test() -> None:
    for number in range(1, 11):
        (row,) = re.findall(rf"^\| P{number} \|.*$", PAGE, re.MULTILINE)
        assert re.search(r"`(tests|bench)/", row), f"P{number} names no test"


def test_every_test_of_faults_is_named() -> None:
    made = {f"tests/crash/{path.name}" for path in (TOP / "tests" / "crash").glob("test_*.py")}
    assert made <= set(NAMED)
