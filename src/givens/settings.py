"""Settings: ``GIVENS_*`` variables and ``[tool.givens]`` in pyproject.toml, read into one frozen record.

``SETTINGS`` is the one table of them: the reader below, the reference page and the tests all go by it.
A setting that cannot be read never stops a program: the default is used, and the problem handed back.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, NamedTuple

from .errors import SettingsError, suggestion

PREFIX = "GIVENS_"
TABLE = "[tool.givens]"
_TRUE = frozenset(("1", "true", "yes", "on", "y", "t"))
_FALSE = frozenset(("0", "false", "no", "off", "n", "f"))


class Settings(NamedTuple):
    """What the surroundings ask for. None: not said, so that an argument or the context decides."""

    dir: str | None = None
    project: str | None = None
    name: str | None = None
    tags: tuple[str, ...] = ()
    notes: str | None = None
    run_id: str | None = None
    run_group: str | None = None
    job_type: str | None = None
    mode: str = "local"
    resume: str | None = None
    silent: bool = False
    surroundings: bool = True
    config_paths: tuple[str, ...] = ()
    changes: str | None = None
    on_locked: str = "warn"
    durability: str = "process"
    strict: bool = False
    track_reads: bool = False
    redact: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    replicate: tuple[str, ...] = ()
    metrics: tuple[tuple[str, str], ...] = ()
    ranks: str | None = None
    rank_local: tuple[str, ...] = ("*rank*", "device")


class Setting(NamedTuple):
    """One row of the table.

    Args:
        name: the field of ``Settings``, and the key in ``[tool.givens]``.
        kind: ``text``, ``path``, ``flag``, ``words`` (a list), ``paths``, ``choice`` or ``table`` (names and choices).
        doc: one line for people.
        in_environment: whether ``GIVENS_<NAME>`` is read.
        in_file: whether ``[tool.givens]`` may hold it.
        choices: for a choice, each accepted word and the value it stands for.
    """

    name: str
    kind: str
    doc: str
    in_environment: bool = True
    in_file: bool = False
    choices: Mapping[str, str] = {}  # shared by all rows without choices; nothing writes to it

    @property
    def variable(self) -> str | None:
        """The environment variable, when there is one."""
        return PREFIX + self.name.upper() if self.in_environment else None

    @property
    def default(self) -> Any:
        """What holds when nobody says anything."""
        return Settings._field_defaults[self.name]

    @property
    def expected(self) -> str:
        """What a value has to be, for an error's text."""
        if self.kind == "choice":
            return "one of " + ", ".join(self.choices)
        if self.kind == "table":
            return f"a table of names, each with one of {', '.join(self.choices)}"
        return {"flag": "true or false", "words": "a list of strings", "paths": "a list of strings"}.get(
            self.kind, "a string"
        )


def _words(*words: str) -> dict[str, str]:
    return {word: word for word in words}


_MODES = {
    "local": "local",
    "disabled": "disabled",
    **dict.fromkeys(("online", "offline", "dryrun", "run", "shared"), "local"),
}

