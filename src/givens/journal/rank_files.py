"""The journals of ranks other than 0: ``ranks/<join>.<writer>.jsonl``, one file a rank."""

from __future__ import annotations

import os
from collections.abc import Iterable

from .layout import WRITER_ID, Store


def rank_file(store: Store, join: str, writer: str) -> str:
    """Where a rank writes."""
    return os.path.join(store.path, "ranks", f"{join}.{writer}.jsonl")


def rank_files(store: Store, joins: Iterable[str] | None = None) -> list[str]:
    """The journals of the ranks that met under these names; None: of all."""
    folder = os.path.join(store.path, "ranks")
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return []
    wanted = None if joins is None else frozenset(joins)
    found = []
    for name in names:
        join, _, rest = name.partition(".")
        writer, _, ending = rest.partition(".")
        if (wanted is None or join in wanted) and ending == "jsonl" and WRITER_ID.fullmatch(writer):
            found.append(os.path.join(folder, name))
    return found


def writer_in_name(path: str) -> str:
    """The writer in the name of a rank's journal."""
    return os.path.basename(path).split(".")[-2]
