"""From filter text to the tree.

::

    filter  = either
    either  = both ("or" both)*
    both    = denied ("and" denied)*
    denied  = "not" denied | "(" either ")" | test
    test    = probe | side (comparison side)+          one side of each comparison is a key, the other a literal
    side    = literal | key | function "(" key ")"
    literal = number | text | None | True | False | nan | inf | "[" literals "]" | "(" literals ")"

``a < key < b`` is both comparisons. What the words of it mean is in ``operators``; how they are answered, in
``evaluator``.
"""

from __future__ import annotations

import time
from typing import Any, NoReturn

from ..errors import FilterSyntaxError
from .nodes import EVERYTHING, Compare, Key, Metric, Node, Not, Operand, OriginOf, Probe, Sequence, joined
from .operands import metric_name, operand_of
from .operators import COMPARISONS, FUNCTIONS, PROBES, REDUCTIONS
from .tokens import Token, tokens
from .typing_rules import fitting

_PYTHON_WORDS = {"null": "None", "none": "None", "true": "True", "false": "False", "NaN": "nan", "Inf": "inf"}
_WORDS = {"AND": "and", "OR": "or", "NOT": "not", "IN": "in", "IS": "is", "LIKE": "matches(key, 'pattern*')"}
_COMPARING = frozenset(("==", "!=", "<", "<=", ">", ">="))
_ONE_RUN = ("best:", "max:", "min:")  # references; see journal.refs
MAX_DEPTH = 100  #: how deep parentheses, ``not`` and lists may nest


def parse(text: str, *, now_s: float | None = None) -> Node:
    """Read a filter. Text of spaces only is the filter that every run passes.

    Args:
        text: the filter.
        now_s: the present in seconds since the epoch, for "2h ago"; None: the clock's.

    Raises:
        FilterSyntaxError: it does not read; with the place, and what to write instead.
    """
    reader = _Reader(text, time.time() if now_s is None else now_s)
    if reader.token.kind == "end":
        return EVERYTHING
    node = reader.either(0)
    if reader.token.kind != "end":
        reader.unexpected("and, or, or the end")
    return node


def parse_operand(text: str, *, within: str | None = None, at: int = 0) -> Operand:
    """Read what a column or sort key names: a key, a field of the run, ``max(name)`` …

    Args:
        text: the operand.
        within: the whole text that it is a part of, for errors; None: it is the whole.
        at: where in the whole it begins.

    Raises:
        FilterSyntaxError: it does not read, or is a value.
    """
    try:
        reader = _Reader(text, 0.0)
        side = reader._side()
        if type(side.value) is str and side.value and reader.token.kind == "end":
            return Key("either", (side.value,))  # nothing but a key can be meant
        if side.operand is None:
            reader.fail(side.start, side.end, f"{text[side.start : side.end]} is a value, not a key", "name a key")
        if reader.token.kind != "end":
            reader.unexpected("the end")
    except FilterSyntaxError as error:
        if within is None:
            raise
        raise FilterSyntaxError(within, error.start + at, error.end + at, error.problem, error.instead) from None
    return side.operand


class _Side:
    """One side of a comparison, as read: an operand or a literal, and where it stands."""

    __slots__ = ("end", "operand", "start", "value")

    def __init__(self, start: int, end: int, operand: Operand | None, value: Any) -> None:
        self.start, self.end, self.operand, self.value = start, end, operand, value


