"""YAML by the 1.2 core rules, on the events of PyYAML's C parser.

Built from events rather than from PyYAML's nodes: no recursion (deep nesting is an error, never a crash), positions
are at hand, and nothing but the values and their marks is held. Only safe tags; nothing is ever constructed by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, NoReturn

from ..errors import MalformedSourceError, MissingPackageError
from .core_schema import UnknownTagError, resolve, resolve_tagged
from .marks import MAX_DEPTH, Document, Mark, Marks, too_deep

#: Values that aliases (``*name``) may add to a document. A real file has a few hundred; an alias bomb has billions.
MAX_ALIASED = 100_000

_TAG = "tag:yaml.org,2002:"
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_QUOTE = "put text that holds ': ' in quotes, or check the indentation"
_ADVICE = {
    "mapping values are not allowed in this context": _QUOTE,  # libyaml's words
    "mapping values are not allowed here": _QUOTE,  # the Python parser's
    "could not find expected ':'": "every line of a section is `key: value`",
    "did not find expected key": "keys of one section start in the same column",
    "found unexpected end of stream": "a quote or bracket is never closed",
}


def read_yaml(text: str, file: str) -> Document:
    """Read a document with a mapping at the top. An empty one is an empty mapping.

    Args:
        text: the content.
        file: what to call it in errors.

    Raises:
        MalformedSourceError: it is not YAML, or no configuration; with line and column.
    """
    root = _Builder(file).build(text)
    if root is None or root.plain == "":
        return Document({}, {})
    if type(root.value) is not dict:
        kind = "a list" if type(root.value) is list else "one value"
        problem = f"{kind} at the top, where a configuration has keys"
        raise MalformedSourceError(file, root.line, root.column, problem, "write `key: value`")
    return Document(root.value, root.inside or {})


def read_yaml_value(text: str, file: str) -> Any:
    """Read text that holds one value of any kind.

    Raises:
        MalformedSourceError: it is not YAML.
    """
    try:
        text.encode()
    except UnicodeEncodeError as error:  # from a command line, or the environment
        column = error.start - text.rfind("\n", 0, error.start)
        line = text.count("\n", 0, error.start) + 1
        raise MalformedSourceError(file, line, column, "it holds a byte that is no UTF-8") from None
    root = _Builder(file).build(text)
    return None if root is None else root.value


class _Node(NamedTuple):
    """A finished value. ``plain`` is the text of an unquoted scalar; ``size`` and ``height`` bound what aliases add."""

    value: Any
    line: int
    column: int
    inside: Marks | None = None
    size: int = 1
    height: int = 0
    block: bool = False
    plain: str | None = None
    items: list[_Node] | None = None  # of the list in `<<: [*a, *b]` only


class _Open:
    """A mapping or list whose end has not been read yet."""

    __slots__ = (
        "anchor",
        "block",
        "column",
        "height",
        "keeps_items",
        "key",
        "line",
        "marks",
        "merge",
        "merged",
        "size",
        "value",
    )

    def __init__(self, value: Any, line: int, column: int, *, anchor: str | None) -> None:
        self.value, self.line, self.column, self.anchor = value, line, column, anchor
        self.size, self.height = 1, 0
        self.block = self.keeps_items = False
        self.marks: Marks = {}
        self.key: _Node | None = None  # the key that waits for its value
        self.merge: _Node | None = None  # the `<<` of this mapping
        self.merged: list[_Node] = []  # what `<<` brings in; of a list that `<<` names, its items


class _Builder:
    def __init__(self, file: str) -> None:
        self.file = file
        self.open: list[_Open] = []
        self.anchors: dict[str, _Node | None] = {}
        self.aliased = 0
        self.root: _Node | None = None
        self.documents = 0

    def build(self, text: str) -> _Node | None:
        yaml = _pyyaml()
        steps: dict[type, Callable[[Any], None]] = {
            yaml.DocumentStartEvent: self._document,
            yaml.ScalarEvent: self._scalar,
            yaml.AliasEvent: self._alias,
            yaml.SequenceStartEvent: self._start,
            yaml.MappingStartEvent: self._start,
            yaml.SequenceEndEvent: self._end,
            yaml.MappingEndEvent: self._end,
        }
        try:
            for event in _events(yaml, text):
                step = steps.get(type(event))
                if step is not None:
                    step(event)
        except yaml.reader.ReaderError:
            raise self._unprintable(text) from None
        except yaml.MarkedYAMLError as error:
            raise self._malformed(text, error) from None
        return self.root

    def _document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            self._fail(event, "a second document in the file", "a configuration file holds one: remove the `---`")

    def _scalar(self, event: Any) -> None:
        mark, text, tag = event.start_mark, event.value, event.tag
        plain = text if event.implicit[0] and tag is None else None
        try:
            value = resolve(text) if plain is not None else resolve_tagged((tag or "!").removeprefix(_TAG), text)
        except UnknownTagError:
            self._refuse(event, tag)
        except ValueError as error:
            self._fail(event, str(error))
        self._finish(_Node(value, mark.line + 1, mark.column + 1, plain=plain), event.anchor)

    def _alias(self, event: Any) -> None:
        name, mark = event.anchor, event.start_mark
        if name not in self.anchors:
            self._fail(event, f"*{name} without a &{name} before it", "put text that begins with * in quotes")
        node = self.anchors[name]
        if node is None:
            self._fail(event, f"*{name} stands inside &{name}: it would contain itself")
        self.aliased += node.size
        if self.aliased > MAX_ALIASED:
            self._fail(event, f"aliases add more than {MAX_ALIASED:,} values", "write out what is meant")
        if len(self.open) + node.height > MAX_DEPTH:
            raise too_deep(self.file, mark.line + 1, mark.column + 1)
        value = _copied(node.value) if node.height else node.value
        line, column = mark.line + 1, mark.column + 1
        self._finish(node._replace(value=value, line=line, column=column, block=False, plain=None), None)

    def _start(self, event: Any) -> None:
        mark = event.start_mark
        is_map = type(event).__name__ == "MappingStartEvent"
        if event.tag not in (None, "!", _TAG + ("map" if is_map else "seq")):
            self._refuse(event, event.tag)
        if len(self.open) >= MAX_DEPTH:
            raise too_deep(self.file, mark.line + 1, mark.column + 1)
        if event.anchor:
            self.anchors[event.anchor] = None
        started = _Open({} if is_map else [], mark.line + 1, mark.column + 1, anchor=event.anchor)
        started.block = not event.flow_style
        if not is_map and self.open:
            started.keeps_items = self.open[-1].key is not None and self.open[-1].key is self.open[-1].merge
        self.open.append(started)

    def _end(self, event: Any) -> None:
        done = self.open.pop()
        value, marks = done.value, done.marks
        if done.merged and type(value) is dict:
            value, marks = {}, {}
            for node in reversed(done.merged):  # of several, the first wins
                value.update(node.value)
                marks.update(node.inside or {})
            value.update(done.value)
            marks.update(done.marks)
        inside = marks if type(value) is dict else None
        node = _Node(value, done.line, done.column, inside, done.size, done.height + 1, done.block)
        if done.keeps_items:
            node = node._replace(items=done.merged)
        self._finish(node, done.anchor)

    def _finish(self, node: _Node, anchor: str | None) -> None:
        """Hand a finished value to what is open around it."""
        if anchor:
            self.anchors[anchor] = node
        if not self.open:
            self.root = node
            return
        around = self.open[-1]
        around.size += node.size
        around.height = max(around.height, node.height)
        if type(around.value) is list:
            around.value.append(node.value)
            if around.keeps_items:
                around.merged.append(node)
        elif around.key is None:
            self._key(around, node)
        elif around.key is around.merge:
            self._merge(around, node)
            around.key = None
        else:
            at = around.key if node.block else node  # a block begins below its key: the key's line says more
            around.marks[around.key.value] = Mark(at.line, at.column, node.inside)
            around.value[around.key.value] = node.value
            around.key = None

    def _key(self, around: _Open, node: _Node) -> None:
        if node.height:
            self._fail_at(node, "a key that is a list or a mapping", "keys are text or numbers")
        if node.plain == "<<":
            if around.merge is not None:
                self._duplicate(node, "<<", around.merge.line)
            around.merge = node
        elif node.value in around.value:
            self._duplicate(node, node.value, around.marks[node.value].line)
        elif node.value == "":
            self._fail_at(node, "an empty key", "give it a name")
        around.key = node

    def _merge(self, around: _Open, node: _Node) -> None:
        if type(node.value) is dict:
            around.merged.append(node)
            return
        if type(node.value) is list and all(type(item) is dict for item in node.value):
            at = Mark(node.line, node.column)  # for `<<: *list`, whose items were read elsewhere
            listed = [node._replace(value=item, inside=dict.fromkeys(item, at)) for item in node.value]
            around.merged.extend(node.items or listed)
            return
        self._fail_at(node, "`<<` needs a mapping, or a list of mappings", "write `<<: *name`")

    def _duplicate(self, node: _Node, key: Any, first: int) -> NoReturn:
        problem = f"the key {key!r} stands here and in line {first}"
        self._fail_at(node, problem, "keep one of them")

    def _refuse(self, event: Any, tag: str) -> NoReturn:
        written = "!!" + tag.removeprefix(_TAG) if tag.startswith(_TAG) else tag
        problem = f"the tag {written} was refused, and nothing of it was run"
        self._fail(event, problem, "a configuration holds plain values: remove the tag")

    def _fail(self, event: Any, problem: str, instead: str = "") -> NoReturn:
        mark = event.start_mark
        raise MalformedSourceError(self.file, mark.line + 1, mark.column + 1, problem, instead)

    def _fail_at(self, node: _Node, problem: str, instead: str = "") -> NoReturn:
        raise MalformedSourceError(self.file, node.line, node.column, problem, instead)

    def _unprintable(self, text: str) -> MalformedSourceError:
        found = _UNPRINTABLE.search(text)
        if not found:
            return MalformedSourceError(self.file, None, None, "a character that YAML does not allow")
        line, column = text.count("\n", 0, found.start()) + 1, found.start() - text.rfind("\n", 0, found.start())
        problem = f"the character U+{ord(found[0]):04X} is not allowed in YAML"
        return MalformedSourceError(self.file, line, column, problem, "in double quotes it can be written as an escape")

    def _malformed(self, text: str, error: Any) -> MalformedSourceError:
        mark = error.problem_mark or error.context_mark
        problem = ", ".join(bit for bit in (error.context, error.problem) if bit)
        if mark is None:
            return MalformedSourceError(self.file, None, None, f"this is not YAML: {problem}")
        line, column = mark.line + 1, mark.column + 1
        if "nesting depth" in str(error.problem):  # libyaml's own bound, from 0.2.6 on: it reads ahead of the events
            return too_deep(self.file, line, column)
        lines = text.splitlines()
        written = lines[mark.line] if mark.line < len(lines) else ""
        indentation = written[: len(written) - len(written.lstrip())]
        if "\t" in indentation or written[mark.column : mark.column + 1] == "\t":
            problem, instead = "a tab where YAML wants spaces", "replace it by spaces"
            return MalformedSourceError(self.file, line, column, problem, instead)
        advice = _ADVICE.get(error.problem, "")
        return MalformedSourceError(self.file, line, column, f"this is not YAML: {problem}", advice)


def _pyyaml() -> Any:
    try:
        import yaml
    except ImportError:
        raise MissingPackageError("PyYAML", "", "reading YAML") from None
    return yaml


def _events(yaml: Any, text: str) -> Iterator[Any]:
    """The parser's events: libyaml's where PyYAML was built with it, else the same from Python."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
    try:
        while loader.check_event():
            yield loader.get_event()
    finally:
        loader.dispose()


def _copied(value: Any) -> Any:
    if type(value) is dict:
        return {key: _copied(child) for key, child in value.items()}
    if type(value) is list:
        return [_copied(child) for child in value]
    return value
