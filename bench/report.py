"""What was measured, as a page and on the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any, NamedTuple

from spread import Spread, number
from steps import Absent
from table import DASH, OURS, TIMES, Row, compared, from_json

#: what was measured -> tool -> what it took where the budgets were set: milliseconds, or runs a second
WHERE_BUDGETS_WERE_SET: dict[str, dict[str, float]] = {
    "import, CPU over bare Python": {
        "wandb": 363,
        "mlflow (sqlite)": 1275,
        "trackio": 428,
        "aim": 846,
        "swanlab": 416,
        "sacred": 184,
        "OmegaConf": 66,
        "ml_collections": 66,
    },
    "the same, wall, with Python's own start": {
        "wandb": 808,
        "mlflow (sqlite)": 2216,
        "trackio": 363,
        "aim": 790,
        "swanlab": 552,
        "sacred": 214,
    },
    "runs a second, init + finish with 50 keys, one process": {
        "wandb": 34,
        "mlflow (sqlite)": 75,
        "trackio": 88,
        "aim": 42,
        "sacred": 220,
    },
}
_SHORT = ("an import", "a whole script", "a run begun and ended")  # of these, in order

SUMMARY = ("what", "budget", "givens", "best of the others", "givens is", "budget is")


class Report(NamedTuple):
    """Everything that is printed.

    Args:
        machine: what it was measured on, by name.
        tools: those that were measured, givens first.
        groups: title -> rows.
        problems: what could not be measured, and why.
        quick: whether it was a short measurement.
    """

    machine: Mapping[str, str]
    tools: Sequence[Any]
    groups: Mapping[str, Sequence[Row]]
    problems: Sequence[str]
    quick: bool

    def as_json(self) -> dict[str, Any]:
        """For ``results.json``."""
        groups = {title: [row.as_json() for row in rows] for title, rows in self.groups.items()}
        return {**self._asdict(), "tools": [tool.name for tool in self.tools], "groups": groups}

    @staticmethod
    def from_json(told: dict[str, Any], tools: Sequence[Any]) -> Report:
        """What ``as_json`` told."""
        groups = {title: [from_json(row) for row in rows] for title, rows in told["groups"].items()}
        return Report(**{**told, "tools": [tool for tool in tools if tool.name in told["tools"]], "groups": groups})

    def rows(self) -> list[Row]:
        """Of all groups."""
        return [row for rows in self.groups.values() for row in rows]

    def peers(self, row: Row) -> list[str]:
        """Who competes in a row: no limits, and what keeps something where that is what is measured."""
        return [
            tool.name
            for tool in self.tools
            if tool.name != OURS and not tool.limit and (tool.keeps or not row.recorded)
        ]

    def verdicts(self) -> str:
        """How many budgets were met, and which were not."""
        missed = [row.what for row in self.rows() if row.met is False]
        met = sum(row.met is True for row in self.rows())
        return f"{met} budgets met, {len(missed)} missed{': ' if missed else ''}{'; '.join(missed)}"

    def slowness(self) -> str:
        """How many times as long the same tools take here as where the budgets were set; empty where none was measured."""
        said = []
        for short, (what, there) in zip(_SHORT, WHERE_BUDGETS_WERE_SET.items(), strict=True):
            ratios = []
            for row in self.rows():
                for tool, before in there.items():
                    here = row.measured.get(tool)
                    if row.what == what and isinstance(here, Spread):
                        ratios.append(before / here.median if row.more_is_better else here.median / before)
            if ratios:
                said.append(f"{short} takes {number(median(ratios))} {TIMES}")
        if not said:
            return ""
        return (
            "The budgets were set on another machine. In the median of the other tools that were measured there as well, "
            f"{', '.join(said)} as long here."
        )

    def losses(self) -> list[str]:
        """Where another is better, in words."""
        found = []
        for row in self.rows():
            best = row.best(self.peers(row))
            ratio = None if best is None else row.ratio(best)
            if best is not None and ratio is not None and ratio < 0.95:
                found.append(
                    f"{row.what}: {self.named(best, row)} needs {self._amount(row, best)}, givens {self._amount(row, OURS)}"
                )
        return found

    def named(self, name: str, row: Row) -> str:
        """A tool's name, and whether what it was given is not on disk when the call returns."""
        tool = next(tool for tool in self.tools if tool.name == name)
        return f"{name} (not durable)" if row.recorded and tool.durable else name

    def _amount(self, row: Row, tool: str) -> str:
        return f"{row.cell(tool)} {row.unit}".rstrip()

    def summary(self) -> list[tuple[str, ...]]:
        """One line for each row that has a number of givens."""
        lines = []
        for row in self.rows():
            if row.ours is None:
                continue
            sign = "≥" if row.more_is_better else "≤"
            budget = DASH if row.budget is None else f"{sign} {number(row.budget)} {row.unit}".rstrip()
            best = row.best(self.peers(row))
            theirs = DASH if best is None else f"{self.named(best, row)} {self._amount(row, best)}"
            ratio = "" if best is None else compared(row, best)
            verdict = {None: "", True: "met", False: "**missed**"}[row.met]
            lines.append((row.what, budget, self._amount(row, OURS), theirs, ratio, verdict))
        return lines

    def matrix(self, rows: Sequence[Row]) -> list[tuple[str, ...]]:
        """Tools down, rows across; what has nothing in any of them is left out."""
        durable = any(row.recorded for row in rows)
        heads = [f"{row.short}{f', {row.unit}' if row.unit else ''}" for row in rows]
        lines = [("", *heads, *(["durable when it returns"] if durable else []))]
        for tool in self.tools:
            if all(row.cell(tool.name) == DASH for row in rows):
                continue
            cells = [row.cell(tool.name) + self._times(row, tool.name) for row in rows]
            lines.append(
                (
                    f"{tool.name}{', the limit' if tool.limit else ''}",
                    *cells,
                    *([self._durable(tool)] if durable else []),
                )
            )
        return lines

    def _times(self, row: Row, tool: str) -> str:
        ratio = row.ratio(tool)
        if tool == OURS or ratio is None:
            return ""
        return f" ({number(ratio)} {TIMES})"

    def _durable(self, tool: Any) -> str:
        if not tool.keeps:
            return "keeps nothing"
        return f"no: {tool.durable}" if tool.durable else f"yes{'; ' if tool.remark else ''}{tool.remark}"

    def reasons(self, rows: Sequence[Row]) -> list[str]:
        """Why there are dashes; reasons that are the same for several rows of a tool once."""
        found: dict[str, dict[str, list[str]]] = {}
        for row in rows:
            for tool, measured in row.measured.items():
                if isinstance(measured, Absent):
                    found.setdefault(tool, {}).setdefault(measured.reason, []).append(row.short)
        return [
            f"{tool}: {'; '.join(_reason(reason, shorts, len(rows)) for reason, shorts in reasons.items())}"
            for tool, reasons in found.items()
        ]


