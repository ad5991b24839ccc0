"""A config without a run keeps its record in memory, and not without end."""

from __future__ import annotations

from typing import Any

import pytest

import givens
from givens import Config
from givens.configs import free_journal
from givens.configs.doors import door_of


def test_a_config_used_as_a_plain_dictionary_does_not_fill_the_memory(
    monkeypatch: pytest.MonkeyPatch, recorded: Any, events: Any
) -> None:
    monkeypatch.setattr(free_journal, "KEPT", 50)
    config = Config(steps=0, s={"early": {"x": 1}}, numbers=[1], table={1.5: 2}, empty={})
    first = givens.explain(config, "s.early.x").origin
    for number in range(1, 501):
        config.steps += 1
        config.numbers.append(number)
        config.s[number % 3] = number
        assert len(door_of(config).journal.lines) <= 51  # type: ignore[attr-defined]
        if number % 100 == 1:
            assert recorded(config) == config.as_dict()
    assert recorded(config) == config.as_dict()
    assert givens.explain(config, "s.early.x").origin == first
    config.steps += 1
    config.steps += 1
    assert [change.new for change in givens.history(config, "steps")][-2:] == [501, 502]
    numbers = [event["n"] for event in events(config)]
    assert numbers == sorted(set(numbers))


def test_the_record_of_what_was_taken_out_begins_with_what_it_holds(recorded: Any) -> None:
    config = Config(s={"a": [1], "deep": {"x": 1}})
    taken = config.pop("s")
    taken.deep.x = 2
    taken.a.append(2)
    assert recorded(taken) == {"a": [1, 2], "deep": {"x": 2}}


def test_a_disabled_run_keeps_no_results_and_a_bounded_history(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, recorded: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(free_journal, "KEPT", 50)
    with givens.init(config={"steps": 0, "lr": 0.1}, mode="disabled", allow_val_change=True) as run:
        run.config.update_locked({"lr": 0.2}, "sweep")
        lines = door_of(run.config).journal.lines  # type: ignore[attr-defined]
        kept = len(lines)
        for step in range(1000):
            run.log({"loss": 1 / (step + 1)})
            run.summary["best"] = step
        assert len(lines) == kept + 1  # the config settled
        assert run.summary["best"] == 999
        for step in range(500):
            run.config.steps = step
            assert len(lines) <= 51
        assert recorded(run.config) == run.config.as_dict()
        assert run.explain("lr").locked_by == "sweep"
        assert next(door_of(run.config).journal.events())["k"] == "start"
