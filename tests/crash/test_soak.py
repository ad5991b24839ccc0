"""What `make soak` judges its samples by: it says what grew, and nothing where nothing did."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory and descriptors are read from /proc")

if sys.platform == "linux":
    import soak
    from soak import Sample, grown


def samples(**growth: int) -> list[Any]:
    """Sixty samples of what goes on evenly; ``growth``: name -> how much more of it there is in each."""
    flat = Sample(0.0, 0, 0, 0, 0, 0, 16_000, 7, 0, 20_000, 10)
    steps = {"changes": 30, "changed_bytes": 5_400, "logs": 40, "logged_bytes": 5_300, **growth}
    return [
        flat._replace(**{name: getattr(flat, name) + step * number for name, step in steps.items()})
        for number in range(60)
    ]


def test_what_goes_on_evenly_has_not_grown() -> None:
    assert grown(samples()) == []


def test_descriptors_that_come_and_go_have_not_grown() -> None:
    busy = [
        each._replace(reader_files=each.reader_files + 4 * (at > 45 and at % 4 > 0))
        for at, each in enumerate(samples())
    ]
    assert grown(busy) == []


@pytest.mark.parametrize(
    ("name", "step"), [("writer_kib", 120), ("reader_kib", 120), ("writer_files", 1), ("reader_files", 1)]
)
def test_what_grew_is_named(name: str, step: int) -> None:
    (found,) = grown(samples(**{name: step}))
    assert found.startswith(name)


def test_bytes_that_do_not_go_with_the_events_are_named() -> None:
    later = [
        each._replace(logged_bytes=each.logged_bytes + max(0, number - 30) * 500)
        for number, each in enumerate(samples())
    ]
    (found,) = grown(later)
    assert found.startswith("bytes of logs: 132.5 each in the first half")


def test_what_is_missing_at_the_end_is_named(tmp_path: Path) -> None:
    import givens

    for name, folder in (("changed", tmp_path / "apart"), ("logged", tmp_path)):
        givens.init(id=name, dir=folder, config={"a": 1}, reinit="create_new").finish()
    last = Sample(1.0, 3, 0, 3, 0, 0, 0, 0, 0, 0, 0)
    assert soak.read_back(str(tmp_path), last) == []
    (tmp_path / "anew").rename(tmp_path / "before")
    (problem,) = soak.read_back(str(tmp_path), last._replace(logs=5))
    assert "5 events were acknowledged, 3 are there" in problem
