"""Comparing any number of configurations, key by key. Pure: encoded trees in, rows out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from ..keys import Path, covered, part_for
from ..records.change import MISSING
from ..records.encoded import TAG, Tree, lift, section_items

EQUAL = "equal"
DIFFERS = "differs"
LACKING = "missing"
TYPE_DIFFERS = "type differs"

#: status -> what it means, of a row and of a cell (a cell is held against the first present one of its row)
STATUSES: dict[str, str] = {
    EQUAL: "the same value",
    DIFFERS: "another value",
    LACKING: "not there at all, which is not None",
    TYPE_DIFFERS: "the same value in another type, such as 2 and 2.0",
}

#: members of a tagged leaf that say what type it is
_TYPE_MEMBERS = (TAG, "dtype", "type")


class Row(NamedTuple):
    """One key across all configurations.

    Args:
        path: the leaf, or the list as a whole.
        cells: one a configuration, encoded; ``MISSING`` where it lacks the key.
        status: one of ``STATUSES``; values that differ outweigh a missing one, which outweighs a type.
        inside: where lists differ: the places in them that do.
    """

    path: Path
    cells: tuple[Any, ...]
    status: str
    inside: tuple[Row, ...] = ()

    @property
    def statuses(self) -> tuple[str, ...]:
        """The status of each cell, held against the first present one."""
        first = next((cell for cell in self.cells if cell is not MISSING), MISSING)
        return tuple(_cell_status(first, cell) for cell in self.cells)


def compare(trees: Sequence[Tree], ignore: Iterable[str] = ()) -> list[Row]:
    """Compare configurations.

    Keys come in the order in which the first configuration that has them gives them. A section in one
    place and a plain value in the same place of another are one row, with the section as a whole.

    Args:
        trees: planted configurations, as the fold keeps them.
        ignore: patterns of key paths to leave out (``*.path``, ``output_dir``); a section's pattern covers
            what is in it.
    """
    rows: list[Row] = []
    _walk((), list(trees), tuple(ignore), rows)
    return rows


def type_same(a: Any, b: Any) -> bool:
    """Whether two values that are equal also have the same types all the way down. Dict order is no type."""
    if type(a) is not type(b):
        return False
    if isinstance(a, dict):
        left, right = section_items(a), section_items(b)
        if left is not None and right is not None:
            others = dict(right)
            return len(left) == len(right) and all(
                key in others and type_same(value, others[key]) for key, value in left
            )
        named = all(a.get(name) == b.get(name) for name in _TYPE_MEMBERS)
        return named and a.keys() == b.keys() and all(type_same(a[key], b[key]) for key in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(type_same, a, b))
    return True


def _walk(path: Path, values: list[Any], ignore: tuple[str, ...], rows: list[Row]) -> None:
    if ignore and path and covered(path, ignore):
        return
    present = [value for value in values if value is not MISSING]
    if any(type(value) is not Tree for value in present) or not any(present):
        if path:
            rows.append(_row(path, values))
        return
    # by what the trees have: of thousands of keys most runs lack most
    below: dict[str | int, list[Any]] = {}
    for at, tree in enumerate(values):
        for key, value in tree.items() if tree is not MISSING else ():
            if key not in below:
                below[key] = [MISSING] * len(values)
            below[key][at] = value
    for key in below:
        _walk((*path, part_for(key)), below[key], ignore, rows)


def _row(path: Path, values: list[Any]) -> Row:
    there = [cell for cell in values if cell is not MISSING]
    composed = any(type(cell) in (Tree, list) for cell in there)
    cells = tuple([value if value is MISSING else lift(value) for value in values] if composed else values)
    there = list(map(lift, there)) if composed else there
    found = {_cell_status(there[0], cell) for cell in there}
    if len(there) < len(cells):
        found.add(LACKING)
    status = next((status for status in (DIFFERS, LACKING, TYPE_DIFFERS) if status in found), EQUAL)
    return Row(path, cells, status, _inside(path, values) if status == DIFFERS and composed else ())


def _inside(path: Path, values: list[Any]) -> tuple[Row, ...]:
    """Where lists differ. Only when all that are there are lists: else the values say enough."""
    lists = [value for value in values if value is not MISSING]
    if any(type(value) is not list for value in lists):
        return ()
    rows: list[Row] = []
    for at in range(max(map(len, lists), default=0)):
        below = [value[at] if value is not MISSING and at < len(value) else MISSING for value in values]
        _walk((*path, at), below, (), rows)
    return tuple(row for row in rows if row.status != EQUAL)


def _cell_status(first: Any, cell: Any) -> str:
    if cell is MISSING:
        return LACKING
    if first is cell:
        return EQUAL
    from ..codec import same_value

    if not same_value(first, cell):
        return DIFFERS
    return EQUAL if type_same(first, cell) else TYPE_DIFFERS
