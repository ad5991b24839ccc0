"""Columns of a run table: chosen by name, or those that say something; with what kind of cells they have."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from ..keys import format_path
from .finding import Question
from .nodes import Key, Metric, Operand, OriginOf, RunField
from .operators import DURATION, FLAG, LABELS, NUMBER, RUN_FIELDS, TIME
from .parser import parse_operand
from .results import results_of
from .varying import EXACT_RUNS, Varying, sample_of, varying_of
from .words import is_odd, operand_text

#: what stands first in every table
LEADING = (RunField("name"), RunField("state"), RunField("created"))

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z_0-9]*(?:\.[A-Za-z_][A-Za-z_0-9]*)*")
_MEANT = frozenset(("config", "summary", "run", "tags"))  #: what such a path may begin with and not be a key
_OF_FIELD = {TIME: "time", DURATION: "duration", LABELS: "labels", NUMBER: "number", FLAG: "value"}


class Shown(NamedTuple):
    """One column of a table.

    Args:
        name: as it was asked for, or as short as the language allows.
        operand: what it shows.
        kind: what its cells are: ``text``, ``value``, ``result``, ``number``, ``time``, ``duration`` or ``labels``.
        head: what stands above it.
    """

    name: str
    operand: Operand
    kind: str
    head: str


class Chosen(NamedTuple):
    """The columns that a table shows by itself.

    Args:
        columns: name, state and time; the config keys that vary; the results.
        varying: how the keys were found.
    """

    columns: tuple[Shown, ...]
    varying: Varying


def named_columns(question: Question, operands: Iterable[tuple[str, Operand]]) -> tuple[Shown, ...]:
    """Columns that were asked for: (as written, operand)."""
    return tuple(Shown(name, operand, _kind(question, operand), _head(name)) for name, operand in operands)


def chosen_columns(question: Question, *, most_keys: int | None = None, most_results: int | None = None) -> Chosen:
    """The columns that tell runs apart: config keys that vary, and every result.

    Args:
        question: which runs.
        most_keys: keys at most, those that most of the runs have first; None for all.
        most_results: results at most.
    """
    varying = varying_of(question)
    runs, _ = sample_of(question, EXACT_RUNS)
    results = results_of(question, runs)
    of_keys = {format_path(key.path) for key in varying.keys}
    keys = set(sorted(varying.keys, key=lambda key: -key.runs)[:most_keys])
    shown = [Shown(operand_text(field), field, _kind(question, field), field.field) for field in LEADING]
    for path in (key.path for key in varying.keys if key in keys):
        name = shortest_name(Key("config", path))
        shown.append(Shown(name, Key("config", path), "value", name))
    for path in results[:most_results]:
        operand = Key("summary", path)
        name = operand_text(operand)
        if _bare(operand) not in of_keys and not question.places.config(path).keys:
            name = shortest_name(operand)
        shown.append(Shown(name, operand, "result", name))
    return Chosen(tuple(shown), varying)


def shortest_name(operand: Key) -> str:
    """A key without ``config.`` or ``summary.``, where that reads as the same key."""
    bare = _bare(operand)
    first = operand.path[0]
    # no name, or one by itself that a filter would take for a text, or nan
    if not isinstance(first, str) or (len(operand.path) == 1 and is_odd(first)):
        return operand_text(operand)
    if _PLAIN.fullmatch(bare) and first not in _MEANT:  # as nearly all are: reading thousands of them takes its time
        return bare
    return bare if parse_operand(bare) == Key("either", operand.path) else operand_text(operand)


def _bare(operand: Key) -> str:
    return operand_text(Key("either", operand.path))


def _head(name: str) -> str:
    return name[len("run.") :] if name.startswith("run.") else name


def _kind(question: Question, operand: Operand) -> str:
    if isinstance(operand, RunField):
        return _OF_FIELD.get(RUN_FIELDS[operand.field].kind, "text")
    if isinstance(operand, OriginOf):
        return "text"
    if isinstance(operand, Metric) or operand.scope == "summary":
        return "result"
    places = question.places
    is_given = operand.scope == "config" or not places.config(operand.path).is_empty
    return "value" if is_given or not places.summary(operand.path) else "result"
