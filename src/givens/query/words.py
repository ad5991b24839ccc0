"""A filter in words, and as text again."""

from __future__ import annotations

from typing import Any

from ..keys import format_path
from .nodes import Compare, Junction, Metric, Node, Not, Operand, OriginOf, Period, Probe, RunField, Sequence, Span
from .operators import COMPARISONS, FUNCTIONS
from .tokens import CONSTANTS, KEYWORDS


def sentence(node: Node) -> str:
    """What a filter asks for, as a person would say it: ``config.lr is less than 0.001 and …``."""
    if node == Junction("and", ()):
        return "every run"
    return _words(node)


def _words(node: Node) -> str:
    if isinstance(node, Junction):
        return f" {node.word} ".join(
            f"({_words(part)})" if isinstance(part, Junction) else _words(part) for part in node.parts
        )
    if isinstance(node, Not):
        return _denied(node.part)
    if isinstance(node, Probe):
        return FUNCTIONS[node.function].words.format(_operand_words(node.operand))
    return _comparison_words(node, node.operator)


def _denied(part: Node) -> str:
    if isinstance(part, Probe) and part.function in ("exists", "missing"):
        return _words(Probe("missing" if part.function == "exists" else "exists", part.operand))
    return f"not ({_words(part)})"


def _comparison_words(test: Compare, symbol: str) -> str:
    comparison = COMPARISONS[symbol]
    words = comparison.time_words if isinstance(test.value, Period) and comparison.time_words else comparison.words
    value = test.value
    if symbol in ("in", "not in"):
        said = ", ".join(_literal(item) for item in value) or "nothing"
    elif isinstance(value, Period | Span):
        said = value.text
    else:
        said = _literal(value)
    return f"{_operand_words(test.operand)} {words} {said}"


def _operand_words(operand: Operand) -> str:
    if isinstance(operand, Metric):
        return FUNCTIONS[operand.reduction].words.format(operand.name)
    if isinstance(operand, OriginOf):
        return FUNCTIONS["origin"].words.format(f"config.{format_path(operand.path)}")
    return operand_text(operand)


def operand_text(operand: Operand) -> str:
    """An operand as the language writes it."""
    if isinstance(operand, RunField):
        return f"run.{operand.field}"
    if isinstance(operand, Metric):
        return (
            f"{operand.reduction}({_literal(operand.name)})"
            if is_odd(operand.name)
            else f"{operand.reduction}({operand.name})"
        )
    if isinstance(operand, OriginOf):
        return f"origin(config.{format_path(operand.path)})"
    text = format_path(operand.path)
    if operand.scope != "either":
        return f"{operand.scope}.{text}" if not text.startswith(("[", "{")) else f"{operand.scope}{text}"
    first = operand.path[0]
    if isinstance(first, str) and len(operand.path) > 1 and (first in ("config", "summary", "run") or is_odd(first)):
        import json

        quoted = json.dumps(first, ensure_ascii=False)  # or its first word would be read as something else
        return text if text.startswith('"') else quoted + text[len(first) :]
    return text


def is_odd(name: str) -> bool:
    """Whether a name by itself would be read as something else: a word of the language, a number, more than one name."""
    return format_path((name,)) != name or name in KEYWORDS or name in CONSTANTS or name[0] in "0123456789+-."


def filter_text(node: Node) -> str:
    """A tree as the language writes it; ``parse`` reads it back to an equal tree, as long as times stay the same."""
    if isinstance(node, Junction):
        return f" {node.word} ".join(
            f"({filter_text(part)})" if isinstance(part, Junction) else filter_text(part) for part in node.parts
        )
    if isinstance(node, Not):
        return f"not ({filter_text(node.part)})"
    if isinstance(node, Probe):
        return f"{node.function}({operand_text(node.operand)})"
    left, symbol = operand_text(node.operand), node.operator
    if symbol == "matches":
        return f"matches({left}, {_literal(node.value)})"
    if symbol in ("contains", "not contains"):
        return f"{_literal(node.value)} {symbol.replace('contains', 'in')} {left}"
    if symbol in ("in", "not in"):
        return f"{left} {symbol} {_literal(Sequence(node.value))}"
    said = _literal(node.value.text) if isinstance(node.value, Period | Span) else _literal(node.value)
    return f"{left} {symbol.replace('within', 'in')} {said}"


_NEEDS_ESCAPE = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def _literal(value: Any) -> str:
    if isinstance(value, Sequence):
        return f"[{', '.join(map(_literal, value.items))}]"
    if type(value) is str:
        return f'"{"".join(map(_letter, value))}"'
    return repr(value)


def _letter(letter: str) -> str:
    if letter in _NEEDS_ESCAPE:
        return _NEEDS_ESCAPE[letter]
    if letter.isprintable():
        return letter
    code = ord(letter)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
