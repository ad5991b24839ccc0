"""argparse: ``givens.parse_args(parser)`` in the place of ``parser.parse_args()``, and Namespaces as a source.

A Namespace does not say which of its values were typed. What ``parse_args`` saw is remembered for as long as the
Namespace lives. For one that came from ``parser.parse_args()``, the parser and the command line can tell
(``namespace_layer(…, parser=…)``); without a parser nobody can, and the origin then leaves it open.
"""

from __future__ import annotations

import argparse
import weakref
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ..keys import Path
from ..records.layer import Entry, Layer
from ..records.origin import Origin
from .argparse_defaults import Fitted, as_defaults, given_by
from .argparse_fitting import flag_name, help_of
from .argparse_origins import actions_of, equal, flag_origins
from .argparse_watching import Ready, Seen, dests_of, parsers_of, watching
from .mappings import plain, reread_attributes


class _Flag(NamedTuple):
    """What is remembered of one attribute of a Namespace."""

    origin: Origin
    help: str | None
    value: Any


_memory: dict[int, tuple[weakref.ref[Any], dict[str, _Flag]]] = {}


def parse_args(
    parser: argparse.ArgumentParser,
    args: Sequence[str] | None = None,
    namespace: Any = None,
    *,
    layers: Sequence[Layer] = (),
    overrides: Layer | None = None,
) -> argparse.Namespace:
    """Parse a command line over defaults that layers give, and remember how each value came.

    Flag defaults are lowest; then come the layers, what is already in ``namespace``, typed flags, and the overrides.
    A layer's value counts for the flag with its key as dest; a required flag that has one need not be typed. A flag
    whose default is ``SUPPRESS`` stays out unless it is typed or overridden. The parser is left as it was.

    Args:
        parser: any ArgumentParser, with or without subcommands.
        args: the arguments; ``sys.argv[1:]`` by default.
        namespace: where to put the values; a new Namespace by default.
        layers: lowest first, such as the defaults file and the environment.
        overrides: the launcher's values, which win over what was typed.

    Returns:
        What ``parser.parse_args`` returns. On a bad command line it exits, as that does.

    Raises:
        MalformedSourceError: a layer's value that its flag cannot have; it names the origin and the flag.
    """
    preset = set(vars(namespace)) if namespace is not None else set()
    forced = given_by([overrides] if overrides else [])
    given = {**given_by(layers), **forced}
    fitted = {id(one): Fitted(one, given, forced.keys()) for one in parsers_of(parser)}
    fitted[id(parser)].check()
    with as_defaults(fitted), watching(parser) as seen:
        result: argparse.Namespace = parser.parse_args(args, namespace)
    reached: dict[str, Any] = {}
    for one in seen.chosen:
        fitted[id(one)].check()
        reached = {dest: value for dest, value in reached.items() if dest not in dests_of(one)}
        reached |= fitted[id(one)].values
    for dest, value in list(vars(result).items()):
        if isinstance(value, Ready):
            setattr(result, dest, str(value))
    for dest in forced.keys() & reached.keys():
        setattr(result, dest, reached[dest])
    for one in seen.chosen[1:]:
        preset -= dests_of(one)
    _remember(result, _origins(vars(result), seen, {d: given[d].origin for d in reached}, forced.keys(), preset), seen)
    return result


def is_namespace(obj: object) -> bool:
    """Whether this is a Namespace, or any object that ``parse_args`` filled."""
    return isinstance(obj, argparse.Namespace) or _remembered(obj) is not None


def namespace_layer(
    namespace: Any, *, parser: argparse.ArgumentParser | None = None, code: Origin, args: Sequence[str] | None = None
) -> Layer:
    """A layer of a Namespace's attributes.

    Origins are exact for what ``parse_args`` returned. With the parser, the command line is looked through again
    without running anything, and a value is called typed or default where it agrees with that; where it does not
    (other arguments were parsed, or the script changed it), the note stays empty.

    Args:
        namespace: what a parser returned.
        parser: that parser.
        code: the caller's line.
        args: the arguments that were parsed; ``sys.argv[1:]`` by default.
    """
    values = dict(vars(namespace))
    flags = _remembered(namespace)
    if flags is not None:
        origins = {dest: _now(flags.get(dest), value, dest, code) for dest, value in values.items()}
        descriptions: dict[Path, str] = {(d,): f.help for d, f in flags.items() if f.help and d in values}
    elif parser is not None:
        origins, descriptions = flag_origins(values, parser, args)
    else:
        origins = {dest: Origin("argparse", code.file, code.line, name=dest) for dest in values}
        descriptions = {}
    entries = [Entry((dest,), plain(value, (dest,)), origins[dest]) for dest, value in values.items()]
    return Layer("argparse", entries, descriptions=descriptions, watched=namespace, reread=reread_attributes)


def _origins(
    values: Mapping[str, Any], seen: Seen, layered: Mapping[str, Origin], forced: Any, preset: set[str]
) -> dict[str, Origin]:
    actions = actions_of(seen.chosen)
    origins: dict[str, Origin] = {}
    for dest in values:
        if dest in forced and dest in layered:
            origins[dest] = layered[dest]
        elif dest in seen.typed:
            origins[dest] = Origin("argparse", name=seen.typed[dest], note="typed")
        else:
            name = flag_name(actions[dest][1]) if dest in actions else dest
            default = Origin("argparse", name=name, note="preset" if dest in preset else "default")
            origins[dest] = default if dest in preset else layered.get(dest, default)
    return origins


def _remember(namespace: Any, origins: Mapping[str, Origin], seen: Seen) -> None:
    actions = actions_of(seen.chosen)
    flags: dict[str, _Flag] = {}
    for dest, value in vars(namespace).items():
        one, action = actions.get(dest, (None, None))
        text = help_of(action, one) if action and one else None
        kept = value.copy() if type(value) is list else value  # to tell when the script appends to it
        flags[dest] = _Flag(origins[dest], text, kept)
    key = id(namespace)
    try:
        alive = weakref.ref(namespace, lambda _: _memory.pop(key, None))
    except TypeError:  # a namespace of the script's own that cannot be held weakly: its origins stay open
        return
    _memory[key] = (alive, flags)


def _remembered(namespace: object) -> dict[str, _Flag] | None:
    alive, flags = _memory.get(id(namespace), (None, None))
    return flags if alive is not None and alive() is namespace else None


def _now(flag: _Flag | None, value: Any, dest: str, code: Origin) -> Origin:
    """The origin of an attribute: as parsed, unless the script has put something else there since."""
    if flag is None:
        return Origin("argparse", code.file, code.line, name=dest, note="added after parsing")
    if flag.value is value or equal(flag.value, value):
        return flag.origin
    name = flag.origin.name if flag.origin.kind == "argparse" else dest
    return Origin("argparse", code.file, code.line, name=name, note="changed after parsing")
