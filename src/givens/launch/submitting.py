"""A command turned into one that runs in a snapshot: its words, its working directory and its environment."""

from __future__ import annotations

import os

from ..capture.snapshot import Snapshot
from ..lifecycle.place import store_for_writing
from .running import Asked
from .snapshots import project_of, take_snapshot


def in_snapshot(command: list[str], asked: Asked) -> tuple[list[str], Asked]:
    """Take a snapshot of the code that a command runs, and lead the command there.

    Args:
        command: the program and its arguments.
        asked: what its run is given. Its store stays the one that it would have been without a snapshot.

    Returns:
        The command and what is asked, for ``launch``.

    Raises:
        SnapshotError: there is too much to copy, or it cannot be.
    """
    cwd = os.path.realpath(asked.cwd or os.getcwd())
    store = store_for_writing(asked.store or os.environ.get("GIVENS_DIR"))
    config = None if asked.config is None else os.path.join(cwd, asked.config)
    said = frozenset(os.path.normpath(os.path.join(cwd, _value(word)[1])) for word in command)
    named = said | {config} if config else said
    snapshot = take_snapshot(store, project_of(command, cwd), frozenset(named))
    place = _Places(snapshot, cwd)
    words = [place.word(word) for word in command]
    moved = asked._replace(
        cwd=place.copied(cwd) or cwd,
        store=store.path,
        config=None if config is None else place.copied(config) or _kept_beside(snapshot, config),
        snapshot=snapshot.folder,
    )
    return words, moved


def _value(word: str) -> tuple[str, str]:
    """What stands before and in the value of a word: ``--config=`` and ``a.yaml``, or nothing and the word."""
    flag, equals, value = word.partition("=")
    return (f"{flag}=", value) if equals and flag.startswith("-") else ("", word)


class _Places:
    """Where paths of the project lie in its snapshot."""

    def __init__(self, snapshot: Snapshot, cwd: str) -> None:
        self.snapshot, self.cwd = snapshot, cwd
        self.moves = self.copied(cwd) is not None

    def copied(self, path: str) -> str | None:
        """The copy of a file or folder; None when it was not copied."""
        path = os.path.normpath(path)
        below = os.path.relpath(path, self.snapshot.root)
        copy = os.path.normpath(os.path.join(self.snapshot.tree, below))
        return None if below.startswith("..") or not self._is_own(copy) else copy

    def _is_own(self, copy: str) -> bool:
        real = os.path.realpath(copy)
        return os.path.exists(copy) and f"{real}{os.sep}".startswith(f"{os.path.realpath(self.snapshot.tree)}{os.sep}")

    def word(self, word: str) -> str:
        """A word of the command line: paths that would lead back to the project, or out of the copy, are made to fit."""
        before, value = _value(word)
        path = os.path.normpath(os.path.join(self.cwd, value))
        inside = not os.path.relpath(path, self.snapshot.root).startswith("..")
        if os.path.isabs(value) or not self.moves:
            return before + (self.copied(path) or value) if value else word
        leads_out = os.sep in value and not inside and os.path.exists(path)
        return before + path if leads_out else word


def _kept_beside(snapshot: Snapshot, config: str) -> str:
    """A configuration file from outside of the project, copied beside the tree; where that fails, reading it tells."""
    import shutil

    place = os.path.join(snapshot.folder, "given", os.path.basename(config))
    if not os.path.isfile(config):
        return config
    os.makedirs(os.path.dirname(place), exist_ok=True)
    return str(shutil.copy2(config, place))
