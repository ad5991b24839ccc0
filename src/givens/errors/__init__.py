"""Every error and warning of givens.

Each is a ``GivensError`` *and* the builtin a caller would catch. The text is written here, once; values
in it have passed through ``codec.shown`` before, so that no error shows a secret.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from .asking import AmbiguousRunError as AmbiguousRunError
from .asking import FilterAsRunError as FilterAsRunError
from .asking import FilterSyntaxError as FilterSyntaxError
from .asking import NoScoreError as NoScoreError
from .asking import PageError as PageError
from .asking import RunNotFoundError as RunNotFoundError
from .asking import RunRemovedError as RunRemovedError
from .asking import UndeclaredGoalError as UndeclaredGoalError
from .launching import CannotRerunError as CannotRerunError
from .launching import LaunchError as LaunchError
from .launching import PullError as PullError
from .launching import SecretMissingError as SecretMissingError
from .launching import SnapshotError as SnapshotError
from .root import GivensError as GivensError
from .suggesting import key_suggestion as key_suggestion
from .suggesting import nearest_key as nearest_key
from .suggesting import nearest_name as nearest_name
from .suggesting import suggestion as suggestion
from .warnings import *  # noqa: F403  # one place to import them from

TYPE_CHECKING = False
if not TYPE_CHECKING:  # a checker is to know the names that are here, and no others

    def __getattr__(name: str) -> type[GivensError]:
        from .of_wandb import NAMES  # after `import givens as wandb`, `except wandb.errors.CommError`

        if name not in NAMES:
            raise AttributeError(f"givens.errors has no {name!r}", name=name)
        return NAMES[name]


# --- keys ---------------------------------------------------------------------------------------------------------


class KeyPathError(GivensError, ValueError):
    """A key path that is not in the grammar, or an empty key."""

    def __init__(self, path: str, column: int, problem: str) -> None:
        super().__init__(path, column, problem)
        self.path, self.column, self.problem = path, column, problem

    def text(self) -> str:
        where = f" at column {self.column + 1} of {self.path!r}" if self.path else ""
        return f"bad key{where}: {self.problem}"


class MissingKeyError(GivensError, KeyError, AttributeError):
    """A key that the configuration does not have. Both a KeyError and an AttributeError.

    ``where`` may be a function that gives the section's path: path and suggestion are computed when the message is
    printed, so that ``hasattr`` in a loop stays cheap.
    """

    def __init__(
        self, key: object, where: str | Callable[[], str] = "", known: Iterable[object] = (), hint: str = ""
    ) -> None:
        self.args = (key,)
        self.key = key
        self.name = key if type(key) is str else str(key)  # with obj empty, Python 3.13 adds no suggestion of its own
        self._where, self.known, self.hint = where, known, hint

    @property
    def where(self) -> str:
        """The path of the section that was asked; empty for the whole config."""
        return self._where if isinstance(self._where, str) else self._where()

    def __reduce__(self) -> tuple[type[MissingKeyError], tuple[object, str, list[str], str]]:
        return type(self), (self.key, self.where, [name for name in self.known if isinstance(name, str)], self.hint)

    def text(self) -> str:
        place = f"config.{self.where}" if self.where else "config"
        names = [name for name in self.known if isinstance(name, str)]
        guess = key_suggestion(str(self.key), names)
        if not guess and self.hint:
            guess = f"; {self.hint}"
        elif not guess:
            guess = f"; it has: {', '.join(names[:8])}{', …' if len(names) > 8 else ''}" if names else "; it is empty"
        return f"{place} has no key {self.key!r}{guess}"


# --- writes that are refused --------------------------------------------------------------------------------------


class ValueChangedError(GivensError, ValueError):
    """A write that would change a value, where changes are errors."""

    def __init__(self, changes: Sequence[tuple[str, str, str]]) -> None:
        super().__init__(changes)
        self.changes = changes

    def text(self) -> str:
        listed = "; ".join(f"config.{path} is {old}, not {new}" for path, old, new in self.changes[:5])
        more = f" (and {len(self.changes) - 5} more)" if len(self.changes) > 5 else ""
        return f"{listed}{more}: pass allow_val_change=True to change it; nothing of this write was applied"


class LockedKeyError(GivensError, TypeError):
    """A write to a locked key, with ``on_locked="error"``."""

    def __init__(self, path: str, owner: str, old: str, new: str) -> None:
        super().__init__(path, owner, old, new)
        self.path, self.owner, self.old, self.new = path, owner, old, new

    def text(self) -> str:
        return locked_text(self.path, self.owner, self.old, self.new)


def locked_text(path: str, owner: str, old: str, new: str) -> str:
    """The sentence for a refused write, shared by the error and the warning."""
    return f"config.{path} is locked by {owner!r} at {old}; the write of {new} was refused and recorded"


class FrozenError(GivensError, TypeError):
    """A write to a frozen config or section."""

    def __init__(self, path: str, frozen_at: str) -> None:
        super().__init__(path, frozen_at)
        self.path, self.frozen_at = path, frozen_at

    def text(self) -> str:
        what = f"config.{self.path}" if self.path else "the config"
        return f"{what} is frozen (at {self.frozen_at}); write before freezing, or to a copy: copy.copy(config)"


class ReadOnlyError(GivensError, TypeError):
    """A write to something that is only read: a stored run, a snapshot."""

    def __init__(self, what: str, instead: str) -> None:
        super().__init__(what, instead)
        self.what, self.instead = what, instead

    def text(self) -> str:
        return f"{self.what} is read-only; {self.instead}"


class RunFinishedError(GivensError, RuntimeError):
    """A write to a run that has finished."""

    def __init__(self, run: str, what: str) -> None:
        super().__init__(run, what)
        self.run, self.what = run, what

    def text(self) -> str:
        what = f"run {self.run} has finished: {self.what} was not recorded and not applied"
        return f"{what}; write before finish(), or begin a new run with givens.init()"


class NoRunError(GivensError, RuntimeError):
    """Something that needs a run, without one."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what

    def text(self) -> str:
        return f"{self.what} needs a run: call givens.init() first"


