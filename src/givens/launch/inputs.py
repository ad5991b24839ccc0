"""What a run was given from outside of its command line: configuration files, a launcher's overrides, variables."""

from __future__ import annotations

import json
import os
import shlex
import shutil
from collections.abc import Iterator
from itertools import takewhile
from typing import Any

from ..api import StoredRun
from ..api.asking import redaction_of
from ..capture.project import project_root
from ..codec import Redaction, encode, shown_json
from ..errors import CannotRerunError, DamagedValueError, SourceError
from ..keys import Path, format_path, key_of
from ..records.change import MISSING
from ..records.encoded import Tree, leaves, lift, plant
from ..records.layer import Layer
from ..records.origin import Origin
from ..sources import read
from ..sources.environment import PREFIX
from ..sources.overrides import overrides_layer
from .forms import hidden_leaves, plain_leaves, typed_leaves, typed_text
from .stored_values import holds_hidden, is_secret, same_where_hidden, whole

_SECRETS = "a secret, which is not kept"
_MOST_TOLD = 3


def overrides_of(run: StoredRun, anew: tuple[str, ...] = ()) -> tuple[str, ...]:
    """What a launcher gave, each ``key.path=value``: it is given again.

    Args:
        run: the run.
        anew: what is given besides, in the same form.

    Raises:
        CannotRerunError: a part of one of the values is hidden, and it is not given anew.
    """
    origins = run.folded.state.origins
    given = {path for path, _ in _entry_leaves(overrides_layer(anew), redaction_of(run.store))}
    lacking = [
        format_path(path)
        for path, hidden in hidden_leaves(run)
        if hidden and _kind(origins, path) == "override" and not any(path[: len(leaf)] == leaf for leaf in given)
    ]
    if lacking:
        options = " ".join(f"--set {shlex.quote(path)}=…" for path in lacking)
        problem = f"{', '.join(lacking)} held {_SECRETS}"
        raise CannotRerunError(run.name, problem, f"give it again: givens rerun {run.id} {options}")
    texts = {path: text for path, text in typed_leaves(run) if _kind(origins, path) == "override"}
    return tuple(f"{format_path(path)}={texts[path]}" for path in origins if path in texts)


def variables_of(run: StoredRun) -> dict[str, str]:
    """The variables ``GIVENS_CONFIG__…`` and those that a program's own parser read, with what they gave.

    Raises:
        CannotRerunError: a part of what one gave is hidden, and it is not set now.
    """
    origins = run.folded.state.origins
    named = {path: origin.name for path, origin in origins.items() if origin.kind == "env" and origin.name}
    hidden = {named[path] for path, is_hidden in hidden_leaves(run) if is_hidden and path in named}
    lacking = sorted(f"${name}" for name in hidden if name not in os.environ)
    if lacking:
        problem = f"{', '.join(lacking)} held {_SECRETS}"
        raise CannotRerunError(run.name, problem, "set it again, and then rerun")
    found: dict[str, dict[Path, Any]] = {}
    for path, value in plain_leaves(run):
        if path in named and named[path] not in hidden:
            found.setdefault(named[path], {})[path] = value
    return {name: _text_of(name, given) for name, given in found.items()}


def _kind(origins: dict[Path, Origin], path: Path) -> str | None:
    return origins[path].kind if path in origins else None


def _text_of(name: str, given: dict[Path, Any]) -> str:
    """What a variable held, from the leaves that it gave: the value at its own path."""
    if name.startswith(PREFIX):
        return typed_text(_below(len(name.removeprefix(PREFIX).split("__")), given))
    # one of a program's own, such as pydantic's: where it leads to is not kept, and a mapping is JSON there
    shared = takewhile(lambda parts: len(set(parts)) == 1, zip(*given, strict=False))
    value = _below(len(list(shared)), given)
    return value if isinstance(value, str) else json.dumps(value)


