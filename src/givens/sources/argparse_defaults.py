"""What layers give, as defaults of the flags with the same names, for the time of one parse."""

from __future__ import annotations

import argparse
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from ..errors import MalformedSourceError
from ..records.layer import Layer
from ..records.origin import Origin
from .argparse_fitting import MisfitError, fit_to, is_left_out, takes_value
from .argparse_watching import Ready


class Given(NamedTuple):
    """A value that a layer gives to a dest."""

    value: Any
    origin: Origin


class Fitted:
    """The given values, fitted to one parser's flags. A value that does not fit is an error once the parser is used.

    Args:
        parser: whose flags.
        given: by dest.
        forced: the dests that get their value whatever the flag says; the others stay out of the Namespace where the
            parser leaves them out, unless they are typed (``default=SUPPRESS``).
    """

    def __init__(
        self, parser: argparse.ArgumentParser, given: Mapping[str, Given], forced: Container[str] = ()
    ) -> None:
        self.parser = parser
        self.values: dict[str, Any] = {}
        self.problem: MalformedSourceError | None = None
        for action in parser._actions:
            dest = action.dest
            if dest not in given or not takes_value(action) or dest in self.values:
                continue
            if dest in forced or not is_left_out(parser, dest):
                self._fit(dest, given[dest])

    def _fit(self, dest: str, given: Given) -> None:
        actions = [action for action in self.parser._actions if action.dest == dest and takes_value(action)]
        try:
            self.values[dest] = fit_to(actions, given.value, self.parser)
        except MisfitError as misfit:
            origin = given.origin
            place = origin.file or str(origin)
            line, column = (origin.line, origin.column) if origin.file else (None, None)
            problem = f"{dest}: {misfit.problem}"
            self.problem = self.problem or MalformedSourceError(place, line, column, problem, misfit.instead)

    def check(self) -> None:
        if self.problem is not None:
            raise self.problem


@contextmanager
def as_defaults(fitted: Mapping[int, Fitted]) -> Iterator[None]:
    """Let the parsers have the fitted values as defaults; what they had before is put back."""
    changed: list[tuple[Any, str, Any]] = []

    def change(obj: Any, name: str, value: object) -> None:
        changed.append((obj, name, getattr(obj, name)))
        setattr(obj, name, value)

    try:
        for one in fitted.values():
            for action in one.parser._actions:
                if action.dest in one.values and takes_value(action):
                    value = one.values[action.dest]
                    change(action, "default", Ready(value) if type(value) is str and action.type else value)
                    change(action, "required", False)
            for group in one.parser._mutually_exclusive_groups:
                if any(action.dest in one.values for action in group._group_actions):
                    change(group, "required", False)
        yield
    finally:
        for obj, name, value in reversed(changed):
            setattr(obj, name, value)


def given_by(layers: Sequence[Layer]) -> dict[str, Given]:
    """The top-level values of layers, by key; the config takes dashes off a key's ends, so they are off here."""
    return {
        entry.path[0].strip("-"): Given(entry.value, entry.origin)
        for layer in layers
        for entry in layer.entries
        if len(entry.path) == 1 and isinstance(entry.path[0], str)
    }
