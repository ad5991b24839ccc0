"""Stores with runs to ask about."""

from __future__ import annotations

from typing import Any

import pytest

from givens.api import RunTable, runs
from givens.codec import Redaction, encode

_REDACTION = Redaction()


class ManyRuns:
    """Runs written as journals, each a minute after the one before."""

    def __init__(self, journals: Any) -> None:
        self.journals = journals
        self.folder = journals.folder
        self.number = 0

    def run(
        self,
        run_id: str,
        config: dict[str, Any] | None = None,
        results: dict[str, Any] | None = None,
        *events: tuple[str, dict[str, Any]],
        **start: Any,
    ) -> None:
        """A finished run: its config, its results logged once, further events."""
        self.number += 1
        rows = [[[key], _json(value), 0] for key, value in (config or {}).items()]
        logged = [("log", {"m": {name: _json(value) for name, value in results.items()}, "step": 0})] if results else []
        self.journals.write(
            run_id,
            ("set", {"s": rows, "o": [{"kind": "code"}]}),
            ("settle", {}),
            *logged,
            *events,
            ("finish", {"state": "finished", "code": 0}),
            began=f"2026-03-01T10:{self.number:02d}:00",
            start=start,
        )

    def ask(self, filter: str = "", **more: Any) -> RunTable:
        """``givens.runs`` of this store."""
        return runs(filter, dir=self.folder, **more)


def _json(value: Any) -> Any:
    return encode(value, ("x",), _REDACTION).json


@pytest.fixture
def many(journals: Any) -> ManyRuns:
    """An empty store."""
    return ManyRuns(journals)


@pytest.fixture
def sweep(many: ManyRuns) -> ManyRuns:
    """Twelve runs: three learning rates, two models, two seeds; accuracy grows with the number of the run."""
    for number in range(12):
        lr, model, seed = (0.1, 0.01, 0.001)[number % 3], ("vit", "resnet")[number // 3 % 2], number // 6
        config = {"lr": lr, "model": {"name": model, "depth": 12}, "seed": seed}
        many.run(f"run{number:02d}", config, {"val_acc": 0.5 + number / 100, "eval/loss": 1 - number / 100})
    return many
