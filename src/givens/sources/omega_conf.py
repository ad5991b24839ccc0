"""OmegaConf's configs: interpolations resolved, with the raw text beside; what is missing (``???``) is said."""

from __future__ import annotations

import re
import sys
from typing import Any

from ..codec import Redaction
from ..errors import MissingValueWarning, UnknownSourceError, warn
from ..keys import Path, format_path, is_section_key, part_for
from ..records.layer import Entry, Layer
from ..records.origin import Origin
from .fields import adapter_of, class_name, described
from .marks import leaf_values

MISSING_TEXT = "???"
#: what a resolver falls back on may be a secret: ${oc.env:DB_PASSWORD,hunter2}
_FALLBACK = re.compile(r"(\$\{oc\.env:[^,{}]+),[^{}]*\}")


def is_omegaconf(obj: object) -> bool:
    """Whether this is a config of OmegaConf."""
    omegaconf = sys.modules.get("omegaconf")
    return omegaconf is not None and isinstance(obj, omegaconf.Container)


def omegaconf_layer(config: Any, *, code: Origin, root: str = "") -> Layer:
    """A layer of a DictConfig. Where it is what a Hydra job composed, overrides and files are the origins.

    A value that is missing is kept as ``???``, and one warning names all that are; an interpolation that cannot be
    resolved is kept as its text.

    Args:
        config: the DictConfig.
        code: the caller's line.
        root: the project's folder; a job's files inside it are reported relative to it.

    Raises:
        UnknownSourceError: a ListConfig, or a config that is None or missing as a whole.
    """
    omegaconf: Any = sys.modules["omegaconf"]
    if not isinstance(config, omegaconf.DictConfig) or config._is_none() or config._is_missing():
        kind = f"an empty {type(config).__name__}" if isinstance(config, omegaconf.DictConfig) else "a ListConfig"
        raise UnknownSourceError(kind, "pass a DictConfig with keys")
    walk = _Walk(omegaconf, code)
    values = walk.section(config, ())
    if walk.missing:
        listed = ", ".join(f"config.{format_path(path)}" for path in walk.missing[:5])
        more = f" and {len(walk.missing) - 5} more" if len(walk.missing) > 5 else ""
        text = f"{listed}{more}: mandatory and not given ({MISSING_TEXT} in OmegaConf)"
        warn(MissingValueWarning(f"{text}; give a value before init"))
    origins = walk.origins
    if "hydra" in sys.modules:
        from .hydra_job import job_origins

        raw = omegaconf.OmegaConf.to_container(config, resolve=False, structured_config_mode=omegaconf.SCMode.DICT)
        origins.update(job_origins(raw, origins, root))
    entries = [Entry((part_for(key),), value, origins.pop((part_for(key),), code)) for key, value in values.items()]
    texts = walk.descriptions
    return Layer("DictConfig", entries, origins=origins, descriptions=texts, watched=config, reread=_reread)


def _reread(config: Any) -> dict[Path, Any]:
    walk = _Walk(sys.modules["omegaconf"], Origin("code"))
    return leaf_values(walk.section(config, ()))


class _Walk:
    """One way through a config: its values as builtin ones, and where each came from."""

    def __init__(self, omegaconf: Any, code: Origin) -> None:
        self.omegaconf, self.code = omegaconf, code
        self.origins: dict[Path, Origin] = {}
        self.descriptions: dict[Path, str] = {}
        self.missing: list[Path] = []
        self.redaction = Redaction()

    def section(self, config: Any, path: Path) -> dict[Any, Any]:
        """A DictConfig as a dict."""
        self._describe(config, path)
        return {key: self.child(config, key, (*path, _part(key))) for key in list(config.keys())}

    def _describe(self, config: Any, path: Path) -> None:
        """The descriptions of a structured config, from its class."""
        declared = self.omegaconf.OmegaConf.get_type(config)
        adapter = adapter_of(declared) if isinstance(declared, type) else None
        if adapter is not None and not any(type(part) is int for part in path):
            for spec in described(declared, adapter.specs(declared)):
                if spec.description:
                    self.descriptions[(*path, spec.name)] = spec.description

    def child(self, config: Any, key: Any, path: Path) -> Any:
        """The value under a key (or at an index) of a config."""
        made = self.omegaconf.OmegaConf
        raw: str | None = None
        if made.is_interpolation(config, key):
            raw = str(config._get_node(key)._value())
        elif made.is_missing(config, key):
            self.missing.append(path)
            self._say(config, key, path, f"missing: {MISSING_TEXT}")
            return MISSING_TEXT
        try:
            value = config[key]
        except self.omegaconf.errors.OmegaConfBaseException as error:
            # what it leads to is missing, or is no key, or a resolver failed
            reason = "leads to ???" if "Missing" in type(error).__name__ else "cannot be resolved"
            self._say(config, key, path, reason)
            return raw if raw is not None else MISSING_TEXT
        self._say(config, key, path, self._shown(raw) if raw else None)
        return self.value(value, path)

    def value(self, value: Any, path: Path) -> Any:
        """A value as a builtin one."""
        if isinstance(value, self.omegaconf.DictConfig):
            return None if value._is_none() else self.section(value, path)
        if isinstance(value, self.omegaconf.ListConfig):
            return None if value._is_none() else [self.child(value, at, (*path, at)) for at in range(len(value))]
        return value

    def _shown(self, raw: str) -> str:
        return self.redaction.value(_FALLBACK.sub(r"\1,…}", raw))

    def _say(self, config: Any, key: Any, path: Path, note: str | None) -> None:
        inside_list = next((at for at, part in enumerate(path) if type(part) is int), None)
        if inside_list is not None:
            if note and (origin := self.origins.get(path[:inside_list])) is not None:
                notes = f"{origin.note}, {note}" if origin.note else note
                self.origins[path[:inside_list]] = origin._replace(note=notes[:200])
            return
        declared = self.omegaconf.OmegaConf.get_type(config)
        name = f"{class_name(declared)}.{key}" if declared not in (dict, None) else None
        self.origins[path] = Origin("omegaconf", self.code.file, self.code.line, name=name, note=note)


def _part(key: Any) -> Any:
    return part_for(key) if is_section_key(key) else str(key)
