"""absl's flags, and TensorFlow's: ``FLAGS``, the flags module, and TensorFlow's wrapper around absl's ``FLAGS``.

TensorFlow's ``tf.compat.v1.flags`` (``tf.app.flags`` in 1.x) is a module whose ``FLAGS`` forwards to absl's and parses
``sys.argv`` when a flag is first read. Before TensorFlow 1.5 it was a class of its own around an ArgumentParser;
copies of that one live on in people's repositories.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

from ..keys import Path
from ..records.layer import Entry, Layer
from ..records.origin import LIBRARY_DEFAULT, Origin

_LIBRARIES = ("absl", "tensorflow", "pytest", "_pytest")
_NO_HELP = "(no help available)"  # what absl puts where a flag has no help


def flags_in(obj: object) -> Any | None:
    """The flags that ``obj`` is, wraps, or (a flags module) holds; None when it is nothing of the kind."""
    if isinstance(obj, type(sys)):
        obj = getattr(obj, "FLAGS", None)
    return obj if _is_flag_values(obj) or _is_old_tensorflow(obj) else None


def flags_layer(flags: Any, *, root: str = "") -> Layer:
    """A layer of every flag, by its long name.

    Flags are read without absl's check that they were parsed: before that, they are their defaults. TensorFlow's
    wrapper parses the command line when it is first read, as it would for the script.

    Args:
        flags: what ``flags_in`` found.
        root: the project's folder; a script inside it is reported relative to it.
    """
    if not _is_flag_values(flags):
        return _old_tensorflow_layer(flags)
    _parse_as_tensorflow(flags)
    modules = _defining_modules(flags)
    entries: list[Entry] = []
    descriptions: dict[Path, str] = {}
    for name, flag in _long_names(flags):
        path = (name,)
        entries.append(Entry(path, flag.value, _origin(name, flag, modules.get(id(flag)), root)))
        if flag.help and not flag.help.startswith(_NO_HELP):
            descriptions[path] = flag.help
    return Layer("flags", entries, descriptions=descriptions, watched=flags, reread=_reread)


def _is_flag_values(obj: object) -> bool:
    """Whether this is absl's FlagValues, or passes for it: TensorFlow's wrapper forwards ``__class__``."""
    absl = sys.modules.get("absl.flags")
    return absl is not None and isinstance(obj, absl.FlagValues)


def _parse_as_tensorflow(flags: Any) -> None:
    """Parse the command line, if ``flags`` is the wrapper that does so whenever a flag is read.

    Otherwise the record would say the default where the script then reads what was typed.
    """
    absl = sys.modules["absl.flags"]
    if issubclass(type(flags), absl.FlagValues) or flags.is_parsed():
        return
    try:
        flags(sys.argv)
    except absl.Error:
        return  # the same is raised at the script's own first read; here the flags are taken as they stand


def _long_names(flags: Any) -> Iterable[tuple[str, Any]]:
    """Every flag once. absl lists a flag with a short name twice."""
    for name in flags:
        flag = flags[name]
        if name != flag.short_name or name == flag.name:
            yield name, flag


def _defining_modules(flags: Any) -> dict[int, str]:
    return {id(flag): module for module, defined in flags.flags_by_module_dict().items() for flag in defined}


def _origin(name: str, flag: Any, module: str | None, root: str) -> Origin:
    if module and module.endswith(".py"):  # absl's name for the main module is the path that was started
        from .files import shown_path

        module = shown_path(module, root)
    if flag.present:
        note = "given"
    elif flag.using_default_value and _same(flag.value, flag.default):
        note = "default"
    else:
        note = "assigned"  # FLAGS.name = … in the script
    if note == "default" and module and module.partition(".")[0] in _LIBRARIES:
        note = LIBRARY_DEFAULT
    return Origin("absl", file=module, name=f"--{name}", note=note)


def _same(value: Any, default: Any) -> bool:
    if value is default:
        return True
    same: Any = value == default
    return same is True


def _reread(flags: Any) -> dict[Path, Any]:
    if not _is_flag_values(flags):
        return {(name,): value for name, value in vars(flags)["__flags"].items()}
    return {(name,): flag.value for name, flag in _long_names(flags)}


def _is_old_tensorflow(obj: object) -> bool:
    """Whether this is the ``_FlagValues`` of TensorFlow before 1.5: a dict of plain values, filled when first read."""
    if type(obj).__name__ != "_FlagValues":
        return False
    members = vars(obj)
    return isinstance(members.get("__flags"), dict) and "__parsed" in members


def _old_tensorflow_layer(flags: Any) -> Layer:
    members = vars(flags)
    if not members["__parsed"]:
        flags._parse_flags()
    module = sys.modules.get(type(flags).__module__)
    parser = getattr(module, "_global_parser", None)
    values: dict[str, Any] = members["__flags"]
    if parser is None:
        entries = [Entry((name,), value, Origin("absl", name=f"--{name}")) for name, value in values.items()]
        return Layer("flags", entries, watched=flags, reread=_reread)
    from .argparse_origins import flag_origins

    found, descriptions = flag_origins(values, parser)
    entries = [Entry((name,), value, found[name]._replace(kind="absl")) for name, value in values.items()]
    return Layer("flags", entries, descriptions=descriptions, watched=flags, reread=_reread)
