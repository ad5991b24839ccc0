"""A folded configuration as rows of ``param``, and its fingerprints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Any

from ..codec import canonical
from ..keys import Path, part_for
from ..records.encoded import TAG, Tree, lift, section_items
from ..records.origin import Origin
from .keybook import KeyBook, Node
from .schema import CHANGED, LIST, MAX_ELEMENTS, PARTIAL, TUPLE
from .texts import index_text
from .values import NO_NUM, SEEN, Indexed, bound, indexed, is_scalar, items_of, plain, remember

_NONE: dict[Path, Origin] = {}


class Leaves:
    """The leaves of one configuration, planted or raw.

    Args:
        run: the run's number.
        book: the project's keys.
        origin_numbers: kind of origin -> its number.
        changed: the units that changed after the config settled.

    Attributes:
        params: rows of ``param``, one after the other.
        count: how many keys the configuration has; what stands inside lists does not count.
        lines: what the fingerprint is made of.
        replicas: the lines of keys that tell replicas apart.
    """

    def __init__(self, run: int, book: KeyBook, origin_numbers: dict[str, int], changed: set[Path]) -> None:
        self.run = run
        self.book = book
        self.origin_numbers = origin_numbers
        self.changed = changed
        self.params: list[Any] = []
        self.count = 0
        self.lines: list[str] = []
        self.replicas: list[str] = []

    def read_raw(self, raw: dict[str, Any], places: Mapping[str, tuple[Origin, dict[Path, Origin]]]) -> None:
        """Take the leaves of a configuration as a journal holds it; ``places`` says where each key's values came from."""
        numbers, root = self.origin_numbers, self.book.root
        alike: list[Any] = []  # keys in a row whose values have one origin
        before = -1
        for pair in raw.items():
            origin, finer = places[pair[0]]
            number = numbers[origin.kind]
            if alike and (number != before or finer):
                self.read(alike, root, before, _NONE)
                alike = []
            if finer:
                self.read((pair,), root, number, finer)
            else:
                alike.append(pair)
                before = number
        self.read(alike, root, before, _NONE)

    def read(self, pairs: Iterable[Any], node: Node, origin: int, finer: Mapping[Path, Origin]) -> None:
        """Take every leaf below a section.

        Args:
            pairs: key and value of what is in it.
            node: its place.
            origin: the number of the origin of all leaves but those in ``finer``.
            finer: unit path -> origin.
        """
        below, params, run, changed = node.below, self.params, self.run, self.changed
        lines, seen_of, count = self.lines, SEEN.get, 0
        for key, value in pairs:
            child = below.get(key) or self.book.node_below(node, key)
            seen = seen_of(type(value))  # what ``plain`` does, written out: this is the index's innermost loop
            columns = None if seen is None else seen.get(value) or remember(seen, value)
            if columns is None:
                kind = type(value)
                if value and (kind is Tree or (kind is dict and TAG not in value)):
                    self.read(value.items(), child, origin, finer)
                    continue
                inside = section_items(value) if kind is dict else None
                if inside:
                    self.read(inside, child, origin, finer)
                    continue
            place = origin
            if finer and child.path in finer:
                place = self.origin_numbers[finer[child.path].kind]
            mark = CHANGED if changed and child.path in changed else 0
            count += 1
            if columns is None:
                text = self._other(value, child, place, mark)
            else:
                code, num, txt, text = columns
                params += (run, child.key or self.book.number(child), code, num, txt, place, mark)
            if child.line is not None:
                (self.replicas if child.replicate else lines).append(child.line + text)
        self.count += count

    def _other(self, value: Any, node: Node, origin: int, mark: int) -> str:
        """Take a leaf that is no plain scalar; its text for the fingerprint."""
        if type(value) is list:
            text = self._plain_list(value, node, origin, mark)
            if text is not None:
                return text
        lifted = lift(value)
        columns = Indexed(LIST, None, index_text(canonical(lifted))) if type(value) is list else indexed(value)
        items = items_of(value) if columns.kind in (LIST, TUPLE) else None
        if items is not None:
            found, complete = elements(items)
            mark |= 0 if complete else PARTIAL
            for below, element in found:
                self.params += (self.run, self.book.deeper_number(node, below), *bound(element), origin, 0)
        self.params += (self.run, self.book.number(node), *bound(columns), origin, mark)
        return canonical(lifted, secrets=False)

    def _plain_list(self, items: list[Any], node: Node, origin: int, mark: int) -> str | None:
        """Take a list of plain scalars, as most are; None when it is none."""
        taken = [plain(item) for item in items]
        if None in taken:
            return None
        run, params = self.run, self.params
        numbers = node.firsts
        if len(numbers) < min(len(items), MAX_ELEMENTS):
            numbers = self.book.element_numbers(node, min(len(items), MAX_ELEMENTS))
        for key, (code, num, txt, _) in zip(numbers, taken):  # type: ignore[misc]  # noqa: B905  # none is None
            params += (run, key, code, num, txt, origin, 0)
        text = f"[{','.join([columns[3] for columns in taken])}]"  # type: ignore[index]
        mark |= PARTIAL if len(items) > MAX_ELEMENTS else 0
        params += (run, node.key or self.book.number(node), LIST, NO_NUM, index_text(text), origin, mark)
        return text


def elements(items: list[Any]) -> tuple[list[tuple[Path, Indexed]], bool]:
    """The first scalars inside a list, each with its path from the list; and whether that is all there is in it."""
    found: list[tuple[Path, Indexed]] = []
    complete = True
    for below, value in _inside(items, ()):
        if len(found) >= MAX_ELEMENTS:
            return found, False
        columns = None if value is _HOLLOW else indexed(value)
        if columns is not None and is_scalar(columns.kind):
            found.append((below, columns))
        else:
            complete = False
    return found, complete


_HOLLOW = object()  # an empty section or list inside a list


def _inside(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    items = items_of(value)
    if items is not None:
        if not items and path:
            yield path, _HOLLOW
        for at, item in enumerate(items):
            yield from _inside(item, (*path, at))
        return
    pairs = list(value.items()) if type(value) is Tree else section_items(value)
    if pairs is None:
        yield path, value
    elif not pairs:
        yield path, _HOLLOW
    else:
        for key, child in pairs:
            yield from _inside(child, (*path, part_for(key)))


def fingerprint_of(lines: list[str]) -> str:
    """The fingerprint of a configuration's lines, as ``codec.fingerprint`` makes it of leaves; it sorts the lines."""
    lines.sort()
    return blake2b("\n".join(lines).encode(), digest_size=16, person=b"givens.config").hexdigest()
