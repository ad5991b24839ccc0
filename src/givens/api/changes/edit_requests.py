"""What is asked of an edit, with its paths read, before any run is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ...errors import EditRequestError
from ...keys import Path, as_path, key_of
from ...records.state import unit_of
from .retyping import check_type


class Wanted(NamedTuple):
    """What is to be done with each of the runs. Keys are renamed first, then retyped, set, deleted.

    Args:
        set: path -> value.
        rename: path -> new path.
        retype: path -> one of ``retyping.TYPES``.
        delete: paths.
        tag: tags that come.
        untag: tags that go.
        notes: the new notes; the empty text for none; None leaves them alone.
        name: the new name; None leaves it alone.
        replace: a rename may take the place of a key that is there.
    """

    set: Mapping[Path, Any] = {}
    rename: Mapping[Path, Path] = {}
    retype: Mapping[Path, str] = {}
    delete: tuple[Path, ...] = ()
    tag: tuple[str, ...] = ()
    untag: tuple[str, ...] = ()
    notes: str | None = None
    name: str | None = None
    replace: bool = False

    def needed(self) -> list[Needed]:
        """The keys that a run has to have for anything to be done with them; not those that are set before they are deleted."""
        done: list[tuple[Path, Path]] = []
        found: list[Needed] = []
        for old, new in self.rename.items():
            found.append(Needed(old, _before(old, done), is_set=self._sets(old)))
            done.append((old, new))
        found += [Needed(path, _before(path, done), is_set=self._sets(path)) for path in self.retype]
        return found + [Needed(path, _before(path, done)) for path in self.delete if not self._sets(path)]

    def _sets(self, path: Path) -> bool:
        """Whether what stands at a path, or something in it, is set."""
        return any(
            new[: len(path)] == path or (path[: len(new)] == new and _has(value, path[len(new) :]))
            for new, value in self.set.items()
        )


class Needed(NamedTuple):
    """A key that is to be renamed, retyped or deleted.

    Args:
        path: as the edit names it.
        before: where that stands before the edit, whose renames come first.
        is_set: the same edit sets it, afterwards.
    """

    path: Path
    before: Path
    is_set: bool = False


def _has(value: Any, path: Path) -> bool:
    """Whether a value that is set has something at a path in it."""
    for part in path:
        key = key_of(part)
        if not isinstance(value, Mapping) or key not in value:
            return False
        value = value[key]
    return True


def _before(path: Path, renames: Iterable[tuple[Path, Path]]) -> Path:
    """Where something stood before some renames, which were done in this order."""
    for old, new in reversed([*renames]):
        if path[: len(new)] == new:
            path = (*old, *path[len(new) :])
    return path


def wanted_of(
    *,
    set: Mapping[str, Any] | None = None,
    rename: Mapping[str, str] | None = None,
    retype: Mapping[str, str] | None = None,
    delete: Iterable[str] = (),
    tag: Iterable[str] = (),
    untag: Iterable[str] = (),
    notes: str | None = None,
    name: str | None = None,
    replace: bool = False,
) -> Wanted:
    """What was asked for, with its paths read.

    Raises:
        KeyPathError: a key that does not read.
        EditError: a type that is none, a place in a list where a key is needed, or nothing at all to do.
    """
    renames = {_key(old): _key(new) for old, new in (rename or {}).items()}
    retypes = {as_path(key): check_type(kind) for key, kind in (retype or {}).items()}
    made = Wanted(
        set={as_path(key): value for key, value in (set or {}).items()},
        rename=renames,
        retype=retypes,
        delete=tuple(map(_key, _words(delete))),
        tag=_words(tag),
        untag=_words(untag),
        notes=notes,
        name=name,
        replace=replace,
    )
    if made._replace(replace=False) == Wanted():
        raise EditRequestError("there is nothing to do", "say what to set, rename, retype, delete, tag or note")
    return made


def _words(words: str | Iterable[str]) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(map(str, words))


def _key(text: str) -> Path:
    path = as_path(text)
    if unit_of(path) != path:
        raise EditRequestError(f"{text} is a place in a list", "set the place, or the list as a whole")
    return path
