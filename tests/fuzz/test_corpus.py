"""Every input of the corpus, and every short piece of it: only a GivensError comes out of a reader."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the targets and this test lie side by side

from mutating import mutated_lines
from targets import TARGETS

from fuzz import NAMES

CORPUS = Path(__file__).parent / "corpus"
CUTS = 25
CHANGES = 60


def inputs(name: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted((CORPUS / name).iterdir())]


def test_the_driver_knows_every_target() -> None:
    assert set(NAMES) == set(TARGETS)


@pytest.mark.parametrize("name", TARGETS)
def test_only_a_givens_error_comes_out(name: str) -> None:
    found = inputs(name)
    assert found, "a target without a corpus"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for given in found:
            TARGETS[name](given)


@pytest.mark.parametrize("name", [name for name in TARGETS if name != "index"])
def test_what_is_cut_off_anywhere_is_refused_as_well(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for given in inputs(name)[:12]:
            for at in range(0, min(len(given), 2000), max(min(len(given), 2000) // CUTS, 1)):
                TARGETS[name](given[:at])


def test_events_that_say_something_else_are_read_or_refused() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for given in inputs("journal"):
            for seed in range(CHANGES):
                TARGETS["journal"](mutated_lines(given, 1 << 16, seed))
