"""Small stores, indexed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from givens.codec import Redaction, encode
from givens.index import Index, open_index

REDACTION = Redaction()


class IndexedRuns:
    """Runs written as journals, and their index."""

    def __init__(self, journals: Any, folder: Path) -> None:
        self.journals = journals
        self.index: Index = open_index(journals.store, folder=str(folder))
        self.number = 0

    def run(
        self,
        run_id: str,
        config: dict[str, Any] | None = None,
        results: dict[str, Any] | None = None,
        *events: tuple[str, dict[str, Any]],
        origins: dict[str, str] | None = None,
        **start: Any,
    ) -> None:
        """A finished run: its config, one logged value of each result, further events. Each begins a minute later."""
        self.number += 1
        kinds = [(origins or {}).get(key, "code") for key in config or {}]
        rows = [[[key], _json(value), at] for at, (key, value) in enumerate((config or {}).items())]
        logged = [("log", {"m": {name: _json(value) for name, value in results.items()}, "step": 0})] if results else []
        self.journals.write(
            run_id,
            ("set", {"s": rows, "o": [{"kind": kind} for kind in kinds]}),
            ("settle", {}),
            *logged,
            *events,
            ("finish", {"state": "finished", "code": 0}),
            began=f"2026-03-01T10:{self.number:02d}:00",
            start=start,
        )

    def refresh(self) -> Index:
        """The index, up to date."""
        assert self.index.refresh().complete
        return self.index


def _json(value: Any) -> Any:
    return encode(value, ("x",), REDACTION).json


@pytest.fixture
def runs(journals: Any, tmp_path: Path) -> Iterator[IndexedRuns]:
    """An empty store with an index."""
    (tmp_path / "index").mkdir()
    made = IndexedRuns(journals, tmp_path / "index")
    yield made
    made.index.close()


@pytest.fixture
def sweep(runs: IndexedRuns) -> Index:
    """Twelve runs: three learning rates, two models, two seeds; accuracy depends on the model, and a little on lr."""
    for number in range(12):
        lr, model, seed = (0.1, 0.01, 0.001)[number % 3], ("vit", "resnet")[number // 3 % 2], number // 6
        accuracy = {"vit": 0.9, "resnet": 0.7}[model] + 0.01 * (number % 3) + 0.001 * seed
        config = {"lr": lr, "model": {"name": model, "depth": 12}, "seed": seed, "layers": [64, 64]}
        runs.run(f"run{number:02d}", config, {"val_acc": accuracy})
    return runs.refresh()


@pytest.fixture
def found(runs: IndexedRuns) -> Callable[[str], list[str]]:
    """The ids of the runs that pass a filter, oldest first."""
    from givens.query.found import find_ids

    return lambda text: find_ids(runs.refresh(), text, "run.created")
