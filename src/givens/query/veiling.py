"""A filter as it may be shown: without the secrets that it asks for."""

from __future__ import annotations

from typing import Any

from ..codec import Redaction
from ..codec.redaction import SHORTEST_SECRET
from .nodes import Compare, Junction, Key, Metric, Node, Not, Operand, Period, Probe, Sequence, Span

_HIDDEN = "***"


def veiled(node: Node, redaction: Redaction) -> Node:
    """The same filter with the secrets in its literals and names hidden; it asks for something else then.

    Args:
        node: the filter.
        redaction: what is a secret: a text compared with a secret key, a text of a credential's form.
    """
    if isinstance(node, Junction):
        return Junction(node.word, tuple(veiled(part, redaction) for part in node.parts))
    if isinstance(node, Not):
        return Not(veiled(node.part, redaction))
    if isinstance(node, Probe):
        return Probe(node.function, _operand(node.operand, redaction))
    secret = isinstance(node.operand, Key) and redaction.is_secret_path(node.operand.path)
    return Compare(_operand(node.operand, redaction), node.operator, _literal(node.value, redaction, secret=secret))


def _operand(operand: Operand, redaction: Redaction) -> Operand:
    if isinstance(operand, Key):
        path = tuple(redaction.value(part) if type(part) is str else part for part in operand.path)
        return operand._replace(path=path)
    if isinstance(operand, Metric):
        return operand._replace(name=redaction.value(operand.name))
    return operand


def _literal(value: Any, redaction: Redaction, *, secret: bool) -> Any:
    if isinstance(value, Period | Span):
        return value
    if isinstance(value, Sequence):
        return Sequence(tuple(_literal(item, redaction, secret=secret) for item in value.items))
    if type(value) is tuple:
        return tuple(_literal(item, redaction, secret=secret) for item in value)
    if type(value) is not str:
        return value
    return _HIDDEN if secret and len(value) >= SHORTEST_SECRET else redaction.value(value)