SETTINGS: tuple[Setting, ...] = (
    Setting("dir", "path", "The store is put into the folder .givens of this one."),
    Setting("project", "text", "The project that runs belong to.", in_file=True),
    Setting("name", "text", "The run's name."),
    Setting("tags", "words", "The run's tags; in the variable, separated by commas."),
    Setting("notes", "text", "The run's notes."),
    Setting("run_id", "text", "The run's id."),
    Setting("run_group", "text", "The group that the run belongs to."),
    Setting("job_type", "text", "What kind of job the run is, such as train or eval."),
    Setting(
        "mode",
        "choice",
        "Whether runs are written at all. The words of wandb's that mean yes mean local.",
        choices=_MODES,
    ),
    Setting(
        "resume",
        "choice",
        "What to do when the run's id exists already.",
        choices=_words("never", "allow", "must", "auto"),
    ),
    Setting("silent", "flag", "No start line and no finish line."),
    Setting(
        "surroundings",
        "flag",
        "Whether a child process finds out what takes time: the git tree's changes, packages, the machine.",
        in_file=True,
    ),
    Setting(
        "config_paths",
        "paths",
        "Configuration files read by every init, in this order; in the variable, separated by commas or as in PATH.",
    ),
    Setting(
        "changes",
        "choice",
        "A change after the first log: warn (the default in scripts), record (the default in notebooks) or error.",
        in_file=True,
        choices=_words("warn", "record", "error"),
    ),
    Setting(
        "on_locked", "choice", "A write to a locked key: warn or error.", in_file=True, choices=_words("warn", "error")
    ),
    Setting(
        "durability",
        "choice",
        "What a returned write survives: the death of the process, or the loss of power as well.",
        in_file=True,
        choices=_words("process", "power"),
    ),
    Setting("strict", "flag", "A store that cannot be written stops the program.", in_file=True),
    Setting("track_reads", "flag", "Say at the end which keys were never read.", in_file=True),
    Setting(
        "redact", "words", "Patterns of further keys whose values are secrets.", in_environment=False, in_file=True
    ),
    Setting("ignore", "words", "Patterns of keys that the fingerprint leaves out.", in_environment=False, in_file=True),
    Setting(
        "replicate", "words", "Keys that tell replicas of one experiment apart.", in_environment=False, in_file=True
    ),
    Setting(
        "metrics",
        "table",
        'Whether less or more of a metric is better, by name or pattern: `metrics = {loss = "min", "val/*" = "max"}`.',
        in_environment=False,
        in_file=True,
        choices={"min": "min", "max": "max", "minimize": "min", "maximize": "max"},
    ),
    Setting(
        "ranks",
        "choice",
        "Whether processes that a launcher started together are ranks of one run, or separate runs; else their rendezvous decides.",
        in_file=True,
        choices=_words("one", "separate"),
    ),
    Setting(
        "rank_local",
        "words",
        "Patterns of keys that may differ from rank to rank.",
        in_environment=False,
        in_file=True,
    ),
)

#: what a launcher says to the run that it starts (``lifecycle/ordering.py``)
ORDER_VARIABLES = ("GIVENS_OVERRIDES", "GIVENS_OVERRIDES_FILE", "GIVENS_SNAPSHOT")

#: wandb's variables that mean what ours do; ``givens.wandb`` reads them, nothing else does
TWINS = tuple(
    f"WANDB_{name}"
    for name in "DIR PROJECT NAME TAGS NOTES RUN_ID RUN_GROUP JOB_TYPE MODE RESUME SILENT CONFIG_PATHS".split()
)

_BY_NAME = {setting.name: setting for setting in SETTINGS}
_BY_VARIABLE = {setting.variable: setting for setting in SETTINGS if setting.variable}


def load(
    environ: Mapping[str, str], project_root: str | None, *, twins: bool = False
) -> tuple[Settings, list[SettingsError]]:
    """Read the settings; the environment wins over the project's file.

    Args:
        environ: the environment (``os.environ``).
        project_root: the folder whose pyproject.toml is looked at; None for none.
        twins: read ``WANDB_PROJECT`` and its like as well, where the variable of the same meaning is not set.

    Returns:
        The settings, and what could not be used of what was said: bad values, unknown names.
    """
    problems: list[SettingsError] = []
    found = _from_file(project_root, problems) if project_root else {}
    for variable in environ:
        if variable.startswith(PREFIX):
            _take_variable(variable, environ[variable], found, problems)
    if twins:
        for variable in TWINS:
            own = PREFIX + variable.removeprefix("WANDB_")
            if environ.get(variable) and not environ.get(own):
                _take_variable(own, environ[variable], found, problems)
    return Settings(**found), problems


def choose(name: str, word: str, where: str) -> str:
    """The value that a word stands for, in a setting with choices; for arguments that mirror a setting.

    Raises:
        SettingsError: the setting does not know the word.
    """
    setting = _BY_NAME[name]
    value = setting.choices.get(word.strip().lower()) if isinstance(word, str) else None
    if value is None:
        raise _bad(setting, name, word, where)
    return value


