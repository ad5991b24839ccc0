"""The command line's short form: ``lr=0.1 model.name=vit``, so that no shell quoting is needed.

A word with one ``=`` between a key and a value is an equality, its value typed as YAML 1.2 types it: ``0.1`` is a number,
``true`` a bool, ``null`` or nothing at all is None, ``"0.1"`` and ``vit`` are text, ``[1, 2]`` is a list. ``run.created=2026-03``
and ``tags=base`` mean what they look like. Words of another form are put together and read as a filter; all of it has to hold.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from typing import Any

from ..errors import FilterSyntaxError, GivensError
from ..sources.core_schema import resolve
from .nodes import EVERYTHING, Key, Metric, Node, Operand, RunField, Sequence, joined
from .operands import Misfit, metric_name, operand_of
from .operators import LABELS, PROBES, RUN_FIELDS, TEXT, TIME
from .parser import parse, parse_operand
from .tokens import Token, tokens
from .typing_rules import fitting

_EQUALITY = re.compile(r'((?:[^\s="\'<>!()]|"(?:[^"\\]|\\.)*")+)=(?!=)(.*)', re.DOTALL)
_COMPARED = r'["(]*[^\W\d][^\s=<>!]*\s*(?:[=<>]|!=)'
_TEST = rf"(?:not\s+)?(?:{_COMPARED}|(?:{'|'.join((*PROBES, 'matches'))})\(|\S+\s+(?:not\s+)?in\s+[\[(\"'])"
_JOINED = re.compile(rf"\s(?:and|or)\s+{_TEST}")
_LUMPED = re.compile(rf"{_JOINED.pattern}|\s{_COMPARED}")
_SINGLE = re.compile(r"\s*(?<![=<>!])=(?!=)\s*")
_NOT_PLAIN = frozenset("\"'[{&*!|>%@`")


def parse_words(words: Iterable[str], *, now_s: float | None = None) -> Node:
    """Read the words of a command line as one filter.

    Args:
        words: as the shell gave them.
        now_s: the present, in seconds since the epoch; None: the clock's.

    Raises:
        FilterSyntaxError: a word does not read.
    """
    present_s = time.time() if now_s is None else now_s
    parts: list[Node] = []
    for text, match in _pieces(words):
        node = parse(text, now_s=present_s) if match is None else _equality(text, match[1], match[2], present_s)
        if node != EVERYTHING:
            parts.append(node)
    return joined("and", parts) if parts else EVERYTHING


def lumped_words(words: Iterable[str]) -> list[str]:
    """What to say of words that read as one equality with a text and look as if several conditions were meant.

    Args:
        words: as the shell gave them; they read.
    """
    said = []
    for text, match in _pieces(words):
        if match is None or match[2][:1] in _NOT_PLAIN or not _LUMPED.search(match[2]):
            continue
        if _JOINED.search(match[2]):
            instead = f"an expression compares with ==: {_SINGLE.sub(' == ', text)!r}"
        else:
            instead = f"conditions are words of their own: {' '.join(text.split())}, without quotes around them"
        said.append(f"{text!r} asks for {match[1]} that is the text {match[2]!r}; {instead}")
    return said


def place_in_words(operand: Operand, words: Iterable[str]) -> tuple[str, int, int] | None:
    """Where the words of a command line name something first: the word, or those that are one filter; begin and end in it.

    Args:
        operand: what is named.
        words: as the shell gave them; they read.
    """
    for text, match in _pieces(words):
        found = list(tokens(text if match is None else match[1]))
        for at, token in enumerate(found):
            if _names(token, operand, [each.text for each in found[max(0, at - 2) : at]]):
                return text, token.start, token.end
    return None


def _names(token: Token, operand: Operand, before: list[str]) -> bool:
    if isinstance(operand, Metric):
        return before == [operand.reduction, "("] and metric_name(token) == operand.name
    if token.kind != "path" or isinstance(operand, RunField):
        return False
    named = operand_of(token)
    scope = operand.scope if isinstance(operand, Key) else "config"
    return isinstance(named, Key) and named.path == operand.path and named.scope in (scope, "either")


def _pieces(words: Iterable[str]) -> Iterator[tuple[str, re.Match[str] | None]]:
    """Each equality, and between them the other words as one text."""
    text: list[str] = []
    for word in words:
        match = _EQUALITY.fullmatch(word)
        if match is None:
            text.append(word)
            continue
        if text:
            yield " ".join(text), None
        text = []
        yield word, match
    if text:
        yield " ".join(text), None


def _equality(word: str, key: str, written: str, now_s: float) -> Node:
    operand = parse_operand(key, within=word)
    value: Any = _typed(word, written, len(key) + 1)
    symbol = "=="
    if isinstance(operand, RunField):
        kind = RUN_FIELDS[operand.field].kind
        if kind == LABELS:
            symbol = "contains"
        if kind in (TEXT, TIME, LABELS) and value is not None:
            value = _unquoted(written)
    fitted = fitting(operand, symbol, value, now_s)
    if isinstance(fitted, Misfit):
        raise FilterSyntaxError(word, len(key) + 1, len(word), fitted.problem, fitted.instead)
    return fitted


def _unquoted(written: str) -> str:
    return written[1:-1] if len(written) > 1 and written[0] == written[-1] and written[0] in "\"'" else written


def _typed(word: str, written: str, at: int) -> Any:
    try:
        if written[:1] not in _NOT_PLAIN:
            return resolve(written)
        from ..sources.yaml12 import read_yaml_value

        value = read_yaml_value(written, "")
    except (GivensError, ValueError) as error:
        problem = getattr(error, "problem", str(error))
        raise FilterSyntaxError(word, at, len(word), f"no value: {problem}", "put text in quotes") from None
    return _as_literal(word, value, at)


def _as_literal(word: str, value: Any, at: int) -> Any:
    if isinstance(value, list):
        return Sequence(tuple(_as_literal(word, item, at) for item in value))
    if value is None or isinstance(value, bool | int | float | str):
        return value
    kind = type(value).__name__
    raise FilterSyntaxError(
        word, at, len(word), f"a {kind} cannot be compared with", "compare the keys in it one by one"
    )