def _below(depth: int, given: dict[Path, Any]) -> Any:
    """The value that stands so deep on the way to the leaves."""
    tree: dict[Any, Any] = {}
    for path, value in given.items():
        *sections, key = (None, *map(key_of, path[depth:]))
        section = tree
        for part in sections:
            section = section.setdefault(part, {})
        section[key] = value
    return tree[None]


def changed_inputs(run: StoredRun, folder: str) -> list[str]:
    """What configuration files say now and did not say then; a key that is new in one shows in the comparison of the runs.

    Args:
        run: the run that was given them.
        folder: its working directory, or the counterpart.
    """
    root = project_root(folder) or folder
    said = (_difference(run, root, file, given) for file, given in _given(run).items())
    return [sentence for sentence in said if sentence is not None]


def bring_inputs(run: StoredRun, folder: str, tree: str) -> None:
    """Copy configuration files that git does not have from a run's project into a fresh tree.

    Args:
        run: the run.
        folder: its working directory.
        tree: the counterpart.
    """
    root, target = project_root(folder) or folder, project_root(tree) or tree
    for file in _given(run):
        source, place = os.path.join(root, file), os.path.join(target, file)
        if not os.path.isabs(file) and os.path.isfile(source) and not os.path.exists(place):
            os.makedirs(os.path.dirname(place), exist_ok=True)
            shutil.copy2(source, place)


def _given(run: StoredRun) -> dict[str, dict[Path, Any]]:
    """File -> the values that it gave, encoded, those that something else replaced included."""
    found: dict[str, dict[Path, Any]] = {}
    for changes in run.folded.state.history.values():
        for change in changes:
            file = change.origin.file
            if change.origin.kind == "file" and file and change.action == "set" and change.below is None:
                for path, value in leaves(plant(change.new), change.path) if change.new is not MISSING else ():
                    found.setdefault(file, {})[path] = value
    return found


def _difference(run: StoredRun, root: str, file: str, given: dict[Path, Any]) -> str | None:
    """One sentence on how a file differs from what it gave; None when it says the same."""
    redaction = redaction_of(run.store)
    changed, unknown = [], []
    try:
        now = {path: lift(value) for path, value in _leaves_of(os.path.join(root, file), root, redaction)}
        for path, value in given.items():
            was, is_now = whole(lift(value), run.store), now.get(path, MISSING)
            if is_now is not MISSING and same_where_hidden(was, is_now, redaction):
                continue
            if _can_be_shown(was, is_now):
                changed.append(f"{format_path(path)} was {_shown(was)}, is {_shown(is_now)}")
            else:
                unknown.append(format_path(path))
    except (SourceError, DamagedValueError) as error:
        return str(error)
    said = [f"{file} says something else than then: {_few(changed)}"] if changed else []
    if unknown:
        said.append(
            f"{file} may say something else than then: {_few(unknown)} cannot be compared, secrets are not kept"
        )
    return "; ".join(said) or None


def _can_be_shown(was: Any, is_now: Any) -> bool:
    """Whether neither of two values that differ shows what is hidden in the other."""
    if is_now is MISSING or (is_secret(was) and is_secret(is_now)):
        return True
    return not holds_hidden(was) and not holds_hidden(is_now)


def _few(said: list[str]) -> str:
    more = f" and {len(said) - _MOST_TOLD} more" if len(said) > _MOST_TOLD else ""
    return f"{', '.join(said[:_MOST_TOLD])}{more}"


def _leaves_of(path: str, root: str, redaction: Redaction) -> Iterator[tuple[Path, Any]]:
    for layer in read(path, code=Origin("code"), root=root):
        yield from _entry_leaves(layer, redaction)


def _entry_leaves(layer: Layer, redaction: Redaction) -> Iterator[tuple[Path, Any]]:
    for entry in layer.entries:
        planted = plant(encode(entry.value, entry.path, redaction).json)
        yield from leaves(planted, entry.path) if type(planted) is Tree else ((entry.path, planted),)


def _shown(value: Any) -> str:
    return "gone" if value is MISSING else shown_json(value, 40)
