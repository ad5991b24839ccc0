"""Errors of references to runs, and of questions about many."""

from __future__ import annotations

from collections.abc import Sequence

from .root import GivensError
from .suggesting import suggestion

_LISTED = 4


class RunNotFoundError(GivensError, LookupError):
    """A reference that names no run."""

    def __init__(self, ref: str, store: str, nearest: Sequence[str] = ()) -> None:
        super().__init__(ref, store, nearest)
        self.ref, self.store, self.nearest = ref, store, nearest

    def text(self) -> str:
        begun = [name for name in self.nearest if self.ref and name.lower().startswith(self.ref.lower())]
        advice = _begin_so(begun) if begun else suggestion(self.ref, self.nearest)
        if not advice and any(mark in self.ref for mark in "=<>"):
            from shlex import quote

            advice = f"; it looks like a filter: `givens ls {quote(self.ref)}` lists the runs that pass one"
        return f"no run {self.ref!r} in {self.store}{advice or '; `givens ls` lists the runs'}"


def _begin_so(names: Sequence[str]) -> str:
    """What to say of names that begin as a reference does."""
    named = list(dict.fromkeys(names))
    if len(named) == 1:
        return f"; did you mean {named[0]!r}?"
    return f"; there are {', '.join(named[:_LISTED])}{', …' if len(named) > _LISTED else ''}"


class RunRemovedError(RunNotFoundError):
    """A reference to a run that was removed."""

    def text(self) -> str:
        return f"run {self.ref!r} was removed from {self.store}; `givens restore {self.ref}` brings it back"


class FilterAsRunError(RunNotFoundError):
    """A filter where runs to be changed are named."""

    def text(self) -> str:
        return f"no run {self.ref!r} in {self.store}; a filter is given as filter={self.ref!r}"

    def for_command_line(self) -> str:
        """The same for those who type a command."""
        from shlex import quote

        return f"no run {self.ref!r} in {self.store}; a filter is given with --where {quote(self.ref)}"


class AmbiguousRunError(GivensError, LookupError):
    """A reference that fits several runs."""

    def __init__(self, ref: str, matches: Sequence[str]) -> None:
        super().__init__(ref, matches)
        self.ref, self.matches = ref, matches

    def text(self) -> str:
        more = ", …" if len(self.matches) > 8 else ""
        listed = ", ".join(self.matches[:8])
        return f"{self.ref!r} fits {len(self.matches)} runs: {listed}{more}; give more letters or the id"


class FilterSyntaxError(GivensError, ValueError):
    """A filter, sort key or shorthand that does not read; a caret stands under the place."""

    def __init__(self, filter_text: str, start: int, end: int, problem: str, instead: str = "") -> None:
        super().__init__(filter_text, start, end, problem, instead)
        self.filter_text, self.start, self.end = filter_text, start, end
        self.problem, self.instead = problem, instead

    def text(self) -> str:
        advice = f"; {self.instead}" if self.instead else ""
        line, carets = pointed(self.filter_text, self.start, self.end)
        return f"bad filter: {self.problem}{advice}\n  {line}\n  {carets}"


def pointed(text: str, start: int, end: int) -> tuple[str, str]:
    """The line of a text in which a place is, and a line with carets that stand under it."""
    begin = text.rfind("\n", 0, start) + 1
    line = text[begin:].partition("\n")[0]
    indent = "".join(mark if mark == "\t" else " " for mark in line[: start - begin])
    return line, indent + "^" * max(1, min(end, begin + len(line)) - start)


class UndeclaredGoalError(GivensError, LookupError):
    """Best of a metric of which nobody said whether less or more is better."""

    def __init__(self, metric: str) -> None:
        super().__init__(metric)
        self.metric = metric

    def text(self) -> str:
        return (
            f"nobody said whether less or more of {self.metric!r} is better; write min:{self.metric} or "
            f'max:{self.metric}, or say it once: run.define_metric({self.metric!r}, goal="min"), or '
            f'metrics = {{{self.metric!r} = "min"}} in [tool.givens]'
        )


class NoScoreError(GivensError, LookupError):
    """Best of a metric that no run has as a number."""

    def __init__(self, metric: str, among: str, nearest: Sequence[str] = ()) -> None:
        super().__init__(metric, among, nearest)
        self.metric, self.among, self.nearest = metric, among, nearest

    def text(self) -> str:
        return f"no run has {self.metric!r} as a number (among {self.among}){suggestion(self.metric, self.nearest)}"


class PageError(GivensError, OSError):
    """An address at which the page cannot be served, or a saved view that cannot be."""

    def __init__(self, what: str, problem: str, instead: str = "") -> None:
        Exception.__init__(self, what, problem, instead)
        self.what, self.problem, self.instead = what, problem, instead

    def text(self) -> str:
        return f"{self.what}: {self.problem}" + (f"; {self.instead}" if self.instead else "")