def _reason(reason: str, shorts: list[str], of: int) -> str:
    return f"no such thing: {reason}" if len(shorts) == of else f"{', '.join(shorts)}: {reason}"


def turned(lines: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The same table with its rows as columns."""
    return list(zip(*lines, strict=True))


def as_text(report: Report) -> str:
    """For a terminal."""
    parts = ["; ".join(f"{name}: {value}" for name, value in report.machine.items())]
    parts.append(_columns([SUMMARY, *report.summary()]))
    for title, rows in report.groups.items():
        lines = report.matrix(rows)
        parts.append(f"{title}\n{_columns(turned(lines) if len(lines[0]) > 9 else lines)}")
        notes = [f"  {row.short}: {row.note}" for row in rows if row.note]
        parts.append("\n".join([*notes, *(f"  {DASH} {reason}" for reason in report.reasons(rows))]))
    parts += [f"givens is worse: {loss}" for loss in report.losses()]
    parts += [f"not measured: {problem}" for problem in report.problems]
    parts += [report.verdicts(), report.slowness()]
    return "\n\n".join(part for part in parts if part)


def _columns(lines: Sequence[tuple[str, ...]]) -> str:
    plain = [[cell.replace("**", "") for cell in line] for line in lines]
    widths = [max(len(line[column]) for line in plain) for column in range(len(plain[0]))]
    padded = ([cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in plain)
    return "\n".join("  ".join(line).rstrip() for line in padded)


def as_page(report: Report) -> str:
    """docs/benchmarks.md."""
    machine = "\n".join(f"* {name}: {value}" for name, value in report.machine.items())
    parts = [_INTRODUCTION.format(command=f"make bench{'-quick' if report.quick else ''}")]
    if report.quick:
        parts.append(_QUICK)
    parts += [
        _PICTURE,
        "## In short",
        _markdown([SUMMARY, *report.summary()]),
        f"**{report.verdicts()}.**",
        report.slowness(),
    ]
    losses = "\n".join(f"* {loss}" for loss in report.losses())
    parts.append(
        f"Where another is better than givens:\n\n{losses}" if losses else "Nothing else is better in any row."
    )
    for title, rows in report.groups.items():
        lines = report.matrix(rows)
        parts += [f"## {title}", _markdown(turned(lines) if len(lines[0]) > 9 else lines)]
        notes = [f"* *{row.short}*: {row.note}." for row in rows if row.note]
        parts.append("\n".join([*notes, *(f"* {DASH} {reason}." for reason in report.reasons(rows))]))
    problems = "\n".join(f"* not measured: {problem}" for problem in report.problems)
    parts += [_SCALE, "## The machine", f"{machine}{chr(10) if problems else ''}{problems}", _HOW]
    return "\n\n".join(part for part in parts if part) + "\n"


def _markdown(lines: Sequence[tuple[str, ...]]) -> str:
    head, *rest = [[cell.replace("|", "\\|").replace("<", "&lt;") for cell in line] for line in lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *rest))


_INTRODUCTION = """# Benchmarks

givens beside the tools that people use, with the same work for each, made by `{command}`. Ratios travel, absolute times do
not: measure on your own machine. In each table, the number in parentheses says how many times better givens is; below 1, the
other one is."""
_QUICK = """**These figures come from a short measurement (`make bench-quick`)**, one or a few samples of most tools: they show the order of
magnitude. Where the processor is slow or shared, absolute budgets are missed that are met elsewhere; `make bench` takes longer and more."""
_PICTURE = """![How many times as much as givens each tool needs, on a logarithmic axis](images/benchmarks.svg)"""
_SCALE = """## Reading many runs

How long questions take over a thousand to a million runs, beside MLflow and trackio, is measured apart (`make bench-scale`):
[how reading grows](explanation/scale.md). The page in the browser has a measurement of its own, `make bench-page`."""
_HOW = """## How

* Each tool has an environment of its own, `bench/.envs/NAME`, with the newest version that pip finds, and one adapter,
  `bench/adapters/NAME_.py`, which says how a script does the same things with it. What is measured is the same code for all,
  `bench/measurements/`. A tool that cannot be installed or has no such thing is named with the reason.
* Measurements of the tools take turns, so that a busy moment meets all of them. Numbers are medians, in brackets the least
  and the greatest (or p99, where it is said). Times are the processor's where it says CPU.
* All of them are offline: switched so, and with a proxy that does not exist. Service processes that a tool starts are ended
  after each measurement; what they use is not in the CPU of the calling process.
* *Durable when it returns* means that a value survives `kill -9` of everything the tool has started, from the moment at which
  the call has returned. A figure of a tool for which it is *no* is the price of handing the value over, not of keeping it."""
