"""Tests of one key at one place of the index: as a check of one run, and as a listing of the runs that pass."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..index.schema import CONFIG, MAX_TEXT, PARTIAL
from .conditions import Branch, any_of, branches, is_long, is_sequence
from .fragments import ALWAYS, NEVER, Sql, both, either, exists, select_runs
from .functions import THERE, test_arguments
from .nodes import Sequence
from .places import Place, Places


class KeyTests:
    """The tests of a key at a place.

    Args:
        place: where it stands.
        places: looks up the elements of a list.
    """

    def __init__(self, place: Place, places: Places) -> None:
        self.place = place
        self.places = places

    @property
    def is_leaf(self) -> bool:
        """Whether every run that has the key has one row for it: it is no section, and not in a list."""
        return self.place.below is None and not self.place.lists

    # --- whether it is there --------------------------------------------------------------------------------------

    def there(self, run: str) -> Sql:
        """Whether a run has the key, or a section of that path."""
        keys = either(self.place.at_key, self.place.below or NEVER)
        found = [exists(self.place.table, run, keys)] if keys != NEVER else []
        return either(*found, *(exists(self.place.table, run, part) for part in self._inside_list(THERE, None)))

    def there_listing(self) -> Iterator[Sql]:
        """Selects that together list the runs that have it."""
        table = self.place.table
        for keys in (self.place.at_key, self.place.below or NEVER):
            if keys != NEVER:
                # one select for each of the two indices
                yield select_runs(table, keys, Sql("p.num IS NOT NULL"))
                yield select_runs(table, keys, Sql("p.num IS NULL"))
        for part in self._inside_list(THERE, None):
            yield select_runs(table, part)

    # --- whether a comparison holds -------------------------------------------------------------------------------

    def holds(self, run: str, symbol: str, literal: Any) -> Sql:
        """Whether a comparison that negates none holds in a run."""
        return either(*(exists(self.place.table, run, part) for part in self._rows(symbol, literal)))

    def listing(self, symbol: str, literal: Any) -> Iterator[Sql]:
        """Selects that together list the runs in which it holds."""
        for part in self._rows(symbol, literal):
            if part != NEVER:
                yield select_runs(self.place.table, part)

    # --- whether it is there, and the comparison does not hold -----------------------------------------------------

    def tells_all(self, symbol: str) -> bool:
        """Whether one row says whether a comparison holds."""
        return symbol in ("==", "in") and self.is_leaf and bool(self.place.keys)

    def differs(self, run: str, symbol: str, literal: Any) -> Sql:
        """Whether a run has the key, and the comparison does not hold; only where ``tells_all``."""
        return exists(self.place.table, run, self.place.at_key, self._not_so(symbol, literal))

    def differing_listing(self, symbol: str, literal: Any) -> Iterator[Sql]:
        """Selects that together list those runs."""
        for half in ("p.num IS NOT NULL", "p.num IS NULL"):
            yield select_runs(self.place.table, self.place.at_key, Sql(half), self._not_so(symbol, literal))

    @staticmethod
    def _not_so(symbol: str, literal: Any) -> Sql:
        so = any_of(branches(symbol, literal))
        return Sql(f"NOT ifnull({so.text}, 0)", so.bound)

    def _rows(self, symbol: str, literal: Any) -> Iterator[Sql]:
        """Conditions over rows ``p``: a run passes when it has a row for one of them."""
        if self.place.keys:
            yield from self._own_rows(branches(symbol, literal), symbol, literal)
            if symbol == "contains":
                yield from self._element_rows(literal)
        yield from self._inside_list(symbol, literal)

    def _own_rows(self, found: list[Branch], symbol: str, literal: Any) -> Iterator[Sql]:
        keys = self.place.at_key
        for branch in found:
            yield both(keys, branch.condition)
            if branch.long is not None:
                long = self._asked(symbol, literal) if self.place.space == CONFIG else branch.long
                yield both(keys, is_long(), long)

    def _element_rows(self, literal: Any) -> Iterator[Sql]:
        """Lists that hold the literal: by their indexed elements, or where those are not all, by the document."""
        keys = self.place.at_key
        if self.place.space != CONFIG:
            item = test_arguments((), "==", literal)[2]
            uncut = Sql(f"length(p.txt) <= {MAX_TEXT} AND givens_holds(p.txt, ?)", (item,))
            yield both(keys, is_sequence(), uncut)
            return
        elements = self.places.elements(self.place)
        condition = any_of(branches("==", literal))
        yield both(elements, condition)
        # lists in the list have no rows of their own
        partial = ALWAYS if isinstance(literal, Sequence) else Sql(f"(p.marks & {PARTIAL}) <> 0")
        yield both(keys, is_sequence(), partial, self._asked("contains", literal))

    def _inside_list(self, symbol: str, literal: Any) -> Iterator[Sql]:
        """What the path leads to inside a list, where the index does not have all of it."""
        if self.place.lists and self.place.space == CONFIG:
            # a list inside a list has no row of its own, even where each of its items has one
            scalar = symbol != "contains" and not _has_sequence(literal)
            yield both(self.place.at_list(partial=scalar), self._asked(symbol, literal))

    def _asked(self, symbol: str, literal: Any) -> Sql:
        """The same, asked of the run's document."""
        document = "(SELECT d.config FROM document d WHERE d.run = p.run)"
        return Sql(f"givens_test({document}, ?, ?, ?)", test_arguments(self.place.path, symbol, literal))


def _has_sequence(literal: Any) -> bool:
    return isinstance(literal, Sequence) or (type(literal) is tuple and any(map(_has_sequence, literal)))
