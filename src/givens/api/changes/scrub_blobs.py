"""Large values after a scrub: those that no file refers to any more go."""

from __future__ import annotations

import os
import re
import time

from ...codec import loads
from ...codec.scrub_rules import ScrubRules
from ...errors import GivensError
from ...journal.edits import read_edits
from ...journal.layout import Store
from ...journal.regular_files import read_whole
from .scrub_files import referenced_blobs

_NAME = re.compile(r"[0-9a-f]{64}")
_FRESH_S = 3600.0  # one that was written a moment ago: its event is on the way


def orphans(store: Store, rules: ScrubRules | None) -> list[str]:
    """Large values that nothing refers to, and that a scrub replaced or that hold what goes.

    Args:
        store: the store.
        rules: what goes; None: only those that a scrub replaced.

    Raises:
        StoreError: the folder of edits cannot be read.
    """
    folder = os.path.join(store.path, "blobs")
    try:
        names = [name for name in sorted(os.listdir(folder)) if _NAME.fullmatch(name)]
    except OSError:
        return []
    gone = read_edits(store).gone
    if not names or (rules is None and not gone.intersection(names)):
        return []
    used = referenced_blobs(store)
    if used is None:  # some file cannot be read, and may refer to any of them
        return []
    unused = [name for name in names if name not in used]
    return [name for name in unused if name in gone or (rules is not None and _holds(store, name, rules))]


def _holds(store: Store, name: str, rules: ScrubRules) -> bool:
    path = store.blob_file(name)
    try:
        if time.time() - os.stat(path).st_mtime < _FRESH_S:
            return False
        content = read_whole(path)
    except OSError:
        return False
    text = content.decode("utf-8", "surrogateescape")
    if rules.text(text) != text:
        return True
    try:
        json = loads(content)
    except GivensError:
        return False
    return rules.value(json, ()) is not json


def remove_blobs(store: Store, names: list[str]) -> None:
    """Remove large values; one that is gone already is no problem.

    Raises:
        OSError: one cannot be removed.
    """
    for name in names:
        try:
            os.unlink(store.blob_file(name))
        except FileNotFoundError:
            continue
