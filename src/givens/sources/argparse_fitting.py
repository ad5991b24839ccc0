"""Fitting a value from a file, the environment or the launcher to the flag of the same name."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from typing import Any

_BOOLEANS = (argparse._StoreTrueAction, argparse._StoreFalseAction, argparse.BooleanOptionalAction)
_APART = (argparse._SubParsersAction, argparse._HelpAction, argparse._VersionAction)


class MisfitError(ValueError):
    """A value that a flag cannot have; ``problem`` says why, without showing the value."""

    def __init__(self, problem: str, instead: str = "") -> None:
        super().__init__(problem)
        self.problem, self.instead = problem, instead


def takes_value(action: argparse.Action) -> bool:
    """Whether a value can be given to this action other than by typing: not to help, version and subcommands."""
    return action.dest != argparse.SUPPRESS and not isinstance(action, _APART)


def is_left_out(parser: argparse.ArgumentParser, dest: str) -> bool:
    """Whether a Namespace has no such attribute when the flag is not typed: all it has for a default is SUPPRESS.

    A flag that has to be typed is none of these: a script can rely on its attribute.
    """
    flags = [action for action in parser._actions if action.dest == dest]
    if dest in parser._defaults or any(action.required or action.default is not argparse.SUPPRESS for action in flags):
        return False
    groups = (group for group in parser._mutually_exclusive_groups if group.required)
    return not any(action.dest == dest for group in groups for action in group._group_actions)


def flag_name(action: argparse.Action) -> str:
    """What a flag is called: its first long option string, else its first, else (a positional) its dest."""
    long = (option for option in action.option_strings if option.startswith("--"))
    return next(long, action.option_strings[0] if action.option_strings else action.dest)


def help_of(action: argparse.Action, parser: argparse.ArgumentParser) -> str | None:
    """The help text with ``%(default)s`` and its like filled in; None without one."""
    if not action.help or action.help == argparse.SUPPRESS:
        return None
    fields = {key: getattr(value, "__name__", value) for key, value in vars(action).items()}
    if action.choices is not None:
        fields["choices"] = ", ".join(str(choice) for choice in action.choices)
    fields["prog"] = parser.prog
    try:
        return action.help % fields
    except (KeyError, TypeError, ValueError):  # a stray % in the text, at which argparse's own --help fails
        return re.sub(r"%\((\w+)\)s", lambda found: str(fields.get(found[1], found[0])), action.help)


def fit_to(actions: list[argparse.Action], value: Any, parser: argparse.ArgumentParser) -> Any:
    """The value as typing it would have made it, for the first of several flags with one dest that can have it.

    Args:
        actions: flags with one dest (``--yes`` and ``--no``).
        value: what a file or the environment gives.
        parser: where the flags' types are registered.

    Raises:
        MisfitError: none of them can.
    """
    misfit: MisfitError | None = None
    for action in actions:
        try:
            return _fitted(action, value, parser)
        except MisfitError as error:
            misfit = misfit or error
    raise misfit or MisfitError("no flag takes it")


def _fitted(action: argparse.Action, value: Any, parser: argparse.ArgumentParser) -> Any:
    name = flag_name(action)
    if value is None:
        return None
    if isinstance(action, _BOOLEANS):
        return _checked(value, isinstance(value, bool), f"{name} is on or off", "write true or false")
    if isinstance(action, argparse._AppendConstAction):
        return _listed(name, value)
    if isinstance(action, argparse._StoreConstAction):
        known = [action.const, action.default]
        return _checked(value, value in known, f"{name} sets one fixed value, or is left out", "")
    if isinstance(action, argparse._CountAction):
        is_count = isinstance(value, int) and not isinstance(value, bool)
        return _checked(value, is_count, f"{name} is counted", "write a whole number")
    convert = _converter(action, parser)
    if isinstance(action, argparse._AppendAction):
        flat = isinstance(action, argparse._ExtendAction) or action.nargs in (None, "?")
        return [
            _one(action, item, convert) if flat else _several(action, item, convert) for item in _listed(name, value)
        ]
    if isinstance(action, argparse._StoreAction):
        is_one = action.nargs in (None, "?")
        return _one(action, value, convert) if is_one else _several(action, value, convert)
    return _one(action, value, convert) if isinstance(value, str) else _unlinked(value)  # the script's own action


def _several(action: argparse.Action, value: Any, convert: Callable[[str], Any] | None) -> list[Any]:
    items = _listed(flag_name(action), value)
    if isinstance(action.nargs, int) and len(items) != action.nargs:
        raise MisfitError(f"{flag_name(action)} takes {action.nargs} values, not {len(items)}")
    if action.nargs == "+" and not items:
        raise MisfitError(f"{flag_name(action)} takes one value or more, not none")
    return [_one(action, item, convert) for item in items]


def _one(action: argparse.Action, value: Any, convert: Callable[[str], Any] | None) -> Any:
    """One value: text is converted by the flag's type, as typed text is; other values have to be of that type."""
    name, kind = flag_name(action), type(value).__name__
    wanted = getattr(convert, "__name__", "its type")
    if isinstance(value, str) and convert is not None:
        try:
            value = convert(value)
        except (TypeError, ValueError, argparse.ArgumentTypeError):
            raise MisfitError(f"{name} takes {wanted}, and the text is none") from None
    elif convert is float and type(value) is int:
        try:
            value = float(value)
        except OverflowError:
            raise MisfitError(f"{name} takes float, and the number is too large for one") from None
    elif convert is None and isinstance(value, dict | list):
        raise MisfitError(f"{name} takes one value, not a {kind}", "rename one of the two")
    elif isinstance(convert, type) and value is not None and not _is_a(value, convert):
        advice = "put it in quotes" if convert is str and not isinstance(value, dict | list) else ""
        raise MisfitError(f"{name} takes {wanted}, not {kind}", advice)
    if action.choices is not None and not _is_among(value, action.choices):
        choices = ", ".join(str(choice) for choice in action.choices)
        raise MisfitError(f"the value is not one that {name} can have", f"choose from {choices}")
    return value


def _converter(action: argparse.Action, parser: argparse.ArgumentParser) -> Callable[[str], Any] | None:
    if action.type is None:
        return None
    found: Callable[[str], Any] = parser._registry_get("type", action.type, action.type)
    return found


def _is_a(value: Any, wanted: type) -> bool:
    return isinstance(value, wanted) and (wanted is bool or not isinstance(value, bool))


def _is_among(value: Any, choices: Any) -> bool:
    try:
        return value in choices
    except TypeError:  # a list looked up in a set, a number in text
        return False


def _unlinked(value: Any) -> Any:
    """A copy of a container: the script may change it, and the layer must go on saying what was given."""
    import copy

    return copy.deepcopy(value) if isinstance(value, dict | list) else value


def _listed(name: str, value: Any) -> list[Any]:
    _checked(value, isinstance(value, list | tuple), f"{name} takes a list", "write [a, b]")
    return list(value)


def _checked(value: Any, fits: bool, problem: str, instead: str) -> Any:
    if not fits:
        raise MisfitError(f"{problem}, not {type(value).__name__}", instead)
    return value