class UsageError(GivensError, TypeError):
    """Arguments that do not go together, or of the wrong kind."""

    def __init__(self, problem: str, instead: str) -> None:
        super().__init__(problem, instead)
        self.problem, self.instead = problem, instead

    def text(self) -> str:
        return f"{self.problem}; {self.instead}"


class NotSupportedError(GivensError, NotImplementedError):
    """Something that wandb has and givens does not."""

    def __init__(self, what: str, instead: str) -> None:
        super().__init__(what, instead)
        self.what, self.instead = what, instead

    def text(self) -> str:
        return f"givens does not do {self.what}; {self.instead}"


class SchemaError(GivensError, TypeError, ValueError):
    """Values that do not fit a class: all that do not, together."""

    def __init__(self, type_name: str, problems: Sequence[tuple[str, str]], outcome: str = "") -> None:
        super().__init__(type_name, problems, outcome)
        self.type_name, self.problems, self.outcome = type_name, problems, outcome

    def text(self) -> str:
        listed = [f"config.{path}: {problem}" if path else f"config: {problem}" for path, problem in self.problems]
        tail = f"; {self.outcome}" if self.outcome else ""
        if len(listed) == 1:
            return f"{listed[0]} (checked against {self.type_name}){tail}"
        return "\n  ".join([f"config does not fit {self.type_name} in {len(listed)} places{tail}", *listed])


# --- values -------------------------------------------------------------------------------------------------------


class CycleError(GivensError, ValueError):
    """A container that contains itself."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path

    def text(self) -> str:
        return f"config.{self.path} contains itself; break the cycle, or store its parts under keys of their own"


class TooDeepError(GivensError, ValueError):
    """Containers inside containers beyond what can be stored and read back."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path

    def text(self) -> str:
        where = f"config.{self.path} …" if self.path else "the value"
        return f"{where} is nested too deeply to be stored (128 levels at most); give its parts keys of their own"


