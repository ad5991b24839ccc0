"""What a class's source says of its fields: a string below the field, a comment beside or above it, the docstring.

The forms are those that tyro and simple-parsing read: PEP 258's attribute docstrings, comments, and the sections of
Google's, numpy's and Sphinx's docstrings.
"""

from __future__ import annotations

import ast
import re
import sys
from functools import lru_cache

_LARGEST_SOURCE = 1_000_000  # characters
_MARKS = re.compile(r"#\s*(noqa|type:|pragma|pylint|fmt:|mypy:)|-{3,}|={3,}")
_SECTION = re.compile(r"^(args|arguments|attributes|parameters|params|fields)\s*:?\s*$", re.IGNORECASE)
_ITEM = re.compile(r"^(\w+)\s*(?:\([^)]*\))?\s*:\s*(.*)$")
_NUMPY_ITEM = re.compile(r"^(\w+)(?:\s*:.*)?$")
_SPHINX = re.compile(r"^:(?:param|ivar|var|attr)\s+(?:[\w\[\], |.]+\s+)?(\w+)\s*:\s*(.*)$")


@lru_cache(maxsize=256)
def field_texts(cls: type) -> dict[str, str]:
    """Descriptions by field name; those of a subclass over those of its bases."""
    texts: dict[str, str] = {}
    for base in reversed(cls.__mro__):
        if base is not object and base.__module__ != "builtins":
            texts.update(_from_docstring(base.__dict__.get("__doc__")))
            texts.update(_from_source(base))
    return texts


def _from_docstring(doc: object) -> dict[str, str]:
    texts: dict[str, str] = {}
    if not isinstance(doc, str) or "\n" not in doc:
        return texts  # a dataclass makes a one-line docstring of its own
    inside: int | None = None  # indentation of the section that lists fields
    underlined = False  # it is in numpy's form
    name, item = "", -1
    for line in doc.expandtabs().splitlines():
        text = line.strip()
        indent = len(line) - len(line.lstrip())
        sphinx = _SPHINX.match(text)
        if sphinx:
            texts[sphinx[1]] = sphinx[2]
        elif _SECTION.match(text):
            inside, name, item, underlined = indent, "", -1, False
        elif inside is None or not text:
            continue
        elif set(text) == {"-"}:
            if name or underlined:  # under the title of another section
                texts.pop(name, None)
                inside, name = None, ""
            underlined = True
        elif name and indent > item:
            texts[name] = f"{texts[name]} {text}".strip()
        elif indent > inside and not underlined and (found := _ITEM.match(text)):
            name, item = found[1], indent
            texts[name] = found[2]
        elif indent == inside and underlined and (found := _NUMPY_ITEM.match(text)):
            name, item = found[1], indent
            texts[name] = ""
        elif indent <= inside:
            inside, name = None, ""
    return {key: text for key, text in texts.items() if text}


def _from_source(cls: type) -> dict[str, str]:
    file = getattr(sys.modules.get(cls.__module__), "__file__", None)
    parsed = _parsed(file) if isinstance(file, str) and file.endswith(".py") else None
    if parsed is None:
        return {}
    lines, classes = parsed
    found = classes.get(cls.__qualname__)
    texts: dict[str, str] = {}
    body = found.body if found else []
    for at, node in enumerate(body):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            below = body[at + 1] if at + 1 < len(body) else None
            text = _string(below) or _beside(lines, node) or _above(lines, node)
            if text:
                texts[node.target.id] = text
    return texts


@lru_cache(maxsize=16)
def _parsed(file: str) -> tuple[list[str], dict[str, ast.ClassDef]] | None:
    import linecache

    lines = linecache.getlines(file)
    if not lines or sum(map(len, lines)) > _LARGEST_SOURCE:
        return None
    try:
        tree = ast.parse("".join(lines))
    except (SyntaxError, ValueError):  # it was changed since it was imported
        return None
    classes: dict[str, ast.ClassDef] = {}
    _collect(tree, "", classes)
    return lines, classes


def _collect(node: ast.AST, prefix: str, into: dict[str, ast.ClassDef]) -> None:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            into[prefix + child.name] = child
            _collect(child, f"{prefix}{child.name}.", into)
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            _collect(child, f"{prefix}{child.name}.<locals>.", into)
        elif isinstance(child, ast.stmt):
            _collect(child, prefix, into)


def _string(node: ast.stmt | None) -> str | None:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return " ".join(node.value.value.split())
    return None


def _comment(text: str) -> str | None:
    text = text.strip()
    return text.lstrip("#").strip() or None if text.startswith("#") and not _MARKS.search(text) else None


def _beside(lines: list[str], node: ast.AnnAssign) -> str | None:
    if node.end_lineno is None or node.end_lineno > len(lines):
        return None
    return _comment(lines[node.end_lineno - 1].encode()[node.end_col_offset :].decode(errors="replace"))


def _above(lines: list[str], node: ast.AnnAssign) -> str | None:
    texts: list[str] = []
    for line in reversed(lines[: node.lineno - 1]):
        text = _comment(line)
        if text is None:
            break
        texts.append(text)
    return " ".join(reversed(texts)) or None
