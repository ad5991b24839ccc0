"""From the text of a filter to tokens, each with its place in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from ..errors import FilterSyntaxError, KeyPathError
from ..keys import KeyPath

_SPACE = re.compile(r"\s+")
_NUMBER = re.compile(
    r"""[+-]?(?:0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?)"""
    r"""(?![^\s"'`\[\]{}()\\,=<>!])"""
)
_PATH = re.compile(
    r"""(?:"(?:[^"\\]|\\.)*"(?=[.\[{])|[^\s."'`\[\]{}()\\,=<>!]+)"""
    r"""(?:\.(?:"(?:[^"\\]|\\.)*"|[^\s."'`\[\]{}()\\,=<>!]+)|\[\d+\]|\{-?\d+\})*""",
    re.DOTALL,
)
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"|' r"'(?:[^'\\]|\\.)*'", re.DOTALL)
_SYMBOL = re.compile(r"==|!=|<=|>=|<>|[<>=!()\[\],]")
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "\n": ""}

#: words that stand for themselves: no key is called so without ``config.`` before it
KEYWORDS = frozenset(("and", "or", "not", "in", "is"))
CONSTANTS: dict[str, Any] = {
    "None": None,
    "True": True,
    "False": False,
    "nan": float("nan"),
    "inf": float("inf"),
    "+inf": float("inf"),
    "-inf": float("-inf"),
}
_INSTEAD = {
    "=": "write == to compare",
    "!": "write not",
    "<>": "write !=",
    "&": "write and",
    "&&": "write and",
    "|": "write or",
    "||": "write or",
}


class Token(NamedTuple):
    """One word of a filter.

    Args:
        kind: ``path``, ``value`` (a literal), ``word`` (of ``KEYWORDS``), ``symbol`` or ``end``.
        text: as written.
        start: where it begins in the filter.
        end: where it ends.
        value: of a path its ``KeyPath``, of a literal its value.
    """

    kind: str
    text: str
    start: int
    end: int
    value: Any = None


def tokens(text: str) -> list[Token]:
    """The tokens of a filter; the last one is of kind ``end``.

    Raises:
        FilterSyntaxError: something that no token begins with.
    """
    return list(_tokens(text))


def _tokens(text: str) -> Iterator[Token]:
    at = 0
    while True:
        space = _SPACE.match(text, at)
        at = space.end() if space else at
        if at >= len(text):
            yield Token("end", "", at, at)
            return
        token = _number(text, at) or _path(text, at) or _literal(text, at) or _symbol(text, at)
        yield token
        at = token.end


def _number(text: str, at: int) -> Token | None:
    match = _NUMBER.match(text, at)
    if not match:
        return None
    digits = match[0]
    if text[match.end() : match.end() + 1] == "." or digits.endswith("_") or "__" in digits or "_." in digits:
        raise FilterSyntaxError(text, at, match.end() + 1, f"{digits}… is no number", "put text in quotes")
    return Token("value", digits, at, match.end(), _number_value(text, at, digits))


def _number_value(text: str, at: int, digits: str) -> int | float:
    plain = digits.replace("_", "")
    try:
        if plain.lstrip("+-")[:2].lower() in ("0x", "0o", "0b"):
            number = int(plain, 0)
            str(number)  # what cannot be written cannot be shown, either
            return number
        return float(plain) if set(plain) & set(".eE") else int(plain)
    except ValueError:  # more digits than the interpreter reads
        raise FilterSyntaxError(text, at, at + len(digits), "a number of too many digits") from None


def _path(text: str, at: int) -> Token | None:
    match = _PATH.match(text, at)
    if not match:
        return None
    written = match[0]
    if written in KEYWORDS:
        return Token("word", written, at, match.end())
    if written in CONSTANTS:
        return Token("value", written, at, match.end(), CONSTANTS[written])
    if written in _INSTEAD:
        raise FilterSyntaxError(text, at, match.end(), f"{written!r} is not part of the language", _INSTEAD[written])
    after = text[match.end() : match.end() + 1]
    if after and after in ".[{":
        problem = "a key cannot end in '.'" if after == "." else "an index is a whole number from 0"
        advice = {".": "name what follows it", "[": "write it as in layers[0]", "{": "write an int key as in labels{0}"}
        raise FilterSyntaxError(text, match.end(), match.end() + 1, problem, advice[after])
    try:
        return Token("path", written, at, match.end(), KeyPath.parse(written))
    except KeyPathError as error:
        raise FilterSyntaxError(text, at + error.column, match.end(), error.problem) from None
    except ValueError:  # more digits than the interpreter reads
        raise FilterSyntaxError(text, at, match.end(), "an index of too many digits") from None


def _literal(text: str, at: int) -> Token | None:
    match = _TEXT.match(text, at)
    if match:
        return Token("value", match[0], at, match.end(), _ESCAPE.sub(_unescaped, match[0][1:-1]))
    if text[at] in "\"'":
        raise FilterSyntaxError(text, at, len(text), "a text whose quote is never closed", f"end it with {text[at]}")
    return None


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    if code:
        number = int(code, 16)
        return chr(number) if number <= 0x10FFFF else match[0]
    return _ESCAPED.get(match[4], match[4] if match[4] in "\\'\"" else match[0])


def _symbol(text: str, at: int) -> Token:
    match = _SYMBOL.match(text, at)
    if not match:
        raise FilterSyntaxError(text, at, at + 1, f"{text[at]!r} is not part of the language")
    if match[0] in _INSTEAD:
        raise FilterSyntaxError(text, at, match.end(), f"{match[0]!r} is not part of the language", _INSTEAD[match[0]])
    return Token("symbol", match[0], at, match.end())
