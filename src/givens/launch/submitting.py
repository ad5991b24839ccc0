"""A command turned into one that runs in a snapshot: its words, its working directory and its environment."""

from __future__ import annotations

import os

from ..api import StoredRun
from ..capture.project import counterpart, is_below
from ..lifecycle.place import store_for_writing
from ..lifecycle.snapshot import FOLDER, Snapshot
from .running import Asked
from .snapshots import GIVEN, project_of, take_snapshot, tree_name


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
    snapshot = take_snapshot(store, project_of(command, cwd), named, config)
    place = _Places(snapshot, cwd)
    words = [place.word(word) for word in command]
    moved = asked._replace(
        cwd=place.start or cwd,
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
        self._real_tree = os.path.realpath(snapshot.tree)
        #: the copy of the working directory; a program starts where it would have in one that git ignores
        self.start = None if self._is_ignored(cwd) else self.copied(cwd)

    def _is_ignored(self, folder: str) -> bool:
        return any(is_below(folder, os.path.join(self.snapshot.root, path)) for path in self.snapshot.opened)

    def copied(self, path: str) -> str | None:
        """The copy of a file or folder; None when it was not copied."""
        copy = counterpart(path, self.snapshot.root, self.snapshot.tree)
        return copy if copy and os.path.exists(copy) and is_below(os.path.realpath(copy), self._real_tree) else None

    def word(self, word: str) -> str:
        """A word of the command line: paths that would lead back to the project, or out of the copy, are made to fit."""
        before, value = _value(word)
        path = os.path.normpath(os.path.join(self.cwd, value))
        inside = is_below(path, self.snapshot.root)
        if os.path.isabs(value) or self.start is None:
            return before + (self.copied(path) or value) if value else word
        leads_out = os.sep in value and not inside and os.path.exists(path)
        return before + path if leads_out else word


def _kept_beside(snapshot: Snapshot, config: str) -> str:
    """The copy of a configuration file that the tree has not; where there is none, reading it tells."""
    place = os.path.join(snapshot.folder, GIVEN, os.path.basename(config))
    return place if os.path.exists(place) else config


def as_typed(run: StoredRun) -> list[str]:
    """The command line of a run with the paths that it was given before they were led into a snapshot."""
    made, root = run.snapshot.get("id"), run.snapshot.get("root")
    if not isinstance(root, str):
        return list(run.argv)
    mark = os.path.join(os.sep, FOLDER, str(made), tree_name(root))
    return [_led_back(word, mark, root) for word in run.argv]


def _led_back(word: str, mark: str, root: str) -> str:
    before, value = _value(word)
    _, found, below = value.partition(mark)
    inside = found and os.path.isabs(value) and below[:1] in ("", os.sep)
    return f"{before}{root}{below}" if inside else word
