"""What reading costs, held against a plain object in the same process."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from children import ask
from size import Size
from spread import Spread
from steps import Absent, Answers, Step
from table import TIMES, Row
from tools import GIVENS

TITLE = "Reading the configuration"
#: what -> (short, key in a tool's answer, what it is held against, budget as a ratio)
RATIOS = {
    "config.lr ÷ SimpleNamespace.lr": ("config.lr", "config.lr", "SimpleNamespace.lr", 1.5),
    "config['lr'] ÷ dict['lr']": ("config['lr']", "config['lr']", "dict['lr']", 2.2),
    "module.config.lr ÷ SimpleNamespace.lr": ("module.config.lr", "module.config.lr", "SimpleNamespace.lr", 3.0),
    "from module import config; config.lr ÷ SimpleNamespace.lr": ("handle.lr", "handle.lr", "SimpleNamespace.lr", 3.0),
    "config.model.size ÷ SimpleNamespace.lr": ("nested", "config.model.size_3", "SimpleNamespace.lr", None),
}
TIMES_NS = {
    "config.get('lr')": (".get('lr')", "config.get", 100.0),
    "hasattr of a missing key": ("hasattr", "hasattr of a missing key", 1000.0),
}


def steps(size: Size, tools: Sequence[Any]) -> list[Step]:
    """Each tool in turns."""
    asked = [tool for tool in tools if "reads" not in tool.unable]
    return [
        Step(tool.name, "reads", lambda place, tool=tool: ask(tool, "reads", size.repeats, cwd=place))
        for _ in range(size.readers)
        for tool in asked
    ]


def rows(answers: Answers, tools: Sequence[Any]) -> list[Row]:
    """Attribute, item, handle, get, hasattr."""
    found = []
    for what, (short, subject, against, budget) in RATIOS.items():
        made = answers.each(tools, "reads", "reads", lambda given, s=subject, a=against: _ratio(given, s, a))
        ours = answers.of(GIVENS.name, "reads")
        note = "best of interleaved loops, empty loop subtracted; in brackets the ratios of single rounds"
        if not isinstance(ours, Absent):
            note += f"; {_least(ours, subject):.0f} ns against {_least(ours, against):.0f} ns"
        found.append(Row(what, short, TIMES, made, budget, note=note))
    for what, (short, subject, budget) in TIMES_NS.items():
        made = answers.each(tools, "reads", "reads", lambda given, s=subject: _best(given, s))
        found.append(Row(what, short, "ns", made, budget, note="best of interleaved loops, empty loop subtracted"))
    return found


def _least(given: list[dict[str, Any]], subject: str) -> float:
    return min(min(answer[subject]) for answer in given)


def _best(given: list[dict[str, Any]], subject: str) -> Spread | Absent:
    if subject in given[0]["unable"]:
        return Absent(given[0]["unable"][subject])
    samples = [sample for answer in given for sample in answer[subject]]
    return Spread(min(samples), min(samples), max(samples))


def _ratio(given: list[dict[str, Any]], subject: str, against: str) -> Spread | Absent:
    if subject in given[0]["unable"]:
        return Absent(given[0]["unable"][subject])
    pairs = [(answer[subject], answer[against]) for answer in given]
    each = [one / other for ones, others in pairs for one, other in zip(ones, others, strict=True)]
    return Spread(min(min(ones) / min(others) for ones, others in pairs), min(each), max(each))
