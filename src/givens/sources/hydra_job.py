"""What a Hydra job says of its composed config: the overrides it was given, and the file each group came from."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

from ..errors import SourceError
from ..keys import Path
from ..records.origin import Origin
from .files import shown_path
from .marks import Mark, file_origin


class _File(NamedTuple):
    """A file that the job's config was composed from, read again for the places of its values."""

    path: str
    at: Path
    value: dict[Any, Any]
    marks: dict[Any, Mark]
    note: str | None


def job_origins(raw: dict[Any, Any], leaves: dict[Path, Origin], root: str) -> dict[Path, Origin]:
    """Origins for the leaves of a config, as far as the running job explains them.

    An override counts where the config still has its value; else the file with this value, a group's before the
    primary config.

    Args:
        raw: the composed config as builtin values, interpolations as their text.
        leaves: the paths asked for, with the origins known so far.
        root: the project's folder.
    """
    module = sys.modules.get("hydra.core.hydra_config")
    if module is None or not module.HydraConfig.initialized():
        return {}
    job: Any = module.HydraConfig.get()
    overrides = _overrides([str(text) for text in job.overrides.task])
    groups = {str(group): choice for group, choice in job.runtime.choices.items() if isinstance(choice, str)}
    files = list(_files(job, groups, overrides, root))
    found: dict[Path, Origin] = {}
    for path, known in leaves.items():
        value = _at(raw, path)
        override = _overridden(path, value, overrides)
        if override is not None:
            found[path] = Origin("hydra", name=override, note=_joined("override", known.note))
            continue
        for file in files:
            inside = path[len(file.at) :]
            if path[: len(file.at)] == file.at and inside and _same(_at(file.value, inside), value):
                origin = file_origin(file.path, _mark(file.marks, inside))
                found[path] = origin._replace(note=_joined(file.note, known.note))
                break
    return found


def _joined(*notes: str | None) -> str | None:
    return ", ".join(note for note in notes if note) or None


def _overrides(texts: list[str]) -> dict[str, Any]:
    """Key -> value, as Hydra's own parser reads them; its name alone is told, since a value may be secret."""
    module: Any = sys.modules.get("hydra.core.override_parser.overrides_parser")
    if module is None:
        return {}
    parser = module.OverridesParser.create()
    return {one.key_or_group: one.value() for one in (parser.parse_override(text) for text in texts)}


def _overridden(path: Path, value: Any, overrides: dict[str, Any]) -> str | None:
    names = [str(part) for part in path]
    for length in range(len(names), 0, -1):
        key = ".".join(names[:length])
        if key in overrides and _same(_at(overrides[key], path[length:]), value):
            return key
    return None


def _files(job: Any, groups: dict[str, str], overrides: dict[str, Any], root: str) -> Iterator[_File]:
    folders = [str(source.path) for source in job.runtime.config_sources if source.schema == "file" and source.path]
    for group, choice in groups.items():
        bare, _, package = group.partition("@")
        note = f"{bare}={choice}" + (", override" if bare in overrides else "")
        yield from _file(folders, f"{bare}/{choice}", package or bare.replace("/", "."), note, root)
    yield from _file(folders, str(job.job.config_name), "", None, root)


def _file(folders: list[str], name: str, package: str, note: str | None, root: str) -> Iterator[_File]:
    from .yaml12 import read_yaml

    for folder in folders:
        path = os.path.join(folder, name if name.endswith((".yaml", ".yml")) else f"{name}.yaml")
        try:
            with open(path, encoding="utf-8") as file:
                text = file.read()
            document = read_yaml(text, path)
        except (OSError, UnicodeDecodeError, SourceError):
            continue  # of another folder; or Hydra reads what we do not: its values keep the origin they have
        at = _package(text, package, name)
        yield _File(shown_path(path, root), tuple(at.split(".")) if at else (), document.value, document.marks, note)
        return


def _package(text: str, package: str, name: str) -> str:
    """Where in the config a file's content goes: its ``# @package`` line, else its group."""
    for line in text.splitlines()[:10]:
        head, found, directive = line.partition("@package")
        if found and head.strip() == "#":
            word = directive.strip()
            if word in ("_global_", "_group_"):
                return "" if word == "_global_" else package
            return word.replace("_group_", package).replace("_name_", name.rpartition("/")[2])
    return package


_NOTHING = object()


def _at(value: Any, path: Path) -> Any:
    for part in path:
        key = part[0] if type(part) is tuple else part
        if not isinstance(value, dict) or key not in value:
            return _NOTHING
        value = value[key]
    return value


def _mark(marks: dict[Any, Mark], path: Path) -> Mark | None:
    found: Mark | None = None
    for part in path:
        found = marks.get(part[0] if type(part) is tuple else part)
        if found is None:
            return None
        marks = found.inside or {}
    return found


def _same(found: Any, value: Any) -> bool:
    if found is _NOTHING or value is _NOTHING:
        return False
    return bool(found == value) and (type(found) is type(value) or {type(found), type(value)} == {int, float})