class DamagedValueError(GivensError, ValueError):
    """A stored value that cannot be read back."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem

    def text(self) -> str:
        return f"a stored value cannot be read: {self.problem}"


# --- sources ------------------------------------------------------------------------------------------------------


class SourceError(GivensError, ValueError):
    """Something given as a configuration that cannot be used."""


class MalformedSourceError(SourceError):
    """A file or object whose content is not a configuration."""

    def __init__(self, file: str, line: int | None, column: int | None, problem: str, instead: str = "") -> None:
        super().__init__(file, line, column, problem, instead)
        self.file, self.line, self.column, self.problem, self.instead = file, line, column, problem, instead

    def text(self) -> str:
        place = ":".join(str(bit) for bit in (self.file, self.line, self.column) if bit is not None)
        return f"{place}: {self.problem}" + (f"; {self.instead}" if self.instead else "")


class UnreadableSourceError(SourceError, OSError):
    """A file that is not there, is a folder, is too large or may not be read."""

    def __init__(self, file: str, problem: str, instead: str = "") -> None:
        Exception.__init__(self, file, problem, instead)
        self.file, self.problem, self.instead = file, problem, instead
        self.filename = file

    def text(self) -> str:
        return f"cannot read {self.file}: {self.problem}" + (f"; {self.instead}" if self.instead else "")


class MissingSourceError(UnreadableSourceError, FileNotFoundError):
    """A file that is not there."""


class UnknownSourceError(SourceError, TypeError):
    """An object that no source reads."""

    def __init__(self, type_name: str, instead: str) -> None:
        super().__init__(type_name, instead)
        self.type_name, self.instead = type_name, instead

    def text(self) -> str:
        return f"cannot take a configuration from {self.type_name}; {self.instead}"


# --- settings and stores ------------------------------------------------------------------------------------------


class SettingsError(GivensError, ValueError):
    """A setting with a value it cannot have."""

    def __init__(self, name: str, value: str, where: str, expected: str) -> None:
        super().__init__(name, value, where, expected)
        self.name, self.value, self.where, self.expected = name, value, where, expected

    def text(self) -> str:
        return f"{self.name} = {self.value} ({self.where}): expected {self.expected}"


class ProjectFileError(GivensError, OSError):
    """A pyproject.toml that cannot be read, edited or written."""

    def __init__(self, path: str, problem: str, instead: str) -> None:
        Exception.__init__(self, path, problem, instead)
        self.path, self.problem, self.instead = path, problem, instead
        self.filename = path

    def text(self) -> str:
        return f"{self.path}: {self.problem}; {self.instead}"


class StoreError(GivensError, OSError):
    """A store that cannot be used."""

    def __init__(self, path: str, problem: str, instead: str = "") -> None:
        Exception.__init__(self, path, problem, instead)
        self.path, self.problem, self.instead = path, problem, instead
        self.filename = path

    def text(self) -> str:
        return f"{self.path}: {self.problem}" + (f"; {self.instead}" if self.instead else "")


class RunExistsError(GivensError, FileExistsError):
    """A run id that the store already has."""

    def __init__(self, run: str, store: str) -> None:
        Exception.__init__(self, run, store)
        self.run, self.store = run, store

    def text(self) -> str:
        return (
            f"run {self.run!r} is already in {self.store}; leave id out to get a new one, choose another, "
            'or go on with it: resume="allow"'
        )


class ResumeError(GivensError, ValueError):
    """A run that cannot go on in another session."""

    def __init__(self, run: str, problem: str, instead: str) -> None:
        super().__init__(run, problem, instead)
        self.run, self.problem, self.instead = run, problem, instead

    def text(self) -> str:
        return f"run {self.run!r} cannot be resumed: {self.problem}; {self.instead}"


class EditError(GivensError, ValueError):
    """A change to stored runs that cannot be made; nothing was changed."""

    def __init__(self, problem: str, instead: str = "") -> None:
        super().__init__(problem, instead)
        self.problem, self.instead = problem, instead

    def text(self) -> str:
        return self.problem + (f"; {self.instead}" if self.instead else "")


class EditRequestError(EditError):
    """A change to stored runs that was asked for wrongly: nothing to do, no runs, a type that is none."""


def install_hint(package: str, extra: str) -> str:
    """How to install a package, or the extra that brings it: givens is not on PyPI, so an extra comes from a clone."""
    return f"pip install '.[{extra}]' in a clone of givens" if extra else f"pip install '{package}'"


class MissingPackageError(GivensError, ImportError):
    """A package that an extra brings."""

    def __init__(self, package: str, extra: str, purpose: str) -> None:
        super().__init__(package, extra, purpose)
        self.package, self.extra, self.purpose = package, extra, purpose

    def text(self) -> str:
        return f"{self.purpose} needs {self.package}: {install_hint(self.package, self.extra)}"
