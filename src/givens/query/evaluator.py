"""What a filter means, said in Python: the reference that the SQL has to agree with, and enough for a small store.

* **A test is true or false**, never unknown. Every comparison with a key that is missing is false, ``!=`` and
  ``not in`` as well: ``config.dropout != 0.5`` finds runs that have a dropout, another one. ``not`` turns a test round,
  so ``not config.dropout == 0.5`` finds the runs without dropout, too.
* **Null and missing are different**: ``is None`` finds runs whose value is None; ``missing()`` those without the key.
  ``exists()`` is also true of a section. A field of the run that nobody set is None, and does not exist. It is not
  missing, though, and None is not 0: ``run.exit_code != 0`` is true as well of runs whose exit code nobody saw, such
  as a script that came to its end. ``run.exit_code > 0`` and ``run.state == "failed"`` find those that failed.
* **Equality is that of values**, as everywhere in givens: 2 == 2.0, also of numpy, nan == nan (``is nan`` reads
  better); True is not 1, ``128`` is not ``"128"``. A list in a filter is equal to a list or tuple of the same items;
  no other literal is equal to a section, set, date, path, object or secret. A value over 64 KiB is only there, or not.
* **Order** is between two numbers (int and float exactly, infinities at the ends) or two texts (by code point, by their
  first 200 characters); between all others it is false. nan is neither less nor more than anything.
* **in**: ``key in [...]`` is equality with one of them. ``"x" in key`` is a text inside a text (case counts), or an
  element of a list or tuple, equal to it. Of a summary entry, the first 200 characters are searched.
* **A bare name** is the config's where the run has it there, else the summary's. A name in the summary is flat:
  ``summary.val.acc`` is the entry "val.acc", or else what stands at "acc" in the entry "val".
* **max, min** are over the finite numbers logged, as floats; missing where there is none.
* **changed** is said of a change of mind: set to another value, deleted or altered after the config had settled; a None
  that is filled in is none, nor is a new key. Of a section, where anything in it changed.
* **Times** compare with the stretch that is written: ``> "2026-03"`` is from April on, ``>=`` from the first of March,
  ``==`` and ``in`` are within. The unknown time is neither before nor after.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ..codec import is_change_of_mind
from ..index.texts import nearest
from ..index.values import items_of
from ..keys import Path, key_of
from ..records.change import MISSING
from ..records.encoded import Tree, lift, plant, section_items
from ..records.origin import UNKNOWN
from ..records.state import RunState, path_below, unit_of
from .literals import encoded_literal, number_of, ordering_text, sameness, searchable_text, text_of
from .nodes import Compare, Junction, Key, Metric, Node, Not, Operand, OriginOf, Period, Probe, RunField, Span
from .operands import result_name
from .operators import COMPARISONS
from .patterns import matcher


class Subject(NamedTuple):
    """A run, as the evaluator looks at it.

    Args:
        run: the fields of ``operators.RUN_FIELDS``: text, a number, a bool or None; ``tags`` a tuple; ``created``
            in seconds since the epoch, ``duration`` in seconds.
        state: the fold of its journals.
    """

    run: Mapping[str, Any]
    state: RunState


def passes(node: Node, subject: Subject) -> bool:
    """Whether a run passes a filter."""
    if isinstance(node, Junction):
        return (all if node.word == "and" else any)(passes(part, subject) for part in node.parts)
    if isinstance(node, Not):
        return not passes(node.part, subject)
    if isinstance(node, Probe):
        return _probe(node, subject)
    return any(_holds(node, value) for value in values_of(node.operand, subject))


def _probe(node: Probe, subject: Subject) -> bool:
    if node.function == "changed":
        return _changed(node.operand, subject)
    found = values_of(node.operand, subject)
    there = any(value is not None for value in found) if isinstance(node.operand, RunField) else bool(found)
    return there if node.function == "exists" else not there


def _changed(operand: Operand, subject: Subject) -> bool:
    assert isinstance(operand, Key)
    unit = unit_of(operand.path)
    return any(
        change.settled and is_change_of_mind(change.action, change.old, change.new, change.below)
        for path, changes in subject.state.history.items()
        if path == unit or path_below(path, unit)
        for change in changes
    )


# --- what stands there --------------------------------------------------------------------------------------------


def values_of(operand: Operand, subject: Subject) -> list[Any]:
    """What an operand is in a run: empty where it is missing, else (save for an entry of two readings) one value."""
    if isinstance(operand, RunField):
        return [subject.run.get(operand.field)]
    if isinstance(operand, OriginOf):
        unit = unit_of(operand.path)
        found = at_path(subject.state.config, unit)
        there = found is not MISSING and not (type(found) is Tree and found)
        return [subject.state.origins.get(unit, UNKNOWN).kind] if there else []
    if isinstance(operand, Metric):
        extreme = _extreme(subject.state, operand)
        return [] if extreme is None else [nearest(extreme)]
    if operand.scope != "summary":
        value = at_path(subject.state.config, operand.path)
        if value is not MISSING or operand.scope == "config":
            return [] if value is MISSING else [value]
    return _summary(subject.state, operand.path)


def _extreme(state: RunState, metric: Metric) -> Any:
    result = state.results.get(metric.name)
    if result is None or result.last is MISSING or section_items(lift(result.last)):  # a section has entries instead
        return None
    return result.max if metric.reduction == "max" else result.min


def _summary(state: RunState, path: Path) -> list[Any]:
    entry = Tree((name, plant(result.last)) for name, result in state.results.items() if result.last is not MISSING)
    names = dict.fromkeys(each for each in ((result_name(path),), path) if not any(type(part) is int for part in each))
    return [value for value in (at_path(entry, each) for each in names) if value is not MISSING]


def at_path(value: Any, path: Path) -> Any:
    """What stands at a path in an encoded or planted value, also inside lists and tuples; else ``MISSING``."""
    for part in path:
        key = key_of(part)
        if type(part) is int:
            items = items_of(value)
            value = items[part] if items is not None and 0 <= part < len(items) else MISSING
        elif type(value) is Tree:
            value = value.get(key, MISSING)
        else:
            pairs = section_items(value)
            value = (
                MISSING
                if pairs is None
                else next((child for name, child in pairs if name == key and type(name) is type(key)), MISSING)
            )
        if value is MISSING:
            return MISSING
    return value


# --- held against a literal ---------------------------------------------------------------------------------------


def _holds(test: Compare, value: Any) -> bool:
    if isinstance(test.operand, RunField | OriginOf | Metric):
        return _plain_holds(test, value)
    return holds(
        test.operator, value, test.value, whole=not (isinstance(test.operand, Key) and test.operand.scope == "summary")
    )


def holds(symbol: str, value: Any, literal: Any, *, whole: bool = True) -> bool:
    """Whether a comparison holds of an encoded value that is there.

    Args:
        symbol: of ``operators.COMPARISONS``.
        value: the value, planted or not.
        literal: as in ``Compare.value``.
        whole: the whole text can be searched, not only as much as the index keeps.
    """
    negates = COMPARISONS[symbol].negates
    if negates:
        return not holds(negates, value, literal, whole=whole)
    if symbol == "==":
        return sameness(value) == sameness(encoded_literal(literal))
    if symbol == "in":
        return sameness(value) in [sameness(encoded_literal(item)) for item in literal]
    if symbol == "contains":
        return _contains(value, literal, whole)
    if symbol == "matches":
        text = text_of(value)
        return text is not None and matcher(literal)(text if whole else searchable_text(text))
    order = COMPARISONS[symbol].holds
    assert order is not None
    if type(literal) is str:
        text = text_of(value)
        return text is not None and order(ordering_text(text), ordering_text(literal))
    number = number_of(value)
    return number is not None and order(number, literal)


def _contains(value: Any, literal: Any, whole: bool) -> bool:
    items = items_of(value)
    if items is not None:
        if not whole and searchable_text(sameness(value)[1]) != sameness(value)[1]:
            return False
        wanted = sameness(encoded_literal(literal))
        return any(sameness(item) == wanted for item in items)
    text = text_of(value)
    if text is None or type(literal) is not str:
        return False
    return literal in (text if whole else searchable_text(text))


def _plain_holds(test: Compare, value: Any) -> bool:
    """The same for what is known of the run itself, which is not encoded."""
    symbol, literal = test.operator, test.value
    negates = COMPARISONS[symbol].negates
    if negates:
        known = symbol != "not within" or value is not None
        return known and not _plain_holds(Compare(test.operand, negates, literal), value)
    if isinstance(value, tuple):
        return literal in value if symbol == "contains" else any(map(matcher(literal), value))
    if isinstance(literal, Period):
        return value is not None and _in_time(symbol, value, literal)
    if isinstance(literal, Span):
        literal = literal.seconds
    elif isinstance(test.operand, Metric):
        literal = nearest(literal)
    if symbol == "==":
        return value is literal if literal is None or value is None or type(literal) is bool else bool(value == literal)
    if symbol == "in":
        return value in literal
    if value is None:
        return False
    if symbol == "contains":
        return literal in value
    if symbol == "matches":
        return matcher(literal)(value)
    order = COMPARISONS[symbol].holds
    return order is not None and order(value, literal)


def _in_time(symbol: str, at_s: float, period: Period) -> bool:
    if symbol in ("==", "within"):
        return period.begin_s <= at_s < period.end_s
    if symbol in ("<", ">="):
        return (at_s < period.begin_s) == (symbol == "<")
    after = at_s >= period.end_s if period.end_s > period.begin_s else at_s > period.begin_s
    return after == (symbol == ">")
