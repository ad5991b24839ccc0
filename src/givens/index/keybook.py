"""The keys of one project as the index numbers them, and what is worth remembering of each."""

from __future__ import annotations

import sqlite3

from ..codec import dumps
from ..keys import Path, covered, format_path, part_for
from .schema import CONFIG, SUMMARY
from .texts import escape


class Node:
    """A place in the configuration: a key, or a section on the way to one.

    Attributes:
        path: its key path.
        line: its path as the fingerprint has it; None when the fingerprint leaves it out.
        replicate: whether it tells replicas apart, so that the replica's fingerprint leaves it out.
        key: its number; 0 until it is first needed.
        below: key -> node.
        firsts: numbers of the keys of a list's own elements.
        deeper: path below a list -> number of the key of what stands there.
    """

    __slots__ = ("below", "deeper", "firsts", "key", "line", "path", "replicate")

    def __init__(self, path: Path, line: str | None, *, replicate: bool) -> None:
        self.path, self.line, self.replicate = path, line, replicate
        self.key = 0
        self.below: dict[str | int, Node] = {}
        self.firsts: list[int] = []
        self.deeper: dict[Path, int] = {}


class Patterns:
    """The keys that fingerprints leave out.

    Args:
        ignore: left out of both.
        replicate: left out of the replica's fingerprint.
    """

    __slots__ = ("ignore", "replicate")

    def __init__(self, ignore: tuple[str, ...], replicate: tuple[str, ...]) -> None:
        self.ignore, self.replicate = ignore, replicate


class KeyBook:
    """Numbers for the keys of one project.

    Args:
        connection: where the table ``key`` is; a key that is met first is written there.
        project: the project's name, escaped; empty for runs without one.
        patterns: what fingerprints leave out.
    """

    def __init__(self, connection: sqlite3.Connection, project: str, patterns: Patterns) -> None:
        self.connection = connection
        self.project = project
        self.patterns = patterns
        self.root = Node((), None, replicate=False)
        self.results: dict[Path, int] = {}
        self.described: dict[Path, str] = {}
        self._known: dict[tuple[str, str], int] = {
            (space, path): key
            for space, path, key in connection.execute("SELECT space, path, key FROM key WHERE project = ?", (project,))
        }

    def node_below(self, node: Node, key: str | int) -> Node:
        """The node of a key in a section; made when it is not there."""
        path = (*node.path, part_for(key))
        line = None if covered(path, self.patterns.ignore) else dumps(list(path))
        made = Node(path, line, replicate=covered(path, self.patterns.replicate))
        node.below[key] = made
        return made

    def number(self, node: Node) -> int:
        """The number of a node's key."""
        if not node.key:
            node.key = self._number(CONFIG, node.path, None, direct=False)
        return node.key

    def element_numbers(self, node: Node, count: int) -> list[int]:
        """The numbers of the first elements of a list, at least so many."""
        firsts = node.firsts
        while len(firsts) < count:
            firsts.append(self._number(CONFIG, (*node.path, len(firsts)), self.number(node), direct=True))
        return firsts

    def deeper_number(self, node: Node, below: Path) -> int:
        """The number of what stands inside a list at any depth."""
        found = node.deeper.get(below)
        if found is None:
            found = self._number(CONFIG, (*node.path, *below), self.number(node), direct=len(below) == 1)
            node.deeper[below] = found
        return found

    def config_number(self, path: Path) -> int:
        """The number of any key of the config."""
        return self._number(CONFIG, path, None, direct=False)

    def result_number(self, path: Path) -> int:
        """The number of a result's name, or of a leaf of a dict in the summary."""
        found = self.results.get(path)
        if found is None:
            found = self.results[path] = self._number(SUMMARY, path, None, direct=False)
        return found

    def _number(self, space: str, path: Path, within: int | None, *, direct: bool) -> int:
        name = escape(format_path(path))
        found = self._known.get((space, name))
        if found is None:
            cursor = self.connection.execute(
                "INSERT INTO key (project, space, path, list, direct) VALUES (?, ?, ?, ?, ?)",
                (self.project, space, name, within, int(direct)),
            )
            found = self._known[space, name] = cursor.lastrowid or 0
        return found

    def describe(self, path: Path, text: str) -> None:
        """Keep a key's help text."""
        if self.described.get(path) != text:
            self.described[path] = text
            self.connection.execute(
                "UPDATE key SET description = ? WHERE key = ?", (escape(text), self.config_number(path))
            )

    def aim(self, name: str, goal: str) -> None:
        """Keep which way a metric is better."""
        self.connection.execute("UPDATE key SET goal = ? WHERE key = ?", (goal, self.result_number((name,))))