class _Reader:
    def __init__(self, text: str, now_s: float) -> None:
        self.text, self.now_s = text, now_s
        self.tokens = tokens(text)
        self.at = 0

    # --- moving ---------------------------------------------------------------------------------------------------

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        token = self.tokens[self.at]
        self.at += token.kind != "end"
        return token

    def next_is(self, kind: str, *texts: str) -> bool:
        return self.token.kind == kind and (not texts or self.token.text in texts)

    def expect(self, symbol: str, what: str) -> Token:
        if not self.next_is("symbol", symbol):
            self.unexpected(what)
        return self.take()

    def fail(self, start: int, end: int, problem: str, instead: str = "") -> NoReturn:
        raise FilterSyntaxError(self.text, start, end, problem, instead)

    def unexpected(self, expected: str) -> NoReturn:
        token = self.token
        if token.kind == "end":
            self.fail(token.start, token.end, f"expected {expected}, and the filter ends here")
        advice = f"did you mean {_WORDS[token.text]}?" if token.text in _WORDS else ""
        self.fail(token.start, token.end, f"expected {expected}, not {token.text}", advice)

    # --- tests ----------------------------------------------------------------------------------------------------

    def either(self, depth: int) -> Node:
        return self._several("or", depth)

    def _several(self, word: str, depth: int) -> Node:
        def read() -> Node:
            return self._several("and", depth) if word == "or" else self._denied(depth)

        parts = [read()]
        while self.next_is("word", word):
            self.take()
            parts.append(read())
        return joined(word, parts)

    def _denied(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            self.fail(self.token.start, self.token.end, f"nested beyond {MAX_DEPTH} levels", "write it flatter")
        if self.next_is("word", "not"):
            self.take()
            return Not(self._denied(depth + 1))
        if self.next_is("symbol", "("):
            self.take()
            node = self.either(depth + 1)
            self.expect(")", "a closing )")
            return node
        return self._test()

    def _test(self) -> Node:
        if self.token.kind == "path" and self._calls() in (*PROBES, "matches"):
            return self._probe()
        left = self._side()
        tests: list[Node] = []
        while self._compares():
            begin = self.token.start
            symbol = self._comparison()
            right = self._side()
            tests.append(self._compare(left, symbol, right, begin))
            left = right
        if not tests:
            self._alone(left)
        return joined("and", tests)

    def _calls(self) -> str:
        """The name of the function that is called here; empty when none is."""
        after = self.tokens[self.at + 1]
        return self.token.text if after.kind == "symbol" and after.text == "(" else ""

    def _compares(self) -> bool:
        if self.next_is("word", "not"):
            return self.tokens[self.at + 1].text == "in"
        return self.next_is("word", "in", "is") or self.next_is("symbol", *_COMPARING)

    def _comparison(self) -> str:
        first = self.take()
        if first.text == "not":
            self.take()
            return "not in"
        if first.text == "is":
            if self.next_is("word", "not"):
                self.take()
                return "!="
            return "=="
        return first.text

    def _alone(self, side: _Side) -> NoReturn:
        written = self.text[side.start : side.end]
        if self.token.kind != "end" and not self.next_is("word") and not self.next_is("symbol", ")"):
            self.unexpected(f"a comparison after {written}")
        if side.operand is None:
            self.fail(side.start, side.end, f"{written} alone is no test", "compare a key with it")
        if written.startswith(_ONE_RUN):
            self.fail(side.start, side.end, f"{written} is a run, no test", f"`givens show {written}` shows it")
        self.fail(side.start, side.end, f"{written} alone is no test", f"write {written} == True, or exists({written})")

    def _compare(self, left: _Side, symbol: str, right: _Side, begin: int) -> Node:
        if left.operand is not None and right.operand is not None:
            self._two_keys(symbol, right)
        if left.operand is None and right.operand is None:
            written = next((self.text[side.start : side.end] for side in (left, right) if type(side.value) is str), "")
            quoted = f"config.{written}" if written.startswith('"') and len(written) > 2 else 'config."a.b"'
            advice = f"compare a key with a value; a key that is called {written} is {quoted}" if written else ""
            self.fail(left.start, right.end, "two values, and no key", advice or "compare a key with a value")
        if right.operand is not None:
            symbol = COMPARISONS[symbol].flipped
            left, right = right, left
        assert left.operand is not None
        return self.fit(left.operand, symbol, right.value, right.start, right.end)

    def fit(self, operand: Operand, symbol: str, value: Any, start: int, end: int) -> Compare:
        fitted = fitting(operand, symbol, value, self.now_s)
        if isinstance(fitted, Compare):
            return fitted
        return self.fail(start, end, fitted.problem, fitted.instead)

    def _two_keys(self, symbol: str, right: _Side) -> NoReturn:
        written = self.text[right.start : right.end]
        problem = f"{written} is a key here, and a key is compared with a value"
        word = _PYTHON_WORDS.get(written) or f'"{written}"'
        if symbol in ("in", "not in"):
            problem, word = f"{written} is a key here, and `in` needs a list", f'["{written}"]'
        self.fail(right.start, right.end, problem, f"did you mean {word}?")

    # --- functions ------------------------------------------------------------------------------------------------

    def _probe(self) -> Node:
        name = self.take()
        self.take()
        start = self.token.start
        operand = self._argument(name.text)
        if name.text == "matches":
            self.expect(",", "a comma and a pattern")
            pattern = self.token
            if pattern.kind != "value":
                self.unexpected("a pattern in quotes")
            self.take()
            self._close(name)
            return self.fit(operand, "matches", pattern.value, pattern.start, pattern.end)
        end = self.tokens[self.at - 1].end
        self._close(name)
        if name.text == "changed":
            operand = self._config_key(operand, name.text, start, end)
        return Probe(name.text, operand)

    def _close(self, name: Token) -> None:
        what = FUNCTIONS[name.text].takes
        self.expect(")", f"a closing ): {name.text}() takes {what}")

    def _argument(self, function: str) -> Operand:
        token = self.token
        if token.kind != "path":
            if token.kind == "value" and type(token.value) is str:
                self.fail(
                    token.start,
                    token.end,
                    f"{function}() takes {FUNCTIONS[function].takes}, not a text",
                    _no_quotes(token),
                )
            self.unexpected(FUNCTIONS[function].takes)
        side = self._side()
        assert side.operand is not None
        return side.operand

    def _config_key(self, operand: Operand, function: str, start: int, end: int) -> Operand:
        if not isinstance(operand, Key) or operand.scope == "summary":
            self.fail(start, end, f"{function}() takes a config key", "write config. and the key")
        return Key("config", operand.path)

    def _call(self) -> _Side:
        name = self.take()
        if name.text not in FUNCTIONS:
            self._unknown_function(name)
        if name.text in (*PROBES, "matches"):
            self.fail(name.start, name.end, f"{name.text}() is a test by itself", "leave the comparison out")
        self.take()
        if name.text == "origin":
            start = self.token.start
            key = self._config_key(self._argument("origin"), "origin", start, self.tokens[self.at - 1].end)
            close = self.expect(")", "a closing )")
            return _Side(name.start, close.end, OriginOf(key.path), None)  # type: ignore[union-attr]
        token = self.take()
        metric = metric_name(token)
        if metric is None:
            self.at -= 1
            self.fail(
                token.start, token.end, f"{name.text}() takes the name of a metric", f"as in {name.text}(val_acc)"
            )
        close = self.expect(")", "a closing )")
        if name.text in REDUCTIONS:
            return _Side(name.start, close.end, Metric(name.text, metric), None)
        return _Side(name.start, close.end, Key("summary", (metric,)), None)

    def _unknown_function(self, name: Token) -> NoReturn:
        import difflib

        nearest = difflib.get_close_matches(name.text.lower(), FUNCTIONS, n=1)
        advice = f"did you mean {nearest[0]}()?" if nearest else f"there are {', '.join(FUNCTIONS)}"
        self.fail(name.start, name.end, f"there is no function {name.text}()", advice)

    # --- sides ----------------------------------------------------------------------------------------------------

    def _side(self) -> _Side:
        token = self.token
        if token.kind == "path":
            if self._calls():
                return self._call()
            self.take()
            found = operand_of(token)
            if isinstance(found, tuple) and not isinstance(found, str):
                return _Side(token.start, token.end, found, None)
            self.fail(token.start, token.end, found.problem, found.instead)
        start = token.start
        value = self._value()
        return _Side(start, self.tokens[self.at - 1].end, None, value)

    def _value(self, depth: int = 0) -> Any:
        token = self.token
        if token.kind == "value":
            return self.take().value
        if self.next_is("symbol", "[", "(") and depth < MAX_DEPTH:
            closing = "]" if self.take().text == "[" else ")"
            items: list[Any] = []
            comma = False
            while not self.next_is("symbol", closing):
                if self.token.kind == "path":
                    written = self.token.text
                    word = _PYTHON_WORDS.get(written) or f'"{written}"'
                    self.fail(
                        self.token.start,
                        self.token.end,
                        f"{written} is a key here, and a list holds values",
                        f"did you mean {word}?",
                    )
                items.append(self._value(depth + 1))
                if not self.next_is("symbol", ","):
                    break
                self.take()
                comma = True
            self.expect(closing, f"a comma or a closing {closing}")
            return items[0] if closing == ")" and len(items) == 1 and not comma else Sequence(tuple(items))
        return self.unexpected("a key or a value")


def _no_quotes(token: Token) -> str:
    return f"leave the quotes out, or write config.{token.text}"
