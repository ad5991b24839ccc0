"""The steps of a measurement, taken one after another with a bar that shows how far they are; what fails is told."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from children import Trouble
from machine import busy_elsewhere_s
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn


class Absent(NamedTuple):
    """Why there is no number."""

    reason: str


class Step(NamedTuple):
    """One thing to do.

    Args:
        tool: the name of whom it concerns.
        what: which answer it gives; several steps of the same tool and name give several answers.
        act: does it in a folder of its own.
    """

    tool: str
    what: str
    act: Callable[[str], Any]


class Answers:
    """What the steps have given: all answers of one tool to one question, or why there is none."""

    def __init__(self) -> None:
        self._given: dict[tuple[str, str], list[Any]] = {}
        self._absent: dict[tuple[str, str], Absent] = {}

    def add(self, step: Step, answer: Any) -> None:
        """One more answer."""
        self._given.setdefault((step.tool, step.what), []).append(answer)

    def refuse(self, step: Step, reason: str) -> None:
        """There will be none."""
        self._absent[step.tool, step.what] = Absent(reason)

    def refused(self, step: Step) -> bool:
        """Whether there will be none."""
        return (step.tool, step.what) in self._absent

    def of(self, tool: str, what: str) -> list[Any] | Absent:
        """All of them, or why there is none."""
        key = (tool, what)
        return self._absent.get(key) or self._given.get(key) or Absent("left out of this measurement")

    def each(self, tools: Iterable[Any], key: str, what: str, make: Callable[[list[Any]], Any]) -> dict[str, Any]:
        """By the name of every tool what ``make`` makes of its answers, or why there are none.

        Args:
            tools: which.
            key: the measurement, as ``Tool.unable`` calls it.
            what: the question, as the steps call it.
            make: of all answers to it.
        """
        found: dict[str, Any] = {}
        for tool in tools:
            given = Absent(tool.unable[key]) if key in tool.unable else self.of(tool.name, what)
            found[tool.name] = given if isinstance(given, Absent) else make(given)
        return found

    def troubles(self) -> list[str]:
        """What failed, in sentences."""
        return [f"{tool}, {what}: {absent.reason}" for (tool, what), absent in self._absent.items()]


def take(steps: Mapping[str, Sequence[Step]], folder: str, at_once: Mapping[str, int]) -> dict[str, Answers]:
    """Take all steps, group after group, so many of a group at a time; the answers of each group."""
    answers = {name: Answers() for name in steps}
    columns = (
        TextColumn("{task.description:<28}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("", total=sum(len(group) for group in steps.values()))
        for name, group in steps.items():
            begin_s, others_s = time.monotonic(), busy_elsewhere_s()

            def one(numbered: tuple[int, Step], name: str = name) -> None:
                number, step = numbered
                bar.update(task, description=f"{name}: {step.tool}")
                _take(step, os.path.join(folder, name, str(number)), answers[name])
                bar.advance(task)

            with ThreadPoolExecutor(at_once[name]) as workers:
                list(workers.map(one, enumerate(group)))
            took_s = time.monotonic() - begin_s
            others = max((busy_elsewhere_s() - others_s) / took_s, 0.0)
            bar.console.print(f"{name}: {took_s:.0f} s, {others:.1f} cores busy with other work", highlight=False)
    return answers


def _take(step: Step, place: str, answers: Answers) -> None:
    if answers.refused(step):
        return
    os.makedirs(place)
    try:
        answers.add(step, step.act(place))
    except Trouble as trouble:
        answers.refuse(step, str(trouble))
