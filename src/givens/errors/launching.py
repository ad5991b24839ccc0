"""Errors of what starts other programs: running, running again, bringing runs from elsewhere."""

from __future__ import annotations

from .root import GivensError


class LaunchError(GivensError, OSError):
    """A command that cannot be started."""

    def __init__(self, program: str, problem: str) -> None:
        super().__init__(program, problem)
        self.program, self.problem = program, problem

    def text(self) -> str:
        return f"{self.program} cannot be started: {self.problem}; the command comes after --: givens run -- python train.py"


class SecretMissingError(GivensError, ValueError):
    """A command line that held secrets, which the record does not have."""

    def __init__(self, run: str, names: list[str]) -> None:
        super().__init__(run, names)
        self.run, self.names = run, names

    def text(self) -> str:
        return f"the command line of {self.run} held secrets ({', '.join(self.names)}), which are not kept; type it again with them"


class CannotRerunError(GivensError, RuntimeError):
    """A run that cannot be repeated as it was."""

    def __init__(self, run: str, problem: str, advice: str) -> None:
        super().__init__(run, problem, advice)
        self.run, self.problem, self.advice = run, problem, advice

    def text(self) -> str:
        return f"{self.run} cannot be run again as it was: {self.problem}; {self.advice}"


class SnapshotError(GivensError, OSError):
    """Code that cannot be kept as it is."""

    def __init__(self, root: str, problem: str, instead: str) -> None:
        Exception.__init__(self, root, problem, instead)
        self.root, self.problem, self.instead = root, problem, instead

    def text(self) -> str:
        return f"no snapshot of {self.root}: {self.problem}; {self.instead}"


class PullError(GivensError, OSError):
    """A store elsewhere that runs cannot be brought from."""

    def __init__(self, source: str, problem: str, instead: str) -> None:
        Exception.__init__(self, source, problem, instead)
        self.source, self.problem, self.instead = source, problem, instead

    def text(self) -> str:
        return f"cannot pull from {self.source}: {self.problem}; {self.instead}"
