"""The same question elsewhere: as a command line, and as a call in Python."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from typing import NamedTuple

from ..codec import Redaction
from ..query.nodes import EVERYTHING
from ..query.veiling import veiled
from ..query.words import filter_text
from .asked_view import AskedView


class Same(NamedTuple):
    """The same question elsewhere.

    Args:
        command: a command line.
        python: a call.
    """

    command: str
    python: str


class Equivalents:
    """Writes them.

    Args:
        folder: what ``--dir`` named; None: it was not given.
        redaction: what is a secret, and not repeated.
    """

    def __init__(self, folder: str | None, redaction: Redaction) -> None:
        self.folder = folder
        self._redaction = redaction

    def filter_of(self, view: AskedView) -> str:
        """The filter as the language writes it; empty: every run."""
        return "" if view.node == EVERYTHING else filter_text(veiled(view.node, self._redaction))

    def runs(self, view: AskedView, sort: Iterable[str], columns: Iterable[str]) -> Same:
        """The table of runs."""
        sort, columns = list(sort), list(columns)
        words = ["ls", *self._filter_words(view), "-n", str(view.limit)]
        words += ["--project", view.project] if view.project else []
        words += ["--sort", ",".join(sort)] if sort else []
        words += ["--cols", ",".join(columns)] if columns else []
        call = self.table(view)
        call += f".sort({', '.join(map(repr, sort))})" if sort else ""
        call += f".columns({', '.join(map(repr, columns))})" if columns else ""
        first = view.offset + view.limit
        return self.same(words, f"{call}[{view.offset or ''}:{first}]")

    def asking(self, view: AskedView, words: list[str], call: str, *, where: bool) -> Same:
        """Another question of the same runs.

        Args:
            view: which runs.
            words: the command and its arguments.
            call: the method of the table.
            where: the command takes its filter with ``--where``.
        """
        filter = self._filter_words(view)
        words = [*words, *(["--where", *filter] if where and filter else filter)]
        words += ["--project", view.project] if view.project else []
        return self.same(words, f"{self.table(view)}.{call}")

    def table(self, view: AskedView) -> str:
        """``givens.runs("lr < 0.1", project="digits")``."""
        said = [repr(self.filter_of(view))] if not view.is_everything else []
        said += [f"project={view.project!r}"] if view.project else []
        return f"givens.runs({', '.join([*said, *self._dir()])})"

    def same(self, words: list[str], call: str) -> Same:
        """A command and a call, the command with ``--dir`` where the page was started so."""
        place = ["--dir", self.folder] if self.folder is not None else []
        return Same(shlex.join(["givens", *words, *place]), call)

    def call(self, name: str, *said: str) -> str:
        """``givens.diff('a', 'b')``."""
        return f"givens.{name}({', '.join([*said, *self._dir()])})"

    def _dir(self) -> list[str]:
        return [f"dir={self.folder!r}"] if self.folder is not None else []

    def _filter_words(self, view: AskedView) -> list[str]:
        return [] if view.is_everything else [self.filter_of(view)]
