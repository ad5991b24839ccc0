"""What a run was given from outside of its command line: configuration files, a launcher's overrides, variables."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

from ..api import StoredRun
from ..capture.project import project_root
from ..codec import Redaction, encode, same_value, shown_json
from ..errors import CannotRerunError, SecretMissingError, SourceError
from ..keys import Path, format_path
from ..records.change import MISSING
from ..records.encoded import Tree, leaves, lift, plant
from ..records.origin import Origin
from ..sources import read
from ..sources.overrides import overrides_layer
from .forms import typed_leaves

_MOST_TOLD = 3


def overrides_of(run: StoredRun, anew: tuple[str, ...] = ()) -> tuple[str, ...]:
    """What a launcher gave, each ``key.path=value``: it is given again.

    Args:
        run: the run.
        anew: what is given besides, in the same form.

    Raises:
        SecretMissingError: one of the values is a secret, and is not given anew.
    """
    state = run.folded.state
    ordered = [path for path, origin in state.origins.items() if origin.kind == "override"]
    texts = {path: text for path, text in typed_leaves(run) if path in ordered}
    given = {entry.path for entry in overrides_layer(anew).entries}
    lacking = [format_path(path) for path in ordered if path not in texts and path not in given and _is_leaf(run, path)]
    if lacking:
        raise SecretMissingError(run.name, lacking)
    return tuple(f"{format_path(path)}={text}" for path, text in texts.items())


def variables_of(run: StoredRun) -> dict[str, str]:
    """The variables ``GIVENS_CONFIG__…`` that gave values, with what they gave.

    Raises:
        CannotRerunError: one of them held a secret, and is not set now.
    """
    origins = run.folded.state.origins
    named = {path: origin.name for path, origin in origins.items() if origin.kind == "env" and origin.name}
    found = {named[path]: text for path, text in typed_leaves(run) if path in named}
    lacking = sorted({f"${name}" for name in named.values() if name not in found and name not in os.environ})
    if lacking:
        problem = f"{', '.join(lacking)} held a secret, which is not kept"
        raise CannotRerunError(run.name, problem, "set it again, and then rerun")
    return found


def _is_leaf(run: StoredRun, path: Path) -> bool:
    return any(leaf == path for leaf, _ in leaves(run.folded.state.config))


def changed_inputs(run: StoredRun, folder: str) -> list[str]:
    """What configuration files say now and did not say then; a key that is new in one shows in the comparison of the runs.

    Args:
        run: the run that was given them.
        folder: its working directory, or the counterpart.
    """
    root = project_root(folder) or folder
    return [sentence for file, given in _given(run).items() if (sentence := _difference(root, file, given)) is not None]


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


def _difference(root: str, file: str, given: dict[Path, Any]) -> str | None:
    """One sentence on how a file differs from what it gave; None when it says the same."""
    try:
        now = dict(_leaves_of(os.path.join(root, file), root))
    except SourceError as error:
        return str(error)
    changed = [
        f"{format_path(path)} was {_shown(value)}, is {_shown(now.get(path, MISSING))}"
        for path, value in given.items()
        if path not in now or not same_value(lift(value), lift(now[path]))
    ]
    if not changed:
        return None
    more = f" and {len(changed) - _MOST_TOLD} more" if len(changed) > _MOST_TOLD else ""
    return f"{file} says something else than then: {', '.join(changed[:_MOST_TOLD])}{more}"


def _leaves_of(path: str, root: str) -> Iterator[tuple[Path, Any]]:
    redaction = Redaction()
    for layer in read(path, code=Origin("code"), root=root):
        for entry in layer.entries:
            planted = plant(encode(entry.value, entry.path, redaction).json)
            yield from leaves(planted, entry.path) if type(planted) is Tree else ((entry.path, planted),)


def _shown(value: Any) -> str:
    return "gone" if value is MISSING else shown_json(lift(value), 40)
