"""What reading a configuration costs, and setting one key of it."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from measurements.timing import config_of_50, each_call, interleaved, loop_of

#: what is read -> how it may be written; the first that gives the value is measured
READS = {
    "config.lr": ("c.lr",),
    "config['lr']": ("c['lr']",),
    "config.get": ("c.get('lr')",),
    "config.model.size_3": ("c.model.size_3", "c.model['size_3']", "c['model']['size_3']"),
    "hasattr of a missing key": ("hasattr(c, 'momentum')",),
    "module.config.lr": ("g.config.lr", "g.config['lr']"),
    "handle.lr": ("h.lr", "h['lr']"),
}
EXPECTED = {"config.model.size_3": 3, "hasattr of a missing key": False}


def reads(tool: Any, repeats: int) -> dict[str, Any]:
    """Nanoseconds a read: of a live run's config, and of what it is held against, in turns in one process.

    Under ``unable`` the reads that it does not have, with what it said.
    """
    plain = {**config_of_50(), "lr": 0.1}
    answers: dict[str, Any] = {}

    def measure(run: Any) -> None:
        names: dict[str, Any] = {"c": tool.config(run)}
        missing = _handles(tool, names)
        loops = {
            "SimpleNamespace.lr": loop_of("c.lr", c=SimpleNamespace(**plain)),
            "dict['lr']": loop_of("c['lr']", c=plain),
        }
        for what, statements in READS.items():
            loop = _first_that_works(statements, EXPECTED.get(what, 0.1), names)
            if isinstance(loop, str):
                missing.setdefault(what, loop)
            else:
                loops[what] = loop
        answers.update(interleaved(loops, repeats))
        answers["unable"] = missing

    tool.in_run(plain, measure)
    return answers


def _handles(tool: Any, names: dict[str, Any]) -> dict[str, str]:
    try:
        names["g"] = tool.module()
        names["h"] = names["g"].config
    except Exception as error:
        return dict.fromkeys(("module.config.lr", "handle.lr"), _said(error))
    return {}


def _first_that_works(
    statements: tuple[str, ...], expected: object, names: dict[str, Any]
) -> Callable[[int], int] | str:
    said = ""
    for statement in statements:
        used = {name: value for name, value in names.items() if f"{name}." in statement or f"{name}[" in statement}
        used.update({"c": names["c"]} if statement.startswith("hasattr") else {})
        try:
            value = eval(statement, dict(names))
        except Exception as error:
            said = said or f"{statement}: {_said(error)}"
            continue
        if value == expected:
            return loop_of(statement, **used)
        said = said or f"{statement} gives {value!r}"[:80]
    return said


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0][:80] if str(error) else type(error).__name__


def sets(tool: Any, times: int) -> dict[str, list[int]]:
    """Every write of one key of a live run."""
    found: dict[str, list[int]] = {}
    key = "new_{}" if tool.sets_once else "lr"

    def measure(run: Any) -> None:
        found.update(each_call(lambda number: tool.change(run, key.format(number), number * 0.1), times, 5.0))

    tool.in_run({**config_of_50(), "lr": 0.05}, measure)
    return found
