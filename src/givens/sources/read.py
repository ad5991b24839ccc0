"""The one door of this room: any object that holds a configuration, into layers."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any, NamedTuple, NoReturn

from ..errors import UnknownSourceError
from ..records.layer import Layer
from ..records.origin import Origin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .earlier_run import FindRun

DEFAULTS = "config-defaults.yaml"

_MAX_LISTS = 8  # lists of sources inside each other
_ACCEPTED = (
    "pass a mapping, a .yaml, .yml, .json or .toml file, parser.parse_args(), absl's FLAGS, a dataclass or any object with "
    "public attributes, or a list of these"
)


class Source(NamedTuple):
    """One row of the table of sources, for the reference page."""

    name: str
    takes: str
    origin: str


#: Every source, what it takes, and what the origin of its values says. Feeds the reference page and a test.
SOURCES = (
    Source("mapping", "any Mapping, SimpleNamespace, list of (key, value) pairs", "file and line of the statement"),
    Source("file", "the path of a .yaml, .yml, .json or .toml file", "file, line and column of the value"),
    Source("described file", "the same, as `key: {desc: …, value: …}`", "file, line and column; the description"),
    Source("defaults", f"{DEFAULTS} in the working directory, else beside the script", "as a file"),
    Source("argparse", "what parse_args() returns", "the flag, typed or default; the help text"),
    Source("absl", "FLAGS or the flags module, of absl or TensorFlow", "the flag, given or default; module; help text"),
    Source(
        "click", "a click or typer Context", "the flag, typed, default, prompt or default map; a variable; help text"
    ),
    Source(
        "dataclass",
        "an instance, nested; also of transformers' TrainingArguments",
        "class and field, default or not; description",
    ),
    Source("attrs", "an instance, nested", "as for a dataclass"),
    Source(
        "pydantic",
        "a model of pydantic 2, nested; settings",
        "class and field, given or default; the variable; description",
    ),
    Source("msgspec", "a Struct, nested", "as for a dataclass"),
    Source(
        "object",
        "an instance of a class of yours, or the class: its public attributes",
        "class and attribute; whether only the class has it",
    ),
    Source(
        "tyro, simple-parsing, draccus, HfArgumentParser",
        "what they return",
        "the flag where one was typed; else class and field",
    ),
    Source(
        "omegaconf",
        "a DictConfig, structured or not",
        "class and field; the interpolation, raw; missing where it is `???`",
    ),
    Source(
        "hydra",
        "the config that a job composed",
        "the override's key; else file, line and column, and the group's choice",
    ),
    Source("ml_collections", "a ConfigDict, frozen or not", "placeholder, reference to or computed from which key"),
    Source(
        "override", "text such as train.lr=0.1, typed as YAML 1.2", "who gave it, or file and line of the statement"
    ),
    Source("run", "run: and the id, name or `last` of an earlier run", "the run's id, and the origin it had there"),
    Source("environment", "GIVENS_CONFIG__section__key=text, typed as YAML 1.2", "the variable"),
    Source("list", "a list or tuple of sources, the later over the earlier", "each its own"),
)


def read(obj: object, *, code: Origin, name: str = "", root: str = "", find_run: FindRun | None = None) -> list[Layer]:
    """Turn whatever holds a configuration into layers, lowest first.

    Args:
        obj: one of ``SOURCES``, or None for nothing.
        code: the caller's line, the origin of values that have no other.
        name: what to call the layer of a mapping (``config=``).
        root: the project's folder; files inside it are reported relative to it.
        find_run: finds an earlier run, for ``run:…``; None where there is no store to look in.

    Raises:
        UnknownSourceError: no source reads such an object; it says what is accepted.
        UnreadableSourceError: a file that cannot be read.
        MalformedSourceError: content that is no configuration.
    """
    return _read(obj, _Asked(code, name, root, find_run), 0)


def find_defaults(script: str | None, cwd: str) -> str | None:
    """The path of ``config-defaults.yaml``: in the working directory, else beside the script; None if neither has it.

    Args:
        script: path of the running script, absolute or relative to ``cwd``; None when there is none.
        cwd: the working directory.
    """
    folders = [cwd]
    if script:
        folders.append(os.path.dirname(os.path.join(cwd, script)))
    paths = (os.path.join(folder, DEFAULTS) for folder in folders)
    return next((path for path in paths if os.path.exists(path)), None)


class _Asked(NamedTuple):
    """What ``read`` was asked, for the sources in a list."""

    code: Origin
    name: str
    root: str
    find_run: FindRun | None


def _read(obj: object, asked: _Asked, depth: int) -> list[Layer]:
    if obj is None:
        return []
    if isinstance(obj, str | os.PathLike):
        return [_named(obj, asked)]
    layer = _special_mapping(obj, asked.code, asked.root)
    if layer is not None:
        return [layer]
    if isinstance(obj, Mapping):
        from .mappings import mapping_layer

        return [mapping_layer(obj, code=asked.code, name=asked.name)]
    if isinstance(obj, list | tuple) and not hasattr(obj, "_fields"):
        return _list(obj, asked, depth)
    layer = (
        _foreign(obj, asked.code, asked.root)
        or _simple_namespace(obj, asked.code, asked.name)
        or _plain_object(obj, asked.code)
    )
    if layer is None:
        raise _unknown(obj)
    return [layer]


def _special_mapping(obj: object, code: Origin, root: str) -> Layer | None:
    """The layer of another library's mapping, which knows more than its keys. What is not loaded cannot have made it."""
    if "omegaconf" in sys.modules:
        from .omega_conf import is_omegaconf, omegaconf_layer

        if is_omegaconf(obj):
            return omegaconf_layer(obj, code=code, root=root)
    if "ml_collections.config_dict" in sys.modules:
        from .config_dict import config_dict_layer, is_config_dict

        if is_config_dict(obj):
            return config_dict_layer(obj, code=code)
    return None