def _take_variable(variable: str, text: str, found: dict[str, Any], problems: list[SettingsError]) -> None:
    setting = _BY_VARIABLE.get(variable)
    if setting is None:
        if not variable.startswith(PREFIX + "CONFIG__") and variable not in ORDER_VARIABLES:
            guess = suggestion(variable, _BY_VARIABLE)
            # The value stays out: nothing says that it is no secret.
            problems.append(SettingsError(variable, "…", "environment", f"a variable that givens reads{guess}"))
        return
    if not text.strip():  # an empty variable is the shell's way to say "not set"
        return
    try:
        found[setting.name] = _from_text(setting, text, variable)
    except SettingsError as problem:
        problems.append(problem)


def _from_text(setting: Setting, text: str, variable: str) -> Any:
    word = text.strip()
    if setting.kind == "choice":
        value = setting.choices.get(word.lower())
        if value is None:
            raise _bad(setting, variable, text, "environment")
        return value
    if setting.kind == "flag":
        if word.lower() not in _TRUE | _FALSE:
            raise _bad(setting, variable, text, "environment")
        return word.lower() in _TRUE
    if setting.kind == "path":
        return os.path.expanduser(text)
    if setting.kind == "words":
        return tuple(bit.strip() for bit in text.split(",") if bit.strip())
    if setting.kind == "paths":
        bits = text.replace(os.pathsep, ",").split(",")
        return tuple(os.path.expanduser(bit.strip()) for bit in bits if bit.strip())
    return text


def _from_file(project_root: str, problems: list[SettingsError]) -> dict[str, Any]:
    path = os.path.join(project_root, "pyproject.toml")
    try:
        with open(path, "rb") as stream:
            content = stream.read()
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return {}
    except OSError as error:
        problems.append(SettingsError(TABLE, "…", path, f"a file that can be read ({error.strerror})"))
        return {}
    if b"[tool.givens" not in content:  # tomllib takes longer to import than the whole of init
        return {}
    import tomllib

    try:
        tool = tomllib.loads(content.decode("utf-8-sig")).get("tool")
    except ValueError as error:  # TOMLDecodeError and UnicodeDecodeError are both
        problems.append(SettingsError(TABLE, "…", path, f"valid TOML ({error})"))
        return {}
    table = tool.get("givens") if isinstance(tool, dict) else None
    if not isinstance(table, dict):
        problems.append(SettingsError(TABLE, "…", path, "one table of settings"))
        return {}
    return _from_table(table, f"{TABLE} in {path}", problems)


def _from_table(table: dict[str, Any], where: str, problems: list[SettingsError]) -> dict[str, Any]:
    in_file = {setting.name: setting for setting in SETTINGS if setting.in_file}
    found: dict[str, Any] = {}
    for name, value in table.items():
        setting = in_file.get(name)
        if setting is None:
            guess = suggestion(name, in_file) or f", which are {', '.join(in_file)}"
            problems.append(SettingsError(name, "…", where, f"a key of {TABLE}{guess}"))
            continue
        taken = _from_toml(setting, value)
        if taken is None:
            problems.append(_bad(setting, name, value, where))
        else:
            found[name] = taken
    return found


def _from_toml(setting: Setting, value: Any) -> Any:
    """The setting's value; None where TOML holds something of another kind."""
    if setting.kind == "flag":
        return value if isinstance(value, bool) else None
    if setting.kind == "words":
        if isinstance(value, list) and all(isinstance(word, str) for word in value):
            return tuple(value)
        return None
    if setting.kind == "table":
        if not isinstance(value, dict):
            return None
        found = [(name, setting.choices.get(word) if isinstance(word, str) else None) for name, word in value.items()]
        return tuple(found) if all(goal is not None for _, goal in found) else None
    if not isinstance(value, str):
        return None
    return setting.choices.get(value.strip().lower()) if setting.kind == "choice" else value


def _bad(setting: Setting, name: str, value: object, where: str) -> SettingsError:
    shown = repr(value)
    if len(shown) > 60:
        shown = shown[:57] + "…"
    return SettingsError(name, shown, where, setting.expected)
