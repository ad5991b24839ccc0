"""The runs that pass a test, as a number with a byte for each run: 1 where it passes.

Tests that are broad each may leave few runs together. To look each run up in each test costs a search in a large table;
to list the runs of each test, and to put the lists together as masks, costs a pass over an index that has them side by
side. A mask is kept as long as the index stays as it is, so that the next question with the same test costs nothing.
"""

from __future__ import annotations

import json
from collections import deque
from itertools import compress, repeat
from typing import NamedTuple

from .asked import Asked, at_one_moment
from .compiling import Test
from .fragments import Sql

_EVERY = Sql("SELECT run FROM run")
_SPARSE = 64  # of so many runs one is in the mask: then each is searched for


class Mask(NamedTuple):
    """Some runs.

    Args:
        bits: a byte for each run number, the lowest first.
        length: how many there are.
    """

    bits: int
    length: int

    def __len__(self) -> int:
        return self.bits.bit_count()

    @property
    def by_run(self) -> bytes:
        """1 at the number of each run, else 0."""
        return self.bits.to_bytes(self.length, "little")

    def runs(self) -> list[int]:
        """The runs' numbers."""
        data = self.by_run
        if len(self) * _SPARSE > self.length:
            return list(compress(range(self.length), data))
        found: list[int] = []
        at = data.find(1)
        while at >= 0:
            found.append(at)
            at = data.find(1, at + 1)
        return found


class Masked(NamedTuple):
    """Which runs pass the tests that have a mask, and the tests that have none."""

    mask: Mask
    rest: list[Test]


def masked(index: Asked, tests: list[Test]) -> Masked:
    """The runs that pass some tests."""
    with at_one_moment(index.connection):
        made = _Listing(index)
        found, rest = made.every(), []
        for test in tests:
            bits = made.of(test)
            if bits is None:
                rest.append(test)
            else:
                found &= bits
        return Masked(Mask(found, made.length), rest)


def are_kept(index: Asked, tests: list[Test]) -> bool:
    """Whether the masks of all tests are there from an earlier question, so that ``masked`` takes no time."""
    with at_one_moment(index.connection):
        made = _Listing(index)
        return made.kept.get(("mask", _EVERY)) is not None and all(map(made.is_kept, tests))


class _Listing:
    def __init__(self, index: Asked) -> None:
        self.connection = index.connection
        (newest,) = self.connection.execute("SELECT coalesce(max(run), 0) FROM run").fetchone()
        self.length = newest + 1
        self.kept = index.kept()

    def of(self, test: Test) -> int | None:
        """The mask of a test; None where the index does not list the runs that pass, or fail."""
        if test.parts:
            return self._together(test)
        if test.listing is not None:
            return self._scanned(test.listing, keep=not test.states)
        if test.complement is not None:
            return self.every() & ~self._scanned(test.complement, keep=not test.states)
        return None

    def is_kept(self, test: Test) -> bool:
        """Whether ``of`` has looked up all that it needs."""
        if test.parts:
            return all(map(self.is_kept, test.parts))
        listing = test.complement if test.listing is None else test.listing
        return listing is not None and not test.states and self.kept.get(("mask", listing)) is not None

    def _together(self, test: Test) -> int | None:
        found: int | None = None
        for part in test.parts:
            bits = self.of(part)
            if bits is None:
                return None
            if test.word == "not":
                return self.every() & ~bits
            found = bits if found is None else found & bits if test.word == "and" else found | bits
        return found

    def every(self) -> int:
        """All runs there are."""
        return self._scanned(_EVERY, keep=True)

    def _scanned(self, listing: Sql, *, keep: bool) -> int:
        name = ("mask", listing)
        found = self.kept.get(name) if keep else None
        if found is None:
            mask = bytearray(self.length)
            # one text of all numbers: half the time of a row for each
            sql = f"SELECT json_group_array(run) FROM ({listing.text})"
            runs = json.loads(self.connection.execute(sql, listing.bound).fetchone()[0])
            deque(map(mask.__setitem__, runs, repeat(1)), maxlen=0)
            found = int.from_bytes(mask, "little")
            if keep:
                self.kept.put(name, found, self.length)
        return int(found)