def _foreign(obj: object, code: Origin, root: str) -> Layer | None:
    """The layer of another library's object."""
    if "argparse" in sys.modules:
        from .argparse_flags import is_namespace, namespace_layer

        if is_namespace(obj):
            return namespace_layer(obj, code=code)
    from .absl_flags import flags_in, flags_layer

    flags = flags_in(obj)
    if flags is not None:
        return flags_layer(flags, root=root)
    if "click" in sys.modules or "typer" in sys.modules:
        from .click_context import click_layer, is_click_context

        if is_click_context(obj):
            return click_layer(obj)
    from .fields import object_layer

    return object_layer(obj, code=code)


def _simple_namespace(obj: object, code: Origin, name: str) -> Layer | None:
    from types import SimpleNamespace

    if not isinstance(obj, SimpleNamespace):
        return None
    from .mappings import namespace_entries, reread_attributes

    layer = namespace_entries(vars(obj), code, name or "namespace")
    layer.watched, layer.reread = obj, reread_attributes
    return layer


def _plain_object(obj: object, code: Origin) -> Layer | None:
    from .attributes import attributes_layer

    return attributes_layer(obj, code=code)


def _list(obj: list[Any] | tuple[Any, ...], asked: _Asked, depth: int) -> list[Layer]:
    from .mappings import is_pairs, pairs_layer

    if is_pairs(obj):
        return [pairs_layer(obj, code=asked.code, name=asked.name)]
    if depth == _MAX_LISTS:
        raise UnknownSourceError("lists of sources this deep", "give the sources in one flat list")
    if len(obj) == 2 and _is_argparse(obj[0]) and isinstance(obj[1], list) and obj[1]:
        raise UnknownSourceError("the pair that parse_known_args() returns", "pass its first element, the Namespace")
    layers: list[Layer] = []
    for item in obj:
        layers += _read(item, asked, depth + 1)
    return layers


def _is_argparse(obj: object) -> bool:
    argparse = sys.modules.get("argparse")
    return argparse is not None and isinstance(obj, argparse.Namespace)


def _named(obj: str | os.PathLike[Any], asked: _Asked) -> Layer:
    """The layer that a text stands for: an earlier run, a file, an override."""
    from .files import SUFFIXES, read_file

    path = os.fsdecode(obj)
    if path.startswith("run:"):
        return _earlier_run(path, asked.find_run)
    if isinstance(obj, str) and "=" in path:
        from .overrides import is_override, overrides_layer

        if is_override(path):
            return overrides_layer([path], code=asked.code)
    if not path.lower().endswith(SUFFIXES):
        _no_file(path, SUFFIXES)
    return read_file(path, root=asked.root)


def _earlier_run(text: str, find_run: FindRun | None) -> Layer:
    from .earlier_run import PREFIX, earlier_run_layer

    ref = text.removeprefix(PREFIX)
    if find_run is None:
        raise UnknownSourceError("an earlier run here", "give it to init(config=…), or to a run's config")
    if not ref.strip() or ref.startswith(("best:", "max:", "min:", "@")) or "~" in ref:
        raise UnknownSourceError(repr(text), "name one run: run: and its id, its name, or last")
    return earlier_run_layer(find_run(ref))


def _no_file(path: str, suffixes: tuple[str, ...]) -> NoReturn:
    """Say what is wrong with text that names no configuration file. Text that may be content is not shown."""
    kinds = f"a file to read ends in {', '.join(suffixes)}"
    if not path.strip():
        raise UnknownSourceError("an empty str", kinds)
    if len(path) > 200 or any(char in path for char in "\n={}") or ": " in path:
        raise UnknownSourceError("text", f"{kinds}; for values, pass a dict")
    beside = next((path + suffix for suffix in suffixes if os.path.isfile(path + suffix)), None)
    if beside:
        raise UnknownSourceError(repr(path), f"did you mean {beside!r}?")
    if "," in path:
        raise UnknownSourceError(repr(path), f"{kinds}; for several, pass a list")
    raise UnknownSourceError(repr(path), kinds)


def _unknown(obj: object) -> UnknownSourceError:
    """What to do about an object that no source reads."""
    kind = type(obj)
    argparse = sys.modules.get("argparse")
    if argparse is not None and isinstance(obj, argparse.ArgumentParser):
        return UnknownSourceError("an ArgumentParser", "pass parser.parse_args(), or givens.parse_args(parser)")
    if isinstance(obj, type):
        return UnknownSourceError(f"the class {obj.__qualname__}", f"make an instance, or {_ACCEPTED}")
    if hasattr(kind, "_fields") and isinstance(obj, tuple):
        return UnknownSourceError(f"the named tuple {kind.__qualname__}", "pass its _asdict()")
    if hasattr(kind, "__next__") or isinstance(obj, set | frozenset):
        return UnknownSourceError(f"a {kind.__qualname__}", "pass dict(it) for pairs, list(it) for sources")
    if isinstance(obj, bytes | bytearray):
        return UnknownSourceError(kind.__qualname__, "name a file as str or Path; for content, read it and pass a dict")
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    return UnknownSourceError(name, _ACCEPTED)
