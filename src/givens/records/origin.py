"""Where a value came from."""

from __future__ import annotations

from typing import Any, NamedTuple

#: kind -> what it means. Feeds ``origin(key) == "…"`` in filters, the reference page and a test.
KINDS: dict[str, str] = {
    "code": "a line of code: file and line",
    "file": "a configuration file: file, line and column of the value",
    "argparse": "an argparse flag: its name; note says typed, default or which layer set the default",
    "absl": "an absl or TensorFlow flag: its name; file is the defining module, note says given or default",
    "click": "a parameter of click or typer: its flag; note says typed, default, prompt or default map",
    "dataclass": "a field of a dataclass: class and field; note says default where it has that value",
    "attrs": "a field of an attrs class: class and field; note as for a dataclass",
    "pydantic": "a field of a pydantic model: class and field; note says given or default",
    "msgspec": "a field of a msgspec Struct: class and field; note as for a dataclass",
    "object": "an attribute of a plain object: class and attribute; note says where only the class has it",
    "tyro": "a flag behind a field that tyro filled: as typed",
    "simple-parsing": "a flag behind a field that simple-parsing filled: as typed",
    "draccus": "a flag behind a field that draccus filled: as typed",
    "transformers": "a flag behind a field that HfArgumentParser filled: as typed",
    "omegaconf": "an OmegaConf config: class and field if it is structured; note has the interpolation, raw",
    "hydra": "an override of a Hydra job: its key",
    "ml_collections": "a ConfigDict: note says placeholder, reference or computed",
    "env": "an environment variable: its name",
    "override": "a launcher's override: who gave it",
    "run": "an earlier run: its id",
    "session": "a resume: the number of the session that it began",
    "in place": "a mutable object that was changed in place, found at persist() or finish()",
    "edit": "changed after the run, by a command",
    "unknown": "nobody could say",
}


class Origin(NamedTuple):
    """Where one value came from.

    Args:
        kind: one of ``KINDS``.
        file: path of the file, relative to the project where it lies inside it.
        line: line in ``file``, from 1.
        column: column in ``line``, from 1.
        name: the flag (``--lr``), variable, class and field, or run id.
        note: how (``typed``, ``default``, an owner …).
    """

    kind: str
    file: str | None = None
    line: int | None = None
    column: int | None = None
    name: str | None = None
    note: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The journal's form: members that are None are left out."""
        return {key: value for key, value in zip(self._fields, self, strict=True) if value is not None}

    @classmethod
    def from_json(cls, data: Any) -> Origin:
        """Read the journal's form; members that it does not know, or that are of another type, are ignored."""
        if not isinstance(data, dict):
            return UNKNOWN
        known = {name: data[name] for name in cls._fields if name in data and type(data[name]) is _TYPES[name]}
        known.setdefault("kind", "unknown")
        return cls(**known)

    def __str__(self) -> str:
        place = ""
        if self.file is not None:
            place = self.file
            if self.line is not None:
                place += f":{self.line}"
                if self.column is not None:
                    place += f":{self.column}"
        if self.kind == "env":
            text = f"${self.name}"
        elif self.kind in ("override", "run", "session", "in place", "edit", "unknown"):
            text = {"in place": "changed in place"}.get(self.kind, self.kind)
            text += f" {self.name}" if self.name else ""
        elif self.kind == "argparse" and self.name and self.note is None and self.name[0] != "-":
            text = f"argparse's {self.name}"  # an attribute of a Namespace, and nobody knows of which flag
        else:
            text = self.name or place or self.kind
        extra = [bit for bit in (self.note, place if place and text != place else None) if bit]
        return f"{text} ({', '.join(extra)})" if extra else text

    @property
    def is_default(self) -> bool:
        """Whether nobody gave the value: a flag's or field's default, or one of ``config-defaults.yaml``."""
        if self.kind == "file":
            return (self.file or "").replace("\\", "/").rpartition("/")[2] == DEFAULTS_FILE
        return (self.note or "").partition(",")[0] in ("default", "default map", "preset")


_TYPES = {"kind": str, "file": str, "line": int, "column": int, "name": str, "note": str}
DEFAULTS_FILE = "config-defaults.yaml"  #: what a file is called that holds what others do not say
UNKNOWN = Origin("unknown")
IN_PLACE = Origin("in place")
LIBRARY_DEFAULT = "default, library"  #: the note of a flag that absl or TensorFlow define themselves, left alone
